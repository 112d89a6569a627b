#include "solver/problem_command.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "solver/problem_row.h"
#include "solver/travel.h"
#include "solver/warehouse.h"
#include "solver/weights.h"

/* ---- names --------------------------------------------------------------------------- */

static const char *const LEVEL_NAME[] = {"village", "town", "county", "city", "mutual_aid"};

const char *muster_level_name(muster_level level) {
    return (unsigned)level < MUSTER_LEVEL_COUNT ? LEVEL_NAME[level] : NULL;
}

muster_level muster_level_from_name(const char *name) {
    unsigned l = 0;
    while (l < MUSTER_LEVEL_COUNT && strcmp(name, LEVEL_NAME[l]) != 0) ++l;
    return (muster_level)l;
}

const char *muster_conflict_name(muster_conflict conflict) {
    static const char *const NAME[] = {"none",      "unsuitable", "unreachable", "shift",
                                       "forbidden", "held",       "too_many",    "no_vehicle"};
    return (unsigned)conflict < sizeof NAME / sizeof *NAME ? NAME[conflict] : NULL;
}

/* ---- authorities --------------------------------------------------------------------- */

/* A parent of a higher level: so there is no way round in circles. */
static muster_status check_parent(const muster_problem *p, mu_row r) {
    const muster_authority *own = &p->authority[r.index];
    if (own->parent == MUSTER_NONE) return MUSTER_OK;
    MU_TRY(mu_check_index(r, "parent", own->parent, p->authority_count));
    const muster_authority *parent = &p->authority[own->parent];
    if (parent->level > own->level) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       MU_ROW_FORMAT " is a %s under \"%s\", a %s; expected a parent of a higher "
                                     "level",
                       MU_ROW_ARGS(r), muster_level_name((muster_level)own->level), parent->code,
                       muster_level_name((muster_level)parent->level));
}

static muster_status check_authorities(const muster_problem *p) {
    MU_TRY(mu_check_array("authorities", p->authority_count, p->authority));
    for (uint32_t a = 0; a < p->authority_count; ++a) {
        const mu_row r = {"authority", a, p->authority[a].code};
        MU_TRY(mu_check_code(r));
        MU_TRY(mu_check_quantity(r, "level", p->authority[a].level, 0, MUSTER_LEVEL_COUNT - 1));
    }
    for (uint32_t a = 0; a < p->authority_count; ++a) {
        MU_TRY(check_parent(p, (mu_row){"authority", a, p->authority[a].code}));
    }
    if (p->authority_count == 0) return MUSTER_OK;
    return mu_check_unique("authorities", p->authority_count, &p->authority->code,
                           sizeof *p->authority);
}

/* ---- zones --------------------------------------------------------------------------- */

static muster_status check_zone(const muster_problem *p, uint32_t z) {
    const muster_zone *zone = &p->zone[z];
    const mu_row       r    = {"zone", z, zone->code};
    MU_TRY(mu_check_code(r));
    MU_TRY(mu_check_site(r, zone->site));
    MU_TRY(mu_check_index(r, "kind", zone->kind, p->kind_count));
    if (p->kind[zone->kind].resource == MUSTER_ITEM) {
        return muster_fail(MUSTER_E_INVALID,
                           MU_ROW_FORMAT
                           " is covered by \"%s\", a kind of item; expected a kind of "
                           "people, vehicle or machine",
                           MU_ROW_ARGS(r), p->kind[zone->kind].code);
    }
    MU_TRY(mu_check_quantity(r, "required", zone->required, 1, MUSTER_MAX_QUANTITY));
    return mu_check_quantity(r, "weight", zone->weight, 0, MUSTER_MAX_QUANTITY);
}

static muster_status check_zones(const muster_problem *p) {
    MU_TRY(mu_check_array("zones", p->zone_count, p->zone));
    for (uint32_t z = 0; z < p->zone_count; ++z) MU_TRY(check_zone(p, z));
    if (p->zone_count == 0) return MUSTER_OK;
    return mu_check_unique("zones", p->zone_count, &p->zone->code, sizeof *p->zone);
}

/* ---- rules --------------------------------------------------------------------------- */

static muster_status fail_rule(uint32_t i, const char *field, long long value, long long least,
                               long long most) {
    return muster_fail(MUSTER_E_INVALID, "rule %u has %s %lld; expected %lld to %lld", i, field,
                       value, least, most);
}

static muster_status check_lock(const muster_problem *p, uint32_t i) {
    const muster_rule *rule = &p->rule[i];
    if (rule->need != MUSTER_NONE) {
        if (rule->need >= p->need_count) {
            return fail_rule(i, "need", rule->need, 0, (long long)p->need_count - 1);
        }
        if (p->need[rule->need].incident != rule->incident) {
            return muster_fail(
                MUSTER_E_INVALID,
                "rule %u locks to need %u, which is one of incident %u; expected one "
                "of its own incident, %u, or MUSTER_NONE",
                i, rule->need, p->need[rule->need].incident, rule->incident);
        }
    }
    int64_t most = MUSTER_MAX_QUANTITY;
    if (rule->resource == MUSTER_PEOPLE) most = p->team[rule->index].people;
    if (rule->resource == MUSTER_VEHICLE) most = 1;
    if (rule->quantity < 0 || rule->quantity > most) {
        return fail_rule(i, "quantity", rule->quantity, 0, most);
    }
    if (rule->resource != MUSTER_PEOPLE || rule->quantity == 0 || rule->quantity == most) {
        return MUSTER_OK;
    }
    return muster_fail(MUSTER_E_INVALID,
                       "rule %u locks %lld people of team \"%s\"; expected 0 or all, %lld", i,
                       (long long)rule->quantity, p->team[rule->index].unit.code, (long long)most);
}

static muster_status check_rule(const muster_problem *p, uint32_t i) {
    const muster_rule *rule = &p->rule[i];
    if (rule->type >= MUSTER_RULE_TYPE_COUNT) {
        return fail_rule(i, "type", rule->type, 0, MUSTER_RULE_TYPE_COUNT - 1);
    }
    if (rule->resource >= MUSTER_RESOURCE_COUNT) {
        return fail_rule(i, "resource", rule->resource, 0, MUSTER_RESOURCE_COUNT - 1);
    }
    const uint32_t units = muster_problem_unit_count(p, (muster_resource)rule->resource);
    if (rule->index >= units) {
        return muster_fail(
            MUSTER_E_INVALID, "rule %u is about resource %u of %s, but the problem has %u", i,
            rule->index, muster_resource_name((muster_resource)rule->resource), units);
    }
    if (rule->type == MUSTER_HOLD) return MUSTER_OK;
    if (rule->incident >= p->incident_count) {
        return muster_fail(MUSTER_E_INVALID,
                           "rule %u is about incident %u, but the problem has %u incidents", i,
                           rule->incident, p->incident_count);
    }
    return rule->type == MUSTER_LOCK ? check_lock(p, i) : MUSTER_OK;
}

/* ---- what is on board ---------------------------------------------------------------- */

static bool is_load(const muster_rule *rule) {
    return rule->type == MUSTER_EN_ROUTE && rule->resource == MUSTER_ITEM;
}

static bool is_of_vehicle(const muster_rule *rule) {
    return rule->resource == MUSTER_VEHICLE &&
           (rule->type == MUSTER_EN_ROUTE || rule->type == MUSTER_LOCK);
}

/* Rules that what is on board is compared with, strung together in their order. Those that are of nothing
 * that is there, which are refused when it is their turn, are left out. */
typedef struct bills {
    uint32_t         *first_of_stock;   /* on board of whom it is; MUSTER_NONE: of nobody */
    uint32_t         *first_of_vehicle; /* what is on board of it, where it goes, its locks */
    uint32_t         *next_of_stock, *next_of_vehicle; /* by rule */
    mu_warehouse_rows warehouse;
} bills;

static muster_status make_room(bills *of, const muster_problem *p) {
    MU_TRY(mu_alloc(&of->first_of_stock, p->stock_count, sizeof *of->first_of_stock));
    MU_TRY(mu_alloc(&of->first_of_vehicle, p->vehicle_count, sizeof *of->first_of_vehicle));
    MU_TRY(mu_alloc(&of->next_of_stock, p->rule_count, sizeof *of->next_of_stock));
    MU_TRY(mu_alloc(&of->next_of_vehicle, p->rule_count, sizeof *of->next_of_vehicle));
    for (uint32_t s = 0; s < p->stock_count; ++s) of->first_of_stock[s] = MUSTER_NONE;
    for (uint32_t v = 0; v < p->vehicle_count; ++v) of->first_of_vehicle[v] = MUSTER_NONE;
    return mu_warehouse_rows_init(&of->warehouse, p);
}

static void put_before(uint32_t *first, uint32_t *next, uint32_t rule) {
    next[rule] = *first;
    *first     = rule;
}

static muster_status fill_bills(bills *of, const muster_problem *p) {
    MU_TRY(make_room(of, p));
    for (uint32_t i = p->rule_count; i-- > 0;) {
        const muster_rule *rule = &p->rule[i];
        if (is_load(rule) && rule->index < p->stock_count) {
            put_before(&of->first_of_stock[rule->index], of->next_of_stock, i);
            if (rule->vehicle >= p->vehicle_count) continue;
            put_before(&of->first_of_vehicle[rule->vehicle], of->next_of_vehicle, i);
        } else if (is_of_vehicle(rule) && rule->index < p->vehicle_count) {
            put_before(&of->first_of_vehicle[rule->index], of->next_of_vehicle, i);
        }
    }
    return MUSTER_OK;
}

static void free_bills(bills *of) {
    mu_free(of->first_of_stock);
    mu_free(of->first_of_vehicle);
    mu_free(of->next_of_stock);
    mu_free(of->next_of_vehicle);
    mu_warehouse_rows_fini(&of->warehouse);
}

static muster_status fail_load(const muster_problem *p, uint32_t i, const char *expected) {
    const muster_rule *rule = &p->rule[i];
    return muster_fail(MUSTER_E_INVALID,
                       "rule %u has stock %u (\"%s\") on board of vehicle %u (\"%s\"); expected %s",
                       i, rule->index, p->stock[rule->index].unit.code, rule->vehicle,
                       p->vehicle[rule->vehicle].unit.code, expected);
}

/* Is a stock on board of the vehicle of a load, on its way to the same incident? */
static bool is_of_load(const muster_problem *p, const bills *of, const muster_rule *load,
                       uint32_t stock) {
    uint32_t k = of->first_of_stock[stock];
    while (k != MUSTER_NONE &&
           (p->rule[k].vehicle != load->vehicle || p->rule[k].incident != load->incident)) {
        k = of->next_of_stock[k];
    }
    return k != MUSTER_NONE;
}

/* Everything in the warehouse is on board of the same vehicle, which has nothing else on board and is
 * on its way nowhere else. */
static muster_status check_load(const muster_problem *p, const bills *of, uint32_t i) {
    const muster_rule *rule      = &p->rule[i];
    const uint32_t    *warehouse = of->warehouse.first;
    if (rule->vehicle >= p->vehicle_count) {
        return fail_rule(i, "vehicle", rule->vehicle, 0, (long long)p->vehicle_count - 1);
    }
    for (uint32_t s = warehouse[rule->index]; s != MUSTER_NONE; s = of->warehouse.next[s]) {
        if (!is_of_load(p, of, rule, s)) {
            return fail_load(p, i, "the same of all that is in the same warehouse");
        }
    }
    for (uint32_t k = of->first_of_vehicle[rule->vehicle]; k != MUSTER_NONE;
         k          = of->next_of_vehicle[k]) {
        const muster_rule *other = &p->rule[k];
        if (is_load(other)) {
            if (warehouse[other->index] == warehouse[rule->index]) continue;
            return fail_load(p, i, "nothing else on board of it");
        }
        if (other->type == MUSTER_LOCK) return fail_load(p, i, "a vehicle that is not locked");
        if (other->incident != rule->incident) {
            return fail_load(p, i, "the incident that it is on its way to");
        }
    }
    return MUSTER_OK;
}

static muster_status check_en_route(const muster_problem *p, const bills *of, uint32_t i) {
    const muster_rule *rule = &p->rule[i];
    if (rule->type != MUSTER_EN_ROUTE) return MUSTER_OK;
    if (rule->resource == MUSTER_ITEM && p->item_transport == MUSTER_ITEMS_BY_VEHICLE) {
        return check_load(p, of, i);
    }
    if (rule->resource != MUSTER_PEOPLE && rule->resource != MUSTER_VEHICLE) {
        return muster_fail(MUSTER_E_INVALID,
                           "rule %u has some of %s on their way; expected a team or a vehicle%s", i,
                           muster_resource_name((muster_resource)rule->resource),
                           rule->resource == MUSTER_ITEM ? ", where items come by themselves" : "");
    }
    return MUSTER_OK;
}

static muster_status check_each(const muster_problem *p, const bills *of) {
    for (uint32_t i = 0; i < p->rule_count; ++i) {
        MU_TRY(check_rule(p, i));
        MU_TRY(check_en_route(p, of, i));
    }
    return MUSTER_OK;
}

static bool has_loads(const muster_problem *p) {
    uint32_t i = 0;
    if (p->item_transport != MUSTER_ITEMS_BY_VEHICLE) return false;
    while (i < p->rule_count && !is_load(&p->rule[i])) ++i;
    return i < p->rule_count;
}

static muster_status check_all(const muster_problem *p) {
    bills         of     = {0};
    muster_status status = has_loads(p) ? fill_bills(&of, p) : MUSTER_OK;
    if (status == MUSTER_OK) status = check_each(p, &of);
    free_bills(&of);
    return status;
}

typedef struct ticket {
    uint32_t resource, index, rule;
} ticket;

static int by_unit(const void *a, const void *b) {
    const ticket *t = a, *u = b;
    if (t->resource != u->resource) return t->resource < u->resource ? -1 : 1;
    if (t->index != u->index) return t->index < u->index ? -1 : 1;
    return t->rule < u->rule ? -1 : t->rule > u->rule;
}

/* Nobody is on his way to two places. */
static muster_status check_one_way(const muster_problem *p, ticket *tickets) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < p->rule_count; ++i) {
        const muster_rule *rule = &p->rule[i];
        if (rule->type == MUSTER_EN_ROUTE)
            tickets[count++] = (ticket){rule->resource, rule->index, i};
    }
    qsort(tickets, count, sizeof *tickets, by_unit);
    for (uint32_t i = 1; i < count; ++i) {
        if (tickets[i - 1].resource != tickets[i].resource) continue;
        if (tickets[i - 1].index != tickets[i].index) continue;
        return muster_fail(
            MUSTER_E_INVALID, "rules %u and %u both have \"%s\" on its way; expected one",
            tickets[i - 1].rule, tickets[i].rule,
            muster_problem_unit(p, (muster_resource)tickets[i].resource, tickets[i].index)->code);
    }
    return MUSTER_OK;
}

static muster_status check_rules(const muster_problem *p) {
    ticket *tickets;
    MU_TRY(mu_check_array("rules", p->rule_count, p->rule));
    if (p->rule_count == 0) return MUSTER_OK;
    MU_TRY(check_all(p));
    MU_TRY(mu_alloc(&tickets, p->rule_count, sizeof *tickets));
    const muster_status status = check_one_way(p, tickets);
    mu_free(tickets);
    return status;
}

/* ---- weights ------------------------------------------------------------------------- */

static muster_status check_weight(const char *field, int64_t value, int64_t least, int64_t most) {
    if (value >= least && value <= most) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "muster_weights.%s is %lld; expected %lld to %lld", field,
                       (long long)value, (long long)least, (long long)most);
}

static muster_status check_weights(const muster_weights *w) {
    for (unsigned s = 0; s < MUSTER_SEVERITY_COUNT; ++s) {
        MU_TRY(check_weight("severity", w->severity[s], 1, 1000000));
    }
    for (unsigned l = 0; l < MUSTER_LEVEL_COUNT; ++l) {
        MU_TRY(check_weight("escalation_delay_ms", w->escalation_delay_ms[l], 0,
                            MUSTER_UNREACHABLE_MS - 1));
    }
    if (w->lateness_step_ms > 0) {
        MU_TRY(check_weight("lateness_step_ms", w->lateness_step_ms, 1000, MUSTER_UNREACHABLE_MS));
    }
    MU_TRY(check_weight("lateness_step_s", w->lateness_step_s, 0, 1000000));
    MU_TRY(check_weight("diversion_unmet_need", w->diversion_unmet_need, 0, INT64_C(1) << 40));
    return check_weight("diversion_response_time", w->diversion_response_time, 0, INT64_C(1) << 50);
}

muster_status mu_problem_check_command(const muster_problem *p) {
    MU_TRY(check_authorities(p));
    MU_TRY(check_zones(p));
    MU_TRY(check_rules(p));
    return check_weights(mu_weights(p));
}
