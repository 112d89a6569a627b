/* What has been changed in the rows of units, as a list that follows the database's. */
#ifndef MU_GIS_CHANGED_UNITS_H
#define MU_GIS_CHANGED_UNITS_H

#include <muster/live.h>

#include "gis/memory.h"

enum { MU_CHANGED_COLUMNS = 14 };

/* The columns of a row, in the order in which mu_changed_read takes them, of changed_units(...) AS u
 * (migrations/0004_unit_changes.sql). Coordinates come as their bits. */
#define MU_CHANGED_SQL                                                                              \
    "u.resource, u.code, u.kind, u.aspect, (extract(epoch FROM u.at) * 1000000)::bigint, u.actor, " \
    "u.is_there, encode(float8send(u.lon_deg), 'hex'), encode(float8send(u.lat_deg), 'hex'), "      \
    "u.available, u.quantity, (u.ready_s * 1000)::bigint, (u.shift_end_s * 1000)::bigint, "         \
    "(u.duty_s * 1000)::bigint"

/* Start from zeros; give back with mu_changed_fini. Ordered by resource, code, kind and aspect. */
typedef struct mu_changed_list {
    muster_changed_unit *unit;
    char               **texts; /* [count] of each, one block */
    size_t               count, capacity, texts_capacity;
} mu_changed_list;

/* False: they make no sense. Texts are the columns'. */
bool mu_changed_read(const char *const *column, muster_changed_unit *out);

/* Texts are copied. One of the same unit and aspect is replaced. On failure the list is as it was. */
muster_status mu_changed_put(mu_changed_list *list, const muster_changed_unit *unit);
void          mu_changed_fini(mu_changed_list *list);

#endif
