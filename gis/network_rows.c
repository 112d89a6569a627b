/* Reading a network from a store that anybody may have written.
 *
 * The CHECKs of our schema may be missing in a foreign file, and column types bind nobody
 * in SQLite, so every value is judged here, where store, table, row and column are known.
 * muster_network_new then has nothing left to refuse.
 *
 * Rows are read by rising id, whatever their order in the file: an id leads to its index
 * by binary search, and the same roads always make the same network. */
#include "gis/network_store.h"

#include <muster/store.h>

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/geometry_column.h"
#include "gis/id_index.h"
#include "gis/memory.h"
#include "gis/name_pool.h"
#include "gis/node_rank.h"

static const double MAX_LENGTH_M = 9999999; /* muster_network_new: under 10,000 km */
static const double MAX_GAP_DEG  = 1e-6;    /* 0.1 m: between a line's end and its node */

enum { MAX_COUNT = INT32_MAX - 1, ACCESS_BITS = MUSTER_ACCESS_ALL | MUSTER_ACCESS_CONTRAFLOW };

/* All arrays grow together, by the row. */
typedef struct network_reader {
    mu_store *store;

    uint32_t  node_count;
    size_t    node_capacity;
    int64_t  *node_id;
    double   *node_lon, *node_lat;
    uint32_t *node_rank; /* MUSTER_NONE in all or none of them */

    uint32_t  edge_count;
    size_t    edge_capacity;
    int64_t  *edge_id, *way_id;
    uint32_t *source, *target;
    double   *length_m;
    uint8_t *class, *access_forward, *access_backward, *flags;
    int8_t   *layer;
    float    *speed_forward, *speed_backward, *maxheight_m, *maxwidth_m, *maxweight_t;
    uint32_t *duration_forward, *duration_backward, *name;
    uint32_t *end_point; /* one behind the edge's last interior point */

    uint32_t point_count;
    size_t   point_capacity;
    double  *point_lon, *point_lat;

    uint32_t                 turn_count;
    size_t                   turn_capacity;
    int64_t                 *turn_fid;
    muster_turn_restriction *turn;

    uint32_t  via_count;
    size_t    via_capacity;
    uint32_t *via_edge;
    uint32_t *end_via; /* [turn_count + 1] one behind the last edge of the turn before */

    mu_name_pool names;
} network_reader;

/* The addresses of arrays that have the same length, for growing and freeing. */
typedef struct array_of_rows {
    void  *address;
    size_t size;
} array_of_rows;

#define ARRAY(pointer)                                                                             \
    { &(pointer), sizeof *(pointer) }

static muster_status grow_arrays(const array_of_rows *arrays, size_t array_count, size_t *capacity,
                                 size_t used) {
    if (used < *capacity) return MUSTER_OK;
    const size_t larger = *capacity < 64 ? 64 : *capacity + *capacity / 2;
    for (size_t i = 0; i < array_count; ++i) {
        MU_TRY(mu_gis_realloc(arrays[i].address, larger, arrays[i].size));
    }
    *capacity = larger;
    return MUSTER_OK;
}

static muster_status check_count(const mu_row *row, uint32_t count) {
    if (count < MAX_COUNT) return MUSTER_OK;
    return mu_column_fail(row, 0, "more than %d rows", MAX_COUNT);
}

/* ---- tables -------------------------------------------------------------------------- */

static muster_status require_table(mu_store *store, const char *table) {
    bool there;
    MU_TRY(mu_store_has_table(store, table, &there));
    if (there) return MUSTER_OK;
    return muster_fail(MUSTER_E_FORMAT,
                       "\"%s\" has no table \"%s\": not a muster network; make one with `%s`",
                       store->name, table, store->maker);
}

typedef struct version_reader {
    const mu_store *store;
    bool            is_there;
} version_reader;

static muster_status read_version(void *user, const mu_row *row) {
    version_reader *r = user;
    const char     *text;
    char           *end;
    r->is_there = true;
    MU_TRY(mu_column_text(row, 1, &text));
    const long version = strtol(text, &end, 10);
    if (end == text || *end != 0 || version < 1) {
        return mu_column_unexpected(row, 1, "a whole number from 1");
    }
    if (version <= r->store->newest_version) return MUSTER_OK;
    return muster_fail(MUSTER_E_FORMAT,
                       "\"%s\" has schema version %ld; this muster (%s) reads versions up to %d, a "
                       "newer one is needed",
                       r->store->name, version, muster_version(), r->store->newest_version);
}

muster_status mu_network_check_tables(mu_store *store) {
    static const mu_query VERSION = {
        "muster_meta", "SELECT key, value FROM muster_meta WHERE key = 'schema_version'", NULL};
    version_reader r = {store, false};
    MU_TRY(require_table(store, "node"));
    MU_TRY(require_table(store, "edge"));
    MU_TRY(require_table(store, "turn_restriction"));
    MU_TRY(require_table(store, "muster_meta"));
    MU_TRY(mu_store_query(store, &VERSION, read_version, &r));
    if (r.is_there) return MUSTER_OK;
    return muster_fail(MUSTER_E_FORMAT,
                       "\"%s\": table muster_meta has no row with key 'schema_version'",
                       store->name);
}

/* ---- nodes --------------------------------------------------------------------------- */

/* The key of a row, which must be greater than the one before. */
static muster_status read_key(const mu_row *row, const int64_t *ids, uint32_t count, int64_t *out) {
    MU_TRY(check_count(row, count));
    MU_TRY(mu_column_int(row, 0, INT64_MIN, INT64_MAX, out));
    if (count == 0 || *out > ids[count - 1]) return MUSTER_OK;
    return mu_column_fail(row, 0, "there are two rows of this id");
}

#define SELECT_NODE(rank) "SELECT id, geom, " rank " FROM node ORDER BY id"

static muster_status read_node(void *user, const mu_row *row) {
    network_reader     *r        = user;
    const array_of_rows arrays[] = {ARRAY(r->node_id), ARRAY(r->node_lon), ARRAY(r->node_lat),
                                    ARRAY(r->node_rank)};
    const uint32_t      v        = r->node_count;
    int64_t             id;
    MU_TRY(grow_arrays(arrays, sizeof arrays / sizeof *arrays, &r->node_capacity, v));
    MU_TRY(read_key(row, r->node_id, v, &id));
    MU_TRY(mu_column_point(row, 1, &r->node_lon[v], &r->node_lat[v]));
    MU_TRY(mu_rank_read(row, 2, r->node_rank, v));
    r->node_id[v] = id;
    r->node_count += 1;
    return MUSTER_OK;
}

static muster_status read_nodes(network_reader *r) {
    MU_TRY(mu_store_read(r->store, read_node, r));
    const char *name = r->store->name;
    if (r->node_count == 0)
        return muster_fail(MUSTER_E_INVALID, "\"%s\": table node is empty", name);
    if (r->node_rank[0] == MUSTER_NONE) return MUSTER_OK;
    return mu_ranks_check(r->node_count, r->node_id, r->node_rank, name);
}

/* ---- edges --------------------------------------------------------------------------- */

enum edge_column {
    EDGE_ID,
    EDGE_SOURCE,
    EDGE_TARGET,
    EDGE_LENGTH,
    EDGE_CLASS,
    EDGE_ACCESS_FORWARD,
    EDGE_ACCESS_BACKWARD,
    EDGE_SPEED_FORWARD,
    EDGE_SPEED_BACKWARD,
    EDGE_DURATION_FORWARD,
    EDGE_DURATION_BACKWARD,
    EDGE_BRIDGE,
    EDGE_TUNNEL,
    EDGE_LAYER,
    EDGE_MAXHEIGHT,
    EDGE_MAXWEIGHT,
    EDGE_NAME,
    EDGE_WAY_ID,
    EDGE_GEOM,
    EDGE_MAXWIDTH
};

#define SELECT_EDGE(maxwidth)                                                                      \
    "SELECT id, source, target, length_m, class, access_forward, access_backward, "                \
    "speed_forward_kmh, speed_backward_kmh, duration_forward_ms, duration_backward_ms, bridge, "   \
    "tunnel, layer, maxheight_m, maxweight_t, name, way_id, geom, " maxwidth                       \
    " FROM edge ORDER BY id"

static muster_status read_node_of(const network_reader *r, const mu_row *row, int column,
                                  uint32_t *out) {
    int64_t id;
    MU_TRY(mu_column_int(row, column, INT64_MIN, INT64_MAX, &id));
    *out = mu_id_find(r->node_id, r->node_count, id);
    if (*out != MUSTER_NONE) return MUSTER_OK;
    return mu_column_fail(row, column, "node %lld does not exist", (long long)id);
}

static muster_status read_class(const mu_row *row, int column, uint8_t *out) {
    const char *name;
    MU_TRY(mu_column_text(row, column, &name));
    *out = (uint8_t)muster_road_class_from_name(name);
    if (*out < MUSTER_ROAD_CLASS_COUNT) return MUSTER_OK;
    char   list[400];
    size_t used = 0;
    for (int c = 0; c < MUSTER_ROAD_CLASS_COUNT; ++c) {
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", c > 0 ? ", " : "",
                                 muster_road_class_name((muster_road_class)c));
    }
    return mu_column_unexpected(row, column, "one of %s", list);
}

static muster_status read_bits(const mu_row *row, int column, int most, uint8_t *out) {
    int64_t value;
    MU_TRY(mu_column_int(row, column, 0, most, &value));
    *out = (uint8_t)value;
    return MUSTER_OK;
}

/* More than 0; NULL, "not stated" or "no limit", becomes 0. */
static muster_status read_positive(const mu_row *row, int column, double most, float *out) {
    double value = 0;
    *out         = 0;
    if (mu_column_is_null(row, column)) return MUSTER_OK;
    MU_TRY(mu_column_real(row, column, 0, most, &value));
    *out = (float)value;
    if (*out > 0) return MUSTER_OK;
    return mu_column_unexpected(row, column, "more than 0, or NULL");
}

static muster_status read_duration(const mu_row *row, int column, uint32_t *out) {
    int64_t value;
    *out = MUSTER_NONE;
    if (mu_column_is_null(row, column)) return MUSTER_OK;
    MU_TRY(mu_column_int(row, column, 0, (int64_t)MUSTER_NONE - 1, &value));
    *out = (uint32_t)value;
    return MUSTER_OK;
}

static muster_status read_flags(const mu_row *row, uint8_t *out) {
    uint8_t bridge, tunnel;
    MU_TRY(read_bits(row, EDGE_BRIDGE, 1, &bridge));
    MU_TRY(read_bits(row, EDGE_TUNNEL, 1, &tunnel));
    *out = (uint8_t)(bridge * MUSTER_EDGE_BRIDGE | tunnel * MUSTER_EDGE_TUNNEL);
    return MUSTER_OK;
}

static muster_status read_edge_name(network_reader *r, const mu_row *row, uint32_t *out) {
    const char *name;
    *out = MUSTER_NONE;
    if (mu_column_is_null(row, EDGE_NAME)) return MUSTER_OK;
    MU_TRY(mu_column_text(row, EDGE_NAME, &name));
    return mu_name_pool_add(&r->names, name, out);
}

static muster_status check_line_end(const network_reader *r, const mu_row *row,
                                    const mu_geometry *line, uint32_t position, const char *which,
                                    uint32_t node) {
    double lon, lat;
    mu_geometry_point(line, position, &lon, &lat);
    if (fabs(lon - r->node_lon[node]) <= MAX_GAP_DEG &&
        fabs(lat - r->node_lat[node]) <= MAX_GAP_DEG) {
        return MUSTER_OK;
    }
    return mu_column_fail(row, EDGE_GEOM,
                          "the line %s at (%.9g, %.9g), but node %lld is at "
                          "(%.9g, %.9g)",
                          which, lon, lat, (long long)r->node_id[node], r->node_lon[node],
                          r->node_lat[node]);
}

/* Keep what lies between the ends; the ends are the nodes'. */
static muster_status keep_points(network_reader *r, const mu_row *row, const mu_geometry *line) {
    const array_of_rows arrays[] = {ARRAY(r->point_lon), ARRAY(r->point_lat)};
    for (uint32_t i = 1; i + 1 < line->point_count; ++i) {
        MU_TRY(check_count(row, r->point_count));
        MU_TRY(grow_arrays(arrays, sizeof arrays / sizeof *arrays, &r->point_capacity,
                           r->point_count));
        mu_geometry_point(line, i, &r->point_lon[r->point_count], &r->point_lat[r->point_count]);
        r->point_count += 1;
    }
    return MUSTER_OK;
}

static muster_status read_line(network_reader *r, const mu_row *row, uint32_t e) {
    mu_geometry line;
    MU_TRY(mu_column_geometry(row, EDGE_GEOM, MU_GEOMETRY_LINE, &line));
    MU_TRY(check_line_end(r, row, &line, 0, "starts", r->source[e]));
    MU_TRY(check_line_end(r, row, &line, line.point_count - 1, "ends", r->target[e]));
    MU_TRY(keep_points(r, row, &line));
    r->end_point[e + 1] = r->point_count;
    return MUSTER_OK;
}

static muster_status read_travel(network_reader *r, const mu_row *row, uint32_t e) {
    const double fastest = MU_MAX_SPEED_KMH;
    MU_TRY(read_bits(row, EDGE_ACCESS_FORWARD, ACCESS_BITS, &r->access_forward[e]));
    MU_TRY(read_bits(row, EDGE_ACCESS_BACKWARD, ACCESS_BITS, &r->access_backward[e]));
    MU_TRY(read_positive(row, EDGE_SPEED_FORWARD, fastest, &r->speed_forward[e]));
    MU_TRY(read_positive(row, EDGE_SPEED_BACKWARD, fastest, &r->speed_backward[e]));
    MU_TRY(read_duration(row, EDGE_DURATION_FORWARD, &r->duration_forward[e]));
    MU_TRY(read_duration(row, EDGE_DURATION_BACKWARD, &r->duration_backward[e]));
    MU_TRY(read_positive(row, EDGE_MAXHEIGHT, (double)FLT_MAX, &r->maxheight_m[e]));
    MU_TRY(read_positive(row, EDGE_MAXWIDTH, (double)FLT_MAX, &r->maxwidth_m[e]));
    return read_positive(row, EDGE_MAXWEIGHT, (double)FLT_MAX, &r->maxweight_t[e]);
}

/* `end_point` has one entry more than there are edges, hence the + 1. */
static muster_status grow_edges(network_reader *r) {
    const array_of_rows arrays[] = {ARRAY(r->edge_id),
                                    ARRAY(r->way_id),
                                    ARRAY(r->source),
                                    ARRAY(r->target),
                                    ARRAY(r->length_m),
                                    ARRAY(r->class),
                                    ARRAY(r->access_forward),
                                    ARRAY(r->access_backward),
                                    ARRAY(r->flags),
                                    ARRAY(r->layer),
                                    ARRAY(r->speed_forward),
                                    ARRAY(r->speed_backward),
                                    ARRAY(r->maxheight_m),
                                    ARRAY(r->maxwidth_m),
                                    ARRAY(r->maxweight_t),
                                    ARRAY(r->duration_forward),
                                    ARRAY(r->duration_backward),
                                    ARRAY(r->name),
                                    ARRAY(r->end_point)};
    MU_TRY(grow_arrays(arrays, sizeof arrays / sizeof *arrays, &r->edge_capacity,
                       (size_t)r->edge_count + 1));
    if (r->edge_count == 0) r->end_point[0] = 0;
    return MUSTER_OK;
}

static muster_status read_edge(void *user, const mu_row *row) {
    network_reader *r = user;
    const uint32_t  e = r->edge_count;
    int64_t         layer, id;
    MU_TRY(grow_edges(r));
    MU_TRY(read_key(row, r->edge_id, e, &id));
    MU_TRY(read_node_of(r, row, EDGE_SOURCE, &r->source[e]));
    MU_TRY(read_node_of(r, row, EDGE_TARGET, &r->target[e]));
    MU_TRY(mu_column_real(row, EDGE_LENGTH, 0, MAX_LENGTH_M, &r->length_m[e]));
    MU_TRY(read_class(row, EDGE_CLASS, &r->class[e]));
    MU_TRY(read_travel(r, row, e));
    MU_TRY(read_flags(row, &r->flags[e]));
    MU_TRY(mu_column_int(row, EDGE_LAYER, INT8_MIN, INT8_MAX, &layer));
    MU_TRY(read_edge_name(r, row, &r->name[e]));
    MU_TRY(mu_column_int(row, EDGE_WAY_ID, INT64_MIN, INT64_MAX, &r->way_id[e]));
    MU_TRY(read_line(r, row, e));
    r->edge_id[e] = id;
    r->layer[e]   = (int8_t)layer;
    r->edge_count += 1;
    return MUSTER_OK;
}

/* ---- turn restrictions ---------------------------------------------------------------- */

enum turn_column {
    TURN_FID,
    TURN_ID,
    TURN_KIND,
    TURN_FROM_WAY,
    TURN_VIA_ID,
    TURN_VIA_IS_WAY,
    TURN_TO_WAY,
    TURN_FROM_EDGE,
    TURN_VIA_NODE,
    TURN_TO_EDGE,
    TURN_EXCEPT,
    TURN_PENALTY
};

#define SELECT_TURN(penalty)                                                                       \
    "SELECT fid, id, kind, from_way, via_id, via_is_way, to_way, from_edge, via_node, to_edge, "   \
    "except_bits, " penalty " FROM turn_restriction ORDER BY fid"

enum { MOST_PENALTY_S = 86400 }; /* a day: more is a unit error */

static muster_status read_reference(const mu_row *row, int column, const char *what,
                                    const int64_t *ids, uint32_t count, uint32_t *out) {
    int64_t id;
    MU_TRY(mu_column_int(row, column, INT64_MIN, INT64_MAX, &id));
    *out = mu_id_find(ids, count, id);
    if (*out != MUSTER_NONE) return MUSTER_OK;
    return mu_column_fail(row, column, "%s %lld does not exist", what, (long long)id);
}

static muster_status read_member(const mu_row *row, int column, const char *what,
                                 const int64_t *ids, uint32_t count, uint32_t *out) {
    *out = MUSTER_NONE;
    if (mu_column_is_null(row, column)) return MUSTER_OK;
    return read_reference(row, column, what, ids, count, out);
}

/* Only a penalty has a time, and it must have one. */
static muster_status read_kind(const mu_row *row, muster_turn_restriction *turn) {
    const char *kind;
    double      penalty_s;
    MU_TRY(mu_column_text(row, TURN_KIND, &kind));
    const bool is_no = strcmp(kind, "no") == 0, is_only = strcmp(kind, "only") == 0;
    if (!is_no && !is_only && strcmp(kind, "penalty") != 0) {
        return mu_column_unexpected(row, TURN_KIND, "'no', 'only' or 'penalty'");
    }
    if (is_no || is_only) {
        turn->kind = is_no ? MUSTER_RESTRICTION_NO : MUSTER_RESTRICTION_ONLY;
        return mu_column_is_null(row, TURN_PENALTY)
                   ? MUSTER_OK
                   : mu_column_unexpected(row, TURN_PENALTY, "NULL, for the kind is no penalty");
    }
    turn->kind = MUSTER_RESTRICTION_PENALTY;
    MU_TRY(mu_column_real(row, TURN_PENALTY, 0, MOST_PENALTY_S, &penalty_s));
    turn->penalty_ms = (uint32_t)(penalty_s * 1000 + 0.5);
    return MUSTER_OK;
}

static muster_status read_turn(void *user, const mu_row *row) {
    network_reader         *r        = user;
    const array_of_rows     arrays[] = {ARRAY(r->turn), ARRAY(r->turn_fid)};
    muster_turn_restriction turn     = {0};
    MU_TRY(check_count(row, r->turn_count));
    MU_TRY(grow_arrays(arrays, 2, &r->turn_capacity, r->turn_count));
    MU_TRY(mu_column_int(row, TURN_FID, INT64_MIN, INT64_MAX, &r->turn_fid[r->turn_count]));
    MU_TRY(mu_column_int(row, TURN_ID, INT64_MIN, INT64_MAX, &turn.id));
    MU_TRY(read_kind(row, &turn));
    MU_TRY(mu_column_int(row, TURN_FROM_WAY, INT64_MIN, INT64_MAX, &turn.from_way));
    MU_TRY(mu_column_int(row, TURN_VIA_ID, INT64_MIN, INT64_MAX, &turn.via_id));
    MU_TRY(read_bits(row, TURN_VIA_IS_WAY, 1, &turn.via_is_way));
    MU_TRY(mu_column_int(row, TURN_TO_WAY, INT64_MIN, INT64_MAX, &turn.to_way));
    MU_TRY(read_member(row, TURN_FROM_EDGE, "edge", r->edge_id, r->edge_count, &turn.from_edge));
    MU_TRY(read_member(row, TURN_VIA_NODE, "node", r->node_id, r->node_count, &turn.via_node));
    MU_TRY(read_member(row, TURN_TO_EDGE, "edge", r->edge_id, r->edge_count, &turn.to_edge));
    MU_TRY(read_bits(row, TURN_EXCEPT, ACCESS_BITS, &turn.except));
    r->turn[r->turn_count++] = turn;
    return MUSTER_OK;
}

enum via_column { VIA_RESTRICTION, VIA_POSITION, VIA_EDGE };

static const char SELECT_VIA[] = "SELECT restriction, position, edge FROM turn_restriction_via "
                                 "ORDER BY restriction, position";

static muster_status read_via(void *user, const mu_row *row) {
    network_reader *r = user;
    int64_t         position;
    uint32_t        turn, edge;
    MU_TRY(check_count(row, r->via_count));
    MU_TRY(mu_gis_grow(&r->via_edge, &r->via_capacity, r->via_count, sizeof *r->via_edge));
    MU_TRY(read_reference(row, VIA_RESTRICTION, "turn restriction", r->turn_fid, r->turn_count,
                          &turn));
    MU_TRY(mu_column_int(row, VIA_POSITION, 0, INT64_MAX, &position));
    MU_TRY(read_reference(row, VIA_EDGE, "edge", r->edge_id, r->edge_count, &edge));
    r->via_edge[r->via_count++] = edge;
    r->end_via[turn + 1]        = r->via_count;
    return MUSTER_OK;
}

static muster_status read_turns(network_reader *r, bool has_vias) {
    MU_TRY(mu_store_read(r->store, read_turn, r));
    MU_TRY(mu_gis_alloc(&r->end_via, (size_t)r->turn_count + 1, sizeof *r->end_via));
    for (uint32_t i = 0; i <= r->turn_count; ++i) r->end_via[i] = 0;
    if (has_vias) MU_TRY(mu_store_read(r->store, read_via, r));
    for (uint32_t i = 0; i < r->turn_count; ++i) { /* those without any end where they begin */
        if (r->end_via[i + 1] < r->end_via[i]) r->end_via[i + 1] = r->end_via[i];
    }
    return MUSTER_OK;
}

/* ---- all of it ----------------------------------------------------------------------- */

static muster_status ask(mu_store *store, const char *table, const char *sql) {
    const mu_query query = {table, sql, NULL};
    return mu_store_ask(store, &query);
}

/* Older files lack some columns: ranks, widths, and the times of penalties. */
static muster_status ask_for_rows(mu_store *store, bool has_vias) {
    bool has_rank, has_maxwidth, has_penalty;
    MU_TRY(mu_store_has_column(store, "node", "rank", &has_rank));
    MU_TRY(mu_store_has_column(store, "edge", "maxwidth_m", &has_maxwidth));
    MU_TRY(mu_store_has_column(store, "turn_restriction", "penalty_s", &has_penalty));
    MU_TRY(ask(store, "node", has_rank ? SELECT_NODE("rank") : SELECT_NODE("NULL AS rank")));
    MU_TRY(ask(store, "edge",
               has_maxwidth ? SELECT_EDGE("maxwidth_m") : SELECT_EDGE("NULL AS maxwidth_m")));
    MU_TRY(ask(store, "turn_restriction",
               has_penalty ? SELECT_TURN("penalty_s") : SELECT_TURN("NULL AS penalty_s")));
    return has_vias ? ask(store, "turn_restriction_via", SELECT_VIA) : MUSTER_OK;
}

static muster_status read_tables(network_reader *r) {
    bool has_vias;
    MU_TRY(mu_network_check_tables(r->store));
    MU_TRY(mu_store_has_table(r->store, "turn_restriction_via", &has_vias));
    MU_TRY(ask_for_rows(r->store, has_vias));
    MU_TRY(read_nodes(r));
    MU_TRY(mu_store_read(r->store, read_edge, r));
    if (r->edge_count == 0) {
        return muster_fail(MUSTER_E_INVALID, "\"%s\": table edge is empty", r->store->name);
    }
    return read_turns(r, has_vias);
}

static muster_status build(const network_reader *r, muster_network **out) {
    const muster_network_data data = {.struct_size  = sizeof data,
                                      .node_count   = r->node_count,
                                      .node_lon_deg = r->node_lon,
                                      .node_lat_deg = r->node_lat,
                                      .node_id      = r->node_id,
                                      .node_rank =
                                          r->node_rank[0] == MUSTER_NONE ? NULL : r->node_rank,
                                      .edge_count                = r->edge_count,
                                      .edge_id                   = r->edge_id,
                                      .edge_way_id               = r->way_id,
                                      .edge_source               = r->source,
                                      .edge_target               = r->target,
                                      .edge_length_m             = r->length_m,
                                      .edge_class                = r->class,
                                      .edge_access_forward       = r->access_forward,
                                      .edge_access_backward      = r->access_backward,
                                      .edge_speed_forward_kmh    = r->speed_forward,
                                      .edge_speed_backward_kmh   = r->speed_backward,
                                      .edge_duration_forward_ms  = r->duration_forward,
                                      .edge_duration_backward_ms = r->duration_backward,
                                      .edge_flags                = r->flags,
                                      .edge_layer                = r->layer,
                                      .edge_maxheight_m          = r->maxheight_m,
                                      .edge_maxwidth_m           = r->maxwidth_m,
                                      .edge_maxweight_t          = r->maxweight_t,
                                      .edge_name                 = r->name,
                                      .names                     = r->names.text,
                                      .names_size                = (uint32_t)r->names.text_size,
                                      .edge_first_point          = r->end_point,
                                      .point_lon_deg             = r->point_lon,
                                      .point_lat_deg             = r->point_lat,
                                      .restriction_count         = r->turn_count,
                                      .restriction               = r->turn,
                                      .restriction_first_via     = r->end_via,
                                      .restriction_via_edge      = r->via_edge};
    return muster_network_new(out, &data);
}

static void free_reader(network_reader *r) {
    void *arrays[] = {r->node_id,
                      r->node_lon,
                      r->node_lat,
                      r->node_rank,
                      r->edge_id,
                      r->way_id,
                      r->source,
                      r->target,
                      r->length_m,
                      r->class,
                      r->access_forward,
                      r->access_backward,
                      r->flags,
                      r->layer,
                      r->speed_forward,
                      r->speed_backward,
                      r->maxheight_m,
                      r->maxwidth_m,
                      r->maxweight_t,
                      r->duration_forward,
                      r->duration_backward,
                      r->name,
                      r->end_point,
                      r->point_lon,
                      r->point_lat,
                      r->turn,
                      r->turn_fid,
                      r->via_edge,
                      r->end_via};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; ++i) mu_gis_free(arrays[i]);
    mu_name_pool_fini(&r->names);
}

muster_status mu_network_read(muster_network **out, mu_store *store) {
    network_reader r     = {.store = store};
    *out                 = NULL;
    muster_status status = read_tables(&r);
    if (status == MUSTER_OK) status = build(&r, out);
    free_reader(&r);
    return status;
}

muster_status muster_network_load(muster_network **out, const char *place) {
    mu_store *store;
    *out = NULL;
    MU_TRY(mu_store_open(&store, place));
    const muster_status status = mu_network_read(out, store);
    mu_store_close(store);
    return status;
}
