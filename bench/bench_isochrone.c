/* Isochrones on a network file: nodes and parts of roads, then areas, by limit.
 *
 * usage: bench_isochrone NETWORK.gpkg LON LAT
 * One line a job: name, runs, fastest and median in milliseconds. */
#include <muster/gis.h>
#include <muster/muster.h>
#include <stdio.h>

#include "bench/clock.h"

enum { RUNS = 7, RADIUS_M = 250 };

static int failed(void) {
    fprintf(stderr, "bench_isochrone: %s\n", muster_error_message());
    return 1;
}

static void print_line(const char *job, uint32_t minutes, bench_times *times) {
    char text[64];
    snprintf(text, sizeof text, "%s, %u min", job, minutes);
    printf("%-34s %4d %12.3f %12.3f\n", text, times->count, bench_fastest_ms(times),
           bench_median_ms(times));
}

static muster_status bench_limit(const muster_metric *metric, const muster_snap *origin,
                                 uint32_t minutes) {
    const uint32_t limit_ms = minutes * 60000;
    bench_times    roads = {0}, areas = {0};
    muster_status  status = MUSTER_OK;
    for (int run = 0; run < RUNS && status == MUSTER_OK; ++run) {
        muster_isochrone          *isochrone = NULL;
        muster_isochrone_polygons *polygons  = NULL;
        const double               start     = bench_now_ms();
        status = muster_isochrone_new(&isochrone, metric, 1, origin, MUSTER_FORWARD, 1, &limit_ms);
        const double middle = bench_now_ms();
        if (status == MUSTER_OK) {
            status = muster_isochrone_polygons_new(&polygons, isochrone, RADIUS_M);
        }
        bench_add(&areas, bench_now_ms() - middle);
        bench_add(&roads, middle - start);
        muster_isochrone_polygons_free(polygons);
        muster_isochrone_free(isochrone);
    }
    if (status != MUSTER_OK) return status;
    print_line("nodes and roads", minutes, &roads);
    print_line("areas, 250 m", minutes, &areas);
    return MUSTER_OK;
}

static muster_status bench_network(const muster_network *network, double lon_deg, double lat_deg) {
    muster_profile profile;
    muster_snap    origin;
    muster_metric *metric = NULL;
    muster_status  status = muster_profile_builtin(&profile, "light");
    if (status == MUSTER_OK) status = muster_metric_new(&metric, network, &profile);
    if (status == MUSTER_OK) {
        status = muster_snap_sites(metric, 1, &lon_deg, &lat_deg, NULL, &origin);
    }
    for (uint32_t minutes = 10; minutes <= 30 && status == MUSTER_OK; minutes += 10) {
        status = bench_limit(metric, &origin, minutes);
    }
    muster_metric_free(metric);
    return status;
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: bench_isochrone NETWORK.gpkg LON LAT\n");
        return 2;
    }
    muster_network *network;
    if (muster_network_load(&network, argv[1])) return failed();
    printf("%-34s %4s %12s %12s\n", "isochrone", "runs", "fastest ms", "median ms");
    if (bench_network(network, strtod(argv[2], NULL), strtod(argv[3], NULL))) return failed();
    muster_network_free(network);
    return 0;
}
