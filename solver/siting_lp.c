/* See siting_lp.h. The program, whose duals are what a bound is made of:
 *
 *   demand d   units that serve it - levels that are reached >= 0    its price
 *              units that serve it >= 1, where it has to be served
 *   place i    those at home + those that come - those that leave
 *              - those that serve >= 0                               what one is worth, less the toll
 *   class c    those that leave home <= its size
 *   all        options that are taken <= the budget
 *
 * A level that is reached is worth what its step says, and there is one of it. Where units have no homes,
 * places and classes have no rows: an option serves demand itself. The program stays, and columns of
 * options are bounded as ranges are. */
#include "solver/siting_lp.h"

#include <math.h>

#include "core/alloc.h"
#include "solver/lp.h"

/* Programs with more entries take GLPK longer than there is time. */
enum { MOST_ENTRIES = 2000000 };

struct mu_siting_lp {
    const mu_siting_model *model;
    mu_lp_live            *live;     /* NULL: it has failed */
    mu_siting_range       *range;    /* [option_count] as the program has them */
    uint32_t              *column;   /* [option_count] scratch, for those that are bounded anew, */
    mu_lp_range           *bound;    /* [option_count] and how */
    uint32_t              *of_place; /* [entries] the demands that each place serves, */
    size_t                *first;    /* [place_count + 1] from here on */
    bool                   is_new;
};

void mu_siting_lp_free(mu_siting_lp *lp) {
    if (!lp) return;
    mu_lp_live_free(lp->live);
    mu_free(lp->range);
    mu_free(lp->column);
    mu_free(lp->bound);
    mu_free(lp->of_place);
    mu_free(lp->first);
    mu_free(lp);
}

/* GLPK's failures are its own business; memory of ours is not. */
static muster_status forgive(mu_siting_lp *lp, muster_status status) {
    if (status != MUSTER_E_SOLVER) return status;
    mu_lp_live_free(lp->live);
    lp->live = NULL;
    return MUSTER_OK;
}

/* ---- rows ---------------------------------------------------------------------------------- */

static bool has_homes(const mu_siting_model *m) {
    return m->capacity != NULL;
}

static bool must_be_served(const mu_siting_model *m, uint32_t d) {
    uint32_t count;
    return mu_siting_steps(m, d, &count)[0] == MU_SITING_NEVER;
}

/* Rows in this order. Options that have a price need no budget. */
static uint32_t row_of_place(const mu_siting_model *m, uint32_t i) {
    return m->demand_count + i;
}

static uint32_t row_of_class(const mu_siting_model *m, uint32_t c) {
    return m->demand_count + m->place_count + c;
}

static uint32_t row_of_budget(const mu_siting_model *m) {
    return has_homes(m) ? row_of_class(m, m->class_count) : m->demand_count;
}

static uint32_t count_rows(const mu_siting_model *m) {
    return row_of_budget(m) + (m->price == 0);
}

static void fill_rows(const mu_siting_model *m, mu_lp_range *row) {
    for (uint32_t d = 0; d < m->demand_count; ++d) {
        row[d] = (mu_lp_range){must_be_served(m, d), INFINITY};
    }
    for (uint32_t i = 0; has_homes(m) && i < m->place_count; ++i) {
        row[row_of_place(m, i)] = (mu_lp_range){0, INFINITY};
    }
    for (uint32_t c = 0; has_homes(m) && c < m->class_count; ++c) {
        row[row_of_class(m, c)] = (mu_lp_range){-INFINITY, m->class_of[c].size};
        row[row_of_place(m, m->class_of[c].home)].lower -= m->class_of[c].size;
    }
    if (m->price == 0) row[row_of_budget(m)] = (mu_lp_range){-INFINITY, m->budget};
}

static muster_status make_rows(mu_siting_lp *lp) {
    const uint32_t count = count_rows(lp->model);
    mu_lp_range   *row;
    MU_TRY(mu_alloc(&row, count, sizeof *row));
    fill_rows(lp->model, row);
    const muster_status status = mu_lp_live_new(&lp->live, count, row);
    mu_free(row);
    return status;
}

/* ---- columns ------------------------------------------------------------------------------- */

/* Columns in the making. */
typedef struct columns {
    uint32_t     count;
    double      *cost;
    mu_lp_range *range;
    size_t      *first;
    uint32_t    *row;
    double      *value;
} columns;

static void columns_free(columns *c) {
    mu_free(c->cost);
    mu_free(c->range);
    mu_free(c->first);
    mu_free(c->row);
    mu_free(c->value);
}

static muster_status columns_init(columns *c, size_t most, size_t most_entries) {
    muster_status status;
    *c = (columns){0};
    MU_TRY_GOTO(status, mu_alloc(&c->cost, most, sizeof *c->cost), done);
    MU_TRY_GOTO(status, mu_alloc(&c->range, most, sizeof *c->range), done);
    MU_TRY_GOTO(status, mu_alloc_zeroed(&c->first, most + 1, sizeof *c->first), done);
    MU_TRY_GOTO(status, mu_alloc(&c->row, most_entries, sizeof *c->row), done);
    MU_TRY_GOTO(status, mu_alloc(&c->value, most_entries, sizeof *c->value), done);
done:
    if (status != MUSTER_OK) columns_free(c);
    return status;
}

static void begin_column(columns *c, double cost, mu_lp_range range) {
    c->cost[c->count]      = cost;
    c->range[c->count]     = range;
    c->first[c->count + 1] = c->first[c->count];
    ++c->count;
}

static void add_entry(columns *c, uint32_t row, double value) {
    const size_t at = c->first[c->count]++;
    c->row[at]      = row;
    c->value[at]    = value;
}

static void serve_demand(const mu_siting_lp *lp, columns *c, uint32_t place) {
    for (size_t e = lp->first[place]; e < lp->first[place + 1]; ++e) {
        add_entry(c, lp->of_place[e], 1);
    }
}

/* Where options have a price, none is worth taking more than once, and duals are simpler without a
 * limit. */
static mu_lp_range range_of(const mu_siting_model *m, mu_siting_range r) {
    const bool is_free = m->price > 0 && r.low < r.high;
    return (mu_lp_range){r.low, is_free ? (double)INFINITY : r.high};
}

static void add_options(const mu_siting_lp *lp, columns *c) {
    const mu_siting_model *m = lp->model;
    for (uint32_t o = 0; o < m->option_count; ++o) {
        const mu_siting_option option = m->option[o];
        begin_column(c, (double)m->price, range_of(m, lp->range[o]));
        if (has_homes(m)) {
            add_entry(c, row_of_place(m, option.place), 1);
            add_entry(c, row_of_place(m, m->class_of[option.class_index].home), -1);
            add_entry(c, row_of_class(m, option.class_index), 1);
        } else {
            serve_demand(lp, c, option.place);
        }
        if (m->price == 0) add_entry(c, row_of_budget(m), 1);
    }
}

static void add_levels(const mu_siting_model *m, columns *c) {
    for (uint32_t d = 0; d < m->demand_count; ++d) {
        uint32_t       count;
        const int64_t *step = mu_siting_steps(m, d, &count);
        for (uint32_t l = 0; l < count && !must_be_served(m, d); ++l) {
            begin_column(c, -(double)(m->weight[d] * step[l]), (mu_lp_range){0, 1});
            add_entry(c, d, -1);
        }
    }
}

static void add_places(const mu_siting_lp *lp, columns *c) {
    const mu_siting_model *m = lp->model;
    for (uint32_t i = 0; has_homes(m) && i < m->place_count; ++i) {
        begin_column(c, 0, (mu_lp_range){0, mu_siting_mattering(m, i)});
        add_entry(c, row_of_place(m, i), -1);
        serve_demand(lp, c, i);
    }
}

/* Lists by place, from lists by demand. */
static muster_status turn_lists(mu_siting_lp *lp) {
    const mu_siting_model *m   = lp->model;
    const size_t           all = m->first[m->demand_count];
    MU_TRY(mu_alloc(&lp->of_place, all, sizeof *lp->of_place));
    MU_TRY(mu_alloc_zeroed(&lp->first, m->place_count + (size_t)2, sizeof *lp->first));
    for (size_t e = 0; e < all; ++e) ++lp->first[m->place[e] + 2];
    for (uint32_t i = 0; i < m->place_count; ++i) lp->first[i + 2] += lp->first[i + 1];
    for (uint32_t d = 0; d < m->demand_count; ++d) {
        for (size_t e = m->first[d]; e < m->first[d + 1]; ++e) {
            lp->of_place[lp->first[m->place[e] + 1]++] = d;
        }
    }
    return MUSTER_OK;
}

static size_t count_levels(const mu_siting_model *m) {
    size_t   all = 0;
    uint32_t count;
    for (uint32_t d = 0; d < m->demand_count; ++d) {
        (void)mu_siting_steps(m, d, &count);
        all += count;
    }
    return all;
}

static muster_status make_columns(mu_siting_lp *lp) {
    const mu_siting_model *m      = lp->model;
    const size_t           levels = count_levels(m);
    columns                c;
    MU_TRY(columns_init(&c, m->option_count + levels + m->place_count,
                        4 * (size_t)m->option_count + levels + m->place_count +
                            m->first[m->demand_count]));
    add_options(lp, &c);
    add_levels(m, &c);
    add_places(lp, &c);
    const mu_lp_columns made   = {.count = c.count,
                                  .cost  = c.cost,
                                  .first = c.first,
                                  .row   = c.row,
                                  .value = c.value,
                                  .range = c.range};
    const muster_status status = mu_lp_live_add_columns(lp->live, &made);
    columns_free(&c);
    return status;
}

/* ---- the program --------------------------------------------------------------------------- */

bool mu_siting_lp_fits(const mu_siting_model *m) {
    const size_t all = m->first[m->demand_count];
    for (size_t e = 0; e < all; ++e) {
        if (m->time_ms[e] > 0) return false;
    }
    return m->option_count > 0 && (m->price > 0 || all + count_levels(m) <= MOST_ENTRIES);
}

static muster_status make(mu_siting_lp *lp) {
    const mu_siting_model *m = lp->model;
    MU_TRY(mu_alloc(&lp->range, m->option_count, sizeof *lp->range));
    MU_TRY(mu_alloc(&lp->column, m->option_count, sizeof *lp->column));
    MU_TRY(mu_alloc(&lp->bound, m->option_count, sizeof *lp->bound));
    for (uint32_t o = 0; o < m->option_count; ++o) {
        lp->range[o] = (mu_siting_range){0, m->option[o].room};
    }
    lp->is_new = true;
    MU_TRY(turn_lists(lp));
    MU_TRY(make_rows(lp));
    return make_columns(lp);
}

muster_status mu_siting_lp_new(mu_siting_lp **out, const mu_siting_model *m) {
    mu_siting_lp *lp;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&lp, 1, sizeof *lp));
    lp->model                  = m;
    const muster_status status = forgive(lp, make(lp));
    if (status == MUSTER_OK && lp->live) {
        *out = lp;
    } else {
        mu_siting_lp_free(lp);
    }
    return status;
}

/* ---- prices -------------------------------------------------------------------------------- */

static muster_status hold(mu_siting_lp *lp, const mu_siting_range *range) {
    uint32_t count = 0;
    for (uint32_t o = 0; o < lp->model->option_count; ++o) {
        if (range[o].low == lp->range[o].low && range[o].high == lp->range[o].high) continue;
        lp->range[o]       = range[o];
        lp->column[count]  = o;
        lp->bound[count++] = range_of(lp->model, range[o]);
    }
    return mu_lp_live_bound(lp->live, count, lp->column, lp->bound);
}

static int64_t in_whole(const mu_siting_model *m, double dual, int64_t most) {
    const double found = ldexp(dual, (int)m->shift);
    return found > 0 ? found < (double)most ? llround(found) : most : 0;
}

static void read_prices(const mu_siting_lp *lp, int64_t *price) {
    const mu_siting_model *m    = lp->model;
    const double          *dual = mu_lp_live_duals(lp->live);
    for (uint32_t d = 0; d < m->demand_count; ++d) {
        price[d] = in_whole(m, dual[d], mu_siting_most_price(m, d));
    }
}

/* What demand pays at a place beyond what a unit is worth there. */
static void read_tolls(const mu_siting_lp *lp, const int64_t *price, int64_t *toll) {
    const mu_siting_model *m    = lp->model;
    const double          *dual = mu_lp_live_duals(lp->live);
    for (uint32_t i = 0; has_homes(m) && i < m->place_count; ++i) {
        int64_t worth = 0;
        for (size_t e = lp->first[i]; e < lp->first[i + 1]; ++e) worth += price[lp->of_place[e]];
        toll[i] = worth - in_whole(m, dual[row_of_place(m, i)], worth);
    }
}

static void read_shares(const mu_siting_lp *lp, double *share) {
    const double *value = mu_lp_live_values(lp->live);
    for (uint32_t o = 0; o < lp->model->option_count; ++o) {
        share[o] = fmin(fmax(value[o], lp->range[o].low), lp->range[o].high);
    }
}

muster_status mu_siting_lp_price(mu_siting_lp *lp, const mu_siting_range *range, mu_watch *watch,
                                 mu_siting_bound *bound, double *share, bool *out_is_priced) {
    *out_is_priced = false;
    if (!lp || !lp->live) return MUSTER_OK;
    muster_status status = hold(lp, range);
    if (status == MUSTER_OK) {
        status = mu_lp_live_solve(lp->live, lp->is_new ? MU_LP_PRIMAL : MU_LP_DUAL, watch,
                                  out_is_priced);
    }
    lp->is_new = false;
    if (status != MUSTER_OK) *out_is_priced = false;
    if (*out_is_priced) {
        read_prices(lp, bound->price);
        read_tolls(lp, bound->price, bound->toll);
        read_shares(lp, share);
    }
    return forgive(lp, status);
}
