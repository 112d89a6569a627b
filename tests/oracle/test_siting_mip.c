/* Siting on maps that are too large to try everything, against GLPK's integer programming: another
 * formulation, solved by another method, of covering, expected covering, and moves for either and for a
 * median. GLPK's branch and bound works in doubles and lets go of what is better by less than a ten
 * millionth. */
#include <glpk.h>
#include <math.h>
#include <muster/siting.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/cmocka_all.h"
#include "tests/support/random.h"
#include "tests/support/rounds.h"

enum { PLACES = 24, DEMANDS = 40, UNITS = 8, SIDE = 1000 };

/* ---- maps ---------------------------------------------------------------------------------- */

typedef struct map {
    muster_siting_problem problem;
    uint32_t              travel_ms[PLACES * DEMANDS];
    int64_t               weight[DEMANDS];
    uint32_t              existing[PLACES], room[PLACES];
    uint32_t              unit_place[UNITS], move_ms[UNITS * PLACES];
} map;

typedef struct point {
    double x, y;
} point;

static uint32_t way_ms(point a, point b) {
    return (uint32_t)lround(hypot(a.x - b.x, a.y - b.y));
}

static void draw_points(point *p, uint32_t count, uint64_t *rng) {
    for (uint32_t i = 0; i < count; ++i) {
        p[i] = (point){random_below(rng, SIDE), random_below(rng, SIDE)};
    }
}

static void draw_map(map *m, uint64_t seed) {
    static const uint8_t GOAL[] = {MUSTER_EXPECTED_COVER, MUSTER_MAX_COVER, MUSTER_P_MEDIAN};
    uint64_t             rng    = seed;
    point                place[PLACES], demand[DEMANDS];
    draw_points(place, PLACES, &rng);
    draw_points(demand, DEMANDS, &rng);
    m->problem = (muster_siting_problem)MUSTER_SITING_PROBLEM_INIT;
    for (uint32_t i = 0; i < PLACES; ++i) {
        for (uint32_t j = 0; j < DEMANDS; ++j) {
            m->travel_ms[i * DEMANDS + j] = way_ms(place[i], demand[j]);
        }
        m->existing[i] = random_below(&rng, 8) == 0;
        m->room[i]     = random_below(&rng, 4);
    }
    for (uint32_t j = 0; j < DEMANDS; ++j) m->weight[j] = 1 + random_below(&rng, 100);
    for (uint32_t u = 0; u < UNITS; ++u) {
        m->unit_place[u] = random_below(&rng, PLACES / 3); /* two stand together, some of them */
        for (uint32_t i = 0; i < PLACES; ++i) {
            m->move_ms[u * PLACES + i] = way_ms(place[m->unit_place[u]], place[i]);
        }
    }
    muster_siting_problem *p = &m->problem;
    p->model                 = seed % 4 == 0   ? MUSTER_EXPECTED_COVER
                               : seed % 4 == 1 ? MUSTER_MAX_COVER
                                               : MUSTER_MOVE_UP;
    p->goal                  = GOAL[random_below(&rng, 3)];
    p->place_count           = PLACES;
    p->demand_count          = DEMANDS;
    p->travel_ms             = m->travel_ms;
    p->weight                = m->weight;
    p->existing              = random_below(&rng, 2) ? m->existing : NULL;
    p->room                  = random_below(&rng, 2) ? m->room : NULL;
    p->count                 = 2 + random_below(&rng, 10);
    p->within_ms             = SIDE / 8 + random_below(&rng, SIDE / 4);
    p->busy_millionths       = 50000 + random_below(&rng, 700000);
    p->unit_count            = UNITS;
    p->unit_place            = m->unit_place;
    p->move_ms               = m->move_ms;
    p->move_count            = 1 + random_below(&rng, UNITS);
    p->move_limit_ms         = SIDE / 3 + random_below(&rng, SIDE / 2);
}

/* ---- the program --------------------------------------------------------------------------- */

/* A row in the making. */
typedef struct row {
    int    count, column[PLACES * UNITS + DEMANDS + 2 * PLACES];
    double value[PLACES * UNITS + DEMANDS + 2 * PLACES];
} row;

static void add(row *r, int column, double value) {
    r->column[++r->count] = column;
    r->value[r->count]    = value;
}

static void close_row(glp_prob *lp, row *r, int type, double bound) {
    const int at = glp_add_rows(lp, 1);
    glp_set_row_bnds(lp, at, type, bound, bound);
    glp_set_mat_row(lp, at, r->count, r->column, r->value);
    r->count = 0;
}

/* From 0 to `most`, whole or not. */
static int add_column(glp_prob *lp, double worth, double most, bool is_whole) {
    const int at = glp_add_cols(lp, 1);
    glp_set_col_bnds(lp, at, most > 0 ? GLP_DB : GLP_FX, 0, most);
    glp_set_col_kind(lp, at, is_whole ? GLP_IV : GLP_CV);
    glp_set_obj_coef(lp, at, worth);
    return at;
}

static uint32_t existing_at(const muster_siting_problem *p, uint32_t i) {
    return p->existing ? p->existing[i] : 0;
}

static double room_at(const muster_siting_problem *p, uint32_t i, double most) {
    return p->room && p->room[i] < most ? p->room[i] : most;
}

/* Columns with how many come to each place. */
static void add_new_units(glp_prob *lp, const muster_siting_problem *p, int units[PLACES]) {
    static row r;
    for (uint32_t i = 0; i < PLACES; ++i) {
        const double most = p->model == MUSTER_EXPECTED_COVER ? p->count : 1;
        units[i]          = add_column(lp, 0, room_at(p, i, most), true);
        add(&r, units[i], 1);
    }
    close_row(lp, &r, GLP_UP, p->count);
}

/* Each unit is somewhere: a column for each of its places. */
static void add_moves(glp_prob *lp, const muster_siting_problem *p, int units[PLACES]) {
    static row r, of_place[PLACES], moves;
    for (uint32_t i = 0; i < PLACES; ++i) {
        double standing = 0;
        for (uint32_t u = 0; u < UNITS; ++u) standing += p->unit_place[u] == i;
        units[i] = add_column(lp, 0, fmax(standing, room_at(p, i, UNITS)), true);
        add(&of_place[i], units[i], -1);
    }
    for (uint32_t u = 0; u < UNITS; ++u) {
        for (uint32_t i = 0; i < PLACES; ++i) {
            const bool stays = p->unit_place[u] == i;
            if (!stays && (p->move_ms[u * PLACES + i] > p->move_limit_ms || room_at(p, i, 1) < 1)) {
                continue;
            }
            const int column = add_column(lp, 0, 1, true);
            add(&r, column, 1);
            add(&of_place[i], column, 1);
            if (!stays) add(&moves, column, 1);
        }
        close_row(lp, &r, GLP_FX, 1);
    }
    for (uint32_t i = 0; i < PLACES; ++i) close_row(lp, &of_place[i], GLP_FX, 0);
    if (moves.count > 0) close_row(lp, &moves, GLP_UP, p->move_count);
    moves.count = 0;
}

/* Levels of a demand that are reached, by units within reach, those that exist included. */
static void add_covered(glp_prob *lp, const muster_siting_problem *p, const int units[PLACES],
                        uint32_t j, bool is_expected) {
    static row r;
    double     existing = 0;
    int64_t    level    = is_expected ? MUSTER_MILLION - p->busy_millionths : 1;
    for (uint32_t i = 0; i < PLACES; ++i) {
        if (p->travel_ms[i * DEMANDS + j] > p->within_ms) continue;
        existing += existing_at(p, i);
        add(&r, units[i], -1);
    }
    for (uint32_t n = 0; n < (is_expected ? 2 * PLACES : 1) && level > 0; ++n) {
        add(&r, add_column(lp, (double)(p->weight[j] * level), 1, false), 1);
        level = level * p->busy_millionths / MUSTER_MILLION;
    }
    close_row(lp, &r, GLP_UP, existing);
}

/* From which open place each demand is served; open[i] is 1 at most, and no more than there are units. */
static void add_served(glp_prob *lp, const muster_siting_problem *p, const int open[PLACES],
                       uint32_t j) {
    static row r, pair;
    for (uint32_t i = 0; i < PLACES; ++i) {
        const double ms     = p->travel_ms[i * DEMANDS + j];
        const int    served = add_column(lp, -ms * (double)p->weight[j], 1, false);
        add(&r, served, 1);
        add(&pair, served, 1);
        add(&pair, open[i], -1);
        close_row(lp, &pair, GLP_UP, 0);
    }
    close_row(lp, &r, GLP_FX, 1);
}

static void add_open(glp_prob *lp, const muster_siting_problem *p, const int units[PLACES],
                     int open[PLACES]) {
    static row r;
    for (uint32_t i = 0; i < PLACES; ++i) {
        open[i] = add_column(lp, 0, 1, true);
        add(&r, open[i], 1);
        add(&r, units[i], -1);
        close_row(lp, &r, GLP_UP, existing_at(p, i));
    }
}

static int64_t best_by_glpk(const muster_siting_problem *p) {
    const uint8_t goal = p->model == MUSTER_MOVE_UP ? p->goal : p->model;
    glp_prob     *lp   = glp_create_prob();
    glp_iocp      how;
    int           units[PLACES], open[PLACES];
    glp_set_obj_dir(lp, GLP_MAX);
    if (p->model == MUSTER_MOVE_UP) {
        add_moves(lp, p, units);
    } else {
        add_new_units(lp, p, units);
    }
    if (goal == MUSTER_P_MEDIAN) add_open(lp, p, units, open);
    for (uint32_t j = 0; j < DEMANDS; ++j) {
        if (goal == MUSTER_P_MEDIAN) {
            add_served(lp, p, open, j);
        } else {
            add_covered(lp, p, units, j, goal == MUSTER_EXPECTED_COVER);
        }
    }
    glp_init_iocp(&how);
    how.presolve = GLP_ON;
    how.msg_lev  = GLP_MSG_OFF;
    assert_int_equal(glp_intopt(lp, &how), 0);
    assert_int_equal(glp_mip_status(lp), GLP_OPT);
    const int64_t best = llround(fabs(glp_mip_obj_val(lp)));
    glp_delete_prob(lp);
    return best;
}

/* ---- both ---------------------------------------------------------------------------------- */

static void sitings_are_those_of_integer_programming(void **state) {
    (void)state;
    const seeds asked                               = seeds_asked(48);
    uint32_t    of_model[MUSTER_SITING_MODEL_COUNT] = {0};
    glp_term_out(GLP_OFF);
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        static map            m;
        muster_siting        *siting;
        muster_siting_options options = MUSTER_SITING_OPTIONS_INIT;
        options.time_limit_ms         = 0;
        draw_map(&m, seed);
        assert_int_equal(muster_siting_solve(&siting, &m.problem, &options), MUSTER_OK);
        const muster_siting_result *r    = muster_siting_view(siting);
        const int64_t               best = best_by_glpk(&m.problem);
        const bool                  is_median =
            m.problem.model == MUSTER_MOVE_UP && m.problem.goal == MUSTER_P_MEDIAN;
        const int64_t ahead = is_median ? best - r->objective : r->objective - best;
        assert_int_equal(r->outcome, MUSTER_SITING_OPTIMAL);
        if (ahead < 0 || (double)ahead > 2e-7 * (double)best) {
            fail_msg("seed %llu, %s for %s: %lld, but GLPK finds %lld", (unsigned long long)seed,
                     muster_siting_model_name(m.problem.model),
                     muster_siting_model_name(m.problem.goal), (long long)r->objective,
                     (long long)best);
        }
        ++of_model[m.problem.model];
        muster_siting_free(siting);
    }
    glp_free_env();
    print_message("%u expected covers, %u covers, %u of moves\n", of_model[MUSTER_EXPECTED_COVER],
                  of_model[MUSTER_MAX_COVER], of_model[MUSTER_MOVE_UP]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sitings_are_those_of_integer_programming),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
