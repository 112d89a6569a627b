/* Members of JSON objects, each with its comma where something stands before it. */
#ifndef SERVICE_MEMBERS_H
#define SERVICE_MEMBERS_H

#include "service/text.h"

/* The comma, where one is due, and "name": */
void mu_member(mu_text *text, const char *name);
/* NULL is null. */
void mu_member_string(mu_text *text, const char *name, const char *value);
void mu_member_number(mu_text *text, const char *name, int64_t value);
void mu_member_flag(mu_text *text, const char *name, bool value);
void mu_member_metres(mu_text *text, const char *name, double length_m);
void mu_member_place(mu_text *text, double lon_deg, double lat_deg);
/* The comma before the next of a list. */
void mu_next(mu_text *text);

#endif
