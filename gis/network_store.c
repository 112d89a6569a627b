/* Writing a network to a GeoPackage.
 *
 * What is written can be read back: what the reader would refuse is refused here, before a
 * file is begun. Rows go in by rising id for speed; nothing else depends on their order.
 * The spatial index comes last, packed at one stroke, since its triggers would call
 * functions that SQLite itself does not have. */
#include "gis/network_store.h"

#include <muster/store.h>

#include <string.h>

#include "gis/database.h"
#include "gis/layer_styles.h"
#include "gis/memory.h"
#include "gis/node_rank.h"
#include "gis/spatial_index.h"
#include "gis/utf8.h"

extern const char mu_geopackage_sql[]; /* geopackage.sql */

enum { ROWS_BETWEEN_PROGRESS = 8192 };

typedef struct network_writer {
    const muster_network_data *net;
    mu_database               *database;
    muster_progress            progress;
    void                      *progress_user;
    mu_bounds                 *node_bounds, *edge_bounds;
    double                    *line_lon, *line_lat; /* of the longest line */
    unsigned char             *blob;
} network_writer;

static muster_status report(const network_writer *w, const char *phase, uint32_t done,
                            uint32_t total) {
    const double fraction = total > 0 ? (double)done / total : 1.0;
    if (!w->progress || w->progress(w->progress_user, phase, fraction)) return MUSTER_OK;
    return muster_fail(MUSTER_E_CANCELLED, "writing \"%s\" was cancelled",
                       mu_database_name(w->database));
}

/* ---- what can be written -------------------------------------------------------------- */

static muster_status check_speed(const char *path, int64_t edge_id, const char *direction,
                                 float speed_kmh) {
    if (speed_kmh <= (float)MU_MAX_SPEED_KMH) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "\"%s\": edge %lld has a %s speed of %g km/h; expected up to %d", path,
                       (long long)edge_id, direction, (double)speed_kmh, MU_MAX_SPEED_KMH);
}

static muster_status check_name(const char *path, int64_t edge_id, const char *name) {
    if (mu_is_utf8(name, strlen(name))) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "\"%s\": edge %lld has a name that is not in UTF-8", path,
                       (long long)edge_id);
}

static muster_status check_savable(const muster_network_data *net, const char *path) {
    if (net->node_count == 0 || net->edge_count == 0) {
        return muster_fail(MUSTER_E_INVALID,
                           "\"%s\": a network of %u nodes and %u edges; expected 1 or more of each",
                           path, net->node_count, net->edge_count);
    }
    for (uint32_t e = 0; e < net->edge_count; ++e) {
        const int64_t id = net->edge_id[e];
        MU_TRY(check_speed(path, id, "forward", net->edge_speed_forward_kmh[e]));
        MU_TRY(check_speed(path, id, "backward", net->edge_speed_backward_kmh[e]));
        if (net->edge_name[e] != MUSTER_NONE) {
            MU_TRY(check_name(path, id, net->names + net->edge_name[e]));
        }
    }
    if (net->node_rank) MU_TRY(mu_ranks_check(net->node_count, net->node_id, net->node_rank, path));
    const unsigned known = MUSTER_ACCESS_ALL | MUSTER_ACCESS_CONTRAFLOW;
    for (uint32_t r = 0; r < net->restriction_count; ++r) {
        if ((net->restriction[r].except & ~known) != 0) {
            return muster_fail(MUSTER_E_INVALID,
                               "\"%s\": turn restriction %u has except bits %u; expected 0 to %u",
                               path, r, net->restriction[r].except, known);
        }
    }
    return MUSTER_OK;
}

/* ---- rows ---------------------------------------------------------------------------- */

static muster_status write_meta(network_writer *w) {
    char          creator[64] = "muster ";
    mu_statement *insert;
    MU_TRY(mu_statement_new(&insert, w->database, "muster_meta",
                            "INSERT INTO muster_meta (key, value) VALUES ('creator', ?1)"));
    strncat(creator, muster_version(), sizeof creator - 1 - strlen(creator));
    mu_bind_text(insert, 1, creator);
    const muster_status status = mu_statement_run(insert);
    mu_statement_free(insert);
    return status;
}

static void bind_stated(mu_statement *insert, int parameter, uint32_t value) {
    if (value != MUSTER_NONE) {
        mu_bind_int(insert, parameter, value);
    } else {
        mu_bind_null(insert, parameter);
    }
}

static muster_status write_nodes(network_writer *w, mu_statement *insert) {
    const muster_network_data *net = w->net;
    for (uint32_t v = 0; v < net->node_count; ++v) {
        const double  lon = net->node_lon_deg[v], lat = net->node_lat_deg[v];
        unsigned char blob[MU_POINT_BLOB_BYTES];
        if (v % ROWS_BETWEEN_PROGRESS == 0) MU_TRY(report(w, "writing nodes", v, net->node_count));
        w->node_bounds[v] = (mu_bounds){lon, lat, lon, lat};
        mu_point_blob_encode(blob, lon, lat);
        mu_bind_int(insert, 1, net->node_id[v]);
        mu_bind_blob(insert, 2, blob, sizeof blob);
        bind_stated(insert, 3, net->node_rank ? net->node_rank[v] : MUSTER_NONE);
        MU_TRY(mu_statement_run(insert));
    }
    return report(w, "writing nodes", net->node_count, net->node_count);
}

/* The whole line of an edge, ends included, as a blob; returns its size. */
static size_t encode_line(network_writer *w, uint32_t e) {
    const muster_network_data *net   = w->net;
    const uint32_t             first = net->edge_first_point[e];
    const uint32_t             inner = net->edge_first_point[e + 1] - first;
    const uint32_t             from = net->edge_source[e], to = net->edge_target[e];
    w->line_lon[0] = net->node_lon_deg[from];
    w->line_lat[0] = net->node_lat_deg[from];
    if (inner > 0) {
        memcpy(w->line_lon + 1, net->point_lon_deg + first, inner * sizeof(double));
        memcpy(w->line_lat + 1, net->point_lat_deg + first, inner * sizeof(double));
    }
    w->line_lon[inner + 1] = net->node_lon_deg[to];
    w->line_lat[inner + 1] = net->node_lat_deg[to];
    mu_line_blob_encode(w->blob, inner + 2, w->line_lon, w->line_lat, &w->edge_bounds[e]);
    return mu_line_blob_bytes(inner + 2);
}

static void bind_positive(mu_statement *insert, int parameter, float value) {
    if (value > 0) {
        mu_bind_real(insert, parameter, (double)value);
    } else {
        mu_bind_null(insert, parameter);
    }
}

static const char INSERT_EDGE[] =
    "INSERT INTO edge (id, source, target, length_m, class, access_forward, access_backward, "
    "speed_forward_kmh, speed_backward_kmh, duration_forward_ms, duration_backward_ms, bridge, "
    "tunnel, layer, maxheight_m, maxweight_t, name, way_id, geom, maxwidth_m) VALUES "
    "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)";

static muster_status write_edge(network_writer *w, mu_statement *insert, uint32_t e) {
    const muster_network_data *net = w->net;
    mu_bind_int(insert, 1, net->edge_id[e]);
    mu_bind_int(insert, 2, net->node_id[net->edge_source[e]]);
    mu_bind_int(insert, 3, net->node_id[net->edge_target[e]]);
    mu_bind_real(insert, 4, net->edge_length_m[e]);
    mu_bind_text(insert, 5, muster_road_class_name((muster_road_class)net->edge_class[e]));
    mu_bind_int(insert, 6, net->edge_access_forward[e]);
    mu_bind_int(insert, 7, net->edge_access_backward[e]);
    bind_positive(insert, 8, net->edge_speed_forward_kmh[e]);
    bind_positive(insert, 9, net->edge_speed_backward_kmh[e]);
    bind_stated(insert, 10, net->edge_duration_forward_ms[e]);
    bind_stated(insert, 11, net->edge_duration_backward_ms[e]);
    mu_bind_int(insert, 12, (net->edge_flags[e] & MUSTER_EDGE_BRIDGE) != 0);
    mu_bind_int(insert, 13, (net->edge_flags[e] & MUSTER_EDGE_TUNNEL) != 0);
    mu_bind_int(insert, 14, net->edge_layer[e]);
    bind_positive(insert, 15, net->edge_maxheight_m[e]);
    bind_positive(insert, 16, net->edge_maxweight_t[e]);
    if (net->edge_name[e] != MUSTER_NONE) {
        mu_bind_text(insert, 17, net->names + net->edge_name[e]);
    } else {
        mu_bind_null(insert, 17);
    }
    mu_bind_int(insert, 18, net->edge_way_id[e]);
    const size_t bytes = encode_line(w, e);
    mu_bind_blob(insert, 19, w->blob, bytes);
    bind_positive(insert, 20, net->edge_maxwidth_m[e]);
    return mu_statement_run(insert);
}

static muster_status write_edges(network_writer *w, mu_statement *insert) {
    const uint32_t count = w->net->edge_count;
    for (uint32_t e = 0; e < count; ++e) {
        if (e % ROWS_BETWEEN_PROGRESS == 0) MU_TRY(report(w, "writing edges", e, count));
        MU_TRY(write_edge(w, insert, e));
    }
    return report(w, "writing edges", count, count);
}

static void bind_id(mu_statement *insert, int parameter, uint32_t index, const int64_t *ids) {
    if (index != MUSTER_NONE) {
        mu_bind_int(insert, parameter, ids[index]);
    } else {
        mu_bind_null(insert, parameter);
    }
}

static muster_status write_turns(network_writer *w, mu_statement *insert) {
    static const char *const   KIND_NAME[] = {[MUSTER_RESTRICTION_NO]      = "no",
                                              [MUSTER_RESTRICTION_ONLY]    = "only",
                                              [MUSTER_RESTRICTION_PENALTY] = "penalty"};
    const muster_network_data *net         = w->net;
    for (uint32_t r = 0; r < net->restriction_count; ++r) {
        const muster_turn_restriction *turn = &net->restriction[r];
        mu_bind_int(insert, 1, (int64_t)r + 1);
        mu_bind_int(insert, 2, turn->id);
        mu_bind_text(insert, 3, KIND_NAME[turn->kind]);
        mu_bind_int(insert, 4, turn->from_way);
        mu_bind_int(insert, 5, turn->via_id);
        mu_bind_int(insert, 6, turn->via_is_way != 0);
        mu_bind_int(insert, 7, turn->to_way);
        bind_id(insert, 8, turn->from_edge, net->edge_id);
        bind_id(insert, 9, turn->via_node, net->node_id);
        bind_id(insert, 10, turn->to_edge, net->edge_id);
        mu_bind_int(insert, 11, turn->except);
        if (turn->kind == MUSTER_RESTRICTION_PENALTY) {
            mu_bind_real(insert, 12, turn->penalty_ms / 1000.0);
        } else {
            mu_bind_null(insert, 12);
        }
        MU_TRY(mu_statement_run(insert));
    }
    return MUSTER_OK;
}

static muster_status write_vias(network_writer *w, mu_statement *insert) {
    const muster_network_data *net   = w->net;
    const uint32_t            *first = net->restriction_first_via;
    for (uint32_t r = 0; r < net->restriction_count; ++r) {
        for (uint32_t i = first[r]; i < first[r + 1]; ++i) {
            mu_bind_int(insert, 1, (int64_t)i + 1);
            mu_bind_int(insert, 2, (int64_t)r + 1);
            mu_bind_int(insert, 3, (int64_t)(i - first[r]) + 1);
            mu_bind_int(insert, 4, net->edge_id[net->restriction_via_edge[i]]);
            MU_TRY(mu_statement_run(insert));
        }
    }
    return MUSTER_OK;
}

/* ---- all of it ----------------------------------------------------------------------- */

static muster_status write_table(network_writer *w, const char *table, const char *sql,
                                 muster_status (*write)(network_writer *, mu_statement *)) {
    mu_statement *insert;
    MU_TRY(mu_statement_new(&insert, w->database, table, sql));
    const muster_status status = write(w, insert);
    mu_statement_free(insert);
    return status;
}

static muster_status write_indexes(network_writer *w) {
    const muster_network_data *net = w->net;
    MU_TRY(report(w, "indexing", 0, 2));
    MU_TRY(mu_spatial_index_write(w->database, "node", "id", net->node_count, net->node_id,
                                  w->node_bounds));
    MU_TRY(report(w, "indexing", 1, 2));
    MU_TRY(mu_spatial_index_write(w->database, "edge", "id", net->edge_count, net->edge_id,
                                  w->edge_bounds));
    return report(w, "indexing", 2, 2);
}

static muster_status make_room(network_writer *w) {
    const muster_network_data *net     = w->net;
    uint32_t                   longest = 0;
    for (uint32_t e = 0; e < net->edge_count; ++e) {
        const uint32_t inner = net->edge_first_point[e + 1] - net->edge_first_point[e];
        if (inner > longest) longest = inner;
    }
    const uint32_t points = longest + 2;
    MU_TRY(mu_gis_alloc(&w->node_bounds, net->node_count, sizeof *w->node_bounds));
    MU_TRY(mu_gis_alloc(&w->edge_bounds, net->edge_count, sizeof *w->edge_bounds));
    MU_TRY(mu_gis_alloc(&w->line_lon, points, sizeof *w->line_lon));
    MU_TRY(mu_gis_alloc(&w->line_lat, points, sizeof *w->line_lat));
    return mu_gis_alloc(&w->blob, mu_line_blob_bytes(points), 1);
}

static muster_status write_network(network_writer *w) {
    MU_TRY(make_room(w));
    MU_TRY(mu_database_execute(w->database, NULL, mu_geopackage_sql));
    MU_TRY(mu_layer_styles_write(w->database));
    MU_TRY(write_meta(w));
    MU_TRY(write_table(w, "node", "INSERT INTO node (id, geom, rank) VALUES (?1, ?2, ?3)",
                       write_nodes));
    MU_TRY(write_table(w, "edge", INSERT_EDGE, write_edges));
    MU_TRY(write_table(w, "turn_restriction",
                       "INSERT INTO turn_restriction (fid, id, kind, from_way, via_id, via_is_way, "
                       "to_way, from_edge, via_node, to_edge, except_bits, penalty_s) "
                       "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                       write_turns));
    MU_TRY(write_table(w, "turn_restriction_via",
                       "INSERT INTO turn_restriction_via (fid, restriction, position, edge) "
                       "VALUES (?1, ?2, ?3, ?4)",
                       write_vias));
    MU_TRY(write_indexes(w));
    return mu_database_publish(w->database);
}

muster_status muster_network_save(const muster_network *network, const char *path,
                                  muster_progress progress, void *progress_user) {
    network_writer w = {
        .net = muster_network_view(network), .progress = progress, .progress_user = progress_user};
    MU_TRY(check_savable(w.net, path));
    MU_TRY(mu_database_create(&w.database, path));
    const muster_status status = write_network(&w);
    mu_database_close(w.database);
    mu_gis_free(w.node_bounds);
    mu_gis_free(w.edge_bounds);
    mu_gis_free(w.line_lon);
    mu_gis_free(w.line_lat);
    mu_gis_free(w.blob);
    return status;
}
