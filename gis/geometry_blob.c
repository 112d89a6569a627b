/* See geometry_blob.h; the layout is that of OGC 12-128r17 (GeoPackage 1.3), clause 2.1.3.
 *
 * Nothing in a blob is believed: every read is behind a check of what is left, a count is
 * compared with the bytes that are there before it is multiplied, and the header's envelope
 * is skipped, since it may be wrong. Numbers are assembled from bytes where the machine
 * would want them aligned. */
#include "gis/geometry_blob.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    HEADER_BYTES  = 8,
    FLAG_LITTLE   = 1,
    FLAG_EMPTY    = 16,
    FLAG_EXTENDED = 32,
    ENVELOPE_XY   = 1,
    LINE_ENVELOPE = 32, /* bytes */
    POINT_BYTES   = 16,
    TYPE_BYTES    = 5, /* byte order and type */
    COUNT_BYTES   = 4,
    ORDER_LITTLE  = 1
};

static const char *const TYPE_NAME[] = {
    "GEOMETRY",   "POINT",           "LINESTRING",   "POLYGON",
    "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION"};

static bool machine_is_little(void) {
    const uint16_t one = 1;
    unsigned char  first;
    memcpy(&first, &one, 1);
    return first == 1;
}

uint32_t mu_geometry_u32(const unsigned char *at, bool is_swapped) {
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return is_swapped ? __builtin_bswap32(value) : value;
}

double mu_geometry_double(const unsigned char *at, bool is_swapped) {
    uint64_t bits;
    double   value;
    memcpy(&bits, at, sizeof bits);
    if (is_swapped) bits = __builtin_bswap64(bits);
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* ---- decoding ------------------------------------------------------------------------ */

/* What is left to read, and where to say why it was refused. */
typedef struct blob_cursor {
    const unsigned char *at;
    size_t               left;
    char                *reason;
} blob_cursor;

#define REFUSE(cursor, ...)                                                                        \
    (snprintf((cursor)->reason, MU_GEOMETRY_REASON_BYTES, __VA_ARGS__), false)

static bool has(const blob_cursor *cursor, size_t bytes, const char *what) {
    if (cursor->left >= bytes) return true;
    return REFUSE(cursor, "ends within its %s (%zu bytes left of %zu)", what, cursor->left, bytes);
}

static void skip(blob_cursor *cursor, size_t bytes) {
    cursor->at += bytes;
    cursor->left -= bytes;
}

static bool skip_header(blob_cursor *cursor) {
    static const unsigned char ENVELOPE_DOUBLES[8] = {0, 4, 6, 6, 8};
    if (!has(cursor, HEADER_BYTES, "header")) return false;
    const unsigned char *header = cursor->at;
    const unsigned       flags = header[3], envelope = flags >> 1 & 7;
    if (header[0] != 'G' || header[1] != 'P') {
        return REFUSE(cursor, "is no GeoPackage geometry: it starts with bytes %02X %02X",
                      header[0], header[1]);
    }
    if (header[2] != 0) return REFUSE(cursor, "has version %u; expected 0", header[2]);
    if (flags & FLAG_EXTENDED)
        return REFUSE(cursor, "is of an extended type; expected a plain one");
    if (envelope > 4) return REFUSE(cursor, "has envelope kind %u; expected 0 to 4", envelope);
    const bool    is_swapped = ((flags & FLAG_LITTLE) != 0) != machine_is_little();
    const int32_t srs_id     = (int32_t)mu_geometry_u32(header + 4, is_swapped);
    if (srs_id != MU_SRS_WGS84) {
        return REFUSE(
            cursor,
            "has srs_id %d; expected %d (WGS 84): ogr2ogr -t_srs EPSG:%d, or ST_Transform, converts",
            (int)srs_id, MU_SRS_WGS84, MU_SRS_WGS84);
    }
    if (flags & FLAG_EMPTY) return REFUSE(cursor, "is empty");
    skip(cursor, HEADER_BYTES);
    if (!has(cursor, ENVELOPE_DOUBLES[envelope] * sizeof(double), "envelope")) return false;
    skip(cursor, ENVELOPE_DOUBLES[envelope] * sizeof(double));
    return true;
}

static bool refuse_type(const blob_cursor *cursor, mu_geometry_type expected, uint32_t type) {
    const char *name = TYPE_NAME[expected];
    if (type <= 7) return REFUSE(cursor, "is a %s; expected a %s", TYPE_NAME[type], name);
    if (type & 0x20000000u) {
        return REFUSE(cursor, "has an EWKB type with an SRID inside; expected a plain %s", name);
    }
    if ((type & 0xC0000000u) || (type >= 1000 && type < 4000)) {
        return REFUSE(cursor, "has Z or M values (type %u); expected a two-dimensional %s", type,
                      name);
    }
    return REFUSE(cursor, "is of unknown type %u; expected a %s", type, name);
}

static bool skip_type(blob_cursor *cursor, mu_geometry_type expected, bool *out_swapped) {
    if (!has(cursor, TYPE_BYTES, "type")) return false;
    if (cursor->at[0] > ORDER_LITTLE) {
        return REFUSE(cursor, "has byte order %u; expected 0 or 1", cursor->at[0]);
    }
    *out_swapped        = (cursor->at[0] == ORDER_LITTLE) != machine_is_little();
    const uint32_t type = mu_geometry_u32(cursor->at + 1, *out_swapped);
    if (type != (uint32_t)expected) return refuse_type(cursor, expected, type);
    skip(cursor, TYPE_BYTES);
    return true;
}

static bool take_count(blob_cursor *cursor, bool is_swapped, uint32_t *out_count) {
    if (!has(cursor, COUNT_BYTES, "number of points")) return false;
    *out_count = mu_geometry_u32(cursor->at, is_swapped);
    skip(cursor, COUNT_BYTES);
    if (*out_count == 0) return REFUSE(cursor, "is empty");
    if (*out_count == 1) return REFUSE(cursor, "has 1 point; a line has 2 or more");
    return true;
}

static bool take_coordinates(const blob_cursor *cursor, mu_geometry *geometry) {
    const size_t there = cursor->left / POINT_BYTES;
    if (geometry->point_count > there) {
        return REFUSE(cursor, "ends after %zu of %u points", there, geometry->point_count);
    }
    const size_t behind = cursor->left - (size_t)geometry->point_count * POINT_BYTES;
    if (behind > 0) return REFUSE(cursor, "has %zu bytes behind its last point", behind);
    geometry->coordinates = cursor->at;
    for (uint32_t i = 0; i < geometry->point_count; ++i) {
        double lon, lat;
        mu_geometry_point(geometry, i, &lon, &lat);
        /* An empty point is written as one of two NaN. */
        if (geometry->point_count == 1 && isnan(lon) && isnan(lat)) {
            return REFUSE(cursor, "is empty");
        }
        if (!isfinite(lon) || !isfinite(lat)) {
            return REFUSE(cursor, "has point %u at (%g, %g)", i, lon, lat);
        }
    }
    return true;
}

bool mu_geometry_open(mu_geometry_body *out, mu_geometry_type type, const void *blob, size_t size,
                      char reason[MU_GEOMETRY_REASON_BYTES]) {
    blob_cursor cursor = {blob, size, reason};
    if (!skip_header(&cursor) || !skip_type(&cursor, type, &out->is_swapped)) return false;
    out->at   = cursor.at;
    out->left = cursor.left;
    return true;
}

bool mu_geometry_decode(mu_geometry *out, mu_geometry_type type, const void *blob, size_t size,
                        char reason[MU_GEOMETRY_REASON_BYTES]) {
    mu_geometry_body body;
    *out = (mu_geometry){.point_count = 1};
    if (!mu_geometry_open(&body, type, blob, size, reason)) return false;
    blob_cursor cursor = {body.at, body.left, reason};
    out->is_swapped    = body.is_swapped;
    if (type == MU_GEOMETRY_LINE && !take_count(&cursor, out->is_swapped, &out->point_count)) {
        return false;
    }
    return take_coordinates(&cursor, out);
}

void mu_geometry_point(const mu_geometry *geometry, uint32_t index, double *lon_deg,
                       double *lat_deg) {
    const unsigned char *at = geometry->coordinates + (size_t)index * POINT_BYTES;
    *lon_deg                = mu_geometry_double(at, geometry->is_swapped);
    *lat_deg                = mu_geometry_double(at + sizeof(double), geometry->is_swapped);
}

/* ---- encoding, always little endian --------------------------------------------------- */

static unsigned char *put_u32(unsigned char *at, uint32_t value) {
    for (int i = 0; i < 4; ++i) *at++ = (unsigned char)(value >> 8 * i);
    return at;
}

static unsigned char *put_double(unsigned char *at, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    at = put_u32(at, (uint32_t)bits);
    return put_u32(at, (uint32_t)(bits >> 32));
}

static unsigned char *put_header(unsigned char *at, unsigned envelope) {
    *at++ = 'G';
    *at++ = 'P';
    *at++ = 0;
    *at++ = (unsigned char)(FLAG_LITTLE | envelope << 1);
    return put_u32(at, MU_SRS_WGS84);
}

static unsigned char *put_envelope(unsigned char *at, const mu_bounds *bounds) {
    at = put_double(put_double(at, bounds->min_lon), bounds->max_lon);
    return put_double(put_double(at, bounds->min_lat), bounds->max_lat);
}

static unsigned char *put_type(unsigned char *at, mu_geometry_type type) {
    *at++ = ORDER_LITTLE;
    return put_u32(at, (uint32_t)type);
}

void mu_point_blob_encode(unsigned char out[MU_POINT_BLOB_BYTES], double lon_deg, double lat_deg) {
    unsigned char *at = put_type(put_header(out, 0), MU_GEOMETRY_POINT);
    put_double(put_double(at, lon_deg), lat_deg);
}

size_t mu_line_blob_bytes(uint32_t point_count) {
    return HEADER_BYTES + LINE_ENVELOPE + TYPE_BYTES + COUNT_BYTES +
           (size_t)point_count * POINT_BYTES;
}

static mu_bounds bounds_of(uint32_t count, const double *lon_deg, const double *lat_deg) {
    mu_bounds bounds = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (uint32_t i = 0; i < count; ++i) {
        bounds.min_lon = fmin(bounds.min_lon, lon_deg[i]);
        bounds.min_lat = fmin(bounds.min_lat, lat_deg[i]);
        bounds.max_lon = fmax(bounds.max_lon, lon_deg[i]);
        bounds.max_lat = fmax(bounds.max_lat, lat_deg[i]);
    }
    return bounds;
}

void mu_line_blob_encode(unsigned char *out, uint32_t point_count, const double *lon_deg,
                         const double *lat_deg, mu_bounds *out_bounds) {
    *out_bounds       = bounds_of(point_count, lon_deg, lat_deg);
    unsigned char *at = put_envelope(put_header(out, ENVELOPE_XY), out_bounds);
    at                = put_u32(put_type(at, MU_GEOMETRY_LINE), point_count);
    for (uint32_t i = 0; i < point_count; ++i) {
        at = put_double(put_double(at, lon_deg[i]), lat_deg[i]);
    }
}

size_t mu_area_blob_bytes(const muster_multipolygon *area) {
    const uint32_t rings  = area->polygon_count > 0 ? area->first_ring[area->polygon_count] : 0;
    const size_t   points = rings > 0 ? area->first_point[rings] : 0;
    return HEADER_BYTES + LINE_ENVELOPE + TYPE_BYTES + COUNT_BYTES +
           (size_t)area->polygon_count * (TYPE_BYTES + COUNT_BYTES) + (size_t)rings * COUNT_BYTES +
           points * POINT_BYTES;
}

static unsigned char *put_ring(unsigned char *at, const muster_multipolygon *area, uint32_t ring) {
    const uint32_t first = area->first_point[ring], end = area->first_point[ring + 1];
    at = put_u32(at, end - first);
    for (uint32_t i = first; i < end; ++i) {
        at = put_double(put_double(at, area->lon_deg[i]), area->lat_deg[i]);
    }
    return at;
}

void mu_area_blob_encode(unsigned char *out, const muster_multipolygon *area,
                         mu_bounds *out_bounds) {
    const uint32_t points = area->first_point[area->first_ring[area->polygon_count]];
    *out_bounds           = bounds_of(points, area->lon_deg, area->lat_deg);
    unsigned char *at     = put_envelope(put_header(out, ENVELOPE_XY), out_bounds);
    at                    = put_u32(put_type(at, MU_GEOMETRY_MULTIPOLYGON), area->polygon_count);
    for (uint32_t p = 0; p < area->polygon_count; ++p) {
        const uint32_t first = area->first_ring[p], end = area->first_ring[p + 1];
        at = put_u32(put_type(at, MU_GEOMETRY_POLYGON), end - first);
        for (uint32_t r = first; r < end; ++r) at = put_ring(at, area, r);
    }
}
