/* What a session begins with and never changes: who and what there is, of which kind, under whose
 * authority. It is shared by the world, its views and the problems made of it, on any thread. */
#ifndef MU_SESSION_BASE_H
#define MU_SESSION_BASE_H

#include <stdatomic.h>

#include <muster/problem.h>

#include "session/arena.h"
#include "session/code_index.h"

/* What all resources have. Rows are in the store's order, which orders of equal merit follow. */
typedef struct mu_base_unit {
    const char     *code;
    const char     *name;    /* or NULL */
    uint32_t        kind;    /* of a vehicle, machine pool or stock; MUSTER_NONE of teams */
    uint32_t        profile; /* in mu_base.profile */
    uint32_t        turnout_ms;
    uint32_t        authority;             /* in mu_base.authority, or MUSTER_NONE */
    double          payload_kg, volume_m3; /* of a vehicle */
    uint32_t        grade;                 /* of a team */
    const uint32_t *capability;            /* of a team */
    uint32_t        capability_count;
} mu_base_unit;

typedef struct mu_base {
    const char             *scenario;         /* its code */
    uint64_t                network_checksum; /* the roads that this was made for */
    uint32_t                profile_count;
    const char *const      *profile; /* names; metrics of problems are in this order */
    uint32_t                kind_count;
    const muster_kind      *kind;
    uint32_t                authority_count;
    const muster_authority *authority;
    uint32_t                unit_count[MUSTER_RESOURCE_COUNT];
    const mu_base_unit     *unit[MUSTER_RESOURCE_COUNT]; /* [MUSTER_ITEM]: rows of stock */
    uint32_t                zone_count;
    const muster_zone      *zone;
    muster_weights          weights;
    uint8_t                 item_transport;
    uint32_t                max_sources;
    /* Its own affairs. */
    atomic_uint   holders;
    mu_arena      arena; /* all that is pointed to above */
    mu_code_index units[MUSTER_RESOURCE_COUNT], kinds, authorities;
} mu_base;

/* Copied from a problem of a scenario; one reference, the caller's. `problem` has passed
 * muster_problem_check, and has one row for what a warehouse has of an item.
 * profile: [problem->metric_count] by which profile each metric is. */
muster_status mu_base_new(mu_base **out, const char *scenario, const muster_problem *problem,
                          const char *const *profile, uint64_t network_checksum);
/* Make its codes be found. MUSTER_E_INVALID for two that are the same. For whoever fills one in. */
muster_status mu_base_index(mu_base *base);
mu_base      *mu_base_hold(mu_base *base);
void          mu_base_release(mu_base *base);

/* Rows by code, O(1); MUSTER_NONE: there is none. kind is read of stock alone. */
uint32_t mu_base_find_unit(const mu_base *base, uint8_t resource, const char *code, uint32_t kind);
uint32_t mu_base_find_kind(const mu_base *base, const char *code);
uint32_t mu_base_find_authority(const mu_base *base, const char *code);

static inline bool mu_base_has_capability(const mu_base_unit *team, uint32_t kind) {
    uint32_t c = 0;
    while (c < team->capability_count && team->capability[c] != kind) ++c;
    return c < team->capability_count;
}

/* Is authority `above` the other one, or itself? MUSTER_NONE is above all, and below everybody: what is
 * nobody's, anybody may command. */
bool mu_base_is_over(const mu_base *base, uint32_t above, uint32_t below);
/* Whose consent it takes to send a unit to an incident, of whose authorities each is: the nearest that is
 * over both; where there is none, the highest over the unit. MUSTER_NONE: nobody's beyond the
 * incident's own, which is over the unit, or one of the two is nobody's. */
uint32_t mu_base_consent(const mu_base *base, uint32_t unit, uint32_t incident);

#endif
