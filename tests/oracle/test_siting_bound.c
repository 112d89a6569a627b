/* Bounds of siting against trying everything, at prices and tolls drawn at random: what the options are
 * said to gain at most, what it costs to take one more or one less of each, and that no siting costs less;
 * and the same at GLPK's prices, which are to be as good as any.
 * And what makes room for a unit that is sent back to a full home. */
#include "solver/siting_bound.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "solver/siting_ascent.h"
#include "solver/siting_lp.h"
#include "solver/siting_state.h"
#include "tests/support/cmocka_all.h"
#include "tests/support/random_siting.h"
#include "tests/support/rounds.h"

enum { MOST_OPTIONS = SITING_PLACES * SITING_UNITS, MOST_TRIED = 200000 };

/* The best of everything that has at least `low` and at most `high` of each option. */
typedef struct trying {
    const mu_siting_model *m;
    const mu_siting_bound *b;
    mu_siting_range        range[MOST_OPTIONS];
    uint32_t               taken[MOST_OPTIONS], class_left[SITING_UNITS], budget_left;
    bool                   has_any;
    mu_siting_sum          gain; /* the greatest, at the bound's prices */
    int64_t  cost; /* the least, in truth; MU_SITING_NEVER: nothing serves everybody */
    uint32_t tried;
} trying;

static int64_t true_cost(const trying *t) {
    uint32_t units[SITING_PLACES];
    int64_t  prices = 0;
    mu_siting_units(t->m, t->taken, units);
    for (uint32_t i = 0; t->m->capacity && i < t->m->place_count; ++i) {
        if (units[i] > t->m->capacity[i]) return MU_SITING_NEVER;
    }
    for (uint32_t o = 0; o < t->m->option_count; ++o) prices += t->taken[o] * t->m->price;
    const int64_t cost = mu_siting_cost(t->m, units);
    return cost == MU_SITING_NEVER ? cost : cost + prices;
}

static void try_from(trying *t, uint32_t o, mu_siting_sum gain) {
    if (o == t->m->option_count) {
        const int64_t cost = true_cost(t);
        if (!t->has_any || gain > t->gain) t->gain = gain;
        if (cost < t->cost) t->cost = cost;
        t->has_any = true;
        ++t->tried;
        return;
    }
    uint32_t *class_left = &t->class_left[t->m->option[o].class_index];
    for (uint32_t n = t->range[o].low; n <= t->range[o].high; ++n) {
        if (n > *class_left || n > t->budget_left || t->tried > MOST_TRIED) break;
        t->taken[o] = n;
        *class_left -= n;
        t->budget_left -= n;
        try_from(t, o + 1, gain + (mu_siting_sum)t->b->gain[o] * n);
        *class_left += n;
        t->budget_left += n;
    }
}

static trying try_all(const mu_siting_bound *b, const mu_siting_range *range) {
    trying t = {.m = b->model, .b = b, .budget_left = b->model->budget, .cost = MU_SITING_NEVER};
    memcpy(t.range, range, b->model->option_count * sizeof *range);
    for (uint32_t c = 0; c < b->model->class_count; ++c) {
        t.class_left[c] = b->model->class_of[c].size;
    }
    try_from(&t, 0, 0);
    return t;
}

/* ---- problems ------------------------------------------------------------------------------ */

/* A model, and a bound on it with everything drawn that may be. */
typedef struct drawn {
    random_siting   siting;
    mu_siting_model model;
    mu_siting_bound bound;
    mu_siting_range range[MOST_OPTIONS];
} drawn;

static void draw_prices(drawn *d, uint64_t *rng) {
    mu_siting_bound *b = &d->bound;
    for (uint32_t j = 0; j < d->model.demand_count; ++j) {
        const int64_t most = mu_siting_most_price(&d->model, j);
        b->price[j]        = most / 16 * random_below(rng, 17);
    }
    for (uint32_t i = 0; d->model.capacity && i < d->model.place_count; ++i) {
        b->toll[i] = random_below(rng, 2) ? INT64_MAX >> random_below(rng, 63) : 0;
    }
}

static void draw_ranges(drawn *d, uint64_t *rng) {
    const bool is_free = random_below(rng, 3) == 0;
    for (uint32_t o = 0; o < d->model.option_count; ++o) {
        const uint32_t  room = d->model.option[o].room;
        mu_siting_range r    = {0, room};
        if (!is_free) r.high = random_below(rng, 4) ? room : random_below(rng, room + 1);
        if (!is_free && random_below(rng, 4) == 0) r.low = random_below(rng, r.high + 1);
        d->range[o] = r;
    }
}

/* False: a model whose bound is another's (p-center), or which has too much to try. */
static bool draw(drawn *d, uint64_t seed) {
    uint64_t rng = seed + 1;
    random_siting_new(&d->siting, seed);
    if (d->siting.problem.model == MUSTER_P_CENTER) return false;
    assert_int_equal(mu_siting_model_init(&d->model, &d->siting.problem, 1), MUSTER_OK);
    assert_true(d->model.option_count <= MOST_OPTIONS);
    assert_int_equal(mu_siting_bound_init(&d->bound, &d->model), MUSTER_OK);
    draw_prices(d, &rng);
    draw_ranges(d, &rng);
    return true;
}

static void drawn_free(drawn *d) {
    mu_siting_bound_fini(&d->bound);
    mu_siting_model_fini(&d->model);
}

/* ---- bounds -------------------------------------------------------------------------------- */

static int64_t rounded_up(const mu_siting_bound *b, mu_siting_sum sum) {
    const mu_siting_sum one  = (mu_siting_sum)1 << b->model->shift;
    mu_siting_sum       cost = sum / one;
    if (sum > 0 && cost * one < sum) ++cost;
    return sum <= 0 ? 0 : (int64_t)cost;
}

typedef struct tally {
    uint32_t bounds, empty, more, more_exact, never, less, less_exact, replaced;
} tally;

/* What the bound becomes when the best at its prices is that of `t`; MU_SITING_NEVER: there is none. */
static int64_t best_with(const mu_siting_bound *b, const trying *all, const trying *t) {
    return t->has_any ? rounded_up(b, b->sum + all->gain - t->gain) : MU_SITING_NEVER;
}

/* One more of o takes a place: exactly so, but where the last to be taken is o itself. */
static void check_more(uint64_t seed, drawn *d, const trying *all, uint32_t o, tally *n) {
    const mu_siting_bound *b      = &d->bound;
    const mu_siting_range  before = d->range[o];
    const int64_t          said   = mu_siting_bound_with_more(b, o);
    d->range[o].low               = b->taken[o] + 1;
    const trying t                = try_all(b, d->range);
    d->range[o]                   = before;
    const int64_t best            = best_with(b, all, &t);
    if (said > best || said > t.cost) {
        fail_msg("seed %" PRIu64 ": one more of option %u is said to cost %" PRId64
                 "; it is %" PRId64 " by prices, %" PRId64 " in truth",
                 seed, o, said, best, t.cost);
    }
    ++n->more;
    n->never += said == MU_SITING_NEVER;
    n->more_exact += said == best;
    if (b->taken[o] == before.low && said != best) {
        fail_msg("seed %" PRIu64 ": one more of option %u costs %" PRId64
                 "; it is said to be %" PRId64,
                 seed, o, best, said);
    }
}

/* The most that an option gains of which more could be taken, if it had a place. */
static int64_t best_outside(const drawn *d) {
    int64_t most = 0;
    for (uint32_t o = 0; o < d->model.option_count; ++o) {
        if (d->bound.taken[o] < d->range[o].high && d->bound.gain[o] > most) {
            most = d->bound.gain[o];
        }
    }
    return most;
}

/* One less of o leaves its place to the best that has none: exactly so where all are of one class, but
 * where that is o itself. */
static void check_less(uint64_t seed, drawn *d, const trying *all, uint32_t o, tally *n) {
    const mu_siting_bound *b       = &d->bound;
    const mu_siting_range  before  = d->range[o];
    const int64_t          said    = mu_siting_bound_with_less(b, o);
    const int64_t          outside = best_outside(d);
    d->range[o].high               = b->taken[o] - 1;
    const trying t                 = try_all(b, d->range);
    d->range[o]                    = before;
    const int64_t best             = best_with(b, all, &t);
    if (said > best || said > t.cost) {
        fail_msg("seed %" PRIu64 ": one less of option %u is said to cost %" PRId64
                 "; it is %" PRId64 " by prices, %" PRId64 " in truth",
                 seed, o, said, best, t.cost);
    }
    ++n->less;
    n->less_exact += said == best;
    n->replaced += outside > 0;
    if (d->model.class_count == 1 && b->taken[o] == before.high && said != best) {
        fail_msg("seed %" PRIu64 ": one less of option %u costs %" PRId64
                 "; it is said to be %" PRId64,
                 seed, o, best, said);
    }
}

static void check_bound(uint64_t seed, drawn *d, tally *n) {
    const mu_siting_bound *b    = &d->bound;
    mu_siting_sum          gain = 0;
    mu_siting_bound_find(&d->bound, d->range);
    const trying all = try_all(b, d->range);
    if (all.tried > MOST_TRIED / 100) return; /* each option is tried again */
    ++n->bounds;
    n->empty += b->is_empty;
    assert_int_equal(b->is_empty, !all.has_any);
    if (b->is_empty) return;
    for (uint32_t o = 0; o < d->model.option_count; ++o) {
        assert_in_range(b->taken[o], d->range[o].low, d->range[o].high);
        gain += (mu_siting_sum)b->gain[o] * b->taken[o];
    }
    assert_true(gain == all.gain);
    assert_int_equal(mu_siting_bound_cost(b), rounded_up(b, b->sum));
    if (mu_siting_bound_cost(b) > all.cost) {
        fail_msg("seed %" PRIu64 ": nothing is said to cost less than %" PRId64 ", but %" PRId64
                 " does",
                 seed, mu_siting_bound_cost(b), all.cost);
    }
    for (uint32_t o = 0; o < d->model.option_count; ++o) {
        if (b->taken[o] < d->range[o].high) check_more(seed, d, &all, o, n);
        if (b->taken[o] > d->range[o].low) check_less(seed, d, &all, o, n);
    }
}

static void bounds_with_one_more_or_less_are_those_of_trying_everything(void **state) {
    (void)state;
    const seeds asked = seeds_asked(6000);
    tally       n     = {0};
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        static drawn d;
        if (!draw(&d, seed)) continue;
        check_bound(seed, &d, &n);
        drawn_free(&d);
    }
    print_message(
        "%u bounds, %u of nothing; %u with one more (%u exact, %u never), %u with one less "
        "(%u exact, %u with another in its place)\n",
        n.bounds, n.empty, n.more, n.more_exact, n.never, n.less, n.less_exact, n.replaced);
}

/* ---- prices of GLPK ------------------------------------------------------------------------ */

/* Prices are rounded to units of 1 / 2^shift, and doubles end somewhere. */
static mu_siting_sum rounding(const mu_siting_bound *b) {
    const mu_siting_sum size = b->sum < 0 ? -b->sum : b->sum;
    return size / 1000000000 + 4 * (SITING_PLACES + SITING_DEMANDS) * SITING_UNITS;
}

static bool keeps_to(const drawn *d, const double *share) {
    const mu_siting_model *m                = &d->model;
    double                 all              = 0;
    double                 of[SITING_UNITS] = {0};
    bool                   is               = true;
    for (uint32_t o = 0; o < m->option_count; ++o) {
        all += share[o];
        if (m->class_count <= SITING_UNITS) of[m->option[o].class_index] += share[o];
        is &= share[o] >= d->range[o].low && share[o] <= d->range[o].high;
    }
    for (uint32_t c = 0; c < m->class_count; ++c) is &= of[c] <= m->class_of[c].size + 1e-6;
    return is && all <= m->budget + 1e-6;
}

static mu_watch endless_watch(void) {
    static const muster_solve_options no_limit = {.time_limit_ms = 0};
    mu_watch                          watch;
    mu_watch_start(&watch, &no_limit);
    return watch;
}

static void only_look(void *user, bool is_better) {
    (void)user;
    (void)is_better;
}

/* The best bound that subgradient steps find from the prices that are drawn. */
static mu_siting_sum climbed(drawn *d, mu_watch *watch, int64_t upper) {
    mu_siting_ascent ascent;
    assert_int_equal(mu_siting_ascent_init(&ascent, &d->model), MUSTER_OK);
    memcpy(ascent.bound.price, d->bound.price, d->model.demand_count * sizeof *d->bound.price);
    memcpy(ascent.bound.toll, d->bound.toll, d->model.place_count * sizeof *d->bound.toll);
    const mu_siting_climb climb = {.step_count = 100,
                                   .patience   = 10,
                                   .length     = 1,
                                   .least      = 0.01,
                                   .watch      = watch,
                                   .upper      = &upper,
                                   .look       = only_look,
                                   .range      = d->range};
    (void)mu_siting_ascend(&ascent, &climb);
    const mu_siting_sum sum = ascent.best_sum;
    mu_siting_ascent_fini(&ascent);
    return sum;
}

static bool ask_glpk(drawn *d, mu_watch *watch, double *share) {
    mu_siting_lp *lp;
    bool          is_priced;
    assert_int_equal(mu_siting_lp_new(&lp, &d->model), MUSTER_OK);
    assert_int_equal(mu_siting_lp_price(lp, d->range, watch, &d->bound, share, &is_priced),
                     MUSTER_OK);
    mu_siting_lp_free(lp);
    return is_priced;
}

static void check_prices(uint64_t seed, drawn *d, const trying *all, mu_siting_sum best) {
    mu_siting_bound_find(&d->bound, d->range);
    if (mu_siting_bound_cost(&d->bound) > all->cost) {
        fail_msg("seed %" PRIu64 ": nothing is said to cost less than %" PRId64 ", but %" PRId64
                 " does",
                 seed, mu_siting_bound_cost(&d->bound), all->cost);
    }
    if (d->bound.sum + rounding(&d->bound) < best) {
        fail_msg("seed %" PRIu64 ": GLPK's prices say %g, others %g", seed, (double)d->bound.sum,
                 (double)best);
    }
}

/* Nothing costs less than the bound at GLPK's prices says, and no prices that are climbed to say more. */
static void prices_of_glpk_are_as_good_as_any(void **state) {
    (void)state;
    const seeds asked  = seeds_asked(6000);
    uint32_t    priced = 0, better = 0, moves = 0, none = 0;
    mu_watch    watch = endless_watch();
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        static drawn d;
        double       share[MOST_OPTIONS];
        if (!draw(&d, seed)) continue;
        mu_siting_bound_find(&d.bound, d.range);
        const trying all = try_all(&d.bound, d.range);
        if (mu_siting_lp_fits(&d.model) && all.has_any && all.tried <= MOST_TRIED) {
            const mu_siting_sum best      = climbed(&d, &watch, all.cost);
            const bool          is_priced = ask_glpk(&d, &watch, share);
            if (all.cost < MU_SITING_NEVER) assert_true(is_priced);
            none += !is_priced;
            if (is_priced) {
                check_prices(seed, &d, &all, best);
                assert_true(keeps_to(&d, share));
                ++priced;
                better += d.bound.sum > best;
                moves += d.model.capacity != NULL;
            }
        }
        drawn_free(&d);
    }
    print_message("%u priced (%u of moves), %u of them better than steps; %u not to be done\n",
                  priced, moves, better, none);
    assert_true(better > priced / 10);
}

/* Once with all memory, then with each allocation failing alone. */
static void each_allocation_of_the_program_may_fail(void **state) {
    (void)state;
    int64_t  all   = 0;
    mu_watch watch = endless_watch();
    for (uint64_t seed = 0; seed < 120; ++seed) {
        static drawn  d;
        double        share[MOST_OPTIONS];
        mu_siting_lp *lp;
        if (!draw(&d, seed)) continue;
        if (mu_siting_lp_fits(&d.model)) {
            (void)mu_alloc_fail_after(-1);
            (void)ask_glpk(&d, &watch, share);
            const int64_t count = mu_alloc_fail_after(-1);
            for (int64_t failing = 0; failing < count; ++failing) {
                bool is_priced = true;
                (void)mu_alloc_fail_once_after(failing);
                muster_status status = mu_siting_lp_new(&lp, &d.model);
                if (status == MUSTER_OK) {
                    status = mu_siting_lp_price(lp, d.range, &watch, &d.bound, share, &is_priced);
                }
                (void)mu_alloc_fail_after(-1);
                mu_siting_lp_free(lp);
                assert_int_equal(status, MUSTER_E_NOMEM);
            }
            all += count;
        }
        drawn_free(&d);
    }
    print_message("%" PRId64 " allocations failed alone\n", all);
    assert_true(all > 100);
}

/* ---- exchanges ----------------------------------------------------------------------------- */

static bool never_over(void *user) {
    (void)user;
    return false;
}

static bool is_held(const mu_siting_state *s) {
    bool is = true;
    for (uint32_t i = 0; s->model->capacity && i < s->model->place_count; ++i) {
        is &= s->units[i] <= s->model->capacity[i];
    }
    return is;
}

/* Are there several units of an option? */
static bool takes_several(const mu_siting_state *s) {
    bool are = false;
    for (uint32_t o = 0; o < s->model->option_count; ++o) are |= s->taken[o] > 1;
    return are;
}

/* Would one unit rather be somewhere else? Of models without homes. */
static void check_that_no_exchange_saves(uint64_t seed, mu_siting_state *s) {
    const int64_t least = mu_siting_state_cost(s);
    for (uint32_t from = 0; from < s->model->option_count; ++from) {
        if (s->taken[from] == 0) continue;
        mu_siting_state_drop(s, from);
        for (uint32_t to = 0; to < s->model->option_count; ++to) {
            if (to == from || !mu_siting_state_has_room(s, to)) continue;
            mu_siting_state_take(s, to);
            if (mu_siting_state_cost(s) < least) {
                fail_msg("seed %" PRIu64 ": option %u for %u costs %" PRId64 ", less than %" PRId64,
                         seed, to, from, mu_siting_state_cost(s), least);
            }
            mu_siting_state_drop(s, to);
        }
        mu_siting_state_take(s, from);
    }
}

static void exchanges_cost_nothing_and_leave_no_home_too_full(void **state) {
    (void)state;
    const seeds asked = seeds_asked(6000);
    uint32_t    saved = 0, went_home = 0, crowded = 0;
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        static random_siting r;
        mu_siting_model      m;
        mu_siting_state      s;
        uint64_t             rng = seed + 2;
        random_siting_new(&r, seed);
        if (r.problem.model == MUSTER_P_CENTER) continue;
        assert_int_equal(mu_siting_model_init(&m, &r.problem, 1), MUSTER_OK);
        assert_int_equal(mu_siting_state_init(&s, &m), MUSTER_OK);
        for (uint32_t tries = 0; m.option_count > 0 && tries < 12; ++tries) {
            const uint32_t o = random_below(&rng, m.option_count);
            if (mu_siting_state_has_room(&s, o)) mu_siting_state_take(&s, o);
        }
        const int64_t before = mu_siting_state_cost(&s);
        assert_true(is_held(&s));
        mu_siting_state_exchange(&s, never_over, NULL);
        if (!is_held(&s)) fail_msg("seed %" PRIu64 ": a place has more than it holds", seed);
        assert_true(mu_siting_state_cost(&s) <= before);
        saved += mu_siting_state_cost(&s) < before;
        went_home += m.capacity && mu_siting_state_cost(&s) < before;
        if (!m.capacity && before < MU_SITING_NEVER) check_that_no_exchange_saves(seed, &s);
        crowded += !m.capacity && takes_several(&s);
        mu_siting_state_fini(&s);
        mu_siting_model_fini(&m);
    }
    print_message("%u of %u improved, %u of them by moves; %u end with several at a place\n", saved,
                  (unsigned)asked.count, went_home, crowded);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_with_one_more_or_less_are_those_of_trying_everything),
        cmocka_unit_test(prices_of_glpk_are_as_good_as_any),
        cmocka_unit_test(each_allocation_of_the_program_may_fail),
        cmocka_unit_test(exchanges_cost_nothing_and_leave_no_home_too_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
