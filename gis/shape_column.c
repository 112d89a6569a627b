/* See shape_column.h. What wkb.c has judged is whole, and can be walked without looking; polygons are
 * left to polygon_column.h. */
#include "gis/shape_column.h"

#include "gis/polygon_column.h"
#include "gis/wkb.h"

enum {
    COUNT_BYTES = 4,
    XY_BYTES    = 16,
    POINT_BYTES = MU_WKB_HEADER_BYTES + XY_BYTES,
    LIST_BYTES =
        MU_WKB_HEADER_BYTES + COUNT_BYTES /* before the points of a line, the parts of several */
};

/* Of a point, or a line. Returns where the next begins. */
static muster_status take_points(const char **bytes, mu_parts *out) {
    const uint32_t count = mu_wkb_point_count(*bytes);
    double        *lon_deg, *lat_deg;
    MU_TRY(mu_parts_add_points(out, count, &lon_deg, &lat_deg));
    for (uint32_t i = 0; i < count; ++i) mu_wkb_point(*bytes, i, &lon_deg[i], &lat_deg[i]);
    const bool is_point = mu_wkb_type(*bytes) == MU_GEOMETRY_POINT;
    *bytes += is_point ? POINT_BYTES : LIST_BYTES + (size_t)count * XY_BYTES;
    return MUSTER_OK;
}

static muster_status take_line(const char **bytes, mu_shape *out) {
    MU_TRY(take_points(bytes, &out->lines));
    return mu_parts_end(&out->lines);
}

static muster_status take_several(const char *bytes, bool are_points, mu_shape *out) {
    const uint32_t count = mu_wkb_point_count(bytes);
    bytes += LIST_BYTES;
    for (uint32_t i = 0; i < count; ++i) {
        MU_TRY(are_points ? take_points(&bytes, &out->points) : take_line(&bytes, out));
    }
    return MUSTER_OK;
}

static muster_status take(const mu_row *row, int column, const char *bytes, mu_shape *out) {
    switch (mu_wkb_type(bytes)) {
    case MU_GEOMETRY_POINT:
        return take_points(&bytes, &out->points);
    case MU_GEOMETRY_LINE:
        return take_line(&bytes, out);
    case MU_GEOMETRY_MULTIPOINT:
    case MU_GEOMETRY_MULTILINE:
        return take_several(bytes, mu_wkb_type(bytes) == MU_GEOMETRY_MULTIPOINT, out);
    default:
        return mu_column_polygons(row, column, &out->areas);
    }
}

muster_status mu_column_shape(const mu_row *row, int column, mu_shape *out) {
    const void *blob;
    size_t      size;
    mu_bounds   bounds;
    char        reason[MU_REASON_BYTES];
    mu_shape_clear(out);
    MU_TRY(mu_column_blob(row, column, &blob, &size));
    const size_t header = mu_wkb_in_blob(blob, size, reason);
    const char  *bytes  = (const char *)blob + header;
    if (header > 0 && mu_wkb_judge(bytes, size - header, MU_SHAPE_ANY, &bounds, reason)) {
        return take(row, column, bytes, out);
    }
    return mu_column_unexpected(row, column, "%s", reason);
}

void mu_shape_clear(mu_shape *shape) {
    mu_rings_clear(&shape->areas);
    mu_parts_clear(&shape->lines);
    mu_parts_clear(&shape->points);
}

void mu_shape_fini(mu_shape *shape) {
    mu_rings_fini(&shape->areas);
    mu_parts_fini(&shape->lines);
    mu_parts_fini(&shape->points);
    *shape = (mu_shape){0};
}
