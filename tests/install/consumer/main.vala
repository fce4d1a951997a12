// SPDX-License-Identifier: LGPL-2.1-or-later
int main () {
    return Dgw.Status.READY.to_string () != "" ? 0 : 1;
}
