/* A search that is looking for something better leaves traces where it has found nothing: teams that
 * have changed places, though either would have done as well. Each need may go back to what it has in
 * the plan that was kept, but not by itself: whom it gets back is missed where he is now, so that need
 * goes back as well, and so on. Such a closed set obeys every rule, since both plans do: each need has
 * all of what it has in the one or in the other, and no unit is in two places. Needs of an incident
 * that hang together, because all is needed there or machines need operators, go back together; and
 * so do those for items, where those that go back and those that do not would be shipped from more
 * warehouses than may ship to one incident.
 *
 * Tiers 1 and 2 are sums over needs, so most sets are decided by a few additions; only what is equal
 * there, or where reserve comes before response time, is counted in full. */
#include "solver/churn.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "solver/kept.h"
#include "solver/tiers.h"
#include "solver/together.h"
#include "solver/weights.h"

/* One that ships to an incident. */
typedef struct source {
    uint32_t incident, warehouse;
} source;

typedef struct churning {
    const mu_candidates     *candidates;
    const muster_problem    *problem;
    const mu_shipment_model *shipping; /* NULL: items come by themselves */
    mu_churn                 least;
    mu_draft                *draft;
    mu_draft                 kept, trial;
    mu_objective            *worth[2]; /* by need: in the draft, in what was kept */
    uint32_t                *group;    /* by need: the first of those that go back together */
    mu_dispatch             *only[2];  /* what only the draft has, and only what was kept */
    size_t                   only_count[2];
    bool                    *differs; /* by need: the first of those that differ */
    bool                    *is_back; /* by need: of the set in hand */
    bool                    *is_wanted[MUSTER_RESOURCE_COUNT]; /* by index: the set gets it back */
    source                  *source;                           /* scratch: of what a set makes */
} churning;

/* ---- who goes back together ----------------------------------------------------------------- */

static muster_status find_groups(churning *c) {
    const muster_problem *p = c->problem;
    uint32_t             *first; /* by incident that hangs together: its first need */
    bool                 *is_one;
    MU_TRY(mu_alloc_zeroed(&is_one, p->incident_count, sizeof *is_one));
    const muster_status status = mu_alloc(&first, p->incident_count, sizeof *first);
    for (uint32_t n = 0; status == MUSTER_OK && n < p->need_count; ++n) {
        is_one[p->need[n].incident] |= mu_together_binds(p, n);
    }
    for (uint32_t n = p->need_count; status == MUSTER_OK && n-- > 0;) {
        first[p->need[n].incident] = n;
    }
    for (uint32_t n = 0; status == MUSTER_OK && n < p->need_count; ++n) {
        const uint32_t i = p->need[n].incident;
        c->group[n]      = is_one[i] ? first[i] : n;
    }
    mu_free(is_one);
    mu_free(first);
    return status;
}

/* ---- differences ---------------------------------------------------------------------------- */

/* In the order of drafts that are sorted. */
static int compare(const mu_dispatch *d, const mu_dispatch *e) {
    const int order = mu_draft_order(d, e);
    if (order != 0) return order;
    return d->quantity < e->quantity ? -1 : d->quantity > e->quantity;
}

static void find_differences(churning *c) {
    const mu_draft *a = c->draft, *b = &c->kept;
    size_t          i = 0, j = 0;
    c->only_count[0] = c->only_count[1] = 0;
    while (i < a->count || j < b->count) {
        const int order = i == a->count   ? 1
                          : j == b->count ? -1
                                          : compare(&a->dispatch[i], &b->dispatch[j]);
        if (order < 0) c->only[0][c->only_count[0]++] = a->dispatch[i];
        if (order > 0) c->only[1][c->only_count[1]++] = b->dispatch[j];
        i += order <= 0;
        j += order >= 0;
    }
    for (uint32_t n = 0; n < c->problem->need_count; ++n) c->differs[n] = false;
    for (int k = 0; k < 2; ++k) {
        for (i = 0; i < c->only_count[k]; ++i) c->differs[c->group[c->only[k][i].need]] = true;
    }
}

/* ---- one closed set ------------------------------------------------------------------------- */

static bool is_wanted(const churning *c, const mu_dispatch *d) {
    return c->is_wanted[d->resource][d->index] ||
           (d->carrier != MUSTER_NONE && c->is_wanted[MUSTER_VEHICLE][d->carrier]);
}

static void want(churning *c, const mu_dispatch *d) {
    c->is_wanted[d->resource][d->index] = true;
    if (d->carrier != MUSTER_NONE) c->is_wanted[MUSTER_VEHICLE][d->carrier] = true;
}

static bool is_of_set(const churning *c, const mu_dispatch *d) {
    return c->is_back[c->group[d->need]];
}

/* Whom the set gets back must not be elsewhere; where it is to be `linked`, whom it gives back is
 * missed where he was before as well. True where it has grown. */
static bool grow(churning *c, bool is_linked) {
    bool is_more = false;
    for (int k = is_linked ? 0 : 1; k < 2; ++k) {
        for (size_t i = 0; i < c->only_count[k]; ++i) {
            if (is_of_set(c, &c->only[k][i])) want(c, &c->only[k][i]);
        }
    }
    for (int k = 0; k < (is_linked ? 2 : 1); ++k) {
        for (size_t i = 0; i < c->only_count[k]; ++i) {
            const mu_dispatch *d = &c->only[k][i];
            if (is_of_set(c, d) || !is_wanted(c, d)) continue;
            c->is_back[c->group[d->need]] = is_more = true;
        }
    }
    return is_more;
}

static int by_incident(const void *a, const void *b) {
    const source *s = a, *t = b;
    if (s->incident != t->incident) return s->incident < t->incident ? -1 : 1;
    return s->warehouse < t->warehouse ? -1 : s->warehouse > t->warehouse;
}

/* Who would ship what, once the set is back. */
static size_t list_sources(churning *c) {
    size_t count = 0;
    for (int k = 0; k < 2; ++k) {
        const mu_draft *from = k == 0 ? c->draft : &c->kept;
        for (size_t i = 0; i < from->count; ++i) {
            const mu_dispatch *d = &from->dispatch[i];
            if (d->carrier == MUSTER_NONE || is_of_set(c, d) != (k == 1)) continue;
            const uint32_t w = c->shipping->warehouse_of[d->index];
            if (mu_shipment_is_on_board(c->shipping, w)) continue;
            c->source[count++] = (source){c->problem->need[d->need].incident, w};
        }
    }
    if (count > 0) qsort(c->source, count, sizeof *c->source, by_incident);
    return count;
}

static bool add_items_of(churning *c, uint32_t incident) {
    bool is_more = false;
    for (uint32_t n = 0; n < c->problem->need_count; ++n) {
        if (c->problem->need[n].incident != incident || !mu_is_shipped(c->problem, n)) continue;
        is_more |= !c->is_back[c->group[n]];
        c->is_back[c->group[n]] = true;
    }
    return is_more;
}

/* Where part of what is shipped to an incident goes back, and too many would ship there because of
 * that, all of it does. True where the set has grown. */
static bool join_sources(churning *c) {
    const size_t count   = c->shipping ? list_sources(c) : 0;
    uint32_t     sources = 0;
    bool         is_more = false;
    for (size_t i = 0; i < count; ++i) {
        const source *s        = &c->source[i];
        const bool    is_first = i == 0 || s[-1].incident != s->incident;
        sources                = is_first ? 1 : sources + (s[-1].warehouse != s->warehouse);
        if (sources > c->shipping->max_sources) is_more |= add_items_of(c, s->incident);
    }
    return is_more;
}

static void close_set(churning *c, uint32_t need, bool is_linked) {
    for (uint32_t n = 0; n < c->problem->need_count; ++n) c->is_back[n] = false;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t i = 0; i < muster_problem_unit_count(c->problem, (muster_resource)r); ++i) {
            c->is_wanted[r][i] = false;
        }
    }
    c->is_back[c->group[need]] = true;
    while (grow(c, is_linked) || join_sources(c)) continue;
}

static muster_status make_trial(churning *c) {
    c->trial.count = 0;
    for (int k = 0; k < 2; ++k) {
        const mu_draft *from = k == 0 ? c->draft : &c->kept;
        for (size_t i = 0; i < from->count; ++i) {
            const mu_dispatch *d = &from->dispatch[i];
            if (c->is_back[c->group[d->need]] == (k == 1)) MU_TRY(mu_draft_copy(&c->trial, d));
        }
    }
    mu_draft_sort(&c->trial);
    return MUSTER_OK;
}

/* Rows of the draft, or of what was kept where that has more, that would be as they were. */
static int64_t count_changes(const churning *c) {
    int64_t count[2] = {0, 0};
    for (int k = 0; k < 2; ++k) {
        for (size_t i = 0; i < c->only_count[k]; ++i) {
            count[k] += c->is_back[c->group[c->only[k][i].need]];
        }
    }
    return count[0] > count[1] ? count[0] : count[1];
}

/* The draft is better than the trial, in tiers 1 and 2 by so much: by enough? */
static bool is_enough(const churning *c, int64_t unmet_need, int64_t response_time) {
    const mu_objective count = count_changes(c);
    if (unmet_need > 0 && unmet_need >= c->least.unmet_need * count) return true;
    if (unmet_need == 0 && c->least.response_time == 0) return true;
    return unmet_need >= 0 && response_time > 0 && response_time >= c->least.response_time * count;
}

static muster_status is_worth_it_in_full(churning *c, bool *out) {
    int64_t now[MUSTER_TIER_COUNT], back[MUSTER_TIER_COUNT];
    MU_TRY(make_trial(c));
    MU_TRY(mu_tiers_of_draft(now, c->draft, c->candidates));
    MU_TRY(mu_tiers_of_draft(back, &c->trial, c->candidates));
    *out = mu_tiers_better(c->problem, now, back) &&
           is_enough(c, back[MUSTER_TIER_UNMET_NEED] - now[MUSTER_TIER_UNMET_NEED],
                     back[MUSTER_TIER_RESPONSE_TIME] - now[MUSTER_TIER_RESPONSE_TIME]);
    return MUSTER_OK;
}

/* Is some vehicle on its way? What its diversion costs is the first need's of those it brings
 * something for, which need not be of the set. */
static bool is_any_headed(const churning *c) {
    for (uint32_t r = 0; r < c->problem->rule_count; ++r) {
        const muster_rule *rule = &c->problem->rule[r];
        if (rule->type == MUSTER_EN_ROUTE && rule->resource != MUSTER_PEOPLE) return true;
    }
    return false;
}

/* Where tiers 1 and 2 are equal, or costs speak of reserve as well or are not the need's own, all
 * tiers have to be counted. */
static muster_status is_worth_it(churning *c, bool *out) {
    mu_objective now = 0, back = 0;
    for (uint32_t n = 0; n < c->problem->need_count; ++n) {
        if (!c->is_back[c->group[n]]) continue;
        now += c->worth[0][n];
        back += c->worth[1][n];
    }
    if (now == back || mu_weights(c->problem)->reserve_before_response ||
        (c->problem->item_transport == MUSTER_ITEMS_BY_VEHICLE && is_any_headed(c))) {
        return is_worth_it_in_full(c, out);
    }
    *out =
        now < back && is_enough(c, mu_objective_unmet_need(back) - mu_objective_unmet_need(now),
                                mu_objective_response_time(back) - mu_objective_response_time(now));
    return MUSTER_OK;
}

static muster_status go_back(churning *c) {
    MU_TRY(make_trial(c));
    MU_TRY(mu_draft_replace(c->draft, &c->trial));
    for (uint32_t n = 0; n < c->problem->need_count; ++n) {
        if (c->is_back[c->group[n]]) c->worth[0][n] = c->worth[1][n];
    }
    find_differences(c);
    return MUSTER_OK;
}

/* ---- all of them ----------------------------------------------------------------------------- */

/* Each need that is not as it was, in order. */
static muster_status take_back_once(churning *c, bool is_linked, bool *out_is_any) {
    bool is_worth;
    *out_is_any = false;
    for (uint32_t n = 0; n < c->problem->need_count; ++n) {
        if (!c->differs[n]) continue;
        close_set(c, n, is_linked);
        MU_TRY(is_worth_it(c, &is_worth));
        if (is_worth) continue;
        MU_TRY(go_back(c));
        *out_is_any = true;
    }
    return MUSTER_OK;
}

static muster_status prepare(churning *c, const mu_draft *kept) {
    const uint32_t needs = c->problem->need_count;
    const size_t   rows  = c->draft->count + kept->count;
    MU_TRY(mu_draft_replace(&c->kept, kept));
    mu_draft_sort(&c->kept);
    mu_draft_sort(c->draft);
    MU_TRY(mu_alloc(&c->group, needs, sizeof *c->group));
    MU_TRY(mu_alloc(&c->differs, needs, sizeof *c->differs));
    MU_TRY(mu_alloc(&c->is_back, needs, sizeof *c->is_back));
    MU_TRY(mu_alloc(&c->source, rows, sizeof *c->source));
    for (int k = 0; k < 2; ++k) {
        MU_TRY(mu_alloc(&c->only[k], rows, sizeof *c->only[k]));
        MU_TRY(mu_alloc(&c->worth[k], needs, sizeof *c->worth[k]));
        MU_TRY(mu_draft_costs(k == 0 ? c->draft : &c->kept, c->candidates, c->worth[k]));
    }
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        MU_TRY(mu_alloc(&c->is_wanted[r], muster_problem_unit_count(c->problem, (muster_resource)r),
                        1));
    }
    MU_TRY(find_groups(c));
    find_differences(c);
    return MUSTER_OK;
}

static muster_status run(churning *c, const mu_draft *kept) {
    bool is_back = true, is_any = false;
    MU_TRY(prepare(c, kept));
    while (
        is_back) { /* a set that was worth it may not be so without another, nor all sets together */
        MU_TRY(take_back_once(c, false, &is_back));
        if (!is_back) MU_TRY(take_back_once(c, true, &is_back));
        is_any |= is_back;
    }
    return is_any ? mu_kept_fill(c->draft, c->candidates, c->shipping) : MUSTER_OK;
}

muster_status mu_churn_take_back(mu_draft *draft, const mu_draft *kept,
                                 const mu_candidates *candidates, const mu_shipment_model *shipping,
                                 mu_churn churn) {
    churning            c      = {.candidates = candidates,
                                  .problem    = candidates->travel->problem,
                                  .least      = churn,
                                  .shipping   = shipping,
                                  .draft      = draft};
    const muster_status status = run(&c, kept);
    mu_draft_fini(&c.kept);
    mu_draft_fini(&c.trial);
    mu_free(c.group);
    mu_free(c.differs);
    mu_free(c.is_back);
    mu_free(c.source);
    for (int k = 0; k < 2; ++k) {
        mu_free(c.only[k]);
        mu_free(c.worth[k]);
    }
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) mu_free(c.is_wanted[r]);
    return status;
}
