/* A plan of a session as JSON. */
#ifndef SERVICE_PLAN_TEXT_H
#define SERVICE_PLAN_TEXT_H

#include "service/shelf.h"
#include "service/text.h"

/* All of an answer: {"code":"Ok","plan":"1782864000000-1",...}; sentences in `language`. */
void mu_plan_write(mu_text *text, const mu_kept_plan *kept, muster_language language);
/* An order, in a list of them. */
void mu_order_write(mu_text *text, const muster_order *order);

#endif
