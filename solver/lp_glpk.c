/* GLPK, kept at arm's length.
 *
 * GLPK ends the process when it meets an error, prints to the terminal, takes NaN for an
 * answer and honours time limits now and then. So:
 *   - it runs on a thread of its own: its environment is per thread, so ours is never the
 *     host's, who may use GLPK as well, and can be thrown away whole after an error;
 *   - its error hook jumps back here instead of aborting (100,000 such jumps were survived
 *     without a leak);
 *   - what goes in is checked for NaN, indices and duplicates first; what comes out is no optimum
 *     where it is not finite, and else only ever taken as a proposal: the caller recomputes it in
 *     integers;
 *   - programs are small and solved from where they were, so that a single solution takes
 *     milliseconds; its integer programming is not used at all. */
#include "solver/lp.h"

#include <glpk.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "core/alloc.h"

/* Who is in it, as GLPK says it: first rows, then columns. */
typedef struct basis {
    uint8_t *status; /* NULL: none */
    uint32_t column_count;
} basis;

/* The worker waits for one request at a time and carries it out behind the same hook. */
struct mu_lp_live {
    pthread_t       thread;
    pthread_mutex_t lock;
    pthread_cond_t  changed;
    bool            has_request, is_closing, has_failed;
    void (*request)(mu_lp_live *, void *);
    void     *argument;
    jmp_buf   home;
    glp_prob *problem;
    uint32_t  row_count, column_count;
    size_t    value_capacity;
    double   *value, *dual;
    double    objective;
    basis     kept[MU_LP_PLACES];
};

/* ---- the thread -------------------------------------------------------------------------- */

static int type_of(mu_lp_range r) {
    if (isinf(r.lower)) return isinf(r.upper) ? GLP_FR : GLP_UP;
    if (isinf(r.upper)) return GLP_LO;
    return r.lower < r.upper ? GLP_DB : GLP_FX;
}

/* Errors are printed whatever glp_term_out says; a hook that says "done" keeps them quiet. */
static int swallow(void *user, const char *text) {
    (void)user;
    (void)text;
    return 1;
}

static void jump_home(void *user) {
    mu_lp_live *live = user;
    live->has_failed = true;
    longjmp(live->home, 1);
}

/* The environment, and with it the program, is thrown away after an error. */
static void carry_out(mu_lp_live *live) {
    if (live->has_failed) return;
    if (setjmp(live->home) == 0) {
        live->request(live, live->argument);
    } else {
        glp_error_hook(NULL, NULL);
        glp_free_env();
        live->problem = NULL;
    }
}

static void *work(void *user) {
    mu_lp_live *live = user;
    if (glp_init_env() != 0) live->has_failed = true; /* no memory; or the host's, not ours */
    if (!live->has_failed) {
        glp_term_hook(swallow, NULL);
        glp_error_hook(jump_home, live);
    }
    pthread_mutex_lock(&live->lock);
    for (;;) {
        while (!live->has_request && !live->is_closing) {
            pthread_cond_wait(&live->changed, &live->lock);
        }
        if (live->is_closing) break;
        carry_out(live);
        live->has_request = false;
        pthread_cond_broadcast(&live->changed);
    }
    pthread_mutex_unlock(&live->lock);
    if (!live->has_failed) {
        glp_error_hook(NULL, NULL);
        glp_free_env();
    }
    return NULL;
}

static muster_status ask(mu_lp_live *live, void (*request)(mu_lp_live *, void *), void *argument) {
    pthread_mutex_lock(&live->lock);
    live->request     = request;
    live->argument    = argument;
    live->has_request = true;
    pthread_cond_broadcast(&live->changed);
    while (live->has_request) pthread_cond_wait(&live->changed, &live->lock);
    pthread_mutex_unlock(&live->lock);
    if (!live->has_failed) return MUSTER_OK;
    return muster_fail(MUSTER_E_SOLVER, "GLPK gave up on a program of %u rows and %u columns",
                       live->row_count, live->column_count);
}

/* ---- what goes in ------------------------------------------------------------------------ */

static muster_status check_rows(uint32_t count, const mu_lp_range *row) {
    for (uint32_t r = 0; r < count; ++r) {
        const mu_lp_range range = row[r];
        if (range.lower <= range.upper && range.lower < INFINITY && range.upper > -INFINITY)
            continue;
        return muster_fail(MUSTER_E_INTERNAL, "LP row %u is to be from %g to %g", r, range.lower,
                           range.upper);
    }
    return MUSTER_OK;
}

static muster_status check_costs(uint32_t count, const double *cost) {
    for (uint32_t c = 0; c < count; ++c) {
        if (isfinite(cost[c])) continue;
        return muster_fail(MUSTER_E_INTERNAL, "LP column %u costs %g", c, cost[c]);
    }
    return MUSTER_OK;
}

/* `last` has, by row, the last column before that has an entry there, from 1. */
static muster_status check_entries(uint32_t row_count, uint32_t count, const size_t *first,
                                   const uint32_t *row, uint32_t *last) {
    for (uint32_t c = 0; c < count; ++c) {
        if (first[c] > first[c + 1]) {
            return muster_fail(MUSTER_E_INTERNAL, "LP column %u has entries %zu to %zu", c,
                               first[c], first[c + 1]);
        }
        for (size_t i = first[c]; i < first[c + 1]; ++i) {
            if (row[i] >= row_count) {
                return muster_fail(MUSTER_E_INTERNAL, "LP column %u has an entry in row %u of %u",
                                   c, row[i], row_count);
            }
            if (last[row[i]] == c + 1) {
                return muster_fail(MUSTER_E_INTERNAL, "LP column %u has two entries in row %u", c,
                                   row[i]);
            }
            last[row[i]] = c + 1;
        }
    }
    return MUSTER_OK;
}

static muster_status check_values(const mu_lp_columns *n) {
    for (size_t i = n->first[0]; n->value && i < n->first[n->count]; ++i) {
        if (isfinite(n->value[i])) continue;
        return muster_fail(MUSTER_E_INTERNAL, "LP entry %zu is %g", i, n->value[i]);
    }
    return MUSTER_OK;
}

/* column NULL: from `first` on. */
static muster_status check_ranges(uint32_t first, uint32_t count, const uint32_t *column,
                                  const mu_lp_range *range) {
    for (uint32_t i = 0; range && i < count; ++i) {
        if (isfinite(range[i].lower) && range[i].lower <= range[i].upper) continue;
        return muster_fail(MUSTER_E_INTERNAL, "LP column %u is to be from %g to %g",
                           column ? column[i] : first + i, range[i].lower, range[i].upper);
    }
    return MUSTER_OK;
}

static muster_status check_columns(const mu_lp_live *live, const mu_lp_columns *n) {
    uint32_t *last;
    MU_TRY(check_costs(n->count, n->cost));
    MU_TRY(check_ranges(live->column_count, n->count, NULL, n->range));
    MU_TRY(mu_alloc_zeroed(&last, live->row_count, sizeof *last));
    muster_status status = check_entries(live->row_count, n->count, n->first, n->row, last);
    mu_free(last);
    return status == MUSTER_OK ? check_values(n) : status;
}

/* ---- requests ---------------------------------------------------------------------------- */

static void make_rows(mu_lp_live *live, void *argument) {
    const mu_lp_range *row = argument;
    live->problem          = glp_create_prob();
    if (live->row_count > 0) glp_add_rows(live->problem, (int)live->row_count);
    for (uint32_t r = 0; r < live->row_count; ++r) {
        glp_set_row_bnds(live->problem, (int)r + 1, type_of(row[r]), row[r].lower, row[r].upper);
    }
}

muster_status mu_lp_live_new(mu_lp_live **out, uint32_t row_count, const mu_lp_range *row) {
    mu_lp_live *live;
    *out = NULL;
    MU_TRY(check_rows(row_count, row));
    MU_TRY(mu_alloc_zeroed(&live, 1, sizeof *live));
    live->row_count      = row_count;
    muster_status status = mu_alloc_zeroed(&live->dual, row_count, sizeof *live->dual);
    if (status != MUSTER_OK) {
        mu_free(live);
        return status;
    }
    pthread_mutex_init(&live->lock, NULL);
    pthread_cond_init(&live->changed, NULL);
    if (pthread_create(&live->thread, NULL, work, live) != 0) {
        pthread_mutex_destroy(&live->lock);
        pthread_cond_destroy(&live->changed);
        mu_free(live->dual);
        mu_free(live);
        return muster_fail(MUSTER_E_SOLVER, "cannot start a thread for GLPK");
    }
    status = ask(live, make_rows, (void *)row);
    if (status == MUSTER_OK) {
        *out = live;
    } else {
        mu_lp_live_free(live);
    }
    return status;
}

void mu_lp_live_free(mu_lp_live *live) {
    if (!live) return;
    pthread_mutex_lock(&live->lock);
    live->is_closing = true;
    pthread_cond_broadcast(&live->changed);
    pthread_mutex_unlock(&live->lock);
    pthread_join(live->thread, NULL);
    pthread_mutex_destroy(&live->lock);
    pthread_cond_destroy(&live->changed);
    for (uint32_t p = 0; p < MU_LP_PLACES; ++p) mu_free(live->kept[p].status);
    mu_free(live->value);
    mu_free(live->dual);
    mu_free(live);
}

typedef struct adding {
    const mu_lp_columns *columns;
    int                 *index; /* as GLPK wants it, from 1 */
    double              *value;
} adding;

static void set_range(mu_lp_live *live, int column, mu_lp_range range) {
    glp_set_col_bnds(live->problem, column, type_of(range), range.lower, range.upper);
}

static void add_columns(mu_lp_live *live, void *argument) {
    const adding        *a  = argument;
    const mu_lp_columns *n  = a->columns;
    const int            at = glp_add_cols(live->problem, (int)n->count);
    for (uint32_t c = 0; c < n->count; ++c) {
        int entries = 0;
        for (size_t i = n->first[c]; i < n->first[c + 1]; ++i) {
            a->index[++entries] = (int)n->row[i] + 1;
            a->value[entries]   = n->value ? n->value[i] : 1;
        }
        glp_set_mat_col(live->problem, at + (int)c, entries, a->index, a->value);
        glp_set_obj_coef(live->problem, at + (int)c, n->cost[c]);
        set_range(live, at + (int)c, n->range ? n->range[c] : (mu_lp_range){0, INFINITY});
    }
}

muster_status mu_lp_live_add_columns(mu_lp_live *live, const mu_lp_columns *n) {
    if (n->count == 0) return MUSTER_OK;
    adding a = {.columns = n};
    MU_TRY(check_columns(live, n));
    const size_t wanted = (size_t)live->column_count + n->count;
    if (wanted > live->value_capacity) {
        MU_TRY(mu_realloc(&live->value, 2 * wanted, sizeof *live->value));
        live->value_capacity = 2 * wanted;
    }
    muster_status status = mu_alloc(&a.index, (size_t)live->row_count + 1, sizeof *a.index);
    if (status == MUSTER_OK) {
        status = mu_alloc(&a.value, (size_t)live->row_count + 1, sizeof *a.value);
    }
    if (status == MUSTER_OK) status = ask(live, add_columns, &a);
    for (uint32_t c = 0; status == MUSTER_OK && c < n->count; ++c) {
        live->value[live->column_count++] = 0; /* until the next solution */
    }
    mu_free(a.index);
    mu_free(a.value);
    return status;
}

muster_status mu_lp_live_add(mu_lp_live *live, uint32_t count, const double *cost,
                             const size_t *first, const uint32_t *row) {
    return mu_lp_live_add_columns(
        live, &(mu_lp_columns){.count = count, .cost = cost, .first = first, .row = row});
}

static void set_costs(mu_lp_live *live, void *argument) {
    const double *cost = argument;
    for (uint32_t c = 0; c < live->column_count; ++c) {
        glp_set_obj_coef(live->problem, (int)c + 1, cost[c]);
    }
}

muster_status mu_lp_live_set_costs(mu_lp_live *live, const double *cost) {
    MU_TRY(check_costs(live->column_count, cost));
    return ask(live, set_costs, (void *)cost);
}

typedef struct bounding {
    uint32_t           count;
    const uint32_t    *column;
    const mu_lp_range *range;
} bounding;

static void bound(mu_lp_live *live, void *argument) {
    const bounding *b = argument;
    for (uint32_t i = 0; i < b->count; ++i) set_range(live, (int)b->column[i] + 1, b->range[i]);
}

muster_status mu_lp_live_bound(mu_lp_live *live, uint32_t count, const uint32_t *column,
                               const mu_lp_range *range) {
    bounding b = {count, column, range};
    for (uint32_t i = 0; i < count; ++i) {
        if (column[i] < live->column_count) continue;
        return muster_fail(MUSTER_E_INTERNAL, "LP column %u of %u is to have another range",
                           column[i], live->column_count);
    }
    MU_TRY(check_ranges(0, count, column, range));
    return count == 0 ? MUSTER_OK : ask(live, bound, &b);
}

typedef struct fixing {
    uint32_t        count;
    const uint32_t *column;
    double          value;
} fixing;

static void fix(mu_lp_live *live, void *argument) {
    const fixing *f = argument;
    for (uint32_t i = 0; i < f->count; ++i) {
        const int column = (int)f->column[i] + 1;
        if (f->value < 0) {
            glp_set_col_bnds(live->problem, column, GLP_LO, 0, 0);
        } else {
            glp_set_col_bnds(live->problem, column, GLP_FX, f->value, f->value);
        }
    }
}

muster_status mu_lp_live_fix(mu_lp_live *live, uint32_t count, const uint32_t *column,
                             double value) {
    fixing f = {count, column, value};
    for (uint32_t i = 0; i < count; ++i) {
        if (column[i] < live->column_count && isfinite(value)) continue;
        return muster_fail(MUSTER_E_INTERNAL, "LP column %u of %u is to be held at %g", column[i],
                           live->column_count, value);
    }
    return count == 0 ? MUSTER_OK : ask(live, fix, &f);
}

typedef struct solving {
    mu_lp_method method;
    uint32_t     limit_ms;
    int          most_iterations, iterations;
    bool         is_optimal, is_late;
} solving;

/* False where anything of it is no number. */
static bool read_solution(mu_lp_live *live) {
    live->objective = glp_get_obj_val(live->problem);
    bool is_finite  = isfinite(live->objective);
    for (uint32_t c = 0; c < live->column_count; ++c) {
        live->value[c] = glp_get_col_prim(live->problem, (int)c + 1);
        is_finite &= isfinite(live->value[c]);
    }
    for (uint32_t r = 0; r < live->row_count; ++r) {
        live->dual[r] = glp_get_row_dual(live->problem, (int)r + 1);
        is_finite &= isfinite(live->dual[r]);
    }
    return is_finite;
}

static void solve(mu_lp_live *live, void *argument) {
    solving *s = argument;
    glp_smcp parameters;
    glp_init_smcp(&parameters);
    parameters.msg_lev = GLP_MSG_OFF;
    parameters.meth    = s->method == MU_LP_PRIMAL ? GLP_PRIMAL : GLP_DUALP;
    parameters.tol_dj  = 1e-9; /* finer than what new columns have to gain */
    parameters.tm_lim  = (int)s->limit_ms;
    parameters.it_lim  = s->most_iterations;
    const int before   = glp_get_it_cnt(live->problem);
    const int ended    = glp_simplex(live->problem, &parameters);
    s->is_late         = ended == GLP_ETMLIM;
    s->is_optimal      = ended == 0 && glp_get_status(live->problem) == GLP_OPT;
    s->iterations      = glp_get_it_cnt(live->problem) - before;
    s->is_optimal      = s->is_optimal && read_solution(live);
}

/* An iteration goes through the basis several times. */
static uint64_t steps_of(const mu_lp_live *live) {
    return 8 * ((uint64_t)live->row_count + 1);
}

/* And a solution is read whole, however soon it is there: who believes one that is wrong and comes
 * back with more and more columns has to come to an end. */
static uint64_t steps_to_read(const mu_lp_live *live) {
    return (uint64_t)live->row_count + live->column_count;
}

/* In slices, so that whoever cancels does not wait for the whole. GLPK begins each of them with a new
 * factorization and forgets what it knows of edges, so that they become longer the longer it takes: to
 * wait for as long as it has taken already is no surprise. */
static uint32_t slice_ms(const mu_watch *watch, uint32_t slice) {
    enum { FIRST_MS = 20, LAST_MS = 320 };
    const uint32_t left_ms = mu_watch_left_ms(watch);
    uint32_t       most_ms = INT32_MAX;
    if (watch->options->cancel || watch->stop) {
        most_ms = slice < 4 ? (uint32_t)FIRST_MS << slice : LAST_MS;
    }
    return left_ms < 1 ? 1 : left_ms < most_ms ? left_ms : most_ms;
}

muster_status mu_lp_live_solve(mu_lp_live *live, mu_lp_method method, mu_watch *watch,
                               bool *out_is_optimal) {
    solving s = {.method = method, .is_late = true};
    for (uint32_t slice = 0; s.is_late && !mu_watch_is_over(watch); ++slice) {
        const uint64_t left = mu_watch_left_work(watch) / steps_of(live);
        s.most_iterations   = left < INT32_MAX ? (int)left + 1 : INT32_MAX;
        s.limit_ms          = slice_ms(watch, slice);
        MU_TRY(ask(live, solve, &s));
        mu_watch_count(watch, (uint64_t)s.iterations * steps_of(live) + steps_to_read(live));
    }
    *out_is_optimal = s.is_optimal;
    return MUSTER_OK;
}

static void keep_basis(mu_lp_live *live, void *argument) {
    uint8_t *status = argument;
    for (uint32_t r = 0; r < live->row_count; ++r) {
        status[r] = (uint8_t)glp_get_row_stat(live->problem, (int)r + 1);
    }
    for (uint32_t c = 0; c < live->column_count; ++c) {
        status[live->row_count + c] = (uint8_t)glp_get_col_stat(live->problem, (int)c + 1);
    }
}

muster_status mu_lp_live_keep_basis(mu_lp_live *live, uint32_t place) {
    uint8_t *kept;
    MU_TRY(mu_alloc(&kept, (size_t)live->row_count + live->column_count, 1));
    const muster_status status = ask(live, keep_basis, kept);
    if (status != MUSTER_OK) {
        mu_free(kept);
        return status;
    }
    mu_free(live->kept[place].status);
    live->kept[place] = (basis){kept, live->column_count};
    return MUSTER_OK;
}

static void start_from(mu_lp_live *live, void *argument) {
    const basis *kept = &live->kept[*(const uint32_t *)argument];
    for (uint32_t r = 0; r < live->row_count; ++r) {
        glp_set_row_stat(live->problem, (int)r + 1, kept->status[r]);
    }
    for (uint32_t c = 0; c < live->column_count; ++c) {
        const bool is_new = c >= kept->column_count;
        glp_set_col_stat(live->problem, (int)c + 1,
                         is_new ? GLP_NL : kept->status[live->row_count + c]);
    }
}

muster_status mu_lp_live_start_from(mu_lp_live *live, uint32_t place) {
    return live->kept[place].status ? ask(live, start_from, &place) : MUSTER_OK;
}

typedef struct start {
    uint32_t        count;
    const uint32_t *column, *row;
} start;

static void start_with(mu_lp_live *live, void *argument) {
    const start *s = argument;
    glp_std_basis(live->problem);
    for (uint32_t i = 0; i < s->count; ++i) {
        glp_set_col_stat(live->problem, (int)s->column[i] + 1, GLP_BS);
        glp_set_row_stat(live->problem, (int)s->row[i] + 1, GLP_NS);
    }
}

muster_status mu_lp_live_start_with(mu_lp_live *live, uint32_t count, const uint32_t *column,
                                    const uint32_t *row) {
    start s = {count, column, row};
    for (uint32_t i = 0; i < count; ++i) {
        if (column[i] < live->column_count && row[i] < live->row_count) continue;
        return muster_fail(MUSTER_E_INTERNAL,
                           "LP column %u of %u is to be in the basis for row %u of %u", column[i],
                           live->column_count, row[i], live->row_count);
    }
    return ask(live, start_with, &s);
}

double mu_lp_live_objective(const mu_lp_live *live) {
    return live->objective;
}

const double *mu_lp_live_values(const mu_lp_live *live) {
    return live->value;
}

const double *mu_lp_live_duals(const mu_lp_live *live) {
    return live->dual;
}
