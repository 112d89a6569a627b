/* The course of one replication: all that happens from outside, and that nobody who decides knows
 * beforehand. The same seed and replication make the same course whatever the policy, so that what
 * policies differ in is theirs (common random numbers). */
#ifndef MU_SIMULATION_COURSE_H
#define MU_SIMULATION_COURSE_H

#include <muster/event.h>

typedef struct mu_ground mu_ground; /* simulation/ground.h */

/* What becomes of an incident, which the dispatcher does not know. */
typedef struct mu_course_incident {
    const char *code;        /* of an incident of the events */
    const char *type;        /* "flooded_village", "cardiac_arrest": for tables */
    int64_t     happened_ms; /* when it was, since 1970; it is reported some time after */
    int64_t     standard_ms; /* of response: from its report until the first is on scene; 0: none */
    int64_t     work_ms;     /* on scene, while all of its needs have their minimum */
    /* Those who worked there bring somebody to the nearest of the destinations, and hand over for so
     * long; people and vehicles alone do. */
    bool    is_transported;
    int64_t handover_ms;
} mu_course_incident;

/* A hospital, a shelter. */
typedef struct mu_course_place {
    const char *code;
    const char *name; /* or NULL */
    double      lon_deg, lat_deg;
} mu_course_place;

/* How units differ from what the scenario says of them: in thousandths of probability, and of spread.
 * What is drawn depends on seed, replication, unit and incident alone. */
typedef struct mu_course_units {
    uint32_t decline_permille; /* an order is declined, after the turnout */
    uint32_t failure_permille; /* a unit breaks down on its way */
    int64_t  repair_ms;        /* and is available again so long after */
    uint32_t
        turnout_cv_permille; /* coefficient of variation of turnouts: lognormal round the unit's own */
} mu_course_units;

typedef struct mu_course {
    uint64_t            seed;
    uint32_t            replication;
    int64_t             start_at_ms, end_at_ms; /* since 1970 */
    uint32_t            event_count;
    const muster_event *event; /* by time, then as written; ids unique ("call-17", "flood-3-2") */
    uint32_t            incident_count;
    const mu_course_incident *incident; /* by code */
    uint32_t                  destination_count;
    const mu_course_place    *destination;
    mu_course_units           units;
} mu_course;

/* Draw the course of a replication: a function of the ground's file and scenario, seed and replication alone.
 * It borrows from the ground, of which any number of threads may draw at once; those of one seed and
 * replication are the same to the byte. O(n log n), and for each call that is to be near a hazard, or whose
 * nearest village is asked for, the points of that and the number of these.
 * MUSTER_E_INVALID where a rate makes more than a million of anything, MUSTER_E_NOMEM. */
muster_status mu_course_draw(mu_course **out, const mu_ground *ground, uint64_t seed,
                             uint32_t replication);
void          mu_course_free(mu_course *course);

#endif
