/* Branch and bound over single resources, for what the engines leave open: needs that hang together,
 * and the tiers after the second. One resource after the other goes to each place where it can, or
 * stays. A branch ends where tier 1 cannot become as good as the best plan's though all who are still
 * open went everywhere at once, or tier 2 where tier 1 is as good; and as soon as someone has been
 * sent whom nobody needs, since others are there before him: nobody who comes later changes that. */
#include "solver/exhaust.h"

#include <string.h>

#include "core/alloc.h"
#include "solver/assignments.h"
#include "solver/tiers.h"
#include "solver/together.h"
#include "solver/weights.h"

enum { MOST_NODES = 20000, WORK_A_NODE = 100, WORK_A_LEAF = 600 };

/* With so many plans, all of those nodes would be spent on the first few resources. */
static const double MOST_PLANS = 1e9;

/* A resource that can go somewhere, and where. */
typedef struct row {
    muster_resource resource;
    uint32_t        index;
    int64_t         supply;
    uint32_t        option_count;
    size_t         *option; /* candidates */
} row;

typedef struct search {
    const muster_problem *problem;
    const mu_candidates  *candidates;
    mu_watch             *watch;
    mu_draft             *best;
    int64_t               best_tier[MUSTER_TIER_COUNT];
    muster_tier           second;                    /* in the order of the problem */
    int64_t               unmet_base, response_base; /* of what is locked */
    uint32_t              row_count;
    row                  *row;
    size_t               *options;
    uint32_t             *row_of[MUSTER_RESOURCE_COUNT]; /* by index of the resource */
    int64_t              *ahead;    /* [(row_count + 1) * need_count] all that could still come */
    uint32_t             *need_of;  /* by candidate */
    int64_t              *sent;     /* by need */
    int64_t              *quantity; /* by candidate: the plan in hand */
    uint32_t              node_count;
    bool                  is_open;
} search;

/* ---- the plan in hand --------------------------------------------------------------------- */

/* Is everybody who goes to the need of use there? Of what is counted, down to the last one. */
static bool is_useful(const search *s, uint32_t need) {
    const mu_candidates *c        = s->candidates;
    const bool           is_whole = mu_need_resource(s->problem, need) == MUSTER_PEOPLE;
    int64_t              missing  = c->demand[need];
    for (size_t i = c->first[need]; i < c->first[need + 1]; ++i) {
        if (s->quantity[i] == 0) continue;
        if (missing <= 0 || (!is_whole && s->quantity[i] > missing)) return false;
        missing -= s->quantity[i];
    }
    return true;
}

static void send(search *s, size_t candidate, int64_t quantity) {
    s->quantity[candidate] += quantity;
    s->sent[s->need_of[candidate]] += quantity;
}

static muster_status write_draft(const search *s, mu_draft *draft) {
    const mu_candidates *c = s->candidates;
    for (size_t i = 0; i < c->first[s->problem->need_count]; ++i) {
        if (s->quantity[i] == 0) continue;
        const uint32_t need = s->need_of[i];
        MU_TRY(mu_draft_add(draft, mu_need_resource(s->problem, need), c->candidate[i].index, need,
                            c->candidate[i].eta_ms, s->quantity[i]));
    }
    return MUSTER_OK;
}

/* ---- a plan to the end -------------------------------------------------------------------- */

static bool has_minimums(const search *s) {
    for (uint32_t n = 0; n < s->problem->need_count; ++n) {
        if (s->sent[n] > 0 && s->sent[n] < s->candidates->minimum[n]) return false;
    }
    return true;
}

static muster_status keep_if_better(search *s, mu_draft *draft) {
    int64_t tier[MUSTER_TIER_COUNT];
    bool    is_broken;
    MU_TRY(write_draft(s, draft));
    MU_TRY(mu_tiers_of_draft(tier, draft, s->candidates));
    if (!mu_tiers_better(s->problem, tier, s->best_tier)) return MUSTER_OK;
    MU_TRY(mu_together_repair(draft, s->candidates, &is_broken));
    if (is_broken) return MUSTER_OK;
    memcpy(s->best_tier, tier, sizeof tier);
    const mu_draft before = *s->best;
    *s->best              = *draft;
    *draft                = before;
    return MUSTER_OK;
}

static muster_status judge(search *s) {
    mu_draft draft = {0};
    mu_watch_count(s->watch, WORK_A_LEAF);
    if (!has_minimums(s)) return MUSTER_OK;
    const muster_status status = keep_if_better(s, &draft);
    mu_draft_fini(&draft);
    return status;
}

/* ---- bounds -------------------------------------------------------------------------------- */

/* Units of a need that may come in the end, of those it asks for. */
static int64_t most_served(const search *s, uint32_t need, uint32_t next) {
    const int64_t most = s->sent[need] + s->ahead[(size_t)next * s->problem->need_count + need];
    return most < s->candidates->demand[need] ? most : s->candidates->demand[need];
}

static int64_t least_unmet(const search *s, uint32_t next) {
    int64_t sum = s->unmet_base;
    for (uint32_t n = 0; n < s->problem->need_count; ++n) {
        const int64_t missing = s->candidates->demand[n] - most_served(s, n, next);
        sum += missing * mu_price(s->problem, n);
    }
    return sum;
}

/* Where all of them do come: by whoever is there or may still come, the nearest first. */
static int64_t least_response(const search *s, uint32_t next) {
    const mu_candidates *c   = s->candidates;
    int64_t              sum = s->response_base;
    for (uint32_t n = 0; n < s->problem->need_count; ++n) {
        const uint32_t *row_of = s->row_of[mu_need_resource(s->problem, n)];
        int64_t         left   = most_served(s, n, next);
        for (size_t i = c->first[n]; i < c->first[n + 1] && left > 0; ++i) {
            const uint32_t r        = row_of[c->candidate[i].index];
            const int64_t  could    = r >= next ? s->row[r].supply : s->quantity[i];
            const int64_t  quantity = could < left ? could : left;
            sum += quantity * mu_objective_response_time(c->candidate[i].unit_cost);
            left -= quantity;
        }
    }
    return sum;
}

static bool is_hopeless(const search *s, uint32_t next) {
    const int64_t unmet = least_unmet(s, next), best = s->best_tier[MUSTER_TIER_UNMET_NEED];
    if (unmet != best) return unmet > best;
    return s->second == MUSTER_TIER_RESPONSE_TIME &&
           least_response(s, next) > s->best_tier[MUSTER_TIER_RESPONSE_TIME];
}

/* ---- all plans ------------------------------------------------------------------------------ */

static muster_status explore(search *s, uint32_t next);

/* Resource `r` decides on its option `k` and those after it, with so much of it left. */
static muster_status decide(search *s, uint32_t r, uint32_t k, int64_t left) {
    const row *own = &s->row[r];
    if (k == own->option_count || left == 0) return explore(s, r + 1);
    const size_t  i     = own->option[k];
    const bool    whole = own->resource == MUSTER_PEOPLE;
    const int64_t step  = whole ? left : 1;
    MU_TRY(decide(s, r, k + 1, left));
    for (int64_t q = step; q <= left && !s->is_open; q += step) {
        send(s, i, q);
        const bool          is_of_use = is_useful(s, s->need_of[i]);
        const muster_status status    = is_of_use ? decide(s, r, k + 1, left - q) : MUSTER_OK;
        send(s, i, -q);
        MU_TRY(status);
        if (!is_of_use) break;
    }
    return MUSTER_OK;
}

static muster_status explore(search *s, uint32_t next) {
    if (s->is_open) return MUSTER_OK;
    mu_watch_count(s->watch, WORK_A_NODE);
    if (++s->node_count > MOST_NODES || mu_watch_is_over(s->watch)) {
        s->is_open = true;
        return MUSTER_OK;
    }
    if (is_hopeless(s, next)) return MUSTER_OK;
    return next == s->row_count ? judge(s) : decide(s, next, 0, s->row[next].supply);
}

/* ---- rows ----------------------------------------------------------------------------------- */

static muster_status number_rows(search *s) {
    const muster_problem *p = s->problem;
    const mu_candidates  *c = s->candidates;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        const uint32_t count = muster_problem_unit_count(p, (muster_resource)r);
        MU_TRY(mu_alloc(&s->row_of[r], count, sizeof *s->row_of[r]));
        for (uint32_t i = 0; i < count; ++i) s->row_of[r][i] = MUSTER_NONE;
    }
    MU_TRY(mu_alloc_zeroed(&s->row, c->first[p->need_count], sizeof *s->row));
    MU_TRY(mu_alloc(&s->need_of, c->first[p->need_count], sizeof *s->need_of));
    for (uint32_t n = 0; n < p->need_count; ++n) {
        const muster_resource resource = mu_need_resource(p, n);
        for (size_t i = c->first[n]; i < c->first[n + 1]; ++i) {
            const uint32_t index = c->candidate[i].index;
            uint32_t      *r     = &s->row_of[resource][index];
            s->need_of[i]        = n;
            if (*r == MUSTER_NONE) {
                *r         = s->row_count++;
                s->row[*r] = (row){resource, index, c->supply[resource][index], 0, NULL};
            }
            ++s->row[*r].option_count;
        }
    }
    return MUSTER_OK;
}

static muster_status list_options(search *s) {
    const mu_candidates *c      = s->candidates;
    size_t               places = 0;
    MU_TRY(mu_alloc(&s->options, c->first[s->problem->need_count], sizeof *s->options));
    for (uint32_t r = 0; r < s->row_count; ++r) {
        s->row[r].option = s->options + places;
        places += s->row[r].option_count;
        s->row[r].option_count = 0;
    }
    for (size_t i = 0; i < c->first[s->problem->need_count]; ++i) {
        const muster_resource resource   = mu_need_resource(s->problem, s->need_of[i]);
        row                  *own        = &s->row[s->row_of[resource][c->candidate[i].index]];
        own->option[own->option_count++] = i;
    }
    return MUSTER_OK;
}

/* How many plans there are, useless ones included, as far as that matters. */
static double count_plans(const search *s) {
    double count = 1;
    for (uint32_t r = 0; r < s->row_count && count <= MOST_PLANS; ++r) {
        const row *own = &s->row[r];
        if (own->resource == MUSTER_PEOPLE) {
            count *= own->option_count + 1;
            continue;
        }
        for (uint32_t k = 1; k <= own->option_count; ++k) {
            count *= (double)(own->supply + k) / k; /* ways to share so much out */
        }
    }
    return count;
}

static muster_status look_ahead(search *s) {
    const uint32_t needs = s->problem->need_count;
    MU_TRY(mu_alloc_zeroed(&s->ahead, ((size_t)s->row_count + 1) * needs, sizeof *s->ahead));
    for (uint32_t r = s->row_count; r-- > 0;) {
        int64_t *ahead = s->ahead + (size_t)r * needs;
        memcpy(ahead, ahead + needs, needs * sizeof *ahead);
        for (uint32_t k = 0; k < s->row[r].option_count; ++k) {
            ahead[s->need_of[s->row[r].option[k]]] += s->row[r].supply;
        }
    }
    return MUSTER_OK;
}

/* ---- all of it ------------------------------------------------------------------------------ */

static muster_status set_out(search *s) {
    const mu_draft nothing = {0};
    muster_tier    order[MUSTER_TIER_COUNT];
    int64_t        locked[MUSTER_TIER_COUNT];
    mu_tier_order(s->problem, order);
    s->second = order[1];
    MU_TRY(mu_tiers_of_draft(s->best_tier, s->best, s->candidates));
    MU_TRY(mu_tiers_of_draft(locked, &nothing, s->candidates));
    s->response_base = locked[MUSTER_TIER_RESPONSE_TIME];
    s->unmet_base    = locked[MUSTER_TIER_UNMET_NEED];
    for (uint32_t n = 0; n < s->problem->need_count; ++n) {
        s->unmet_base -= s->candidates->demand[n] * mu_price(s->problem, n);
    }
    MU_TRY(mu_alloc_zeroed(&s->sent, s->problem->need_count, sizeof *s->sent));
    return mu_alloc_zeroed(&s->quantity, s->candidates->first[s->problem->need_count],
                           sizeof *s->quantity);
}

static muster_status run(search *s) {
    MU_TRY(number_rows(s));
    MU_TRY(list_options(s));
    if (count_plans(s) > MOST_PLANS) {
        s->is_open = true;
        return MUSTER_OK;
    }
    MU_TRY(look_ahead(s));
    MU_TRY(set_out(s));
    return explore(s, 0);
}

muster_status mu_exhaust(mu_draft *best, const mu_candidates *candidates, mu_watch *watch,
                         bool *out_is_proven) {
    search              s      = {.problem    = candidates->travel->problem,
                                  .candidates = candidates,
                                  .watch      = watch,
                                  .best       = best};
    const muster_status status = run(&s);
    *out_is_proven             = status == MUSTER_OK && !s.is_open;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) mu_free(s.row_of[r]);
    mu_free(s.row);
    mu_free(s.options);
    mu_free(s.ahead);
    mu_free(s.need_of);
    mu_free(s.sent);
    mu_free(s.quantity);
    return status;
}
