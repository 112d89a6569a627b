/* The rows of a scenario: what there is, where it is needed. */
#ifndef MU_GIS_SCENARIO_ROWS_H
#define MU_GIS_SCENARIO_ROWS_H

#include <muster/problem.h>
#include <muster/profile_file.h>

#include "gis/memory.h"
#include "gis/store.h"

/* The arrays of a muster_problem. Start from zeros; give back with mu_scenario_rows_fini. */
typedef struct mu_scenario_rows {
    uint32_t kind_count, team_count, vehicle_count, machine_count, stock_count, incident_count,
        need_count, authority_count, zone_count, rule_count;
    muster_kind      *kind;
    muster_team      *team;
    muster_vehicle   *vehicle;
    muster_machine   *machine;
    muster_stock     *stock;
    muster_incident  *incident;
    muster_need      *need;
    uint32_t         *capability; /* of all teams, team after team */
    muster_authority *authority;
    muster_zone      *zone;
    muster_rule      *rule;
    muster_weights    weights;
    /* To be set before reading: rows of units that are not available are there too, and listed. */
    bool      is_whole;
    uint32_t  unavailable_count[MUSTER_RESOURCE_COUNT];
    uint32_t *unavailable[MUSTER_RESOURCE_COUNT]; /* rows, in ascending order */
    /* Those that units travel by, which muster_unit.metric is an index of: in the order in which
     * rows name them. They are the set's. */
    uint32_t               profile_count;
    const muster_profile **profile;
    mu_texts               texts;
} mu_scenario_rows;

/* Read and check the inventory of `store`, whose units travel by `profiles`, and what
 * `scenario`, a code that is known to be there, needs. The tables have to be there as well. */
muster_status mu_scenario_rows_read(mu_scenario_rows *rows, mu_store *store,
                                    const muster_profiles *profiles, const char *scenario);
void          mu_scenario_rows_fini(mu_scenario_rows *rows);

#endif
