/* Replications side by side. Each is one job of one thread, with a planner and a world of its own, and
 * shares base, roads and ground with the others, which nobody changes. They are played by the batch, so that
 * results need not all be in memory, and handed over in order when a batch is done. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "core/threads.h"
#include "session/hash.h"
#include "simulation/ground.h"
#include "simulation/run.h"

struct muster_simulation {
    const muster_scenario_file *file;
    mu_road_base               *roads;  /* holds the scenario */
    mu_ground                  *ground; /* of the scenario's problem and network */
    mu_stage                    stage;
    char                        sha256[2 * MU_HASH_BYTES + 1];
};

/* ---- which file ---------------------------------------------------------------------------- */

enum { READ_BYTES = 65536 };

static muster_status read_all(FILE *file, const char *path, char **out, size_t *out_size) {
    size_t capacity = 0, got = READ_BYTES;
    *out      = NULL;
    *out_size = 0;
    while (got == READ_BYTES) {
        capacity = *out_size + READ_BYTES;
        MU_TRY(mu_realloc(out, capacity, 1));
        got = fread(*out + *out_size, 1, READ_BYTES, file);
        *out_size += got;
    }
    if (!ferror(file)) return MUSTER_OK;
    return muster_fail(MUSTER_E_IO, "cannot read \"%s\": %s", path, strerror(errno));
}

static muster_status hash_file(muster_simulation *s, const char *path) {
    uint8_t hash[MU_HASH_BYTES];
    char   *bytes;
    size_t  size;
    FILE   *file = fopen(path, "rb");
    if (!file) return muster_fail(MUSTER_E_IO, "cannot open \"%s\": %s", path, strerror(errno));
    const muster_status status = read_all(file, path, &bytes, &size);
    fclose(file);
    if (status == MUSTER_OK) mu_hash_two(hash, bytes, size, NULL, 0);
    mu_free(bytes);
    MU_TRY(status);
    for (size_t i = 0; i < MU_HASH_BYTES; ++i) snprintf(s->sha256 + 2 * i, 3, "%02x", hash[i]);
    return MUSTER_OK;
}

const char *muster_simulation_sha256(const muster_simulation *s) {
    return s->sha256;
}

/* ---- life ---------------------------------------------------------------------------------- */

static muster_status load(muster_simulation *s) {
    const muster_scenario_about *about = muster_scenario_file_about(s->file);
    muster_scenario             *scenario;
    MU_TRY(hash_file(s, about->path));
    MU_TRY(muster_scenario_file_load(&scenario, s->file));
    MU_TRY(mu_road_base_of(&s->roads, scenario, 0, NULL));
    const muster_problem *problem = muster_scenario_problem(scenario);
    MU_TRY(mu_ground_new(&s->ground, s->file, scenario));
    MU_TRY(mu_stage_init(&s->stage, muster_scenario_code(scenario), problem, s->roads));
    s->stage.store = about->store;
    return MUSTER_OK;
}

muster_status muster_simulation_new(muster_simulation **out, const muster_scenario_file *file) {
    muster_simulation *s;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&s, 1, sizeof *s));
    s->file                    = file;
    const muster_status status = load(s);
    if (status != MUSTER_OK) {
        muster_simulation_free(s);
        return status;
    }
    *out = s;
    return MUSTER_OK;
}

void muster_simulation_free(muster_simulation *s) {
    if (!s) return;
    mu_stage_fini(&s->stage);
    mu_ground_free(s->ground);
    mu_road_base_release(s->roads);
    mu_free(s);
}

const muster_scenario *muster_simulation_scenario(const muster_simulation *s) {
    return mu_road_base_scenario(s->roads);
}

/* ---- options ------------------------------------------------------------------------------- */

enum { MOST_REPLICATIONS = 1000000, LEAST_SERIES_MS = 1000 };

static muster_status check_policies(const muster_simulate_options *o) {
    if (o->policy_count == 0 || !o->policy) {
        return muster_fail(MUSTER_E_INVALID, "there is no policy; expected 1 or more");
    }
    for (uint32_t p = 0; p < o->policy_count; ++p) {
        MU_TRY(muster_policy_check(&o->policy[p]));
        for (uint32_t q = 0; q < p; ++q) {
            if (strcmp(o->policy[p].name, o->policy[q].name) != 0) continue;
            return muster_fail(MUSTER_E_INVALID,
                               "policy \"%s\" comes twice; expected different names",
                               o->policy[p].name);
        }
    }
    return MUSTER_OK;
}

static muster_status check(const muster_simulate_options *o) {
    if (!o || o->struct_size != sizeof *o) {
        return muster_fail(MUSTER_E_INVALID,
                           "struct_size is %zu; expected %zu, from MUSTER_SIMULATE_OPTIONS_INIT",
                           o ? o->struct_size : 0, sizeof *o);
    }
    if (o->count < 1 || o->count > MOST_REPLICATIONS || o->first > UINT32_MAX - o->count) {
        return muster_fail(MUSTER_E_INVALID,
                           "%u replications from %u on; expected 1 to %d, and numbers of 32 bits",
                           o->count, o->first, MOST_REPLICATIONS);
    }
    if (o->series_ms < LEAST_SERIES_MS) {
        return muster_fail(MUSTER_E_INVALID, "series_ms is %u; expected %d or more", o->series_ms,
                           LEAST_SERIES_MS);
    }
    MU_TRY(check_policies(o));
    if (!o->journal || (o->count == 1 && o->policy_count == 1)) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "a journal of %u policies and %u replications; expected one of each",
                       o->policy_count, o->count);
}

/* ---- one ----------------------------------------------------------------------------------- */

typedef struct playing {
    const muster_simulation       *simulation;
    const muster_simulate_options *options;
    uint64_t                       seed;
    uint64_t                       first_job;   /* of the batch: policy by policy, then by number */
    bool                           looks_ahead; /* there is a thread more for each job at work */
    muster_replication           **done;        /* by job of the batch */
    mu_worker_error               *error;       /* likewise */
    atomic_bool                    is_stopped;
    pthread_t                      caller;
    atomic_int_least64_t           passed_ms; /* in all replications together */
    int64_t                        whole_ms;
} playing;

static bool is_recorded(const muster_simulate_options *o, uint32_t number) {
    uint32_t r = 0;
    while (r < o->recorded_count && o->recorded[r] != number) ++r;
    return r < o->recorded_count;
}

/* Who asked for it is told on its own thread. */
static bool pass(void *user, int64_t passed_ms) {
    playing                       *p      = user;
    const muster_simulate_options *o      = p->options;
    const int64_t                  all_ms = atomic_fetch_add(&p->passed_ms, passed_ms) + passed_ms;
    if (atomic_load(&p->is_stopped)) return false;
    if (!o->progress || !pthread_equal(pthread_self(), p->caller)) return true;
    if (o->progress(o->progress_user, "replications", (double)all_ms / (double)p->whole_ms)) {
        return true;
    }
    atomic_store(&p->is_stopped, true);
    return false;
}

static muster_status play(playing *p, uint64_t job, muster_replication **out) {
    const muster_simulate_options *o      = p->options;
    const muster_policy           *policy = &o->policy[job / o->count];
    const uint32_t                 number = o->first + (uint32_t)(job % o->count);
    mu_course                     *course;
    MU_TRY(mu_course_draw(&course, p->simulation->ground, p->seed, number));
    const mu_run_options run    = {.series_ms   = o->series_ms,
                                   .is_recorded = is_recorded(o, number),
                                   .looks_ahead = p->looks_ahead,
                                   .journal     = o->journal,
                                   .pass        = pass,
                                   .pass_user   = p};
    const muster_status  status = mu_run_play(out, &p->simulation->stage, policy, course, &run);
    mu_course_free(course);
    return status;
}

static void do_job(void *user, uint32_t job, uint32_t worker) {
    playing *p = user;
    (void)worker;
    if (atomic_load(&p->is_stopped)) return;
    const uint32_t      before = mu_thread_limit(1);
    const muster_status status = play(p, p->first_job + job, &p->done[job]);
    (void)mu_thread_limit(before);
    if (status == MUSTER_OK) return;
    mu_worker_error_keep(&p->error[job], status);
    atomic_store(&p->is_stopped, true);
}

/* ---- all ----------------------------------------------------------------------------------- */

/* Few enough to be held, and to be heard of; so many that nobody waits long for the last. */
enum { JOBS_A_THREAD = 8 };

/* That the others were stopped follows from what one of them has met. */
static muster_status hand_over(playing *p, uint32_t count) {
    for (uint32_t j = 0; j < count; ++j) {
        if (p->error[j].status != MUSTER_E_CANCELLED) MU_TRY(mu_worker_error_raise(&p->error[j]));
    }
    for (uint32_t j = 0; j < count; ++j) MU_TRY(mu_worker_error_raise(&p->error[j]));
    for (uint32_t j = 0; p->options->taker && j < count; ++j) {
        MU_TRY(p->options->taker(p->options->taker_user, p->done[j]));
    }
    return MUSTER_OK;
}

static void forget(playing *p, uint32_t count) {
    for (uint32_t j = 0; j < count; ++j) {
        mu_record_free(p->done[j]);
        p->done[j]  = NULL;
        p->error[j] = (mu_worker_error){0};
    }
}

static muster_status play_all(playing *p, uint32_t batch, uint32_t threads) {
    const uint64_t jobs = (uint64_t)p->options->policy_count * p->options->count;
    while (p->first_job < jobs) {
        const uint64_t left  = jobs - p->first_job;
        const uint32_t count = left < batch ? (uint32_t)left : batch;
        mu_share_jobs(count, threads, do_job, p);
        const muster_status status = hand_over(p, count);
        forget(p, count);
        MU_TRY(status);
        p->first_job += count;
    }
    return MUSTER_OK;
}

muster_status muster_simulate(const muster_simulation       *simulation,
                              const muster_simulate_options *options) {
    MU_TRY(check(options));
    const uint64_t jobs    = (uint64_t)options->policy_count * options->count;
    const uint32_t some    = jobs < UINT32_MAX ? (uint32_t)jobs : UINT32_MAX;
    const uint32_t threads = mu_thread_count(options->thread_count, some);
    const uint32_t batch   = threads * JOBS_A_THREAD < some ? threads * JOBS_A_THREAD : some;
    playing        p = {.simulation = simulation, .options = options, .caller = pthread_self()};
    const muster_scenario_about *about = muster_scenario_file_about(simulation->file);
    p.seed                             = options->has_seed ? options->seed : about->seed;
    p.whole_ms                         = (int64_t)jobs * about->length_ms;
    p.looks_ahead = mu_thread_count(options->thread_count, UINT32_MAX) >= 2 * threads;
    atomic_init(&p.is_stopped, false);
    atomic_init(&p.passed_ms, 0);
    muster_status status = mu_alloc_zeroed(&p.done, batch, sizeof(muster_replication *));
    if (status == MUSTER_OK) status = mu_alloc_zeroed(&p.error, batch, sizeof *p.error);
    if (status == MUSTER_OK) status = play_all(&p, batch, threads);
    mu_free(p.done);
    mu_free(p.error);
    return status;
}
