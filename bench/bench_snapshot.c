/* How long it takes until a network is ready for searches: read from its GeoPackage, or mapped
 * from a snapshot.
 *
 * usage: bench_snapshot NETWORK.gpkg [TILES]
 * TILES copies of the network side by side, each joined to the next by a road, make a province
 * of a city; it is built in memory, for nobody should wait for its GeoPackage. One line a job:
 * name, runs, fastest and median in milliseconds. */
#include <muster/gis.h>
#include <muster/muster.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/clock.h"

enum { RUNS = 9 };

static int failed(void) {
    fprintf(stderr, "bench_snapshot: %s\n", muster_error_message());
    return 1;
}

static void print_line(const char *job, bench_times *times) {
    printf("%-34s %4d %12.3f %12.3f\n", job, times->count, bench_fastest_ms(times),
           bench_median_ms(times));
}

/* ---- a province ---------------------------------------------------------------------- */

typedef struct tiling {
    muster_network_data data;
    uint32_t            point_count;
    void               *owned[16];
    int                 owned_count;
} tiling;

/* `tiles` copies of `count` things, with room for `more`. */
static void *copies(tiling *t, const void *source, size_t count, size_t size, uint32_t tiles,
                    size_t more) {
    unsigned char *all = calloc(count * tiles + more, size);
    if (!all) exit(4);
    for (uint32_t i = 0; i < tiles; ++i) memcpy(all + i * count * size, source, count * size);
    t->owned[t->owned_count++] = all;
    return all;
}

static void shift(double *degrees, size_t count, uint32_t tiles) {
    for (size_t i = 0; i < count * tiles; ++i)
        degrees[i] = -170 + (degrees[i] - 120) + 2.0 * (double)(i / count);
}

static void tile_nodes(tiling *t, const muster_network_data *v, uint32_t tiles) {
    const size_t n = v->node_count, points = v->edge_first_point[v->edge_count];
    double      *lon       = copies(t, v->node_lon_deg, n, sizeof *lon, tiles, 0);
    double      *point_lon = copies(t, v->point_lon_deg, points, sizeof *lon, tiles, 0);
    shift(lon, n, tiles);
    shift(point_lon, points, tiles);
    t->data.node_count    = (uint32_t)n * tiles;
    t->data.node_lon_deg  = lon;
    t->data.node_lat_deg  = copies(t, v->node_lat_deg, n, sizeof(double), tiles, 0);
    t->data.point_lon_deg = point_lon;
    t->data.point_lat_deg = copies(t, v->point_lat_deg, points, sizeof(double), tiles, 0);
    t->point_count        = (uint32_t)points;
}

/* The last edge of each tile but the last is doubled by one that leads to the next tile. */
static void tile_edges(tiling *t, const muster_network_data *v, uint32_t tiles) {
    const uint32_t m = v->edge_count, n = v->node_count, joints = tiles - 1;
    uint32_t      *source = copies(t, v->edge_source, m, sizeof *source, tiles, joints);
    uint32_t      *target = copies(t, v->edge_target, m, sizeof *target, tiles, joints);
    uint32_t      *first  = copies(t, v->edge_first_point, m, sizeof *first, tiles, joints + 1);
    double        *length = copies(t, v->edge_length_m, m, sizeof *length, tiles, joints);
    for (uint32_t e = 0; e < m * tiles; ++e) {
        source[e] += e / m * n;
        target[e] += e / m * n;
        first[e] += e / m * t->point_count;
    }
    for (uint32_t j = 0; j < joints; ++j) {
        source[m * tiles + j] = j * n;
        target[m * tiles + j] = (j + 1) * n;
        length[m * tiles + j] = 1000;
    }
    for (uint32_t e = m * tiles; e <= m * tiles + joints; ++e) first[e] = t->point_count * tiles;
    t->data.edge_count       = m * tiles + joints;
    t->data.edge_source      = source;
    t->data.edge_target      = target;
    t->data.edge_first_point = first;
    t->data.edge_length_m    = length;
    t->data.edge_class       = copies(t, v->edge_class, m, 1, tiles, joints);
}

static muster_status tile(muster_network **out, const muster_network *network, uint32_t tiles) {
    tiling                     t = {.data = MUSTER_NETWORK_DATA_INIT};
    const muster_network_data *v = muster_network_view(network);
    tile_nodes(&t, v, tiles);
    tile_edges(&t, v, tiles);
    const muster_status status = muster_network_new(out, &t.data);
    for (int i = 0; i < t.owned_count; ++i) free(t.owned[i]);
    return status;
}

/* ---- jobs ---------------------------------------------------------------------------- */

static muster_status bench_load(const char *path) {
    bench_times load = {0}, build = {0};
    for (int run = 0; run < RUNS; ++run) {
        muster_network     *network;
        const double        start  = bench_now_ms();
        const muster_status status = muster_network_load(&network, path);
        if (status != MUSTER_OK) return status;
        bench_add(&load, bench_now_ms() - start);
        const muster_status built = muster_network_build_hierarchy(network);
        bench_add(&build, bench_now_ms() - start);
        muster_network_free(network);
        if (built != MUSTER_OK) return built;
    }
    print_line("load from GeoPackage", &load);
    print_line("the same with hierarchy", &build);
    return MUSTER_OK;
}

static muster_status bench_open(const char *path) {
    bench_times open = {0}, check = {0};
    for (int run = 0; run < RUNS; ++run) {
        muster_network *network;
        const double    start  = bench_now_ms();
        muster_status   status = muster_network_snapshot_open(&network, path);
        if (status != MUSTER_OK) return status;
        const double opened = bench_now_ms();
        bench_add(&open, opened - start);
        status = muster_network_snapshot_check(network);
        bench_add(&check, bench_now_ms() - opened);
        muster_network_free(network);
        if (status != MUSTER_OK) return status;
    }
    print_line("open snapshot", &open);
    print_line("check all of an open snapshot", &check);
    return MUSTER_OK;
}

static muster_status bench_network(muster_network *network, const char *path) {
    bench_times                write = {0};
    struct stat                about;
    double                     start  = bench_now_ms();
    muster_status              status = muster_network_build_hierarchy(network);
    const muster_network_data *v      = muster_network_view(network);
    printf("%u nodes, %u edges; hierarchy built in %.0f ms\n", v->node_count, v->edge_count,
           bench_now_ms() - start);
    start = bench_now_ms();
    if (status == MUSTER_OK) status = muster_network_snapshot_write(network, path);
    bench_add(&write, bench_now_ms() - start);
    if (status == MUSTER_OK && stat(path, &about) == 0)
        printf("snapshot of %.1f MB\n", (double)about.st_size / 1e6);
    print_line("write snapshot", &write);
    if (status == MUSTER_OK) status = bench_open(path);
    unlink(path);
    return status;
}

int main(int argc, char **argv) {
    char            path[64];
    muster_network *network, *province = NULL;
    const int       tiles = argc > 2 ? atoi(argv[2]) : 1;
    if (argc < 2 || argc > 3 || tiles < 1 || tiles > 160) {
        fprintf(stderr, "usage: bench_snapshot NETWORK.gpkg [TILES]\n");
        return 2;
    }
    snprintf(path, sizeof path, "/tmp/bench-snapshot-%ld.mnet", (long)getpid());
    printf("%-34s %4s %12s %12s\n", "job", "runs", "fastest ms", "median ms");
    if (bench_load(argv[1]) || muster_network_load(&network, argv[1])) return failed();
    if (bench_network(network, path)) return failed();
    if (tiles > 1) {
        if (tile(&province, network, (uint32_t)tiles) || bench_network(province, path))
            return failed();
    }
    muster_network_free(province);
    muster_network_free(network);
    return 0;
}
