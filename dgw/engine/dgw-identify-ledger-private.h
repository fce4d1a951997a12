/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the programs of one user know together of one bot's session starts: a
 * text that each of them reads, changes and writes while it has the lock. Times
 * are microseconds of the wall clock, as a boot may come between.
 *
 * Half of the day's session starts may go as fast as Discord allows. From then
 * on they are spread over the rest of the day, and the last tenth is never
 * touched: a program that crashes and is started again, over and over, cannot
 * use up the day's starts, which would cost the bot its token. */
typedef struct
{
  guint   total; /* of a day; 0: not known */
  guint   remaining;
  gint64  reset_us;
  guint   max_concurrency; /* 0: not known */
  gint64  last_us;         /* of any bucket */
  GArray *slots;           /* of DgwIdentifySlot; NULL: none */
} DgwIdentifyLedger;

typedef struct
{
  guint  bucket;
  gint64 taken_us;
} DgwIdentifySlot;

/* Whatever the text is, or NULL: what makes no sense in it is left out. */
void  dgw_identify_ledger_parse (DgwIdentifyLedger *self,
                                 const char        *text,
                                 gint64             now_us);
char *dgw_identify_ledger_format (const DgwIdentifyLedger *self) G_GNUC_WARN_UNUSED_RESULT;
void  dgw_identify_ledger_clear (DgwIdentifyLedger *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DgwIdentifyLedger, dgw_identify_ledger_clear)

/* As Discord told it. */
void dgw_identify_ledger_learn (DgwIdentifyLedger *self,
                                guint              total,
                                guint              remaining,
                                gint64             reset_us,
                                guint              max_concurrency,
                                gint64             now_us);
/* Takes the slot if it is free: now_us. If not, a later time, when to ask again. */
gint64 dgw_identify_ledger_take (DgwIdentifyLedger *self,
                                 guint              bucket,
                                 gint64             window_us,
                                 gint64             now_us);
/* The slot was not used; nothing happens if it is not the bucket's last. */
void dgw_identify_ledger_give_back (DgwIdentifyLedger *self,
                                    guint              bucket,
                                    gint64             taken_us);

G_END_DECLS
