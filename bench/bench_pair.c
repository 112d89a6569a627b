/* Two problems solved one after the other, by two threads and by two processes: what of "two threads do
 * twice as much" the machine allows, and what the library.
 *
 * usage: bench_pair STORE SCENARIO WORK
 * Loads the scenario twice, each with its own roads. Then, for each line of standard input, solves both with
 * one thread each and WORK steps, and prints milliseconds:
 *     one        one after the other
 *     threads    at once, in two threads
 *     processes  at once, in two processes that were forked off
 * python/pair.py asks so that its own runs lie between these. */
#include <muster/gis.h>
#include <muster/muster.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/clock.h"

typedef struct job {
    const muster_problem *problem;
    uint64_t              work;
    muster_status         status;
    int64_t               unmet, response; /* so that who asks can compare plans */
} job;

static void *solve(void *argument) {
    job                 *j       = argument;
    muster_plan         *plan    = NULL;
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    options.time_limit_ms        = 0;
    options.work_limit           = j->work;
    options.thread_count         = 1;
    j->status                    = muster_solve(&plan, j->problem, &options);
    if (j->status != MUSTER_OK) return NULL;
    j->unmet    = muster_plan_tier(plan, MUSTER_TIER_UNMET_NEED).value;
    j->response = muster_plan_tier(plan, MUSTER_TIER_RESPONSE_TIME).value;
    muster_plan_free(plan);
    return NULL;
}

static void in_turn(job pair[2]) {
    solve(&pair[0]);
    solve(&pair[1]);
}

static void in_threads(job pair[2]) {
    pthread_t other;
    if (pthread_create(&other, NULL, solve, &pair[1]) != 0) {
        pair[0].status = muster_fail(MUSTER_E_INTERNAL, "no second thread");
        return;
    }
    solve(&pair[0]);
    pthread_join(other, NULL);
}

static void in_processes(job pair[2]) {
    pid_t child[2];
    for (int i = 0; i < 2; ++i) {
        child[i] = fork();
        if (child[i] == 0) {
            solve(&pair[i]);
            _exit(pair[i].status == MUSTER_OK ? 0 : 1);
        }
    }
    for (int i = 0; i < 2; ++i) {
        int ended = 0;
        if (child[i] < 0 || waitpid(child[i], &ended, 0) < 0 || ended != 0)
            pair[i].status = muster_fail(MUSTER_E_INTERNAL, "a process that solves has failed");
    }
}

static const struct {
    const char *name;
    void (*run)(job pair[2]);
} ways[] = {{"one", in_turn}, {"threads", in_threads}, {"processes", in_processes}};

static int failed(void) {
    fprintf(stderr, "bench_pair: %s\n", muster_error_message());
    return 1;
}

static muster_status answer(const char *asked, job pair[2]) {
    for (size_t w = 0; w < sizeof ways / sizeof *ways; ++w) {
        if (strcmp(asked, ways[w].name) != 0) continue;
        const double start = bench_now_ms();
        ways[w].run(pair);
        const double ms = bench_now_ms() - start;
        for (int i = 0; i < 2; ++i)
            if (pair[i].status != MUSTER_OK) return pair[i].status;
        printf("%.3f %lld %lld\n", ms, (long long)pair[0].unmet, (long long)pair[0].response);
        fflush(stdout);
        return MUSTER_OK;
    }
    return muster_fail(MUSTER_E_INVALID, "\"%s\"; expected one, threads or processes", asked);
}

int main(int argc, char **argv) {
    muster_scenario *scenario[2];
    job              pair[2] = {{0}};
    char             line[32];
    if (argc != 4) {
        fprintf(stderr, "usage: bench_pair STORE SCENARIO WORK\n");
        return 2;
    }
    for (int i = 0; i < 2; ++i) {
        if (muster_scenario_load(&scenario[i], argv[1], argv[2])) return failed();
        pair[i].problem = muster_scenario_problem(scenario[i]);
        pair[i].work    = strtoull(argv[3], NULL, 10);
    }
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        if (answer(line, pair)) return failed();
    }
    for (int i = 0; i < 2; ++i) muster_scenario_free(scenario[i]);
    return 0;
}
