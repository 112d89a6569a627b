/* First solutions, from several beginnings at a time on as many threads as there are: which is kept does
 * not depend on who was first, but on what it costs and on its number. */
#include <string.h>

#include "core/alloc.h"
#include "core/threads.h"
#include "solver/siting_search.h"
#include "solver/siting_swap.h"

/* Greedy, and three at random: on OR-Library's problems the best of them is the optimum in nine of ten. */
enum { STARTS = 4 };

muster_status mu_siting_search_init(mu_siting_search *s, const mu_siting_model *m, mu_watch *watch,
                                    uint32_t thread_count) {
    *s = (mu_siting_search){.model        = m,
                            .watch        = watch,
                            .thread_count = thread_count,
                            .enough       = MU_SITING_NEVER,
                            .best_cost    = MU_SITING_NEVER};
    return mu_alloc_zeroed(&s->best, m->option_count, sizeof *s->best);
}

void mu_siting_search_fini(mu_siting_search *s) {
    mu_free(s->best);
    *s = (mu_siting_search){0};
}

void mu_siting_offer_solution(mu_siting_search *s, const mu_siting_state *state) {
    const int64_t cost = mu_siting_state_cost(state);
    if (cost >= s->best_cost) return;
    s->best_cost = cost;
    memcpy(s->best, state->taken, s->model->option_count * sizeof *s->best);
}

/* Only places that are open or not, one class, no price: the table of swaps has a row for each. */
static bool is_plain(const mu_siting_model *m) {
    return m->level_count == 0 && m->price == 0 && m->class_count == 1 &&
           m->class_of[0].home == MUSTER_NONE;
}

muster_status mu_siting_improve(mu_siting_state *s, mu_siting_is_over *is_over, void *user) {
    mu_siting_state_fill(s);
    if (s->model->price > 0) {
        mu_siting_state_thin(s);
        return MUSTER_OK;
    }
    if (is_plain(s->model)) {
        MU_TRY(mu_siting_swap(s, is_over, user));
    } else {
        mu_siting_state_exchange(s, is_over, user);
        mu_siting_state_fill(s);
    }
    return MUSTER_OK;
}

/* ---- beginnings ---------------------------------------------------------------------------- */

typedef struct start {
    mu_siting_state state;
    muster_status   status;
    mu_worker_error error;
    const mu_watch *watch;
    uint64_t        most_work;
} start;

static bool is_over(void *user) {
    const start *s = user;
    return s->state.work >= s->most_work || mu_watch_is_late(s->watch);
}

/* splitmix64 (Steele, Lea and Flood, OOPSLA 2014). */
static uint64_t next_random(uint64_t *state) {
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z          = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z          = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static void take_any(mu_siting_state *s, uint64_t seed) {
    const uint32_t options = s->model->option_count;
    for (uint32_t n = s->budget_left; n > 0; --n) {
        const uint32_t first = (uint32_t)(next_random(&seed) % options);
        uint32_t       o     = first;
        while (!mu_siting_state_has_room(s, o)) {
            o = (o + 1) % options;
            if (o == first) return;
        }
        mu_siting_state_take(s, o);
    }
}

static void begin(void *user, uint32_t job, uint32_t worker) {
    start *s = (start *)user + job;
    (void)worker;
    if (job > 0) take_any(&s->state, job);
    s->status = mu_siting_improve(&s->state, is_over, s);
    mu_worker_error_keep(&s->error, s->status);
}

static muster_status run(mu_siting_search *s, start *starts, uint32_t count) {
    mu_share_jobs(count, s->thread_count, begin, starts);
    for (uint32_t i = 0; i < count; ++i) {
        MU_TRY(mu_worker_error_raise(&starts[i].error));
        mu_watch_count(s->watch, starts[i].state.work);
        mu_siting_offer_solution(s, &starts[i].state);
    }
    return MUSTER_OK;
}

muster_status mu_siting_start(mu_siting_search *s) {
    const mu_siting_model *m     = s->model;
    const uint32_t         count = m->price > 0 || m->option_count == 0 ? 1 : STARTS;
    start                 *starts;
    muster_status          status = MUSTER_OK;
    mu_watch_report(s->watch, "exchanges");
    MU_TRY(mu_alloc_zeroed(&starts, STARTS, sizeof *starts));
    for (uint32_t i = 0; i < count && status == MUSTER_OK; ++i) {
        status              = mu_siting_state_init(&starts[i].state, m);
        starts[i].watch     = s->watch;
        starts[i].most_work = mu_watch_left_work(s->watch) / count;
    }
    if (status == MUSTER_OK) status = run(s, starts, count);
    for (uint32_t i = 0; i < count; ++i) mu_siting_state_fini(&starts[i].state);
    mu_free(starts);
    return status;
}
