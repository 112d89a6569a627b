/* How long simulations take: replications of a scenario file under one policy, on so many threads.
 *
 * usage: bench_simulation SCENARIO.toml STORE POLICY REPLICATIONS [THREADS]
 * The fastest of three, and what it comes to for each replication and each hour of the scenario. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <muster/error.h>
#include <muster/simulation.h>

#include "bench/clock.h"

enum { RUNS = 3 };

static void check(muster_status status) {
    if (status == MUSTER_OK) return;
    fprintf(stderr, "bench_simulation: %s\n", muster_error_message());
    exit(1);
}

static const muster_policy *policy_of(const muster_scenario_file *file, const char *name) {
    const muster_policy *policy = muster_scenario_file_policy(file, name);
    if (policy) return policy;
    fprintf(stderr, "bench_simulation: there is no policy \"%s\"\n", name);
    exit(2);
}

typedef struct counted {
    uint64_t incidents, plans, orders, events;
} counted;

static muster_status count(void *user, const muster_replication *r) {
    counted                      *c = user;
    const muster_simulated_totals t = muster_simulation_totals(r);
    c->incidents += t.incident_count;
    c->plans += t.plan_count;
    c->orders += t.order_count;
    c->events += t.event_count;
    return MUSTER_OK;
}

static void run(const muster_simulation *simulation, muster_simulate_options *o, double hours) {
    bench_times times = {0};
    counted     c     = {0};
    o->taker          = count;
    o->taker_user     = &c;
    for (int i = 0; i < RUNS; ++i) {
        c                   = (counted){0};
        const double before = bench_now_ms();
        check(muster_simulate(simulation, o));
        bench_add(&times, bench_now_ms() - before);
    }
    const double best_s = bench_fastest_ms(&times) / 1000;
    printf("  %-10s %6" PRIu32 " x %4.0f h, %" PRIu32
           " threads: %8.2f s, %9.1f ms each, %8.0f times as "
           "fast as it happens; %" PRIu64 " incidents, %" PRIu64 " plans, %" PRIu64
           " orders, %" PRIu64 " events\n",
           o->policy->name, o->count, hours, o->thread_count, best_s, best_s * 1000 / o->count,
           hours * 3600 * o->count / best_s, c.incidents, c.plans, c.orders, c.events);
}

int main(int argc, char **argv) {
    muster_simulate_options o = MUSTER_SIMULATE_OPTIONS_INIT;
    muster_scenario_file   *file;
    muster_simulation      *simulation;
    if (argc < 5) {
        fprintf(stderr,
                "usage: bench_simulation SCENARIO.toml STORE POLICY REPLICATIONS [THREADS]\n");
        return 2;
    }
    check(muster_scenario_file_read(&file, argv[1], argv[2]));
    check(muster_simulation_new(&simulation, file));
    o.policy       = policy_of(file, argv[3]);
    o.policy_count = 1;
    o.count        = (uint32_t)strtoul(argv[4], NULL, 10);
    o.thread_count = argc > 5 ? (uint32_t)strtoul(argv[5], NULL, 10) : 0;
    printf("%s\n", muster_scenario_file_about(file)->name);
    run(simulation, &o, (double)muster_scenario_file_about(file)->length_ms / 3600000);
    muster_simulation_free(simulation);
    muster_scenario_file_free(file);
    return 0;
}
