/* What is free, and what of it is of use where: for the files that ask whether a plan is worth making. */
#ifndef MU_SIMULATION_USE_H
#define MU_SIMULATION_USE_H

#include "simulation/run.h"

static inline const mu_world_unit *mu_known_unit(const mu_run *run, uint8_t resource,
                                                 uint32_t unit) {
    return &mu_run_world(run)->unit[resource][unit];
}

/* Where it was last told to be. */
static inline muster_site mu_known_place(const mu_run *run, uint8_t resource, uint32_t unit) {
    const mu_world_unit *known = mu_known_unit(run, resource, unit);
    return (muster_site){known->lon_deg, known->lat_deg};
}

/* So much of it could be sent. */
static inline int64_t mu_spare_now(const mu_run *run, uint8_t resource, uint32_t unit) {
    const mu_world_unit *known = mu_known_unit(run, resource, unit);
    return known->is_available ? known->quantity - known->ordered : 0;
}

static inline bool mu_is_scene_open(const mu_scene *scene) {
    return scene->is_reported && !scene->is_closed;
}

/* What is coming to needs has been counted. */
static inline int64_t mu_missing_of(const mu_scene_need *need) {
    return need->quantity - need->present - need->coming;
}

static inline int64_t mu_later(int64_t a, int64_t b) {
    return a > b ? a : b;
}

static inline bool mu_carries(const mu_base_unit *vehicle) {
    return vehicle->payload_kg > 0 && vehicle->volume_m3 > 0;
}

/* So many of an item fit into that much, of those that there are. */
int64_t mu_most_that_fit(const muster_kind *item, double kg, double m3, int64_t quantity);
/* Do vehicles bring that kind? */
static inline bool mu_is_brought(const mu_run *run, uint32_t kind) {
    return run->stage->base->kind[kind].resource == MUSTER_ITEM &&
           run->stage->base->item_transport == MUSTER_ITEMS_BY_VEHICLE;
}

/* Could it be sent to a need of that kind, or bring what is asked for there? O(capabilities). */
bool mu_serves(const mu_run *run, uint8_t resource, uint32_t unit, uint32_t kind);
/* Does the rule say where to go? Then who it is about may be sent there though nothing is missing. */
static inline bool mu_says_where_to_go(const mu_world_rule *rule) {
    return rule->rule.command == MUSTER_COMMAND_LOCK || rule->rule.command == MUSTER_COMMAND_FORCE;
}

/* Is there a vehicle that travels so and carries something? O(vehicles). */
bool mu_has_carrier(const mu_run *run, uint32_t profile);
/* Until whoever is over both has been asked (solver/authority.h). O(levels). */
uint32_t mu_asks_for_ms(const mu_run *run, const mu_scene *scene, uint8_t resource, uint32_t unit);
/* Would it be free again before its shift ends? As far as can be told from how far it is, straight on. Stock that
 * vehicles bring has no shift of its own. */
typedef enum mu_doubt { MU_IN_TIME, MU_LATE, MU_IN_DOUBT } mu_doubt;
mu_doubt mu_shift_doubt(const mu_run *run, const mu_scene *scene, uint8_t resource, uint32_t unit);
/* The same, by way of the roads where there is doubt. */
muster_status mu_is_in_time(mu_run *run, mu_moment moment, const mu_scene *scene, uint8_t resource,
                            uint32_t unit, bool *out);

#endif
