/* What is judged: that every item that has to come by vehicle is on one shipment, and nothing
 * else is; that a shipment's items are those of one warehouse, for one incident, and fit into the
 * vehicle; that no vehicle is used twice and no incident served from too many warehouses; and,
 * from tables of its own, that the times and distances of both legs are right. */
#include "solver/check_shipments.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "core/alloc.h"

typedef struct court {
    const muster_problem    *problem;
    mu_judge_roads          *roads;
    const muster_assignment *assignment;
    uint32_t                 assignment_count;
    const muster_shipment   *shipment;
    uint32_t                 count;
    int64_t                 *load_g, *load_cm3; /* by shipment */
    mu_judge_way            *leg; /* two by shipment: to the warehouse, to the incident */
} court;

/* ---- what is on which shipment --------------------------------------------------------- */

static bool is_one_warehouse(const muster_stock *a, const muster_stock *b) {
    return strcmp(a->unit.code, b->unit.code) == 0 &&
           a->unit.site.lon_deg == b->unit.site.lon_deg &&
           a->unit.site.lat_deg == b->unit.site.lat_deg &&
           a->unit.turnout_ms == b->unit.turnout_ms && a->unit.authority == b->unit.authority &&
           a->unit.available_ms == b->unit.available_ms &&
           a->unit.shift_end_ms == b->unit.shift_end_ms;
}

static muster_status judge_rows(const court *c, uint32_t s) {
    const muster_shipment *ship = &c->shipment[s];
    if (ship->vehicle >= c->problem->vehicle_count || ship->stock >= c->problem->stock_count ||
        ship->incident >= c->problem->incident_count) {
        MU_REFUSE("shipment %u sends vehicle %u to stock %u for incident %u, which are not there",
                  s, ship->vehicle, ship->stock, ship->incident);
    }
    if (s == 0) return MUSTER_OK;
    const muster_shipment *before = ship - 1;
    const bool             is_in_order =
        before->incident != ship->incident
                        ? before->incident < ship->incident
                        : (before->eta_ms != ship->eta_ms ? before->eta_ms < ship->eta_ms
                                                          : before->vehicle < ship->vehicle);
    if (!is_in_order) MU_REFUSE("shipments %u and %u are not in order", s - 1, s);
    return MUSTER_OK;
}

static muster_status judge_assignment(court *c, uint32_t i) {
    const muster_assignment *a = &c->assignment[i];
    const bool               must_be_shipped =
        a->resource == MUSTER_ITEM && c->problem->item_transport == MUSTER_ITEMS_BY_VEHICLE;
    if (must_be_shipped != (a->shipment < c->count) ||
        (!must_be_shipped && a->shipment != MUSTER_NONE)) {
        MU_REFUSE("assignment %u is on shipment %u; expected %s", i, a->shipment,
                  must_be_shipped ? "one that is there" : "none");
    }
    if (!must_be_shipped) return MUSTER_OK;
    const muster_shipment *ship = &c->shipment[a->shipment];
    const muster_need     *need = &c->problem->need[a->need];
    const muster_kind     *kind = &c->problem->kind[need->kind];
    if (need->incident != ship->incident ||
        !is_one_warehouse(&c->problem->stock[a->index], &c->problem->stock[ship->stock])) {
        MU_REFUSE("assignment %u is of another incident or warehouse than its shipment, %u", i,
                  a->shipment);
    }
    if (a->depart_ms != ship->depart_ms || a->eta_ms != ship->eta_ms ||
        !(fabs(a->distance_m - ship->distance_m) < 0.005)) {
        MU_REFUSE("assignment %u travels otherwise than its shipment, %u", i, a->shipment);
    }
    c->load_g[a->shipment] += a->quantity * (int64_t)ceil(kind->mass_kg * 1000 - 0.000001);
    c->load_cm3[a->shipment] += a->quantity * (int64_t)ceil(kind->volume_m3 * 1000000 - 0.000001);
    return MUSTER_OK;
}

/* No row before that of its warehouse is used: the shipment's own is the first. */
static muster_status judge_stock(const court *c, uint32_t s) {
    uint32_t first = MUSTER_NONE;
    for (uint32_t i = 0; i < c->assignment_count; ++i) {
        const muster_assignment *a = &c->assignment[i];
        if (a->shipment == s && a->index < first) first = a->index;
    }
    if (first == MUSTER_NONE) MU_REFUSE("shipment %u carries nothing", s);
    if (first != c->shipment[s].stock) {
        MU_REFUSE("shipment %u names stock %u; expected the first it loads, %u", s,
                  c->shipment[s].stock, first);
    }
    return MUSTER_OK;
}

static muster_status judge_load(const court *c, uint32_t s) {
    const muster_shipment *ship     = &c->shipment[s];
    const muster_vehicle  *vehicle  = &c->problem->vehicle[ship->vehicle];
    const int64_t          most_g   = (int64_t)floor(vehicle->payload_kg * 1000 + 0.000001);
    const int64_t          most_cm3 = (int64_t)floor(vehicle->volume_m3 * 1000000 + 0.000001);
    if (most_g <= 0 || most_cm3 <= 0) MU_REFUSE("\"%s\" carries nothing", vehicle->unit.code);
    if (c->load_g[s] > most_g || c->load_cm3[s] > most_cm3) {
        MU_REFUSE("\"%s\" carries %" PRId64 " g and %" PRId64 " cm3; at most %" PRId64
                  " and %" PRId64 " fit",
                  vehicle->unit.code, c->load_g[s], c->load_cm3[s], most_g, most_cm3);
    }
    if (!(fabs(ship->load_kg - (double)c->load_g[s] / 1000) < 0.0005) ||
        !(fabs(ship->load_m3 - (double)c->load_cm3[s] / 1000000) < 0.0000005)) {
        MU_REFUSE("\"%s\" is said to carry %.3f kg and %.6f m3, not %" PRId64 " g and %" PRId64
                  " cm3",
                  vehicle->unit.code, ship->load_kg, ship->load_m3, c->load_g[s], c->load_cm3[s]);
    }
    return MUSTER_OK;
}

/* ---- how many -------------------------------------------------------------------------- */

/* What is on board of a vehicle is a warehouse of its own, but no source. */
static bool is_on_board(const court *c, uint32_t stock) {
    for (uint32_t r = 0; r < c->problem->rule_count; ++r) {
        const muster_rule *rule = &c->problem->rule[r];
        if (rule->type == MUSTER_EN_ROUTE && rule->resource == MUSTER_ITEM &&
            rule->index == stock) {
            return true;
        }
    }
    return false;
}

/* Shipments to one incident are neighbours. */
static muster_status judge_sources(const court *c, uint32_t s) {
    const uint32_t most =
        c->problem->max_sources > 0 ? c->problem->max_sources : MUSTER_MAX_SOURCES_DEFAULT;
    uint32_t first = s, different = 0;
    while (first > 0 && c->shipment[first - 1].incident == c->shipment[s].incident) --first;
    for (uint32_t i = first; i <= s; ++i) {
        uint32_t before = first;
        if (is_on_board(c, c->shipment[i].stock)) continue;
        while (!is_one_warehouse(&c->problem->stock[c->shipment[before].stock],
                                 &c->problem->stock[c->shipment[i].stock])) {
            ++before;
        }
        different += before == i;
    }
    if (different > most) {
        MU_REFUSE("incident %u is shipped to from %u warehouses; at most %u may",
                  c->shipment[s].incident, different, most);
    }
    return MUSTER_OK;
}

static muster_status judge_vehicles(const court *c, int64_t *used) {
    for (uint32_t s = 0; s < c->count; ++s) {
        const uint32_t v = c->shipment[s].vehicle;
        if (++used[v] > 1) {
            MU_REFUSE("\"%s\" is used %" PRId64 " times", c->problem->vehicle[v].unit.code,
                      used[v]);
        }
    }
    return MUSTER_OK;
}

/* ---- when ------------------------------------------------------------------------------ */

/* Both legs of each shipment. */
static muster_status measure(const court *c) {
    for (uint32_t s = 0; s < c->count; ++s) {
        const muster_shipment *ship      = &c->shipment[s];
        const uint32_t         metric    = c->problem->vehicle[ship->vehicle].unit.metric;
        const uint32_t         warehouse = c->roads->places.of_unit[MUSTER_ITEM][ship->stock];
        c->leg[2 * (size_t)s] =
            (mu_judge_way){.metric = metric,
                           .from   = c->roads->places.of_unit[MUSTER_VEHICLE][ship->vehicle],
                           .to     = warehouse};
        c->leg[2 * (size_t)s + 1] =
            (mu_judge_way){.metric = metric,
                           .from   = warehouse,
                           .to     = c->roads->places.of_incident[ship->incident]};
    }
    return mu_judge_measure(c->roads, 2 * c->count, c->leg);
}

/* As long as the warehouse would take to depart by itself. */
static uint64_t loading_ms(const court *c, uint32_t s) {
    const muster_weights  defaults = MUSTER_WEIGHTS_INIT;
    const muster_weights *weights  = c->problem->weights ? c->problem->weights : &defaults;
    const muster_unit    *unit     = &c->problem->stock[c->shipment[s].stock].unit;
    const uint8_t         levels   = mu_judge_escalation(c->problem, c->shipment[s].incident, unit);
    const uint64_t        ready = (uint64_t)unit->turnout_ms + weights->escalation_delay_ms[levels];
    return ready > unit->available_ms ? ready : unit->available_ms;
}

static muster_status judge_times(const court *c, uint32_t s) {
    const muster_shipment *ship  = &c->shipment[s];
    const muster_unit     *unit  = &c->problem->vehicle[ship->vehicle].unit;
    const mu_judge_way    *leg   = &c->leg[2 * (size_t)s];
    const double           all_m = leg[0].m + leg[1].m;
    if (leg[0].ms == MUSTER_UNREACHABLE_MS || leg[1].ms == MUSTER_UNREACHABLE_MS) {
        MU_REFUSE("\"%s\" cannot bring anything from stock %u to incident %u", unit->code,
                  ship->stock, ship->incident);
    }
    const uint32_t depart =
        unit->turnout_ms > unit->available_ms ? unit->turnout_ms : unit->available_ms;
    const uint64_t load_at = (uint64_t)depart + leg[0].ms;
    const uint64_t eta     = load_at + loading_ms(c, s) + leg[1].ms;
    if (ship->depart_ms != depart || ship->load_at_ms != load_at || ship->eta_ms != eta) {
        MU_REFUSE("\"%s\" departs at %u, loads at %u and arrives at %u ms; expected %u, %" PRIu64
                  " and %" PRIu64,
                  unit->code, ship->depart_ms, ship->load_at_ms, ship->eta_ms, depart, load_at,
                  eta);
    }
    if (!(fabs(ship->distance_m - all_m) < 0.005)) {
        MU_REFUSE("\"%s\" drives %.2f m for shipment %u; expected %.2f", unit->code,
                  ship->distance_m, s, all_m);
    }
    return MUSTER_OK;
}

/* ---- what was decided before ------------------------------------------------------------ */

static muster_status judge_orders(const court *c, uint32_t s) {
    const muster_shipment *ship = &c->shipment[s];
    const muster_unit     *unit = &c->problem->vehicle[ship->vehicle].unit;
    const uint64_t         free_ms =
        (uint64_t)ship->eta_ms + c->problem->incident[ship->incident].on_scene_ms;
    if (unit->shift_end_ms != 0 && free_ms > unit->shift_end_ms) {
        MU_REFUSE("\"%s\" is free again at %" PRIu64 " ms; its shift ends at %u", unit->code,
                  free_ms, unit->shift_end_ms);
    }
    for (uint32_t r = 0; r < c->problem->rule_count; ++r) {
        const muster_rule *rule = &c->problem->rule[r];
        if (rule->type == MUSTER_EN_ROUTE && rule->resource == MUSTER_ITEM) {
            const muster_stock *stock = c->problem->stock;
            if (is_one_warehouse(&stock[rule->index], &stock[ship->stock]) !=
                (rule->vehicle == ship->vehicle)) {
                MU_REFUSE("\"%s\" makes shipment %u, but rule %u says what is on board of whom",
                          unit->code, s, r);
            }
        }
        if (rule->resource != MUSTER_VEHICLE || rule->index != ship->vehicle) continue;
        if (rule->type == MUSTER_LOCK || rule->type == MUSTER_HOLD ||
            (rule->type == MUSTER_FORBID && rule->incident == ship->incident)) {
            MU_REFUSE("rule %u keeps \"%s\" from shipment %u", r, unit->code, s);
        }
    }
    return MUSTER_OK;
}

/* ---- all of it ------------------------------------------------------------------------- */

static muster_status hold_court(court *c, int64_t *used_vehicles) {
    for (uint32_t s = 0; s < c->count; ++s) MU_TRY(judge_rows(c, s));
    for (uint32_t i = 0; i < c->assignment_count; ++i) MU_TRY(judge_assignment(c, i));
    MU_TRY(judge_vehicles(c, used_vehicles));
    MU_TRY(measure(c));
    for (uint32_t s = 0; s < c->count; ++s) {
        MU_TRY(judge_stock(c, s));
        MU_TRY(judge_load(c, s));
        MU_TRY(judge_sources(c, s));
        MU_TRY(judge_times(c, s));
        MU_TRY(judge_orders(c, s));
    }
    return MUSTER_OK;
}

static muster_status take_seats(court *c) {
    MU_TRY(mu_alloc_zeroed(&c->load_g, c->count, sizeof *c->load_g));
    MU_TRY(mu_alloc_zeroed(&c->load_cm3, c->count, sizeof *c->load_cm3));
    return mu_alloc(&c->leg, 2 * (size_t)c->count, sizeof *c->leg);
}

muster_status mu_check_shipments(mu_judge *judge) {
    court c              = {.problem          = judge->problem,
                            .roads            = judge->roads,
                            .assignment       = judge->assignment,
                            .assignment_count = judge->assignment_count};
    c.shipment           = muster_plan_shipments(judge->plan, &c.count);
    muster_status status = take_seats(&c);
    if (status == MUSTER_OK) status = hold_court(&c, judge->used[MUSTER_VEHICLE]);
    mu_free(c.load_g);
    mu_free(c.load_cm3);
    mu_free(c.leg);
    return status;
}
