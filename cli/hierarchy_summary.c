/* Ordering the nodes takes most of an import's time and memory, so what it will take is said
 * beforehand, on the progress line, and what it has taken afterwards. */
#include "cli/hierarchy_summary.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static uint64_t kilobytes(uint64_t bytes) {
    return (bytes + 999) / 1000;
}

muster_status hierarchy_summary_build(hierarchy_summary *out, muster_network *network,
                                      progress *bar) {
    char          phase[64];
    const int64_t start_ms = now_ms();
    out->estimate_bytes    = muster_network_hierarchy_estimate_bytes(network);
    snprintf(phase, sizeof phase, "ordering nodes (%" PRIu64 " MB)",
             (out->estimate_bytes + 999999) / 1000000);
    if (!progress_report(bar, phase, 0)) {
        progress_end(bar);
        return muster_fail(MUSTER_E_CANCELLED, "ordering the nodes was cancelled");
    }
    muster_status status = muster_network_build_hierarchy(network);
    progress_end(bar); /* the phase's text ends with this function */
    out->build_ms = now_ms() - start_ms;
    if (status == MUSTER_OK) status = muster_network_hierarchy_info(network, &out->info);
    return status;
}

static void print_line(uint64_t value, const char *label) {
    printf("%12" PRIu64 "  %s\n", value, label);
}

void hierarchy_summary_print(const hierarchy_summary *summary) {
    const muster_hierarchy_info *info = &summary->info;
    puts("\nhierarchy");
    print_line(info->up_arc_count, "arcs, shortcuts included");
    print_line(info->triangle_count, "triangles");
    print_line((uint64_t)(info->search_space_mean + 0.5), "nodes that a search meets, on average");
    print_line(info->search_space_max, "at most");
    print_line(kilobytes(info->memory_bytes), "kB of memory");
    if (summary->estimate_bytes > 0) {
        print_line(kilobytes(summary->estimate_bytes), "kB estimated for building it");
    }
    if (summary->build_ms >= 0) print_line((uint64_t)summary->build_ms, "ms to build it");
}

json_t *hierarchy_summary_json(const hierarchy_summary *summary) {
    const muster_hierarchy_info *info = &summary->info;
    json_t                      *object =
        json_pack("{s:I, s:I, s:f, s:I, s:I}", "up_arc_count", (json_int_t)info->up_arc_count,
                  "triangle_count", (json_int_t)info->triangle_count, "search_space_mean",
                  info->search_space_mean, "search_space_max", (json_int_t)info->search_space_max,
                  "memory_bytes", (json_int_t)info->memory_bytes);
    if (object && summary->estimate_bytes > 0) {
        json_object_set_new(object, "build_estimate_bytes",
                            json_integer((json_int_t)summary->estimate_bytes));
    }
    if (object && summary->build_ms >= 0) {
        json_object_set_new(object, "build_ms", json_integer(summary->build_ms));
    }
    return object;
}
