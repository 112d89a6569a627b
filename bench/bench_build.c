/* What a network costs until its first answer: time, and memory at the peak and afterwards.
 *
 * usage: bench_build NETWORK.gpkg
 * Reads the network, whose file must not keep an order of the nodes, and builds hierarchy and one
 * metric (light). Tab-separated: what, value, unit. Peaks are those of the process (getrusage), which
 * never fall: the one after reading is printed too, for reading needs memory of its own. */
#include <malloc.h>
#include <muster/gis.h>
#include <muster/muster.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench/clock.h"

static int failed(void) {
    fprintf(stderr, "bench_build: %s\n", muster_error_message());
    return 1;
}

static double peak_mb(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss * 1024 / 1e6;
}

/* What is in memory now, after handing back to the system what is not in use. */
static double resident_mb(void) {
    long pages = 0, ignored;
    malloc_trim(0);
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file) return 0;
    if (fscanf(file, "%ld %ld", &ignored, &pages) != 2) pages = 0;
    fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1e6;
}

static void print_row(const char *what, double value, const char *unit) {
    printf("%s\t%.1f\t%s\n", what, value, unit);
}

int main(int argc, char **argv) {
    muster_network       *network;
    muster_metric        *metric;
    muster_profile        light;
    muster_hierarchy_info info;
    if (argc != 2) {
        fprintf(stderr, "usage: bench_build NETWORK.gpkg\n");
        return 2;
    }
    if (muster_network_load(&network, argv[1]) || muster_profile_builtin(&light, "light"))
        return failed();
    const muster_network_data *v = muster_network_view(network);
    if (v->node_rank) {
        fprintf(stderr, "bench_build: %s keeps an order; expected one without\n", argv[1]);
        return 3;
    }
    print_row("nodes", v->node_count, "");
    print_row("edges", v->edge_count, "");
    print_row("network_peak", peak_mb(), "MB");
    print_row("network", resident_mb(), "MB");
    const double start = bench_now_ms();
    if (muster_network_build_hierarchy(network)) return failed();
    const double ordered = bench_now_ms();
    if (muster_metric_new(&metric, network, &light)) return failed();
    const double priced = bench_now_ms();
    print_row("order", ordered - start, "ms");
    print_row("customize", priced - ordered, "ms");
    print_row("peak", peak_mb(), "MB");
    print_row("resident", resident_mb(), "MB");
    if (muster_network_hierarchy_info(network, &info)) return failed();
    print_row("up_arcs", info.up_arc_count, "");
    print_row("triangles", (double)info.triangle_count, "");
    print_row("hierarchy", (double)info.memory_bytes / 1e6, "MB");
    print_row("metric", 16.0 * info.up_arc_count / 1e6, "MB");
    muster_metric_free(metric);
    muster_network_free(network);
    return 0;
}
