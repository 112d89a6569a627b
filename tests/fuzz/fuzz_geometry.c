/* Any bytes as a geometry: the first says which type is expected in a GeoPackage, or that it is
 * well-known binary of any type; the others are the blob. What is taken is a sound geometry, and a line
 * comes back from its own blob. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gis/database.h"
#include "gis/geometry_blob.h"
#include "gis/polygon_column.h"
#include "gis/schema_tables.h"
#include "gis/wkb.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_line(const mu_geometry *line) {
    double        *lon  = malloc(line->point_count * sizeof *lon);
    double        *lat  = malloc(line->point_count * sizeof *lat);
    unsigned char *blob = malloc(mu_line_blob_bytes(line->point_count));
    mu_bounds      bounds;
    mu_geometry    again;
    char           reason[MU_GEOMETRY_REASON_BYTES];
    if (!lon || !lat || !blob) abort();
    for (uint32_t i = 0; i < line->point_count; ++i) mu_geometry_point(line, i, &lon[i], &lat[i]);
    mu_line_blob_encode(blob, line->point_count, lon, lat, &bounds);
    assert(mu_geometry_decode(&again, MU_GEOMETRY_LINE, blob, mu_line_blob_bytes(line->point_count),
                              reason));
    assert(again.point_count == line->point_count);
    for (uint32_t i = 0; i < again.point_count; ++i) {
        double x, y;
        mu_geometry_point(&again, i, &x, &y);
        assert(x == lon[i] && y == lat[i] && isfinite(x) && isfinite(y));
    }
    free(lon);
    free(lat);
    free(blob);
}

static void try_point_or_line(mu_geometry_type type, const uint8_t *blob, size_t size) {
    mu_geometry geometry;
    char        reason[MU_GEOMETRY_REASON_BYTES] = "";
    if (!mu_geometry_decode(&geometry, type, blob, size, reason)) {
        assert(reason[0] != 0);
    } else if (type == MU_GEOMETRY_LINE) {
        assert(geometry.point_count >= 2);
        check_line(&geometry);
    }
}

/* A database that lends its statements: polygons are read as columns. */
static mu_database *lender(void) {
    static mu_database *database;
    char                path[64];
    if (database) return database;
    snprintf(path, sizeof path, "/tmp/muster-fuzz-geometry-%ld", (long)getpid());
    if (mu_database_create(&database, path) != MUSTER_OK ||
        mu_database_execute(database, NULL, "CREATE TABLE any (geom)") != MUSTER_OK ||
        mu_database_publish(database) != MUSTER_OK) {
        abort();
    }
    mu_database_close(database);
    if (mu_database_open(&database, path) != MUSTER_OK) abort();
    remove(path);
    return database;
}

static void check_rings(const mu_parts *rings) {
    assert(rings->count > 0);
    for (uint32_t r = 0; r < rings->count; ++r) {
        const uint32_t first = rings->first_point[r], last = rings->first_point[r + 1] - 1;
        assert(last >= first + 3);
        assert(rings->lon_deg[first] == rings->lon_deg[last]);
        assert(rings->lat_deg[first] == rings->lat_deg[last]);
        for (uint32_t i = first; i <= last; ++i) {
            assert(fabs(rings->lon_deg[i]) <= 180 && fabs(rings->lat_deg[i]) <= 90);
        }
    }
}

static void try_polygon(const uint8_t *blob, size_t size) {
    mu_statement *row;
    mu_parts      rings = {0};
    bool          there;
    if (mu_statement_new(&row, lender(), "any", "SELECT 1, ?1") != MUSTER_OK) abort();
    mu_bind_blob(row, 1, blob, size);
    if (mu_statement_next(row, &there) != MUSTER_OK || !there) abort();
    if (mu_column_polygon(mu_statement_row(row), 1, &rings) == MUSTER_OK) {
        check_rings(&rings);
    } else {
        assert(muster_error_message()[0] != 0);
    }
    mu_parts_fini(&rings);
    mu_statement_free(row);
}

static void check_wkb(const char *bytes, const mu_bounds *bounds) {
    const uint32_t type = mu_geometry_u32((const unsigned char *)bytes + 1, bytes[0] == 0);
    assert(fabs(bounds->min_lon) <= 180 && fabs(bounds->max_lat) <= 90);
    if (type > MU_GEOMETRY_LINE) return;
    for (uint32_t i = 0; i < mu_wkb_point_count(bytes); ++i) {
        double lon, lat;
        mu_wkb_point(bytes, i, &lon, &lat);
        assert(lon >= bounds->min_lon && lon <= bounds->max_lon);
        assert(lat >= bounds->min_lat && lat <= bounds->max_lat);
    }
}

static void try_wkb(const char *bytes, size_t size) {
    mu_bounds bounds;
    char      reason[MU_REASON_BYTES] = "", shown[MU_SHOWN_BYTES];
    mu_wkb_show(shown, sizeof shown, bytes, size);
    assert(shown[0] != 0);
    if (mu_wkb_judge(bytes, size, MU_SHAPE_ANY, &bounds, reason)) {
        check_wkb(bytes, &bounds);
    } else {
        assert(reason[0] != 0);
    }
    const size_t begin = mu_wkb_in_blob(bytes, size, reason);
    assert(begin <= size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    uint8_t *blob = malloc(size); /* one byte more than is passed on, at the front */
    if (!blob) abort();
    memcpy(blob, data, size);
    switch (data[0] % 4) {
    case 0:
        try_point_or_line(MU_GEOMETRY_POINT, blob + 1, size - 1);
        break;
    case 1:
        try_point_or_line(MU_GEOMETRY_LINE, blob + 1, size - 1);
        break;
    case 2:
        try_polygon(blob + 1, size - 1);
        break;
    default:
        try_wkb((const char *)blob + 1, size - 1);
    }
    free(blob);
    return 0;
}
