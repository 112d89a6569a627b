/* How long it takes to read a store: a GeoPackage, or a PostGIS with the same tables.
 *
 * usage: bench_database STORE RUNS [SCENARIO]
 * Reads the network of STORE, a path or a connection, RUNS times; with SCENARIO instead all that a
 * plan is made of, network, hierarchy and metrics included. Tab-separated: what, runs, fastest and
 * median in milliseconds, processor time of the fastest here (of a server it is not seen), peak memory in MB. */
#include <muster/gis.h>
#include <muster/muster.h>
#include <stdio.h>
#include <sys/resource.h>

#include "bench/clock.h"

static int failed(void) {
    fprintf(stderr, "bench_database: %s\n", muster_error_message());
    return 1;
}

static double processor_ms(void) {
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return 1e3 * (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           1e-3 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static double peak_mb(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss * 1024 / 1e6;
}

static muster_status read_network(const char *place) {
    muster_network     *network;
    const muster_status status = muster_network_load(&network, place);
    muster_network_free(network);
    return status;
}

static muster_status read_scenario(const char *place, const char *code) {
    muster_scenario    *scenario;
    const muster_status status = muster_scenario_load(&scenario, place, code);
    muster_scenario_free(scenario);
    return status;
}

int main(int argc, char **argv) {
    const int   runs = argc > 2 ? atoi(argv[2]) : 0;
    bench_times wall = {0}, processor = {0};
    if (argc < 3 || argc > 4 || runs < 1 || runs > BENCH_MAX_RUNS) {
        fprintf(stderr, "usage: bench_database STORE RUNS [SCENARIO]\n");
        return 2;
    }
    for (int run = 0; run < runs; ++run) {
        const double start = bench_now_ms(), used = processor_ms();
        if (argc == 3 ? read_network(argv[1]) : read_scenario(argv[1], argv[3])) return failed();
        bench_add(&wall, bench_now_ms() - start);
        bench_add(&processor, processor_ms() - used);
    }
    printf("%s\t%d\t%.1f\t%.1f\t%.1f\t%.0f\n", argc == 3 ? "network" : argv[3], runs,
           bench_fastest_ms(&wall), bench_median_ms(&wall), bench_fastest_ms(&processor),
           peak_mb());
    return 0;
}
