/* Changes that wait to be taken, in the order in which they came. */
#ifndef MU_GIS_CHANGE_QUEUE_H
#define MU_GIS_CHANGE_QUEUE_H

#include <muster/live.h>

#include "gis/memory.h"

typedef struct mu_change_node mu_change_node;

/* Start from zeros; give back with mu_changes_clear. */
typedef struct mu_changes {
    mu_change_node *first, *last;
    uint32_t        count;
    mu_change_node *taken; /* what mu_changes_take gave last */
} mu_changes;

/* Texts are copied. */
muster_status mu_changes_put(mu_changes *changes, const muster_live_change *change);
/* All of `others` come after those that are there; it is empty then. */
void                      mu_changes_append(mu_changes *changes, mu_changes *others);
const muster_live_change *mu_changes_take(mu_changes *changes);
void                      mu_changes_clear(mu_changes *changes);

#endif
