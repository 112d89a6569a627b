/* A network from anybody's PostGIS tables, by the five columns that pgRouting made usual.
 *
 * Two of them may be missing, as they may for pgRouting: without reverse_cost all edges are one way,
 * and without a line one is drawn between (x1, y1) and (x2, y2). Rows come ordered by id, and
 * nodes are numbered by rising id: the same data give the same network. */
#include <ctype.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <muster/import.h>

#include "gis/geodesic.h"
#include "gis/geometry_column.h"
#include "gis/id_sort.h"
#include "gis/memory.h"
#include "gis/postgis_order.h"
#include "gis/postgis_query.h"

/* With reverse_cost or -1, and the line. A geometry without a reference system stays without, and
 * is refused where its row is known. */
static const char SELECT[] =
    "SELECT id::int8, source::int8, target::int8, cost::float8, %s AS reverse_cost, "
    "ST_Force2D(CASE WHEN ST_SRID(muster_line) IN (0, 4326) THEN muster_line "
    "ELSE ST_Transform(muster_line, 4326) END) AS geom "
    "FROM (SELECT *, %s AS muster_line FROM (%.*s\n) AS edges) AS lines ORDER BY 1";

/* Of a collection with one line, which many tables have, that line. */
#define LINE_OF(column)                                                                            \
    "CASE WHEN ST_NumGeometries(" column "::geometry) = 1 "                                        \
    "THEN ST_GeometryN(" column "::geometry, 1) ELSE " column "::geometry END"

static const char STRAIGHT_LINE[] = "ST_SetSRID(ST_MakeLine(ST_MakePoint(x1::float8, y1::float8), "
                                    "ST_MakePoint(x2::float8, y2::float8)), 4326)";

enum { ID, SOURCE, TARGET, COST, REVERSE_COST, GEOM };

/* Edges as they come; `point` holds all points of all lines, ends included. */
typedef struct edges {
    size_t    count, capacity, point_count, point_capacity;
    int64_t  *id, *source, *target;
    double   *length_m;
    uint32_t *forward_ms, *backward_ms, *first_point;
    double   *lon, *lat;
} edges;

static void edges_fini(edges *e) {
    mu_gis_free(e->id);
    mu_gis_free(e->source);
    mu_gis_free(e->target);
    mu_gis_free(e->length_m);
    mu_gis_free(e->forward_ms);
    mu_gis_free(e->backward_ms);
    mu_gis_free(e->first_point);
    mu_gis_free(e->lon);
    mu_gis_free(e->lat);
}

/* ---- rows ---------------------------------------------------------------------------- */

static muster_status reserve_edge(edges *e) {
    if (e->count < e->capacity) return MUSTER_OK;
    const size_t larger = e->capacity < 1024 ? 1024 : e->capacity + e->capacity / 2;
    if (larger >= INT32_MAX) return muster_fail(MUSTER_E_INVALID, "more than 2^31 edges");
    MU_TRY(mu_gis_realloc(&e->id, larger, sizeof *e->id));
    MU_TRY(mu_gis_realloc(&e->source, larger, sizeof *e->source));
    MU_TRY(mu_gis_realloc(&e->target, larger, sizeof *e->target));
    MU_TRY(mu_gis_realloc(&e->length_m, larger, sizeof *e->length_m));
    MU_TRY(mu_gis_realloc(&e->forward_ms, larger, sizeof *e->forward_ms));
    MU_TRY(mu_gis_realloc(&e->backward_ms, larger, sizeof *e->backward_ms));
    MU_TRY(mu_gis_realloc(&e->first_point, larger + 1, sizeof *e->first_point));
    e->capacity = larger;
    return MUSTER_OK;
}

static muster_status reserve_points(edges *e, uint32_t more) {
    if (e->point_count + more <= e->point_capacity) return MUSTER_OK;
    const size_t larger = (e->point_count + more) * 3 / 2 + 1024;
    if (larger >= INT32_MAX) return muster_fail(MUSTER_E_INVALID, "more than 2^31 points");
    MU_TRY(mu_gis_realloc(&e->lon, larger, sizeof *e->lon));
    MU_TRY(mu_gis_realloc(&e->lat, larger, sizeof *e->lat));
    e->point_capacity = larger;
    return MUSTER_OK;
}

/* Seconds to milliseconds; a negative cost means that the direction is not there. */
static muster_status read_cost(const mu_row *row, int column, uint32_t *out_ms) {
    double cost_s;
    if (mu_column_real(row, column, -DBL_MAX, DBL_MAX, &cost_s) != MUSTER_OK) {
        return mu_column_unexpected(row, column,
                                    "seconds, or a negative number where the direction is closed");
    }
    const double ms = floor(cost_s * 1000 + 0.5);
    *out_ms         = cost_s < 0 || ms >= MUSTER_UNREACHABLE_MS ? MUSTER_NONE : (uint32_t)ms;
    return MUSTER_OK;
}

static muster_status read_line(const mu_row *row, edges *e) {
    mu_geometry line;
    MU_TRY(mu_column_geometry(row, GEOM, MU_GEOMETRY_LINE, &line));
    MU_TRY(reserve_points(e, line.point_count));
    double *length_m         = &e->length_m[e->count];
    *length_m                = 0;
    e->first_point[e->count] = (uint32_t)e->point_count;
    for (uint32_t i = 0; i < line.point_count; ++i) {
        const size_t p = e->point_count++;
        mu_geometry_point(&line, i, &e->lon[p], &e->lat[p]);
        if (i > 0) *length_m += mu_geodesic_m(e->lon[p - 1], e->lat[p - 1], e->lon[p], e->lat[p]);
    }
    e->first_point[e->count + 1] = (uint32_t)e->point_count;
    return MUSTER_OK;
}

static muster_status read_id(const mu_row *row, int column, int64_t *out) {
    return mu_column_int(row, column, INT64_MIN, INT64_MAX, out);
}

typedef struct edge_reader {
    edges          *edges;
    muster_progress progress;
    void           *progress_user;
} edge_reader;

static muster_status read_edge(void *user, const mu_row *row) {
    edge_reader *reader = user;
    edges       *e      = reader->edges;
    MU_TRY(reserve_edge(e));
    MU_TRY(read_id(row, ID, &e->id[e->count]));
    MU_TRY(read_id(row, SOURCE, &e->source[e->count]));
    MU_TRY(read_id(row, TARGET, &e->target[e->count]));
    MU_TRY(read_cost(row, COST, &e->forward_ms[e->count]));
    MU_TRY(read_cost(row, REVERSE_COST, &e->backward_ms[e->count]));
    MU_TRY(read_line(row, e));
    if (e->count > 0 && e->id[e->count] == e->id[e->count - 1]) {
        return mu_column_fail(row, ID, "there are two rows of this id");
    }
    ++e->count;
    /* How many will come is not known; the callback still gets its chance to stop. */
    if (reader->progress && e->count % 4096 == 0 &&
        !reader->progress(reader->progress_user, "reading edges", 0)) {
        return muster_fail(MUSTER_E_CANCELLED, "stopped while reading edges");
    }
    return MUSTER_OK;
}

/* ---- network ------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b) {
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static uint32_t index_of(const int64_t *ids, size_t count, int64_t id) {
    const int64_t *found = bsearch(&id, ids, count, sizeof *ids, by_value);
    return (uint32_t)(found - ids); /* every end was put in */
}

static size_t drop_repeats(int64_t *ids, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; ++i) {
        if (kept == 0 || ids[kept - 1] != ids[i]) ids[kept++] = ids[i];
    }
    return kept;
}

typedef struct assembly {
    int64_t  *node_id;
    double   *node_lon, *node_lat;
    uint32_t *source, *target, *first_point;
    uint8_t  *forward, *backward;
    double   *lon, *lat; /* interior points */
    uint32_t *rank;      /* by node, where an order has been read; else NULL */
} assembly;

static void assembly_fini(assembly *a) {
    mu_gis_free(a->node_id);
    mu_gis_free(a->node_lon);
    mu_gis_free(a->node_lat);
    mu_gis_free(a->source);
    mu_gis_free(a->target);
    mu_gis_free(a->first_point);
    mu_gis_free(a->forward);
    mu_gis_free(a->backward);
    mu_gis_free(a->lon);
    mu_gis_free(a->lat);
    mu_gis_free(a->rank);
}

static muster_status assembly_init(assembly *a, const edges *e) {
    MU_TRY(mu_gis_alloc(&a->node_id, 2 * e->count, sizeof *a->node_id));
    MU_TRY(mu_gis_alloc(&a->node_lon, 2 * e->count, sizeof *a->node_lon));
    MU_TRY(mu_gis_alloc(&a->node_lat, 2 * e->count, sizeof *a->node_lat));
    MU_TRY(mu_gis_alloc(&a->source, e->count, sizeof *a->source));
    MU_TRY(mu_gis_alloc(&a->target, e->count, sizeof *a->target));
    MU_TRY(mu_gis_alloc(&a->first_point, e->count + 1, sizeof *a->first_point));
    MU_TRY(mu_gis_alloc(&a->forward, e->count, sizeof *a->forward));
    MU_TRY(mu_gis_alloc(&a->backward, e->count, sizeof *a->backward));
    MU_TRY(mu_gis_alloc(&a->lon, e->point_count, sizeof *a->lon));
    return mu_gis_alloc(&a->lat, e->point_count, sizeof *a->lat);
}

/* Nodes are the ends of the edges, at the ends of their lines. */
static muster_status number_nodes(assembly *a, const edges *e, uint32_t *out_count) {
    for (size_t i = 0; i < e->count; ++i) {
        a->node_id[2 * i]     = e->source[i];
        a->node_id[2 * i + 1] = e->target[i];
    }
    MU_TRY(mu_sort_ids(a->node_id, 2 * e->count));
    const size_t nodes = drop_repeats(a->node_id, 2 * e->count);
    for (size_t i = 0; i < e->count; ++i) {
        const uint32_t first = e->first_point[i], last = e->first_point[i + 1] - 1;
        a->source[i]              = index_of(a->node_id, nodes, e->source[i]);
        a->target[i]              = index_of(a->node_id, nodes, e->target[i]);
        a->node_lon[a->source[i]] = e->lon[first];
        a->node_lat[a->source[i]] = e->lat[first];
        a->node_lon[a->target[i]] = e->lon[last];
        a->node_lat[a->target[i]] = e->lat[last];
    }
    *out_count = (uint32_t)nodes;
    return MUSTER_OK;
}

static void fill_edges(assembly *a, const edges *e) {
    uint32_t points = 0;
    for (size_t i = 0; i < e->count; ++i) {
        a->forward[i]     = e->forward_ms[i] == MUSTER_NONE ? 0 : MUSTER_ACCESS_ALL;
        a->backward[i]    = e->backward_ms[i] == MUSTER_NONE ? 0 : MUSTER_ACCESS_ALL;
        a->first_point[i] = points;
        for (uint32_t p = e->first_point[i] + 1; p + 1 < e->first_point[i + 1]; ++p, ++points) {
            a->lon[points] = e->lon[p];
            a->lat[points] = e->lat[p];
        }
    }
    a->first_point[e->count] = points;
}

static muster_status read_order(mu_postgis *rows, const char *table, assembly *a,
                                muster_network_data *data) {
    if (!table) return MUSTER_OK;
    MU_TRY(mu_gis_alloc(&a->rank, data->node_count, sizeof *a->rank));
    data->node_rank = a->rank;
    return mu_postgis_order_read(rows, table, data, a->rank);
}

static muster_status assemble(muster_network **out, mu_postgis *rows, const char *order_table,
                              assembly *a, const edges *e) {
    muster_network_data data = MUSTER_NETWORK_DATA_INIT;
    MU_TRY(assembly_init(a, e));
    MU_TRY(number_nodes(a, e, &data.node_count));
    fill_edges(a, e);
    data.node_id                   = a->node_id;
    data.node_lon_deg              = a->node_lon;
    data.node_lat_deg              = a->node_lat;
    data.edge_count                = (uint32_t)e->count;
    data.edge_id                   = e->id;
    data.edge_source               = a->source;
    data.edge_target               = a->target;
    data.edge_length_m             = e->length_m;
    data.edge_access_forward       = a->forward;
    data.edge_access_backward      = a->backward;
    data.edge_duration_forward_ms  = e->forward_ms;
    data.edge_duration_backward_ms = e->backward_ms;
    data.edge_first_point          = a->first_point;
    data.point_lon_deg             = a->lon;
    data.point_lat_deg             = a->lat;
    MU_TRY(read_order(rows, order_table, a, &data));
    return muster_network_new(out, &data);
}

/* ---- the query ----------------------------------------------------------------------- */

static muster_status check_columns(const mu_postgis *rows) {
    static const char *const NEEDED[] = {"id", "source", "target", "cost"};
    for (size_t i = 0; i < sizeof NEEDED / sizeof *NEEDED; ++i) {
        if (mu_postgis_has(rows, NEEDED[i])) continue;
        return muster_fail(MUSTER_E_INVALID,
                           "\"%s\": the query has no column %s; expected id, source, target, cost, "
                           "reverse_cost and geom",
                           mu_postgis_name(rows), NEEDED[i]);
    }
    return MUSTER_OK;
}

static muster_status choose_line(const mu_postgis *rows, const char **out) {
    const bool is_straight = mu_postgis_has(rows, "x1") && mu_postgis_has(rows, "y1") &&
                             mu_postgis_has(rows, "x2") && mu_postgis_has(rows, "y2");
    *out = mu_postgis_has(rows, "geom")       ? LINE_OF("geom")
           : mu_postgis_has(rows, "the_geom") ? LINE_OF("the_geom")
           : is_straight                      ? STRAIGHT_LINE
                                              : NULL;
    if (*out) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "\"%s\": the query has no column geom; expected a line from source to "
                       "target, or x1, y1, x2 and y2",
                       mu_postgis_name(rows));
}

/* A semicolon behind the query is as good as none. */
static int length_of(const char *query) {
    size_t length = strlen(query);
    while (length > 0 && (isspace((unsigned char)query[length - 1]) || query[length - 1] == ';')) {
        --length;
    }
    return (int)length;
}

static muster_status read_edges(mu_postgis *rows, edge_reader *reader, const char *query,
                                int length) {
    const char *cost = mu_postgis_has(rows, "reverse_cost") ? "reverse_cost::float8" : "-1::float8";
    const char *line;
    char       *sql;
    MU_TRY(check_columns(rows));
    MU_TRY(choose_line(rows, &line));
    const size_t room = sizeof SELECT + strlen(cost) + strlen(line) + (size_t)length;
    MU_TRY(mu_gis_alloc(&sql, room, 1));
    snprintf(sql, room, SELECT, cost, line, length, query);
    const muster_status status = mu_postgis_query(rows, "of the query", sql, read_edge, reader);
    mu_gis_free(sql);
    return status;
}

static muster_status describe(mu_postgis *rows, const char *query, int length) {
    char *trimmed;
    MU_TRY(mu_gis_alloc(&trimmed, (size_t)length + 1, 1));
    memcpy(trimmed, query, (size_t)length);
    trimmed[length]            = 0;
    const muster_status status = mu_postgis_describe(rows, trimmed, "cannot read the query");
    mu_gis_free(trimmed);
    return status;
}

static muster_status read_all(mu_postgis *rows, edge_reader *reader, const char *query) {
    const int length = length_of(query);
    MU_TRY(describe(rows, query, length));
    MU_TRY(read_edges(rows, reader, query, length));
    if (reader->edges->count > 0) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "\"%s\": the query yields no row: there is no edge",
                       mu_postgis_name(rows));
}

/* ---- public -------------------------------------------------------------------------- */

muster_status muster_import_postgis(muster_network **out, const char *connection, const char *query,
                                    const char *order_table, muster_progress progress,
                                    void *progress_user) {
    *out                 = NULL;
    edges         e      = {0};
    assembly      a      = {0};
    edge_reader   reader = {&e, progress, progress_user};
    mu_postgis   *rows   = NULL;
    muster_status status = mu_postgis_open(&rows, connection, NULL, MU_POSTGIS_READS);
    if (status == MUSTER_OK) status = read_all(rows, &reader, query);
    if (status == MUSTER_OK) status = assemble(out, rows, order_table, &a, &e);
    mu_postgis_close(rows);
    assembly_fini(&a);
    edges_fini(&e);
    return status;
}

/* ---- the order ----------------------------------------------------------------------- */

/* Whether it may be written is found out before anybody waits for it; nothing is committed. */
static muster_status try_to_prepare(const char *connection, const char *table) {
    mu_postgis   *order;
    muster_status status = mu_postgis_open(&order, connection, NULL, MU_POSTGIS_WRITES);
    if (status == MUSTER_OK) status = mu_postgis_order_prepare(order, table);
    mu_postgis_close(order);
    return status;
}

static muster_status write_order(const char *connection, const char *table,
                                 const muster_network *network) {
    mu_postgis   *order;
    muster_status status = mu_postgis_open(&order, connection, NULL, MU_POSTGIS_WRITES);
    if (status == MUSTER_OK) {
        status = mu_postgis_order_write(order, table, muster_network_view(network));
    }
    mu_postgis_close(order);
    return status;
}

static muster_status report(muster_progress progress, void *progress_user, const char *phase) {
    if (!progress || progress(progress_user, phase, 0)) return MUSTER_OK;
    return muster_fail(MUSTER_E_CANCELLED, "stopped while %s", phase);
}

muster_status muster_postgis_order(const char *connection, const char *query, const char *table,
                                   muster_hierarchy_info *out_info, muster_progress progress,
                                   void *progress_user) {
    muster_network *network = NULL;
    muster_status   status  = try_to_prepare(connection, table);
    if (status == MUSTER_OK) {
        status = muster_import_postgis(&network, connection, query, NULL, progress, progress_user);
    }
    if (status == MUSTER_OK) status = report(progress, progress_user, "ordering nodes");
    if (status == MUSTER_OK) status = muster_network_build_hierarchy(network);
    if (status == MUSTER_OK && out_info) {
        status = muster_network_hierarchy_info(network, out_info);
    }
    if (status == MUSTER_OK) status = report(progress, progress_user, "writing ranks");
    if (status == MUSTER_OK) status = write_order(connection, table, network);
    muster_network_free(network);
    return status;
}
