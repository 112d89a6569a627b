#include "solver/judge.h"

/* Of items that come by vehicle: what could still bring them here is known from tables of vehicles
 * and warehouses, which nobody asks for to judge a reason. What the plan itself tells is judged. */

static bool is_shipped(const mu_judge *j, uint32_t need) {
    return j->problem->item_transport == MUSTER_ITEMS_BY_VEHICLE &&
           j->problem->kind[j->problem->need[need].kind].resource == MUSTER_ITEM;
}

static bool is_on_hold(const muster_problem *p, uint32_t stock) {
    for (uint32_t r = 0; r < p->rule_count; ++r) {
        const muster_rule *rule = &p->rule[r];
        if (rule->type == MUSTER_HOLD && rule->resource == MUSTER_ITEM && rule->index == stock) {
            return true;
        }
    }
    return false;
}

/* Of a kind: how much there is, and how much of that is neither sent nor on hold. */
static int64_t count_stock(const mu_judge *j, uint32_t kind, int64_t *out_left) {
    int64_t exist = 0;
    *out_left     = 0;
    for (uint32_t s = 0; s < j->problem->stock_count; ++s) {
        const muster_stock *stock = &j->problem->stock[s];
        if (stock->kind != kind) continue;
        exist += stock->quantity;
        if (!is_on_hold(j->problem, s)) *out_left += stock->quantity - j->used[MUSTER_ITEM][s];
    }
    return exist;
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
static const char *object_to(const mu_judge *j, const muster_unmet *u) {
    const muster_need     *n        = &j->problem->need[u->need];
    const muster_incident *incident = &j->problem->incident[n->incident];
    int64_t                left;
    const int64_t          exist = count_stock(j, n->kind, &left);
    const bool is_incomplete = incident->all_or_nothing && !mu_judge_is_complete(j, n->incident);
    if ((u->reason == MUSTER_UNMET_UNSNAPPED) == j->has_road[n->incident])
        return "there is a road, or none";
    if (u->reason == MUSTER_UNMET_UNSNAPPED) return NULL;
    if ((u->reason == MUSTER_UNMET_NONE_EXIST) != (exist == 0)) return "there are some, or none";
    if (u->reason == MUSTER_UNMET_NONE_EXIST) return NULL;
    if (u->reason == MUSTER_UNMET_UNREACHABLE) return j->sent[u->need] > 0 ? "some are sent" : NULL;
    if ((u->reason == MUSTER_UNMET_INCOMPLETE) != is_incomplete) return "all is sent, or not all";
    switch ((muster_unmet_reason)u->reason) {
    case MUSTER_UNMET_INCOMPLETE:
    case MUSTER_UNMET_EXHAUSTED:
        return NULL;
    case MUSTER_UNMET_BELOW_MINIMUM:
        return n->minimum == 0 || j->sent[u->need] > 0 || left == 0 ? "there is no such minimum"
                                                                    : NULL;
    case MUSTER_UNMET_MAX_SOURCES:
        return left == 0 || !has_all_sources(j, n->incident) ? "others may ship" : NULL;
    case MUSTER_UNMET_NO_VEHICLE:
        return left == 0 ? "nothing is left" : NULL;
    default:
        return "it is none of items that come by vehicle";
    }
}

static muster_status judge_shipped(const mu_judge *j, const muster_unmet *u) {
    const char *objection = is_shipped(j, u->need) ? object_to(j, u) : NULL;
    if (!objection) return MUSTER_OK;
    MU_REFUSE("need %u is unmet for reason %u, but %s", u->need, u->reason, objection);
}

muster_status mu_judge_unmet(mu_judge *j) {
    uint32_t next = 0;
    for (uint32_t n = 0; n < j->problem->need_count; ++n) {
        const bool is_listed = next < j->unmet_count && j->unmet[next].need == n;
        if (is_listed != (j->missing[n] > 0) ||
            (is_listed && j->unmet[next].quantity != j->missing[n])) {
            MU_REFUSE("need %u lacks %" PRId64 ", but the plan says %" PRId64, n, j->missing[n],
                      is_listed ? j->unmet[next].quantity : 0);
        }
        if (is_listed) MU_TRY(judge_shipped(j, &j->unmet[next++]));
        j->tier[MUSTER_TIER_UNMET_NEED] += mu_judge_price(j, n) * j->missing[n];
    }
    if (next != j->unmet_count) MU_REFUSE("%u unmet needs are listed out of order", j->unmet_count);
    return MUSTER_OK;
}
