/* Branch and bound over how much of an option is taken. A node climbs from the prices of its parent;
 * whatever an option would cost more than the best solution known, taken or left, is settled there
 * (Beasley 1985), which mostly leaves nothing to branch on. The child that agrees with what was taken of
 * late is looked into first, so the tree is as deep as options are, and no wider.
 *
 * Of coverings, a node's prices come from GLPK, which goes on from those of the last node. What it says is
 * believed as far as the bound bears it out. */
#include <string.h>

#include "core/alloc.h"
#include "solver/siting_ascent.h"
#include "solver/siting_lp.h"
#include "solver/siting_search.h"
#include "solver/siting_shrink.h"

typedef struct node {
    int64_t          bound;
    mu_siting_range *range; /* [option_count] */
    int64_t         *price; /* [demand_count] */
    int64_t         *toll;  /* [place_count] */
} node;

typedef struct tree {
    mu_siting_search *search;
    mu_siting_ascent  ascent;
    mu_siting_lp     *lp;    /* of coverings, from the root on; NULL: there is none */
    mu_siting_model   small; /* without what is settled at the node in hand */
    mu_siting_state   state; /* what the prices say, made a solution */
    mu_siting_range  *range; /* of the node in hand */
    uint8_t          *is_open;
    int64_t           upper;
    node             *stack;
    size_t            depth, capacity;
    uint32_t          looks;
    muster_status     status; /* of what went wrong while looking */
} tree;

/* ---- nodes --------------------------------------------------------------------------------- */

static void free_node(node *n) {
    mu_free(n->range);
    mu_free(n->price);
    mu_free(n->toll);
}

static muster_status push(tree *t, int64_t bound) {
    const mu_siting_model *m = t->search->model;
    const mu_siting_bound *b = &t->ascent.bound;
    node                   n = {.bound = bound};
    muster_status          status;
    MU_TRY_GOTO(status, mu_grow(&t->stack, &t->capacity, t->depth, sizeof *t->stack), failed);
    MU_TRY_GOTO(status, mu_alloc_copy(&n.range, t->range, m->option_count, sizeof *n.range),
                failed);
    MU_TRY_GOTO(status, mu_alloc_copy(&n.price, b->price, m->demand_count, sizeof *n.price),
                failed);
    MU_TRY_GOTO(status, mu_alloc_copy(&n.toll, b->toll, m->place_count, sizeof *n.toll), failed);
    t->stack[t->depth++] = n;
    return MUSTER_OK;
failed:
    free_node(&n);
    return status;
}

static void go_to(tree *t, const node *n) {
    const mu_siting_model *m = t->search->model;
    mu_siting_bound       *b = &t->ascent.bound;
    memcpy(t->range, n->range, m->option_count * sizeof *t->range);
    memcpy(b->price, n->price, m->demand_count * sizeof *b->price);
    memcpy(b->toll, n->toll, m->place_count * sizeof *b->toll);
}

/* ---- solutions ----------------------------------------------------------------------------- */

static bool is_over(void *user) {
    const tree *t = user;
    return mu_watch_is_over(t->search->watch);
}

static void set_upper(tree *t) {
    const mu_siting_search *s = t->search;
    t->upper                  = s->best_cost;
    if (s->enough < MU_SITING_NEVER && s->enough < t->upper) t->upper = s->enough + 1;
}

/* Units that find no room stay at home, those of the last options first. */
static void make_room(tree *t) {
    const mu_siting_model *m = t->search->model;
    mu_siting_state       *s = &t->state;
    for (uint32_t o = m->option_count; m->capacity && o-- > 0;) {
        while (s->taken[o] > 0 && s->units[m->option[o].place] > m->capacity[m->option[o].place]) {
            mu_siting_state_drop(s, o);
        }
    }
    /* Which fills homes again. */
    for (uint32_t o = 0; m->capacity && o < m->option_count; ++o) {
        const uint32_t home = m->class_of[m->option[o].class_index].home;
        if (s->units[home] > m->capacity[home]) mu_siting_state_set(s, NULL);
    }
}

static muster_status try_solution(tree *t, const uint32_t *taken, bool is_thorough) {
    mu_siting_search      *s      = t->search;
    const mu_siting_model *m      = s->model;
    const int64_t          before = s->best_cost;
    t->state.work                 = 0;
    mu_siting_state_set(&t->state, taken);
    make_room(t);
    if (m->price > 0 || m->capacity) mu_siting_state_fill(&t->state);
    if (m->price > 0) mu_siting_state_thin(&t->state);
    mu_siting_offer_solution(s, &t->state);
    if (is_thorough || s->best_cost < before) {
        MU_TRY(mu_siting_improve(&t->state, is_over, t));
        mu_siting_offer_solution(s, &t->state);
    }
    mu_watch_count(s->watch, t->state.work + m->demand_count);
    set_upper(t);
    return MUSTER_OK;
}

/* What GLPK takes as a whole, as far as there are units, and the best that is near: each node has another
 * one, and that is where good solutions are. */
static muster_status try_shares(tree *t) {
    static const double    ALL_BUT_WHOLE = 1e-6;
    const mu_siting_model *m             = t->search->model;
    uint32_t              *taken         = t->ascent.bound.taken;
    mu_siting_state_set(&t->state, NULL);
    for (uint32_t o = 0; o < m->option_count; ++o) {
        const uint32_t class = m->option[o].class_index;
        taken[o]             = (uint32_t)(t->ascent.share[o] + ALL_BUT_WHOLE);
        if (taken[o] > t->state.class_left[class]) taken[o] = t->state.class_left[class];
        if (taken[o] > t->state.budget_left) taken[o] = t->state.budget_left;
        t->state.class_left[class] -= taken[o];
        t->state.budget_left -= taken[o];
    }
    return try_solution(t, taken, true);
}

/* ---- settling ------------------------------------------------------------------------------ */

static void settle(tree *t) {
    const mu_siting_bound *b = &t->ascent.bound;
    for (uint32_t o = 0; o < t->search->model->option_count; ++o) {
        mu_siting_range *r = &t->range[o];
        if (r->low == r->high) continue;
        const uint32_t taken = b->taken[o];
        if (taken < r->high && mu_siting_bound_with_more(b, o) >= t->upper) r->high = taken;
        if (taken > r->low && mu_siting_bound_with_less(b, o) >= t->upper) r->low = taken;
    }
}

static void look(void *user, bool is_better) {
    enum { EVERY = 16 };
    tree *t = user;
    if (is_better) settle(t);
    if ((is_better || t->looks++ % EVERY == 0) && t->status == MUSTER_OK) {
        t->status = try_solution(t, t->ascent.bound.taken, false);
    }
}

/* Places where a unit may be. */
static void mark_open(tree *t) {
    const mu_siting_model *m = t->search->model;
    memset(t->is_open, 0, m->place_count);
    for (uint32_t c = 0; c < m->class_count; ++c) {
        if (m->class_of[c].home != MUSTER_NONE) t->is_open[m->class_of[c].home] = 1;
    }
    for (uint32_t o = 0; o < m->option_count; ++o) {
        if (t->range[o].high > 0) t->is_open[m->option[o].place] = 1;
    }
}

/* Can each demand that must be served still be? */
static bool is_servable(tree *t) {
    const mu_siting_model *m = t->search->model;
    mark_open(t);
    for (uint32_t d = 0; d < m->demand_count && m->level_count == 0; ++d) {
        size_t e = m->first[d];
        if (m->outside[d] < MU_SITING_NEVER) continue;
        while (e < m->first[d + 1] && !t->is_open[m->place[e]]) ++e;
        if (e == m->first[d + 1]) return false;
    }
    return true;
}

/* ---- branching ----------------------------------------------------------------------------- */

/* The option about which prices are least sure; else the one that gains most. MUSTER_NONE: all is
 * settled. */
static uint32_t choose(const tree *t) {
    const mu_siting_ascent *a      = &t->ascent;
    uint32_t                best   = MUSTER_NONE;
    double                  unsure = -1;
    for (uint32_t o = 0; o < t->search->model->option_count; ++o) {
        if (t->range[o].low == t->range[o].high) continue;
        const double part  = a->share[o] - (double)(uint32_t)a->share[o];
        const double score = part < 0.5 ? part : 1 - part;
        const bool   is_even =
            best != MUSTER_NONE && score == unsure && a->bound.gain[o] > a->bound.gain[best];
        if (score <= unsure && !is_even) continue;
        unsure = score;
        best   = o;
    }
    return best;
}

static muster_status branch(tree *t, uint32_t o, int64_t bound) {
    const mu_siting_range all   = t->range[o];
    const double          share = t->ascent.share[o];
    uint32_t              split = (uint32_t)share;
    if (split >= all.high) split = all.high - 1;
    if (split < all.low) split = all.low;
    const mu_siting_range less = {all.low, split}, more = {split + 1, all.high};
    const bool            is_more = share > split + 0.5;
    t->range[o]                   = is_more ? less : more;
    MU_TRY(push(t, bound));
    t->range[o] = is_more ? more : less;
    return push(t, bound);
}

/* Where nothing is left to decide, what remains is a solution, or none. */
static muster_status finish(tree *t) {
    const mu_siting_model *m     = t->search->model;
    uint32_t              *taken = t->ascent.bound.taken;
    for (uint32_t o = 0; o < m->option_count; ++o) taken[o] = t->range[o].low;
    mu_siting_state_set(&t->state, taken);
    for (uint32_t i = 0; m->capacity && i < m->place_count; ++i) {
        if (t->state.units[i] > m->capacity[i]) return MUSTER_OK;
    }
    mu_siting_offer_solution(t->search, &t->state);
    set_upper(t);
    return MUSTER_OK;
}

/* ---- the walk ------------------------------------------------------------------------------ */

/* Many steps at the root, where all others start, and long ones; found by trial on OR-Library's problems.
 * Tolls take more of them: options that bring a unit to the same place from different homes cannot be told
 * apart, so that what the root leaves open, branches hardly close; found on moves for a median. Few where GLPK's prices are the best already. Before it is asked, as many as mostly do where little is to
 * be decided, and leave little to it elsewhere; found by trial on coverings of the home scenario. */
typedef enum pace { AT_ROOT, AT_ROOT_WITH_HOMES, BEFORE_GLPK, AFTER_GLPK, AT_NODE } pace;

static const mu_siting_climb PACE[] = {
    [AT_ROOT]            = {.step_count = 3000, .patience = 25, .length = 1.5, .least = 0.002},
    [AT_ROOT_WITH_HOMES] = {.step_count = 6000, .patience = 100, .length = 1.5, .least = 0.0002},
    [BEFORE_GLPK]        = {.step_count = 200, .patience = 25, .length = 1.5, .least = 0.002},
    [AFTER_GLPK]         = {.step_count = 12, .patience = 20, .length = 1.5, .least = 0.002},
    [AT_NODE]            = {.step_count = 150, .patience = 20, .length = 0.5, .least = 0.01}};

static muster_status climb(tree *t, pace at, int64_t *bound) {
    mu_siting_climb c   = PACE[at];
    c.keeps_share       = at == AFTER_GLPK;
    c.watch             = t->search->watch;
    c.upper             = &t->upper;
    c.look              = look;
    c.user              = t;
    c.range             = t->range;
    const int64_t found = mu_siting_ascend(&t->ascent, &c);
    if (found > *bound) *bound = found;
    return t->status;
}

/* What the prices in hand say; at the root, and below it from where the parent has ended. */
static int64_t bound_here(tree *t) {
    mu_siting_bound *b = &t->ascent.bound;
    b->work            = 0;
    mu_siting_bound_find(b, t->range);
    mu_watch_count(t->search->watch, b->work);
    return mu_siting_bound_cost(b);
}

/* GLPK's prices are taken where they are no worse than those in hand, as they are unless it is wrong. It
 * has half of the time for the first; where it does not find them, it is not asked again. */
static muster_status ask_glpk(tree *t, bool is_root, int64_t *bound, bool *out_is_priced) {
    mu_watch     *watch   = t->search->watch;
    const int64_t in_hand = bound_here(t);
    mu_watch      lent;
    *out_is_priced = false;
    if (in_hand > *bound) *bound = in_hand;
    if (!t->lp || in_hand >= t->upper) return MUSTER_OK;
    mu_siting_ascent_keep(&t->ascent);
    lent                       = mu_watch_lend(watch, is_root ? 2 : 1, NULL);
    const muster_status status = mu_siting_lp_price(t->lp, t->range, &lent, &t->ascent.bound,
                                                    t->ascent.share, out_is_priced);
    mu_watch_give_back(watch, &lent);
    MU_TRY(status);
    if (is_root && !*out_is_priced) {
        mu_siting_lp_free(t->lp);
        t->lp = NULL;
    }
    if (!*out_is_priced) return MUSTER_OK;
    MU_TRY(try_shares(t));
    *out_is_priced = bound_here(t) >= in_hand;
    if (!*out_is_priced) mu_siting_ascent_go_back(&t->ascent);
    return MUSTER_OK;
}

static muster_status climb_root(tree *t, int64_t *bound) {
    const mu_siting_model *m         = t->search->model;
    bool                   is_priced = false;
    if (mu_siting_lp_fits(m)) {
        if (m->price == 0) MU_TRY(climb(t, BEFORE_GLPK, bound));
        if (*bound >= t->upper) return MUSTER_OK;
        MU_TRY(mu_siting_lp_new(&t->lp, m));
        MU_TRY(ask_glpk(t, true, bound, &is_priced));
    }
    const pace unaided = m->capacity ? AT_ROOT_WITH_HOMES : AT_ROOT;
    MU_TRY(climb(t, is_priced ? AFTER_GLPK : unaided, bound));
    return try_solution(t, t->ascent.bound.taken, true);
}

static muster_status climb_node(tree *t, int64_t *bound) {
    bool is_priced;
    MU_TRY(ask_glpk(t, false, bound, &is_priced));
    return *bound >= t->upper ? MUSTER_OK : climb(t, is_priced ? AFTER_GLPK : AT_NODE, bound);
}

/* Prices to begin with: half of what demand would pay to stay as it is, or of the second nearest place of
 * the best solution. */
static void set_first_prices(tree *t) {
    const mu_siting_model *m = t->search->model;
    mu_siting_bound       *b = &t->ascent.bound;
    mu_siting_state_set(&t->state, t->search->best_cost < MU_SITING_NEVER ? t->search->best : NULL);
    for (uint32_t d = 0; d < m->demand_count; ++d) {
        const int64_t most = mu_siting_most_price(m, d);
        uint32_t      seen = 0;
        b->price[d] = m->price > 0 ? most / (int64_t)(m->first[d + 1] - m->first[d]) : most / 2;
        for (size_t e = m->first[d]; e < m->first[d + 1] && m->time_ms[e] > 0; ++e) {
            if (t->state.units[m->place[e]] == 0 || ++seen < 2) continue;
            b->price[d] = (m->weight[d] * m->time_ms[e]) << m->shift;
            break;
        }
    }
    for (uint32_t c = 0; c < m->class_count; ++c) {
        const mu_siting_class class = m->class_of[c];
        if (class.home != MUSTER_NONE && class.size > 1 && m->level_count == 0) {
            b->toll[class.home] = INT64_MAX; /* all that it is worth */
        }
    }
}

static muster_status visit(tree *t, const node *n, bool is_root) {
    int64_t bound = n->bound;
    go_to(t, n);
    if (bound >= t->upper || !is_servable(t)) return MUSTER_OK;
    mu_siting_shrink(&t->small, t->search->model, t->is_open);
    mu_watch_count(t->search->watch, t->search->model->first[t->search->model->demand_count]);
    MU_TRY(is_root ? climb_root(t, &bound) : climb_node(t, &bound));
    if (bound >= t->upper) return MUSTER_OK;
    const uint32_t o = choose(t);
    return o == MUSTER_NONE ? finish(t) : branch(t, o, bound);
}

/* What is not finished may hold something as good as its bound. */
static void set_bound(tree *t) {
    mu_siting_search *s = t->search;
    s->bound            = t->upper;
    for (size_t i = 0; i < t->depth; ++i) {
        if (t->stack[i].bound < s->bound) s->bound = t->stack[i].bound;
    }
}

static muster_status walk(tree *t) {
    const mu_siting_search *s       = t->search;
    bool                    is_root = true;
    MU_TRY(push(t, 0));
    while (t->depth > 0 && !mu_watch_is_over(s->watch)) {
        if (s->enough < MU_SITING_NEVER && s->best_cost <= s->enough) break;
        node                n      = t->stack[--t->depth];
        const muster_status status = visit(t, &n, is_root);
        is_root                    = false;
        free_node(&n);
        MU_TRY(status);
        mu_watch_report(s->watch, "branches");
    }
    set_bound(t);
    return MUSTER_OK;
}

static muster_status run(tree *t) {
    const mu_siting_model *m = t->search->model;
    MU_TRY(mu_siting_shrink_init(&t->small, m));
    MU_TRY(mu_siting_ascent_init(&t->ascent, &t->small));
    MU_TRY(mu_siting_state_init(&t->state, m));
    MU_TRY(mu_alloc(&t->range, m->option_count, sizeof *t->range));
    MU_TRY(mu_alloc_zeroed(&t->is_open, m->place_count, 1));
    for (uint32_t o = 0; o < m->option_count; ++o) {
        t->range[o] = (mu_siting_range){0, m->option[o].room};
    }
    set_upper(t);
    set_first_prices(t);
    return walk(t);
}

muster_status mu_siting_prove(mu_siting_search *s) {
    tree                t      = {.search = s};
    const muster_status status = run(&t);
    while (t.depth > 0) free_node(&t.stack[--t.depth]);
    mu_free(t.stack);
    mu_free(t.range);
    mu_free(t.is_open);
    mu_siting_lp_free(t.lp);
    mu_siting_shrink_fini(&t.small);
    mu_siting_state_fini(&t.state);
    mu_siting_ascent_fini(&t.ascent);
    return status;
}
