#include "core/alloc.h"
#include "solver/judge.h"

/* ---- places ----------------------------------------------------------------------------- */

/* Who lacks nothing need not be on any road. */
static muster_status find_road(mu_judge *j, uint32_t incident) {
    const uint32_t place = j->roads->places.of_incident[incident];
    muster_snap    snap;
    for (uint32_t m = 0; m < j->problem->metric_count && !j->has_road[incident]; ++m) {
        MU_TRY(mu_judge_snap(j->roads, m, place, &snap));
        j->has_road[incident] = snap.edge != MUSTER_NONE;
    }
    return MUSTER_OK;
}

/* ---- items that come by vehicle ---------------------------------------------------------- */

/* Of items that come by vehicle: what could still bring them here is known from tables of vehicles
 * and warehouses, which nobody asks for to judge a reason. What the plan itself tells is judged. */

static bool is_shipped(const mu_judge *j, uint32_t need) {
    return j->problem->item_transport == MUSTER_ITEMS_BY_VEHICLE &&
           j->problem->kind[j->problem->need[need].kind].resource == MUSTER_ITEM;
}

/* Is it on hold, or forbidden at the incident? */
static bool is_kept_away(const mu_judge *j, uint32_t stock, uint32_t incident) {
    for (uint32_t r = j->first_rule[MUSTER_ITEM][stock]; r != MUSTER_NONE; r = j->next_rule[r]) {
        const muster_rule *rule = &j->problem->rule[r];
        if (rule->type == MUSTER_HOLD) return true;
        if (rule->type == MUSTER_FORBID && rule->incident == incident) return true;
    }
    return false;
}

/* Stocks of one kind are strung together. */
typedef struct shelves {
    uint32_t *first; /* by kind: a stock; MUSTER_NONE: none */
    uint32_t *next;  /* by stock */
} shelves;

static muster_status fill_shelves(shelves *of, const muster_problem *p) {
    MU_TRY(mu_alloc(&of->first, p->kind_count, sizeof *of->first));
    MU_TRY(mu_alloc(&of->next, p->stock_count, sizeof *of->next));
    for (uint32_t k = 0; k < p->kind_count; ++k) of->first[k] = MUSTER_NONE;
    for (uint32_t s = 0; s < p->stock_count; ++s) {
        of->next[s]                 = of->first[p->stock[s].kind];
        of->first[p->stock[s].kind] = s;
    }
    return MUSTER_OK;
}

/* Of what a need asks for: how much there is, how much of that rules keep away, and how much of the
 * rest is not sent. */
typedef struct tally {
    int64_t exist, kept_away, left;
} tally;

static tally count_stock(const mu_judge *j, const shelves *of, const muster_need *need) {
    tally t = {0};
    for (uint32_t s = of->first[need->kind]; s != MUSTER_NONE; s = of->next[s]) {
        const muster_stock *stock = &j->problem->stock[s];
        t.exist += stock->quantity;
        if (is_kept_away(j, s, need->incident)) {
            t.kept_away += stock->quantity;
        } else {
            t.left += stock->quantity - j->used[MUSTER_ITEM][s];
        }
    }
    return t;
}

/* Is a vehicle idle that is on its way to another incident and carries something? */
static bool is_any_elsewhere(const mu_judge *j, uint32_t incident) {
    for (uint32_t r = 0; r < j->problem->rule_count; ++r) {
        const muster_rule *rule = &j->problem->rule[r];
        if (rule->type != MUSTER_EN_ROUTE || rule->resource == MUSTER_PEOPLE) continue;
        const uint32_t        v       = rule->resource == MUSTER_ITEM ? rule->vehicle : rule->index;
        const muster_vehicle *vehicle = &j->problem->vehicle[v];
        const bool            carries = vehicle->payload_kg > 0 && vehicle->volume_m3 > 0;
        if (carries && rule->incident != incident && j->used[MUSTER_VEHICLE][v] == 0) return true;
    }
    return false;
}

static bool has_all_sources(const mu_judge *j, uint32_t incident) {
    const uint32_t most =
        j->problem->max_sources > 0 ? j->problem->max_sources : MUSTER_MAX_SOURCES_DEFAULT;
    uint32_t               count, trips = 0;
    const muster_shipment *shipment = muster_plan_shipments(j->plan, &count);
    for (uint32_t s = 0; s < count; ++s) trips += shipment[s].incident == incident;
    return trips >= most;
}

/* Could it be this one? NULL: yes; else why not. */
static const char *object_to(const mu_judge *j, const shelves *of, const muster_unmet *u) {
    const muster_need     *n        = &j->problem->need[u->need];
    const muster_incident *incident = &j->problem->incident[n->incident];
    const tally            t        = count_stock(j, of, n);
    const bool is_incomplete = incident->all_or_nothing && !mu_judge_is_complete(j, n->incident);
    if ((u->reason == MUSTER_UNMET_UNSNAPPED) == j->has_road[n->incident])
        return "there is a road, or none";
    if (u->reason == MUSTER_UNMET_UNSNAPPED) return NULL;
    if ((u->reason == MUSTER_UNMET_NONE_EXIST) != (t.exist == 0)) return "there are some, or none";
    if (u->reason == MUSTER_UNMET_NONE_EXIST) return NULL;
    if (u->reason == MUSTER_UNMET_UNREACHABLE || u->reason == MUSTER_UNMET_RULED_OUT) {
        if (j->sent[u->need] > 0) return "some are sent";
        return (u->reason == MUSTER_UNMET_RULED_OUT) != (t.kept_away > 0)
                   ? "rules keep some away, or none"
                   : NULL;
    }
    if ((u->reason == MUSTER_UNMET_INCOMPLETE) != is_incomplete) return "all is sent, or not all";
    switch ((muster_unmet_reason)u->reason) {
    case MUSTER_UNMET_INCOMPLETE:
    case MUSTER_UNMET_EXHAUSTED:
        return NULL;
    case MUSTER_UNMET_BELOW_MINIMUM:
        return n->minimum == 0 || j->chosen[u->need] > 0 || t.left == 0 ? "there is no such minimum"
                                                                        : NULL;
    case MUSTER_UNMET_DIVERSION:
        return t.left == 0 || !is_any_elsewhere(j, n->incident) ? "nobody is on his way elsewhere"
                                                                : NULL;
    case MUSTER_UNMET_MAX_SOURCES:
        return t.left == 0 || !has_all_sources(j, n->incident) ? "others may ship" : NULL;
    case MUSTER_UNMET_NO_VEHICLE:
        return t.left == 0 ? "nothing is left" : NULL;
    default:
        return "it is none of items that come by vehicle";
    }
}

static muster_status judge_shipped(const mu_judge *j, const shelves *of, const muster_unmet *u) {
    const char *objection = is_shipped(j, u->need) ? object_to(j, of, u) : NULL;
    if (!objection) return MUSTER_OK;
    MU_REFUSE("need %u is unmet for reason %u, but %s", u->need, u->reason, objection);
}

static muster_status judge_all(mu_judge *j, const shelves *of) {
    uint32_t next = 0;
    for (uint32_t n = 0; n < j->problem->need_count; ++n) {
        const bool is_listed = next < j->unmet_count && j->unmet[next].need == n;
        if (is_listed != (j->missing[n] > 0) ||
            (is_listed && j->unmet[next].quantity != j->missing[n])) {
            MU_REFUSE("need %u lacks %" PRId64 ", but the plan says %" PRId64, n, j->missing[n],
                      is_listed ? j->unmet[next].quantity : 0);
        }
        if (is_listed) {
            MU_TRY(find_road(j, j->problem->need[n].incident));
            MU_TRY(judge_shipped(j, of, &j->unmet[next++]));
        }
        j->tier[MUSTER_TIER_UNMET_NEED] += mu_judge_price(j, n) * j->missing[n];
    }
    if (next != j->unmet_count) MU_REFUSE("%u unmet needs are listed out of order", j->unmet_count);
    return MUSTER_OK;
}

muster_status mu_judge_unmet(mu_judge *j) {
    shelves       of     = {0};
    muster_status status = fill_shelves(&of, j->problem);
    if (status == MUSTER_OK) status = judge_all(j, &of);
    mu_free(of.first);
    mu_free(of.next);
    return status;
}
