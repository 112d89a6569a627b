/* Road graphs of the 9th DIMACS implementation challenge.
 *
 *   graph        p sp <nodes> <arcs>            coordinates   p aux sp co <nodes>
 *                a <from> <to> <weight>                       v <node> <lon> <lat>, 1e-6 deg
 *
 * Nodes count from 1. A graph lists arcs; a network has edges of two directions. Arcs u-v
 * and v-u of the same length are paired, the k-th fastest with the k-th fastest, and what
 * finds no partner becomes an edge of one direction. So no arc is lost, none is made up,
 * and each keeps its weight: as stated duration of its direction. */
#include <muster/import.h>

#include <stdlib.h>
#include <string.h>

#include "gis/dimacs_reader.h"
#include "gis/geodesic.h"
#include "gis/memory.h"

static const int64_t MAX_WEIGHT    = MUSTER_UNREACHABLE_MS - 1;
static const int64_t MAX_LENGTH    = 99999999; /* under 10,000 km in 0.1 m */
static const double  M_PER_UNIT    = 0.1;
static const int64_t UNITS_PER_DEG = 1000000;

typedef struct arc {
    uint32_t low, high; /* node indices, low <= high */
    uint32_t length;    /* 0.1 m; 0 where coordinates will tell */
    uint32_t weight_ms;
    bool     upward; /* from low to high */
} arc;

typedef struct graph {
    uint32_t node_count, arc_count;
    arc     *arc;
    double  *lon_deg, *lat_deg;

    uint32_t  edge_count;
    uint32_t *source, *target, *forward_ms, *backward_ms;
    uint8_t  *forward_access, *backward_access;
    double   *length_m;

    muster_crs     *crs; /* of the coordinates; NULL: WGS 84 */
    muster_progress progress;
    void           *progress_user;
} graph;

static muster_status unexpected_line(const mu_dimacs_file *file, const char *expected) {
    return muster_fail(MUSTER_E_FORMAT, "%s:%llu: line starts with \"%c\"; expected %s", file->path,
                       (unsigned long long)file->line, *file->cursor, expected);
}

static muster_status wrong_count(const mu_dimacs_file *file, const char *what, uint64_t found,
                                 uint64_t stated) {
    return muster_fail(MUSTER_E_FORMAT, "%s:%llu: %llu %s so far, but the p line states %llu",
                       file->path, (unsigned long long)file->line, (unsigned long long)found, what,
                       (unsigned long long)stated);
}

/* ---- graph files ------------------------------------------------------------------------ */

/* Reading a p line comes first, whatever the file. */
static muster_status next_is_problem_line(mu_dimacs_file *file) {
    bool there;
    MU_TRY(mu_dimacs_next_line(file, &there));
    if (!there) {
        return muster_fail(MUSTER_E_FORMAT, "%s:%llu: the file ends without a p line", file->path,
                           (unsigned long long)file->line);
    }
    if (*file->cursor != 'p') return unexpected_line(file, "the p line first");
    return mu_dimacs_expect_word(file, "p");
}

static muster_status read_problem_line(mu_dimacs_file *file, uint32_t *nodes, uint32_t *arcs) {
    int64_t n, m;
    MU_TRY(next_is_problem_line(file));
    MU_TRY(mu_dimacs_expect_word(file, "sp"));
    MU_TRY(mu_dimacs_read_integer(file, "number of nodes", 0, INT32_MAX - 1, &n));
    MU_TRY(mu_dimacs_read_integer(file, "number of arcs", 0, INT32_MAX - 1, &m));
    MU_TRY(mu_dimacs_end_line(file));
    *nodes = (uint32_t)n;
    *arcs  = (uint32_t)m;
    return MUSTER_OK;
}

static muster_status read_arc_line(mu_dimacs_file *file, uint32_t node_count, const char *what,
                                   int64_t max, uint32_t *from, uint32_t *to, uint32_t *value) {
    int64_t u, v, w;
    if (*file->cursor != 'a') return unexpected_line(file, "\"a\" or \"c\"");
    MU_TRY(mu_dimacs_expect_word(file, "a"));
    MU_TRY(mu_dimacs_read_integer(file, "first node", 1, node_count, &u));
    MU_TRY(mu_dimacs_read_integer(file, "second node", 1, node_count, &v));
    MU_TRY(mu_dimacs_read_integer(file, what, 0, max, &w));
    MU_TRY(mu_dimacs_end_line(file));
    *from  = (uint32_t)u - 1;
    *to    = (uint32_t)v - 1;
    *value = (uint32_t)w;
    return MUSTER_OK;
}

/* Grown as arcs come and not to what the p line promises: a damaged number must not ask
 * for all memory. */
static muster_status add_arc(graph *g, size_t *capacity, size_t count, uint32_t from, uint32_t to,
                             uint32_t weight_ms) {
    MU_TRY(mu_gis_grow(&g->arc, capacity, count, sizeof *g->arc));
    const bool upward = from <= to;
    g->arc[count]     = (arc){.low       = upward ? from : to,
                              .high      = upward ? to : from,
                              .weight_ms = weight_ms,
                              .upward    = upward};
    return MUSTER_OK;
}

static muster_status read_weights(graph *g, mu_dimacs_file *file) {
    size_t capacity = 0, count = 0;
    bool   there;
    MU_TRY(read_problem_line(file, &g->node_count, &g->arc_count));
    for (;;) {
        uint32_t from = 0, to = 0, weight_ms = 0;
        MU_TRY(mu_dimacs_next_line(file, &there));
        if (!there) break;
        if (count == g->arc_count) return wrong_count(file, "arcs and one more", count, count);
        MU_TRY(read_arc_line(file, g->node_count, "weight", MAX_WEIGHT, &from, &to, &weight_ms));
        MU_TRY(add_arc(g, &capacity, count++, from, to, weight_ms));
    }
    return count == g->arc_count ? MUSTER_OK : wrong_count(file, "arcs", count, g->arc_count);
}

static muster_status check_same_arc(const mu_dimacs_file *file, const arc *a, uint32_t from,
                                    uint32_t to) {
    const uint32_t tail = a->upward ? a->low : a->high, head = a->upward ? a->high : a->low;
    if (from == tail && to == head) return MUSTER_OK;
    return muster_fail(MUSTER_E_FORMAT,
                       "%s:%llu: arc %u -> %u, where the graph file has %u -> %u; expected the "
                       "same arcs in the same order",
                       file->path, (unsigned long long)file->line, from + 1, to + 1, tail + 1,
                       head + 1);
}

static muster_status read_lengths(graph *g, mu_dimacs_file *file) {
    uint32_t nodes, arcs, count = 0;
    bool     there;
    MU_TRY(read_problem_line(file, &nodes, &arcs));
    if (nodes != g->node_count || arcs != g->arc_count) {
        return muster_fail(
            MUSTER_E_FORMAT, "%s:%llu: %u nodes and %u arcs, but the graph file has %u and %u",
            file->path, (unsigned long long)file->line, nodes, arcs, g->node_count, g->arc_count);
    }
    for (;; ++count) {
        uint32_t from = 0, to = 0, length = 0;
        MU_TRY(mu_dimacs_next_line(file, &there));
        if (!there) break;
        if (count == arcs) return wrong_count(file, "arcs and one more", count, count);
        MU_TRY(read_arc_line(file, nodes, "length", MAX_LENGTH, &from, &to, &length));
        MU_TRY(check_same_arc(file, &g->arc[count], from, to));
        g->arc[count].length = length;
    }
    return count == arcs ? MUSTER_OK : wrong_count(file, "arcs", count, arcs);
}

/* ---- coordinate files -------------------------------------------------------------------- */

static muster_status to_wgs84(graph *g, const mu_dimacs_file *file, size_t node) {
    double *lon_deg = &g->lon_deg[node], *lat_deg = &g->lat_deg[node];
    if (muster_crs_to_wgs84(g->crs, 1, lon_deg, lat_deg, lon_deg, lat_deg) == MUSTER_OK) {
        return MUSTER_OK;
    }
    return muster_fail(MUSTER_E_FORMAT, "%s:%llu: %s", file->path, (unsigned long long)file->line,
                       muster_error_message());
}

static muster_status read_coordinate_line(graph *g, mu_dimacs_file *file, uint8_t *seen) {
    int64_t node, lon, lat;
    if (*file->cursor != 'v') return unexpected_line(file, "\"v\" or \"c\"");
    MU_TRY(mu_dimacs_expect_word(file, "v"));
    MU_TRY(mu_dimacs_read_integer(file, "node", 1, g->node_count, &node));
    MU_TRY(
        mu_dimacs_read_integer(file, "longitude", -180 * UNITS_PER_DEG, 180 * UNITS_PER_DEG, &lon));
    MU_TRY(mu_dimacs_read_integer(file, "latitude", -90 * UNITS_PER_DEG, 90 * UNITS_PER_DEG, &lat));
    MU_TRY(mu_dimacs_end_line(file));
    if (seen[node - 1]++ > 0) {
        return muster_fail(MUSTER_E_FORMAT, "%s:%llu: node %lld has coordinates already",
                           file->path, (unsigned long long)file->line, (long long)node);
    }
    g->lon_deg[node - 1] = (double)lon / (double)UNITS_PER_DEG;
    g->lat_deg[node - 1] = (double)lat / (double)UNITS_PER_DEG;
    return g->crs ? to_wgs84(g, file, (size_t)node - 1) : MUSTER_OK;
}

static muster_status read_coordinate_lines(graph *g, mu_dimacs_file *file, uint8_t *seen) {
    uint32_t count = 0;
    bool     there;
    for (;; ++count) {
        MU_TRY(mu_dimacs_next_line(file, &there));
        if (!there) break;
        MU_TRY(read_coordinate_line(g, file, seen));
    }
    if (count == g->node_count) return MUSTER_OK;
    uint32_t missing = 0;
    while (seen[missing] != 0) ++missing;
    return muster_fail(MUSTER_E_FORMAT, "%s:%llu: the file ends and node %u has no coordinates",
                       file->path, (unsigned long long)file->line, missing + 1);
}

static muster_status read_coordinates(graph *g, mu_dimacs_file *file) {
    int64_t nodes;
    MU_TRY(next_is_problem_line(file));
    MU_TRY(mu_dimacs_expect_word(file, "aux"));
    MU_TRY(mu_dimacs_expect_word(file, "sp"));
    MU_TRY(mu_dimacs_expect_word(file, "co"));
    MU_TRY(mu_dimacs_read_integer(file, "number of nodes", g->node_count, g->node_count, &nodes));
    MU_TRY(mu_dimacs_end_line(file));
    MU_TRY(mu_gis_alloc(&g->lon_deg, g->node_count, sizeof *g->lon_deg));
    MU_TRY(mu_gis_alloc(&g->lat_deg, g->node_count, sizeof *g->lat_deg));
    uint8_t *seen;
    MU_TRY(mu_gis_alloc_zeroed(&seen, g->node_count, sizeof *seen));
    const muster_status status = read_coordinate_lines(g, file, seen);
    mu_gis_free(seen);
    return status;
}

static muster_status read_file(graph *g, const char *path, const char *phase,
                               muster_status (*read)(graph *, mu_dimacs_file *)) {
    mu_dimacs_file file;
    muster_status  status = mu_dimacs_open(&file, path, phase, g->progress, g->progress_user);
    if (status == MUSTER_OK) status = read(g, &file);
    mu_dimacs_close(&file);
    return status;
}

/* ---- pairing --------------------------------------------------------------------------------- */

static int compare(uint32_t a, uint32_t b) {
    return (a > b) - (a < b);
}

/* By nodes, then upward before downward, then by length and weight: so the two directions
 * between two nodes lie side by side, each ready to be merged with the other. */
static int compare_arcs(const void *left, const void *right) {
    const arc *a = left, *b = right;
    if (a->low != b->low) return compare(a->low, b->low);
    if (a->high != b->high) return compare(a->high, b->high);
    if (a->upward != b->upward) return a->upward ? -1 : 1;
    if (a->length != b->length) return compare(a->length, b->length);
    return compare(a->weight_ms, b->weight_ms);
}

/* An edge of an upward arc, a downward arc, or both. */
static void add_edge(graph *g, const arc *up, const arc *down, bool lengths_known) {
    const arc     *any    = up ? up : down;
    const uint32_t e      = g->edge_count++;
    g->source[e]          = any->low;
    g->target[e]          = any->high;
    g->forward_ms[e]      = up ? up->weight_ms : MUSTER_NONE;
    g->backward_ms[e]     = down ? down->weight_ms : MUSTER_NONE;
    g->forward_access[e]  = up ? MUSTER_ACCESS_ALL : 0;
    g->backward_access[e] = down ? MUSTER_ACCESS_ALL : 0;
    g->length_m[e]        = lengths_known ? M_PER_UNIT * any->length
                                          : mu_geodesic_m(g->lon_deg[any->low], g->lat_deg[any->low],
                                                          g->lon_deg[any->high], g->lat_deg[any->high]);
}

/* Merge the two directions between one pair of nodes: arcs up..down-1 and down..end-1. */
static void pair_arcs(graph *g, uint32_t up, uint32_t down, uint32_t end, bool lengths_known) {
    const uint32_t first_down = down;
    while (up < first_down || down < end) {
        const arc *u = up < first_down ? &g->arc[up] : NULL;
        const arc *d = down < end ? &g->arc[down] : NULL;
        if (u && d && u->length < d->length) d = NULL;
        if (u && d && d->length < u->length) u = NULL;
        add_edge(g, u, d, lengths_known);
        if (u) ++up;
        if (d) ++down;
    }
}

static muster_status make_edge_arrays(graph *g) {
    const size_t room = g->arc_count;
    MU_TRY(mu_gis_alloc(&g->source, room, sizeof *g->source));
    MU_TRY(mu_gis_alloc(&g->target, room, sizeof *g->target));
    MU_TRY(mu_gis_alloc(&g->forward_ms, room, sizeof *g->forward_ms));
    MU_TRY(mu_gis_alloc(&g->backward_ms, room, sizeof *g->backward_ms));
    MU_TRY(mu_gis_alloc(&g->forward_access, room, sizeof *g->forward_access));
    MU_TRY(mu_gis_alloc(&g->backward_access, room, sizeof *g->backward_access));
    return mu_gis_alloc(&g->length_m, room, sizeof *g->length_m);
}

static muster_status make_edges(graph *g, bool lengths_known) {
    MU_TRY(make_edge_arrays(g));
    if (g->arc_count > 0) qsort(g->arc, g->arc_count, sizeof *g->arc, compare_arcs);
    for (uint32_t begin = 0, end; begin < g->arc_count; begin = end) {
        const arc *first = &g->arc[begin];
        uint32_t   down  = begin;
        for (end = begin; end < g->arc_count; ++end) {
            const arc *a = &g->arc[end];
            if (a->low != first->low || a->high != first->high) break;
            if (a->upward) down = end + 1;
        }
        pair_arcs(g, begin, down, end, lengths_known);
    }
    return MUSTER_OK;
}

/* ---- the network ------------------------------------------------------------------------------ */

static muster_status make_network(const graph *g, muster_network **out) {
    muster_network_data data       = MUSTER_NETWORK_DATA_INIT;
    data.node_count                = g->node_count;
    data.node_lon_deg              = g->lon_deg;
    data.node_lat_deg              = g->lat_deg;
    data.edge_count                = g->edge_count;
    data.edge_source               = g->source;
    data.edge_target               = g->target;
    data.edge_length_m             = g->length_m;
    data.edge_access_forward       = g->forward_access;
    data.edge_access_backward      = g->backward_access;
    data.edge_duration_forward_ms  = g->forward_ms;
    data.edge_duration_backward_ms = g->backward_ms;
    return muster_network_new(out, &data);
}

static muster_status check_system(const muster_crs *crs) {
    if (!crs || !muster_crs_is_projected(crs)) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "coordinates are millionths of a degree, and %s (%s) has easting and "
                       "northing; expected a system of longitude and latitude",
                       muster_crs_name(crs), muster_crs_title(crs));
}

static muster_status run(graph *g, muster_network **out, const char *graph_path,
                         const char *coordinate_path, const char *length_path) {
    MU_TRY(check_system(g->crs));
    MU_TRY(read_file(g, graph_path, "reading arcs", read_weights));
    if (length_path) MU_TRY(read_file(g, length_path, "reading lengths", read_lengths));
    MU_TRY(read_file(g, coordinate_path, "reading coordinates", read_coordinates));
    MU_TRY(make_edges(g, length_path != NULL));
    return make_network(g, out);
}

static void fini(graph *g) {
    mu_gis_free(g->arc);
    mu_gis_free(g->lon_deg);
    mu_gis_free(g->lat_deg);
    mu_gis_free(g->source);
    mu_gis_free(g->target);
    mu_gis_free(g->forward_ms);
    mu_gis_free(g->backward_ms);
    mu_gis_free(g->forward_access);
    mu_gis_free(g->backward_access);
    mu_gis_free(g->length_m);
}

muster_status muster_import_dimacs(muster_network **out, const char *graph_path,
                                   const char *coordinate_path, const char *length_path,
                                   muster_crs *crs, muster_progress progress, void *progress_user) {
    graph g                    = {.crs = crs, .progress = progress, .progress_user = progress_user};
    *out                       = NULL;
    const muster_status status = run(&g, out, graph_path, coordinate_path, length_path);
    fini(&g);
    return status;
}
