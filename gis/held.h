/* What is claimed, as a list that follows the database's. */
#ifndef MU_GIS_HELD_H
#define MU_GIS_HELD_H

#include <muster/live.h>

#include "gis/memory.h"

/* Start from zeros; give back with mu_held_fini. Ordered by claim. */
typedef struct mu_held_list {
    muster_held *held;
    char       **texts; /* [count] of each, one block */
    size_t       count, capacity, texts_capacity;
} mu_held_list;

/* Texts are copied. One with this claim is replaced. On failure the list is as it was. */
muster_status mu_held_put(mu_held_list *list, const muster_held *held);
void          mu_held_remove(mu_held_list *list, int64_t claim);
void          mu_held_clear(mu_held_list *list);
void          mu_held_fini(mu_held_list *list);

#endif
