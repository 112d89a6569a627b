/* GLPK, kept at arm's length.
 *
 * GLPK ends the process when it meets an error, prints to the terminal, takes NaN for an
 * answer and honours time limits now and then. So:
 *   - it runs on a thread of its own: its environment is per thread, so ours is never the
 *     host's, who may use GLPK as well, and can be thrown away whole after an error;
 *   - its error hook jumps back here instead of aborting (100,000 such jumps were survived
 *     without a leak);
 *   - what goes in is checked for NaN and indices first, and what comes out is only ever
 *     taken as a proposal: the caller recomputes it in integers;
 *   - the branch-and-bound looks at the clock whenever it calls back. A single LP may still
 *     overrun, so callers keep programs small. */
#include "solver/lp.h"

#include <glpk.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "core/alloc.h"

typedef struct job {
    const mu_lp    *lp;
    const mu_watch *watch;
    mu_watch        own_watch; /* limit_ms from now */
    const double   *start;
    double         *out;
    mu_lp_result    result;
    int            *rows, *columns; /* entries as GLPK wants them, from 1 */
    double         *values;
    glp_prob       *problem;
    double          scale; /* costs are divided by it, so that the largest is 1 */
    bool            has_failed;
    char            message[128];
    bool            is_start_given; /* the start has been handed over */
    jmp_buf         home;
} job;

/* ---- input --------------------------------------------------------------------------- */

static muster_status check(const mu_lp *lp) {
    for (size_t i = 0; i < lp->entry_count; ++i) {
        const mu_lp_entry *e = &lp->entry[i];
        if (e->row < lp->row_count && e->column < lp->column_count && isfinite(e->value)) continue;
        return muster_fail(MUSTER_E_INTERNAL, "LP entry %zu is %g at row %u, column %u", i,
                           e->value, e->row, e->column);
    }
    for (size_t c = 0; c < lp->column_count; ++c) {
        const mu_lp_column *column = &lp->column[c];
        if (isfinite(column->cost) && column->range.lower <= column->range.upper) continue;
        return muster_fail(MUSTER_E_INTERNAL, "LP column %zu costs %g within %g .. %g", c,
                           column->cost, column->range.lower, column->range.upper);
    }
    return MUSTER_OK;
}

static double largest_cost(const mu_lp *lp) {
    double largest = 0;
    for (size_t c = 0; c < lp->column_count; ++c) largest = fmax(largest, fabs(lp->column[c].cost));
    return largest > 0 ? largest : 1;
}

static int type_of(mu_lp_range r) {
    if (isinf(r.lower)) return isinf(r.upper) ? GLP_FR : GLP_UP;
    if (isinf(r.upper)) return GLP_LO;
    return r.lower < r.upper ? GLP_DB : GLP_FX;
}

static void load(job *j) {
    const mu_lp *lp = j->lp;
    j->problem      = glp_create_prob();
    if (lp->row_count > 0) glp_add_rows(j->problem, (int)lp->row_count);
    if (lp->column_count > 0) glp_add_cols(j->problem, (int)lp->column_count);
    for (size_t r = 0; r < lp->row_count; ++r) {
        const mu_lp_range range = lp->row[r];
        glp_set_row_bnds(j->problem, (int)r + 1, type_of(range), range.lower, range.upper);
    }
    for (size_t c = 0; c < lp->column_count; ++c) {
        const mu_lp_column *column = &lp->column[c];
        glp_set_obj_coef(j->problem, (int)c + 1, column->cost / j->scale);
        if (column->is_binary) {
            glp_set_col_kind(j->problem, (int)c + 1, GLP_BV);
        } else {
            glp_set_col_bnds(j->problem, (int)c + 1, type_of(column->range), column->range.lower,
                             column->range.upper);
        }
    }
    for (size_t i = 0; i < lp->entry_count; ++i) {
        j->rows[i + 1]    = (int)lp->entry[i].row + 1;
        j->columns[i + 1] = (int)lp->entry[i].column + 1;
        j->values[i + 1]  = lp->entry[i].value;
    }
    glp_load_matrix(j->problem, (int)lp->entry_count, j->rows, j->columns, j->values);
}

/* ---- the search ---------------------------------------------------------------------- */

static uint32_t left_ms(const job *j) {
    const uint32_t ours = mu_watch_left_ms(&j->own_watch), all = mu_watch_left_ms(j->watch);
    const uint32_t left = ours < all ? ours : all;
    return left < INT32_MAX ? left : INT32_MAX;
}

static void offer_start(glp_tree *tree, job *j) {
    if (!j->start || j->is_start_given) return;
    j->is_start_given = true;
    j->values[0]      = 0; /* GLPK counts from 1; `values` has room for either use */
    memcpy(j->values + 1, j->start, j->lp->column_count * sizeof *j->start);
    glp_ios_heur_sol(tree, j->values);
}

static void call_back(glp_tree *tree, void *user) {
    job *j = user;
    if (glp_ios_reason(tree) == GLP_IHEUR) offer_start(tree, j);
    if (left_ms(j) > 0) return;
    const int best = glp_ios_best_node(tree);
    if (best != 0) j->result.bound = j->scale * glp_ios_node_bound(tree, best);
    glp_ios_terminate(tree);
}

/* The relaxation at the root: its basis is what the branch-and-bound starts from. */
static bool solve_root(job *j) {
    glp_smcp parameters;
    glp_init_smcp(&parameters);
    parameters.msg_lev = GLP_MSG_OFF;
    parameters.meth    = GLP_DUALP;
    parameters.tol_bnd = 1e-9;
    parameters.tol_dj  = 1e-9;
    parameters.tm_lim  = (int)left_ms(j);
    if (glp_simplex(j->problem, &parameters) != 0) return false;
    if (glp_get_status(j->problem) != GLP_OPT) return false;
    j->result.bound = j->scale * glp_get_obj_val(j->problem);
    return true;
}

static void solve_integers(job *j) {
    glp_iocp parameters;
    glp_init_iocp(&parameters);
    parameters.msg_lev = GLP_MSG_OFF;
    parameters.tm_lim  = (int)left_ms(j);
    parameters.tol_obj = 1e-12; /* values are large integers: a difference of 1 counts */
    parameters.tol_int = 1e-9;
    parameters.cb_func = call_back;
    parameters.cb_info = j;
    const int ended    = glp_intopt(j->problem, &parameters);
    const int status   = glp_mip_status(j->problem);
    if (status != GLP_OPT && status != GLP_FEAS) return;
    j->result.has_solution = true;
    j->result.is_optimal   = ended == 0 && status == GLP_OPT;
    if (j->result.is_optimal) j->result.bound = j->scale * glp_mip_obj_val(j->problem);
    for (size_t c = 0; c < j->lp->column_count; ++c) {
        j->out[c] = glp_mip_col_val(j->problem, (int)c + 1);
    }
}

/* ---- the thread ---------------------------------------------------------------------- */

/* Errors are printed whatever glp_term_out says; a hook that says "done" keeps them quiet. */
static int swallow(void *user, const char *text) {
    (void)user;
    (void)text;
    return 1;
}

static void jump_home(void *user) {
    job *j        = user;
    j->has_failed = true;
    longjmp(j->home, 1);
}

static void *run(void *user) {
    job *j = user;
    if (glp_init_env() == 2) { /* out of memory */
        j->has_failed = true;
        snprintf(j->message, sizeof j->message, "GLPK cannot start: out of memory");
        return NULL;
    }
    glp_term_hook(swallow, NULL);
    glp_error_hook(jump_home, j);
    if (setjmp(j->home) == 0) {
        load(j);
        if (solve_root(j)) solve_integers(j);
    } else {
        snprintf(j->message, sizeof j->message, "GLPK gave up on a program of %zu columns",
                 j->lp->column_count);
        j->result = (mu_lp_result){.bound = -INFINITY};
    }
    glp_error_hook(NULL, NULL);
    glp_free_env(); /* with everything made in it */
    return NULL;
}

static muster_status run_on_a_thread(job *j) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, j) != 0) {
        return muster_fail(MUSTER_E_SOLVER, "cannot start a thread for GLPK");
    }
    pthread_join(thread, NULL);
    if (j->has_failed) return muster_fail(MUSTER_E_SOLVER, "%s", j->message);
    return MUSTER_OK;
}

muster_status mu_lp_solve(const mu_lp *lp, const mu_watch *watch, uint32_t limit_ms,
                          const double *start, double *out, mu_lp_result *result) {
    const size_t larger =
        1 + (lp->entry_count > lp->column_count ? lp->entry_count : lp->column_count);
    const muster_solve_options limits = {.time_limit_ms = limit_ms};
    job                        j      = {.lp           = lp,
                                         .scale        = largest_cost(lp),
                                         .watch        = watch,
                                         .start        = start,
                                         .out          = out,
                                         .result.bound = -INFINITY};
    *result                           = j.result;
    MU_TRY(check(lp));
    mu_watch_start(&j.own_watch, &limits);
    muster_status status = mu_alloc(&j.rows, larger, sizeof *j.rows);
    if (status == MUSTER_OK) status = mu_alloc(&j.columns, larger, sizeof *j.columns);
    if (status == MUSTER_OK) status = mu_alloc(&j.values, larger, sizeof *j.values);
    if (status == MUSTER_OK) status = run_on_a_thread(&j);
    mu_free(j.rows);
    mu_free(j.columns);
    mu_free(j.values);
    *result = j.result;
    return status;
}

/* ---- a program that stays ---------------------------------------------------------------- */

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
};

static void jump_home_alive(void *user) {
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
    if (glp_init_env() == 2) live->has_failed = true;
    if (!live->has_failed) {
        glp_term_hook(swallow, NULL);
        glp_error_hook(jump_home_alive, live);
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
    MU_TRY(mu_alloc_zeroed(&live, 1, sizeof *live));
    live->row_count            = row_count;
    const muster_status status = mu_alloc_zeroed(&live->dual, row_count, sizeof *live->dual);
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
    *out = live;
    return ask(live, make_rows, (void *)row);
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
    mu_free(live->value);
    mu_free(live->dual);
    mu_free(live);
}

typedef struct new_columns {
    uint32_t        count;
    const double   *cost;
    const size_t   *first;
    const uint32_t *row;
    int            *index; /* as GLPK wants it, from 1 */
    double         *one;
} new_columns;

static void add_columns(mu_lp_live *live, void *argument) {
    const new_columns *n  = argument;
    const int          at = glp_add_cols(live->problem, (int)n->count);
    for (uint32_t c = 0; c < n->count; ++c) {
        int entries = 0;
        for (size_t i = n->first[c]; i < n->first[c + 1]; ++i) {
            n->index[++entries] = (int)n->row[i] + 1;
            n->one[entries]     = 1;
        }
        glp_set_mat_col(live->problem, at + (int)c, entries, n->index, n->one);
        glp_set_obj_coef(live->problem, at + (int)c, n->cost[c]);
        glp_set_col_bnds(live->problem, at + (int)c, GLP_LO, 0, 0);
    }
}

muster_status mu_lp_live_add(mu_lp_live *live, uint32_t count, const double *cost,
                             const size_t *first, const uint32_t *row) {
    if (count == 0) return MUSTER_OK;
    new_columns n = {.count = count, .cost = cost, .first = first, .row = row};
    for (uint32_t c = 0; c < count; ++c) {
        if (isfinite(cost[c])) continue;
        return muster_fail(MUSTER_E_INTERNAL, "LP column %u costs %g", c, cost[c]);
    }
    for (size_t i = first[0]; i < first[count]; ++i) {
        if (row[i] < live->row_count) continue;
        return muster_fail(MUSTER_E_INTERNAL, "LP entry %zu is in row %u of %u", i, row[i],
                           live->row_count);
    }
    const size_t wanted = (size_t)live->column_count + count;
    if (wanted > live->value_capacity) {
        MU_TRY(mu_realloc(&live->value, 2 * wanted, sizeof *live->value));
        live->value_capacity = 2 * wanted;
    }
    muster_status status = mu_alloc(&n.index, (size_t)live->row_count + 1, sizeof *n.index);
    if (status == MUSTER_OK) status = mu_alloc(&n.one, (size_t)live->row_count + 1, sizeof *n.one);
    if (status == MUSTER_OK) status = ask(live, add_columns, &n);
    if (status == MUSTER_OK) live->column_count += count;
    mu_free(n.index);
    mu_free(n.one);
    return status;
}

static void set_costs(mu_lp_live *live, void *argument) {
    const double *cost = argument;
    for (uint32_t c = 0; c < live->column_count; ++c) {
        glp_set_obj_coef(live->problem, (int)c + 1, cost[c]);
    }
}

muster_status mu_lp_live_set_costs(mu_lp_live *live, const double *cost) {
    return ask(live, set_costs, (void *)cost);
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
    return count == 0 ? MUSTER_OK : ask(live, fix, &f);
}

typedef struct solving {
    mu_lp_method method;
    uint32_t     limit_ms;
    bool         is_optimal;
} solving;

static void solve(mu_lp_live *live, void *argument) {
    solving *s = argument;
    glp_smcp parameters;
    glp_init_smcp(&parameters);
    parameters.msg_lev = GLP_MSG_OFF;
    parameters.meth    = s->method == MU_LP_PRIMAL ? GLP_PRIMAL : GLP_DUALP;
    parameters.tol_dj  = 1e-9; /* finer than what new columns have to gain */
    parameters.tm_lim  = s->limit_ms < INT32_MAX ? (int)s->limit_ms : INT32_MAX;
    s->is_optimal =
        glp_simplex(live->problem, &parameters) == 0 && glp_get_status(live->problem) == GLP_OPT;
    if (!s->is_optimal) return;
    live->objective = glp_get_obj_val(live->problem);
    for (uint32_t c = 0; c < live->column_count; ++c) {
        live->value[c] = glp_get_col_prim(live->problem, (int)c + 1);
    }
    for (uint32_t r = 0; r < live->row_count; ++r) {
        live->dual[r] = glp_get_row_dual(live->problem, (int)r + 1);
    }
}

muster_status mu_lp_live_solve(mu_lp_live *live, mu_lp_method method, uint32_t limit_ms,
                               bool *out_is_optimal) {
    solving s = {method, limit_ms, false};
    MU_TRY(ask(live, solve, &s));
    *out_is_optimal = s.is_optimal;
    return MUSTER_OK;
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
