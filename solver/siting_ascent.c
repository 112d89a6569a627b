/* The step is Polyak's: as long as the gap to the upper bound over the square of the direction (Held, Wolfe
 * and Crowder, Mathematical Programming 6, 1974), in a measure in which a demand's weight is its
 * own: per unit of weight, prices are all of one size. The direction remembers the last one (Camerini,
 * Fratta and Maffioli, Mathematical Programming Study 3, 1975), which keeps steps from going to and fro.
 * Tolls are part of the same step.
 *
 * Floating point only says where to look. */
#include "solver/siting_ascent.h"

#include <math.h>
#include <string.h>

#include "core/alloc.h"

/* How much of the last direction is in the next, and how much of what is taken counts as of late; found
 * by trial on OR-Library's p-median problems. */
static const double MEMORY = 0.4, RECENT = 0.08;

muster_status mu_siting_ascent_init(mu_siting_ascent *a, const mu_siting_model *m) {
    muster_status status;
    *a = (mu_siting_ascent){0};
    MU_TRY(mu_siting_bound_init(&a->bound, m));
    MU_TRY_GOTO(status, mu_alloc_zeroed(&a->direction, m->demand_count, sizeof *a->direction),
                done);
    MU_TRY_GOTO(status,
                mu_alloc_zeroed(&a->toll_direction, m->place_count, sizeof *a->toll_direction),
                done);
    MU_TRY_GOTO(status, mu_alloc_zeroed(&a->best_price, m->demand_count, sizeof *a->best_price),
                done);
    MU_TRY_GOTO(status, mu_alloc_zeroed(&a->best_toll, m->place_count, sizeof *a->best_toll), done);
    MU_TRY_GOTO(status, mu_alloc_zeroed(&a->share, m->option_count, sizeof *a->share), done);
done:
    if (status != MUSTER_OK) mu_siting_ascent_fini(a);
    return status;
}

void mu_siting_ascent_fini(mu_siting_ascent *a) {
    mu_siting_bound_fini(&a->bound);
    mu_free(a->direction);
    mu_free(a->toll_direction);
    mu_free(a->best_price);
    mu_free(a->best_toll);
    mu_free(a->share);
    *a = (mu_siting_ascent){0};
}

static void average(mu_siting_ascent *a, double weight) {
    const mu_siting_bound *b = &a->bound;
    for (uint32_t o = 0; o < b->model->option_count; ++o) {
        a->share[o] += weight * (b->taken[o] - a->share[o]);
    }
}

/* The next direction, from which way the bound grows now; none where that cannot go farther. */
static double turn(double before, double lack, bool is_least, bool is_most) {
    const double way = (1 - MEMORY) * lack + MEMORY * before;
    return (is_least && way < 0) || (is_most && way > 0) ? 0 : way;
}

/* What a place weighs, so that its toll moves as prices do: what it is worth, at the price that a unit of
 * weight pays on average. */
static double find_weight_per_worth(const mu_siting_bound *b) {
    double weight = 0, price = 1;
    for (uint32_t d = 0; d < b->model->demand_count; ++d) {
        weight += (double)b->model->weight[d];
        price += (double)b->price[d];
    }
    return weight / price;
}

static double turn_tolls(mu_siting_ascent *a) {
    const mu_siting_bound *b      = &a->bound;
    const mu_siting_model *m      = b->model;
    double                 square = 0;
    if (!m->capacity) return 0;
    a->weight_per_worth = find_weight_per_worth(b);
    for (uint32_t i = 0; i < m->place_count; ++i) {
        const double way     = turn(a->toll_direction[i], (double)mu_siting_bound_excess(b, i),
                                    b->toll[i] == 0, b->toll[i] >= b->worth[i]);
        a->toll_direction[i] = way;
        square += a->weight_per_worth * (double)b->worth[i] * way * way;
    }
    return square;
}

/* Returns the square. */
static double find_direction(mu_siting_ascent *a) {
    const mu_siting_bound *b      = &a->bound;
    const mu_siting_model *m      = b->model;
    double                 square = 0;
    for (uint32_t d = 0; d < m->demand_count; ++d) {
        const double way = turn(a->direction[d], (double)mu_siting_bound_lack(b, d),
                                b->price[d] == 0, b->price[d] >= mu_siting_most_price(m, d));
        a->direction[d]  = way;
        square += (double)m->weight[d] * way * way;
    }
    return square + turn_tolls(a);
}

static void step_prices(mu_siting_ascent *a, double length) {
    mu_siting_bound       *b = &a->bound;
    const mu_siting_model *m = b->model;
    for (uint32_t d = 0; d < m->demand_count; ++d) {
        const int64_t most  = mu_siting_most_price(m, d);
        const double  price = (double)b->price[d] + length * a->direction[d] * (double)m->weight[d];
        b->price[d]         = price <= 0 ? 0 : price >= (double)most ? most : (int64_t)price;
    }
}

/* Too many units at a place make it dearer. */
static void step_tolls(mu_siting_ascent *a, double length) {
    mu_siting_bound       *b = &a->bound;
    const mu_siting_model *m = b->model;
    for (uint32_t i = 0; m->capacity && i < m->place_count; ++i) {
        const double way = a->toll_direction[i], worth = (double)b->worth[i];
        if (way == 0) continue;
        const double now  = b->toll[i] < b->worth[i] ? (double)b->toll[i] : worth;
        const double toll = now + length * way * a->weight_per_worth * worth;
        b->toll[i]        = toll <= 0 ? 0 : toll >= worth ? INT64_MAX : (int64_t)toll;
    }
}

/* From here to the upper bound; where none is known, a part of the bound itself. */
static double gap(const mu_siting_ascent *a, int64_t upper) {
    const mu_siting_bound *b   = &a->bound;
    const double           one = (double)((int64_t)1 << b->model->shift);
    const double           sum = (double)b->sum;
    if (upper == MU_SITING_NEVER) return 0.1 * fabs(sum) + one;
    const double left = (double)upper * one - sum;
    return left > one / 16 ? left : one / 16;
}

void mu_siting_ascent_keep(mu_siting_ascent *a) {
    const mu_siting_bound *b = &a->bound;
    a->best_sum              = b->sum;
    memcpy(a->best_price, b->price, b->model->demand_count * sizeof *b->price);
    memcpy(a->best_toll, b->toll, b->model->place_count * sizeof *b->toll);
}

void mu_siting_ascent_go_back(mu_siting_ascent *a) {
    mu_siting_bound *b = &a->bound;
    memcpy(b->price, a->best_price, b->model->demand_count * sizeof *b->price);
    memcpy(b->toll, a->best_toll, b->model->place_count * sizeof *b->toll);
}

static void forget_direction(mu_siting_ascent *a) {
    const mu_siting_model *m = a->bound.model;
    memset(a->direction, 0, m->demand_count * sizeof *a->direction);
    memset(a->toll_direction, 0, m->place_count * sizeof *a->toll_direction);
}

int64_t mu_siting_ascend(mu_siting_ascent *a, const mu_siting_climb *c) {
    mu_siting_bound *b      = &a->bound;
    double           length = c->length;
    int64_t          cost   = 0;
    uint32_t         idle   = 0;
    forget_direction(a);
    for (uint32_t i = 0; i < c->step_count && length > c->least; ++i) {
        b->work = 0;
        mu_siting_bound_find(b, c->range);
        mu_watch_count(c->watch, 2 * b->work);
        if (b->is_empty) return MU_SITING_NEVER;
        const bool is_better = i == 0 || b->sum > a->best_sum;
        if (!c->keeps_share) average(a, i == 0 ? 1 : RECENT);
        if (is_better) {
            mu_siting_ascent_keep(a);
            if (mu_siting_bound_cost(b) > cost) cost = mu_siting_bound_cost(b);
        }
        c->look(c->user, is_better);
        if (cost >= *c->upper || mu_watch_is_over(c->watch)) break;
        idle = is_better ? 0 : idle + 1;
        if (idle >= c->patience) {
            idle = 0;
            length /= 2;
            mu_siting_ascent_go_back(a);
            forget_direction(a);
            mu_siting_bound_find(b, c->range);
            if (b->is_empty) return MU_SITING_NEVER;
        }
        const double square = find_direction(a);
        if (square <= 0) break; /* as good as it gets */
        const double stride = length * gap(a, *c->upper) / square;
        step_prices(a, stride);
        step_tolls(a, stride);
    }
    mu_siting_ascent_go_back(a);
    return cost;
}
