/* Places that people know by name, to say who is inside a hazard. */
#include <muster/hazard.h>

#include "gis/geometry_column.h"
#include "gis/memory.h"
#include "gis/network_store.h"
#include "gis/store.h"

struct muster_named_sites {
    mu_texts           texts;
    uint32_t           count;
    size_t             capacity;
    muster_named_site *site;
};

/* Columns are code, name, level, population, geometry. */
enum { CODE_COLUMN, NAME_COLUMN, LEVEL_COLUMN, POPULATION_COLUMN, GEOMETRY_COLUMN };

typedef struct site_table {
    const char *name, *sql;
} site_table;

static const site_table TABLE[] = {
    {"at_risk_site", "SELECT code, name, '', population, geom FROM at_risk_site "
                     "ORDER BY code COLLATE BINARY"},
    {"place",
     "SELECT code, name, level, population, geom FROM place ORDER BY code COLLATE BINARY"}};

typedef struct site_reader {
    muster_named_sites *sites;
    const char         *table;
} site_reader;

static muster_status keep(muster_named_sites *sites, const mu_row *row, int column,
                          const char **out) {
    const char *text;
    MU_TRY(mu_column_text(row, column, &text));
    return mu_texts_keep(&sites->texts, text, out);
}

static muster_status read_row(void *user, const mu_row *row) {
    const site_reader  *reader = user;
    muster_named_sites *sites  = reader->sites;
    muster_named_site   site   = {.table = reader->table, .population = -1};
    mu_geometry         point;
    if (sites->count == INT32_MAX) return mu_column_fail(row, 0, "more than %d rows", INT32_MAX);
    MU_TRY(keep(sites, row, CODE_COLUMN, &site.code));
    MU_TRY(keep(sites, row, NAME_COLUMN, &site.name));
    MU_TRY(keep(sites, row, LEVEL_COLUMN, &site.level));
    if (!mu_column_is_null(row, POPULATION_COLUMN)) {
        MU_TRY(mu_column_int(row, POPULATION_COLUMN, 0, INT64_MAX, &site.population));
    }
    MU_TRY(mu_column_geometry(row, GEOMETRY_COLUMN, MU_GEOMETRY_POINT, &point));
    mu_geometry_point(&point, 0, &site.lon_deg, &site.lat_deg);
    MU_TRY(mu_gis_grow(&sites->site, &sites->capacity, sites->count, sizeof *sites->site));
    sites->site[sites->count++] = site;
    return MUSTER_OK;
}

static muster_status read_tables(muster_named_sites *sites, mu_store *store) {
    MU_TRY(mu_network_check_tables(store));
    for (size_t t = 0; t < sizeof TABLE / sizeof *TABLE; ++t) {
        site_reader    reader = {sites, TABLE[t].name};
        const mu_query query  = {TABLE[t].name, TABLE[t].sql, NULL};
        bool           there;
        MU_TRY(mu_store_has_table(store, TABLE[t].name, &there));
        if (there) MU_TRY(mu_store_query(store, &query, read_row, &reader));
    }
    return MUSTER_OK;
}

static muster_status read_store(muster_named_sites *sites, const char *place) {
    mu_store *store;
    MU_TRY(mu_store_open(&store, place));
    const muster_status status = read_tables(sites, store);
    mu_store_close(store);
    return status;
}

muster_status muster_named_sites_load(muster_named_sites **out, const char *place) {
    muster_named_sites *sites;
    *out = NULL;
    MU_TRY(mu_gis_alloc_zeroed(&sites, 1, sizeof *sites));
    const muster_status status = read_store(sites, place);
    if (status != MUSTER_OK) {
        muster_named_sites_free(sites);
        return status;
    }
    *out = sites;
    return MUSTER_OK;
}

void muster_named_sites_free(muster_named_sites *sites) {
    if (!sites) return;
    mu_gis_free(sites->site);
    mu_texts_fini(&sites->texts);
    mu_gis_free(sites);
}

const muster_named_site *muster_named_sites_list(const muster_named_sites *sites,
                                                 uint32_t                 *out_count) {
    *out_count = sites->count;
    return sites->site;
}
