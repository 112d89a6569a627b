/* A census of a store: how much there is of what.
 *
 * The network is read as for any other use, so that what is counted is also sound. The
 * other tables are counted by SQLite or PostgreSQL, a query each; what their rows say is checked when a
 * scenario is loaded, here only what the sums are made of. Lines of one heading never count
 * the same row twice, but for capabilities: a team may have several. */
#include <muster/store.h>

#include <string.h>

#include "gis/memory.h"
#include "gis/network_store.h"

struct muster_store_info {
    muster_store_count *count;
    uint32_t            count_count;
    size_t              capacity;
    mu_texts            texts;
};

/* `what` is static, `kind` and `tier` are static or in texts. */
static muster_status add(muster_store_info *info, const char *what, const char *kind,
                         const char *tier, int64_t row_count, int64_t quantity) {
    MU_TRY(mu_gis_grow(&info->count, &info->capacity, info->count_count, sizeof *info->count));
    info->count[info->count_count++] = (muster_store_count){what, kind, tier, row_count, quantity};
    return MUSTER_OK;
}

/* ---- the network --------------------------------------------------------------------- */

static muster_status count_edges(muster_store_info *info, const muster_network_data *net) {
    int64_t edge_count[MUSTER_ROAD_CLASS_COUNT] = {0};
    int64_t arc_count                           = 0;
    for (uint32_t e = 0; e < net->edge_count; ++e) {
        ++edge_count[net->edge_class[e]];
        arc_count += (net->edge_access_forward[e] & MUSTER_ACCESS_ALL) != 0;
        arc_count += (net->edge_access_backward[e] & MUSTER_ACCESS_ALL) != 0;
    }
    for (int c = 0; c < MUSTER_ROAD_CLASS_COUNT; ++c) {
        const char *name = muster_road_class_name((muster_road_class)c);
        if (edge_count[c] > 0) MU_TRY(add(info, "edge", name, "", edge_count[c], edge_count[c]));
    }
    return add(info, "arc", "", "", arc_count, arc_count);
}

static muster_status count_components(muster_store_info *info, const muster_network *network) {
    const uint32_t node_count = muster_network_view(network)->node_count;
    uint32_t       count, largest;
    MU_TRY(muster_network_components(network, &count, &largest));
    MU_TRY(add(info, "component", "largest", "", 1, largest));
    return add(info, "component", "other", "", (int64_t)count - 1, (int64_t)node_count - largest);
}

static muster_status count_restrictions(muster_store_info *info, const muster_network *network) {
    static const char *const   KIND[]   = {[MUSTER_RESTRICTION_NO]      = "no",
                                           [MUSTER_RESTRICTION_ONLY]    = "only",
                                           [MUSTER_RESTRICTION_PENALTY] = "penalty"};
    const muster_network_data *net      = muster_network_view(network);
    int64_t                    count[3] = {0};
    const int64_t              applied  = muster_network_applied_restriction_count(network);
    for (uint32_t r = 0; r < net->restriction_count; ++r) ++count[net->restriction[r].kind];
    for (int k = 0; k < 3; ++k) MU_TRY(add(info, "restriction", KIND[k], "", count[k], count[k]));
    return add(info, "restriction", "applied", "", applied, applied);
}

static muster_status count_network(muster_store_info *info, const muster_network *network) {
    const muster_network_data *net = muster_network_view(network);
    MU_TRY(add(info, "node", "", "", net->node_count, net->node_count));
    if (net->node_rank) MU_TRY(add(info, "rank", "", "", net->node_count, net->node_count));
    MU_TRY(count_edges(info, net));
    MU_TRY(count_components(info, network));
    return count_restrictions(info, network);
}

/* ---- the scenario -------------------------------------------------------------------- */

typedef struct census {
    muster_store_info *info;
    const char        *what;
} census;

typedef struct census_query {
    const char *what;
    const char *tables[2]; /* that have to be there; the first is for messages */
    const char *sql;
} census_query;

/* Columns kind, tier, row_count, the sum of a quantity and the least of those summed. The
 * sum is a whole number only if all of them are. */
#define CENSUS(kind, tier, quantity, from)                                                         \
    "SELECT * FROM (SELECT " kind " COLLATE BINARY AS kind, " tier                                 \
    " COLLATE BINARY AS tier, count(*) AS row_count, sum(" quantity ") AS \"sum(" quantity         \
    ")\", min(" quantity ") AS \"min(" quantity ")\" FROM " from                                   \
    " GROUP BY 1, 2) AS census ORDER BY kind, CASE tier WHEN 'city' THEN 1 WHEN 'county' THEN 2 "  \
    "WHEN 'town' THEN 3 WHEN 'village' THEN 4 WHEN 'social' THEN 5 WHEN 'expert' THEN 6 "          \
    "ELSE 0 END, tier"

static const census_query QUERY[] = {
    {"place", {"place"}, CENSUS("''", "level", "1", "place")},
    {"team", {"team"}, CENSUS("''", "tier", "people", "team")},
    {"capability",
     {"team_capability", "team"},
     CENSUS("team_capability.kind", "team.tier", "team.people",
            "team_capability LEFT JOIN team ON team.code = team_capability.team")},
    {"vehicle", {"vehicle"}, CENSUS("kind", "tier", "1", "vehicle")},
    {"machine", {"machine"}, CENSUS("kind", "tier", "count", "machine")},
    {"warehouse", {"warehouse"}, CENSUS("''", "tier", "1", "warehouse")},
    {"stock",
     {"stock", "warehouse"},
     CENSUS("stock.kind", "warehouse.tier", "stock.quantity",
            "stock LEFT JOIN warehouse ON warehouse.code = stock.warehouse")},
    {"at_risk_site", {"at_risk_site"}, CENSUS("''", "''", "1", "at_risk_site")},
    {"kit", {"kit"}, CENSUS("kind", "''", "quantity", "kit")},
    {"scenario", {"scenario"}, CENSUS("code", "''", "1", "scenario")},
    {"incident", {"incident"}, CENSUS("scenario", "''", "1", "incident")},
    {"need", {"need"}, CENSUS("scenario", "''", "1", "need")},
};

static muster_status read_count(void *user, const mu_row *row) {
    census     *c = user;
    const char *kind, *tier;
    int64_t     row_count, quantity, least;
    MU_TRY(mu_column_text(row, 0, &kind));
    MU_TRY(mu_column_text(row, 1, &tier));
    MU_TRY(mu_column_int(row, 2, 1, INT64_MAX, &row_count));
    MU_TRY(mu_column_int(row, 4, 0, MUSTER_MAX_QUANTITY, &least));
    MU_TRY(mu_column_int(row, 3, 0, INT64_MAX, &quantity));
    MU_TRY(mu_texts_keep(&c->info->texts, kind, &kind));
    MU_TRY(mu_texts_keep(&c->info->texts, tier, &tier));
    return add(c->info, c->what, kind, tier, row_count, quantity);
}

static muster_status count_tables(muster_store_info *info, mu_store *store) {
    for (size_t i = 0; i < sizeof QUERY / sizeof *QUERY; ++i) {
        const census_query *query = &QUERY[i];
        census              c     = {info, query->what};
        bool                there = true;
        for (int t = 0; t < 2 && there && query->tables[t]; ++t) {
            MU_TRY(mu_store_has_table(store, query->tables[t], &there));
        }
        if (!there) continue;
        const mu_query rows = {query->tables[0], query->sql, NULL};
        MU_TRY(mu_store_query(store, &rows, read_count, &c));
    }
    return MUSTER_OK;
}

/* ---- all of it ----------------------------------------------------------------------- */

static muster_status count_all(muster_store_info *info, mu_store *store) {
    muster_network *network;
    MU_TRY(mu_network_read(&network, store));
    const muster_status status = count_network(info, network);
    muster_network_free(network);
    MU_TRY(status);
    return count_tables(info, store);
}

muster_status muster_store_info_read(muster_store_info **out, const char *place) {
    muster_store_info *info;
    mu_store          *store;
    *out = NULL;
    MU_TRY(mu_store_open(&store, place));
    muster_status status = mu_gis_alloc_zeroed(&info, 1, sizeof *info);
    if (status == MUSTER_OK) {
        status = count_all(info, store);
        if (status == MUSTER_OK) {
            *out = info;
        } else {
            muster_store_info_free(info);
        }
    }
    mu_store_close(store);
    return status;
}

muster_status muster_store_info_of_network(muster_store_info **out, const muster_network *network) {
    muster_store_info *info;
    *out = NULL;
    MU_TRY(mu_gis_alloc_zeroed(&info, 1, sizeof *info));
    const muster_status status = count_network(info, network);
    if (status == MUSTER_OK) {
        *out = info;
    } else {
        muster_store_info_free(info);
    }
    return status;
}

void muster_store_info_free(muster_store_info *info) {
    if (!info) return;
    mu_gis_free(info->count);
    mu_texts_fini(&info->texts);
    mu_gis_free(info);
}

const muster_store_count *muster_store_info_counts(const muster_store_info *info,
                                                   uint32_t                *out_count) {
    *out_count = info->count_count;
    return info->count;
}
