#include "solver/judge.h"

/* How much of what suits a need there is at all. Whether the idle could come by road is judged
 * only through the reasons that do not depend on it. */
static int64_t count_suitable(const mu_judge *j, uint32_t need) {
    const uint32_t kind     = j->problem->need[need].kind;
    const unsigned resource = j->problem->kind[kind].resource;
    int64_t        sum      = 0;
    for (uint32_t i = 0; i < mu_judge_rows(j->problem, resource); ++i) {
        if (!mu_judge_suits(j->problem, resource, i, kind)) continue;
        sum += mu_judge_amount(j->problem, resource, i);
    }
    return sum;
}

/* Reasons that say something of the need or its incident alone. */
static muster_status judge_claim(const mu_judge *j, const muster_unmet *u) {
    const muster_need     *n        = &j->problem->need[u->need];
    const muster_incident *incident = &j->problem->incident[n->incident];
    const muster_kind     *kind     = &j->problem->kind[n->kind];
    if (u->reason > MUSTER_UNMET_EXHAUSTED &&
        (j->problem->item_transport != MUSTER_ITEMS_BY_VEHICLE || kind->resource != MUSTER_ITEM)) {
        MU_REFUSE("need %u is unmet for reason %u, which is one of items that come by vehicle",
                  u->need, u->reason);
    }
    if (u->reason == MUSTER_UNMET_GRADE && n->grade == 0) {
        MU_REFUSE("need %u is unmet because of the grade, but asks for none", u->need);
    }
    if (u->reason == MUSTER_UNMET_INCOMPLETE &&
        (!incident->all_or_nothing || mu_judge_is_complete(j, n->incident))) {
        MU_REFUSE("need %u is unmet because not all can be sent, but that is %s", u->need,
                  incident->all_or_nothing ? "not so" : "not asked for");
    }
    if (u->reason == MUSTER_UNMET_NO_OPERATORS &&
        (kind->operator_count == 0 ||
         mu_judge_spare_operators(j, n->incident, kind->operator_kind) >= kind->operator_count)) {
        MU_REFUSE("need %u is unmet for want of operators, but does not lack any", u->need);
    }
    if (u->reason == MUSTER_UNMET_BELOW_MINIMUM && (n->minimum == 0 || j->chosen[u->need] > 0)) {
        MU_REFUSE("need %u is below its minimum of %" PRId64 " with %" PRId64 " sent", u->need,
                  n->minimum, j->sent[u->need]);
    }
    return MUSTER_OK;
}

static muster_status judge_reason(const mu_judge *j, const muster_unmet *u) {
    const muster_need *n            = &j->problem->need[u->need];
    const bool         is_unsnapped = u->reason == MUSTER_UNMET_UNSNAPPED;
    const int64_t      exist        = count_suitable(j, u->need);
    if (is_unsnapped == j->has_road[n->incident]) {
        MU_REFUSE("need %u is %s, but its incident has %s road", u->need,
                  is_unsnapped ? "unsnapped" : "unmet for another reason",
                  j->has_road[n->incident] ? "a" : "no");
    }
    if (!is_unsnapped && (u->reason == MUSTER_UNMET_NONE_EXIST) != (exist == 0)) {
        MU_REFUSE("need %u is unmet for reason %u, but %" PRId64 " of its kind exist", u->need,
                  u->reason, exist);
    }
    const int64_t against = u->reason <= MUSTER_UNMET_SHIFT ? j->sent[u->need] : j->chosen[u->need];
    if (u->reason <= MUSTER_UNMET_RULED_OUT && against > 0) {
        MU_REFUSE("need %u is out of reach for all, but %" PRId64 " are sent", u->need, against);
    }
    return judge_claim(j, u);
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
        if (is_listed) MU_TRY(judge_reason(j, &j->unmet[next++]));
        j->tier[MUSTER_TIER_UNMET_NEED] += mu_judge_price(j, n) * j->missing[n];
    }
    if (next != j->unmet_count) MU_REFUSE("%u unmet needs are listed out of order", j->unmet_count);
    return MUSTER_OK;
}
