/* What is going to happen in a replication, soonest first. */
#ifndef MU_SIMULATION_AGENDA_H
#define MU_SIMULATION_AGENDA_H

#include <stdbool.h>

#include "core/error.h"

/* In this order at one moment: what happens outside comes first, decisions last, when everything else of
 * that moment is known. */
typedef enum mu_due_kind {
    MU_DUE_COURSE, /* the next event of the course */
    MU_DUE_ROADS,  /* roads may be others from now on */
    MU_DUE_STOCK,  /* a delivery is there: of a row of stock */
    MU_DUE_STEP,   /* a mover has done what it was doing */
    MU_DUE_WORK,   /* the work at a scene is done */
    MU_DUE_SAMPLE,
    MU_DUE_TURN, /* an interval of the policy is over */
    MU_DUE_PLAN
} mu_due_kind;

typedef struct mu_due {
    int64_t  at_ms;
    uint8_t  kind;    /* a mu_due_kind */
    uint32_t subject; /* which mover, scene, row */
    uint32_t stamp;   /* it counts while its subject has the same */
    uint64_t number;  /* in which order they were asked for */
} mu_due;

/* Start from zeros. */
typedef struct mu_agenda {
    uint32_t count;
    size_t   capacity;
    mu_due  *due; /* a binary heap */
    uint64_t asked;
} mu_agenda;

/* Of the same moment and kind, who was asked for first comes first. O(log count). MUSTER_E_NOMEM. */
muster_status mu_agenda_add(mu_agenda *agenda, int64_t at_ms, mu_due_kind kind, uint32_t subject,
                            uint32_t stamp);
/* Takes out the next; false: there is none. */
bool mu_agenda_next(mu_agenda *agenda, mu_due *out);
void mu_agenda_fini(mu_agenda *agenda);

#endif
