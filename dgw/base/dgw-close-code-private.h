/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The codes of an application's own, RFC 6455, 7.4.2. Discord keeps a session
 * that is closed with one of them. */
#define DGW_CLOSE_CODE_FIRST_PRIVATE 3000
#define DGW_CLOSE_CODE_LAST_PRIVATE  4999

/* RFC 6455, 5.5: a control frame carries 125 bytes, two of them the code. */
#define DGW_CLOSE_REASON_MAX_BYTES 123
