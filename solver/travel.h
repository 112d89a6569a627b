/* How long every resource takes to every incident and every zone of cover: the one table that
 * all decisions use. */
#ifndef MU_SOLVER_TRAVEL_H
#define MU_SOLVER_TRAVEL_H

#include <muster/problem.h>

#include "solver/open_table.h"
#include "solver/places.h"

/* Units that stand at one place and travel by one metric share a row. */
typedef struct mu_travel {
    const muster_problem *problem;
    mu_places             places;
    uint32_t             *row[MUSTER_RESOURCE_COUNT]; /* by resource index */
    uint32_t              row_count;
    uint32_t             *row_metric;   /* [row_count] ascending */
    uint32_t             *row_place;    /* [row_count] ascending for each metric */
    uint32_t              column_count; /* incidents, then zones */
    uint32_t             *duration_ms;  /* [row_count * column_count]; NULL where it is open: */
    mu_open_table        *open;         /* [metric_count] */
    uint32_t             *first_row;    /* [metric_count + 1] by metric */
    mu_asker             *asker;        /* the open tables' */
    bool                 *incident_has_road; /* [incident_count] by some metric */
} mu_travel;

/* O(rows * columns) beside the tables themselves. */
muster_status mu_travel_init(mu_travel *travel, const muster_problem *problem,
                             uint32_t thread_count);
/* The same by what `memory` knows, which remembers it; NULL: no memory. */
muster_status mu_travel_init_from(mu_travel *travel, const muster_problem *problem,
                                  uint32_t thread_count, mu_travel_memory *memory);
/* The same for who asks for few cells, one at a time or as he expects them: they are searched for then, and the travel
 * is of one thread. What the problem's locks send is searched for at once. A network without a hierarchy has no
 * cells that are cheap, and is searched as a whole. `memory` is needed until mu_travel_fini. */
muster_status mu_travel_init_open(mu_travel *travel, const muster_problem *problem,
                                  uint32_t thread_count, mu_travel_memory *memory);
/* Somebody is going to ask how long that takes, whose column is an incident or, after those, a zone; and now search for
 * all that is expected. Nothing where the travel is not open. MUSTER_E_NOMEM. */
muster_status mu_travel_expect(const mu_travel *travel, muster_resource resource, uint32_t index,
                               uint32_t column);
muster_status mu_travel_search(const mu_travel *travel);
/* Does an answer take no search? */
bool mu_travel_is_known(const mu_travel *travel, muster_resource resource, uint32_t index,
                        uint32_t column);
/* The same for who asks for nothing but what the problem's locks send where they lock it: whatever else, no way
 * is known there. */
muster_status mu_travel_init_locks(mu_travel *travel, const muster_problem *problem);
void          mu_travel_fini(mu_travel *travel);

/* How many levels one goes up for it; when it departs, were it sent to `incident`. */
uint32_t mu_unit_escalation(const muster_problem *problem, muster_resource resource, uint32_t index,
                            uint32_t incident);
uint32_t mu_depart_ms(const muster_problem *problem, muster_resource resource, uint32_t index,
                      uint32_t incident);

/* Departure and travel together; MUSTER_UNREACHABLE_MS where there is no way. */
uint32_t mu_travel_eta_ms(const mu_travel *travel, muster_resource resource, uint32_t index,
                          uint32_t incident);
/* Turnout, or when it is available, and travel to a zone. */
uint32_t mu_travel_cover_ms(const mu_travel *travel, muster_resource resource, uint32_t index,
                            uint32_t zone);

#endif
