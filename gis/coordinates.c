/* Coordinate systems by name, and positions through them.
 *
 * Three kinds of system stand behind one face: WGS 84 itself, the formulas of china_offset.c, and
 * PROJ's. What they share is here: the names, the checks that a position can be one of the system
 * before and of the globe after, and the sentence about the first that is not.
 *
 * A projection's formulas give some answer far from the area that it is for. An easting with the
 * number of another zone before it, or metres of another zone, is therefore found by where it comes
 * out: more than one zone's width (3 degrees) beside the system's own area. Latitude is not judged
 * so, since a zone may be carried on north and south. Nor are systems of longitude and latitude. */
#include <muster/coordinates.h>

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gis/china_offset.h"
#include "gis/memory.h"
#include "gis/projection.h"

typedef enum crs_kind { KIND_WGS84, KIND_CHINESE, KIND_PROJ } crs_kind;

enum { NAME_BYTES = 64, WGS84_CODE = 4326, CGCS2000_CODE = 4490 };

static const double MARGIN_DEG  = 3;    /* beside a projection's area */
static const double RETURN_M    = 0.01; /* there and back, through a projection */
static const double ZONE_PREFIX = 1e6;  /* what the number of a zone is multiplied by */

struct muster_crs {
    crs_kind        kind;
    mu_china_system chinese;
    mu_projection  *projection;
    char            name[NAME_BYTES];
};

/* ---- names ------------------------------------------------------------------------------- */

/* Upper case without spaces, - and _; false where it is too long for any name. */
static bool fold(char out[NAME_BYTES], const char *name) {
    size_t length = 0;
    for (; *name; ++name) {
        if (*name == ' ' || *name == '-' || *name == '_') continue;
        if (length + 1 == NAME_BYTES) return false;
        out[length++] = (char)toupper((unsigned char)*name);
    }
    out[length] = 0;
    return true;
}

/* What stands behind `start`, in whatever case, or NULL. */
static const char *behind(const char *text, const char *start) {
    const size_t length = strlen(start);
    return strncasecmp(text, start, length) == 0 ? text + length : NULL;
}

/* The code of EPSG:CODE, urn:ogc:def:crs:EPSG:VERSION:CODE or
 * http://www.opengis.net/def/crs/EPSG/VERSION/CODE, as text; or NULL. */
static const char *epsg_code(const char *name) {
    const char *code = behind(name, "EPSG:");
    if (code) return code;
    const char *urn = behind(name, "urn:ogc:def:crs:EPSG:");
    const char *url = behind(name, "http://www.opengis.net/def/crs/EPSG/");
    code            = urn ? strchr(urn, ':') : url ? strchr(url, '/') : NULL;
    return code ? code + 1 : NULL;
}

static bool take_epsg_code(const char *name, uint32_t *out) {
    const char  *code   = epsg_code(name);
    const size_t digits = code ? strspn(code, "0123456789") : 0;
    if (digits == 0 || digits > 6 || code[digits] != 0) return false;
    *out = (uint32_t)strtoul(code, NULL, 10);
    return true;
}

typedef struct known_name {
    const char     *folded;
    uint32_t        code; /* 0: one of china_offset.h */
    mu_china_system chinese;
} known_name;

static const known_name KNOWN[] = {{"WGS84", WGS84_CODE, 0},
                                   {"CRS84", WGS84_CODE, 0},
                                   {"OGC:CRS84", WGS84_CODE, 0},
                                   {"URN:OGC:DEF:CRS:OGC:1.3:CRS84", WGS84_CODE, 0},
                                   {"URN:OGC:DEF:CRS:OGC::CRS84", WGS84_CODE, 0},
                                   {"CGCS2000", CGCS2000_CODE, 0},
                                   {"GCJ02", 0, MU_GCJ02},
                                   {"BD09", 0, MU_BD09}};

static muster_status set_code(muster_crs *crs, uint32_t code) {
    crs->kind = code == WGS84_CODE ? KIND_WGS84 : KIND_PROJ;
    if (code == WGS84_CODE) {
        snprintf(crs->name, sizeof crs->name, "WGS 84");
        return MUSTER_OK;
    }
    snprintf(crs->name, sizeof crs->name, "EPSG:%u", (unsigned)code);
    return mu_projection_new(&crs->projection, code);
}

static muster_status set_name(muster_crs *crs, const char *name) {
    char     folded[NAME_BYTES];
    uint32_t code;
    if (fold(folded, name)) {
        for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; ++i) {
            if (strcmp(folded, KNOWN[i].folded) != 0) continue;
            if (KNOWN[i].code > 0) return set_code(crs, KNOWN[i].code);
            crs->kind    = KIND_CHINESE;
            crs->chinese = KNOWN[i].chinese;
            snprintf(crs->name, sizeof crs->name, crs->chinese == MU_GCJ02 ? "GCJ-02" : "BD-09");
            return MUSTER_OK;
        }
    }
    if (take_epsg_code(name, &code)) return set_code(crs, code);
    return muster_fail(MUSTER_E_INVALID,
                       "there is no coordinate system \"%.80s\"; expected WGS84, CGCS2000, GCJ-02, "
                       "BD-09 or EPSG:CODE",
                       name);
}

muster_status muster_crs_new(muster_crs **out, const char *name) {
    muster_crs *crs;
    *out = NULL;
    MU_TRY(mu_gis_alloc_zeroed(&crs, 1, sizeof *crs));
    const muster_status status = set_name(crs, name);
    if (status != MUSTER_OK) {
        muster_crs_free(crs);
        return status;
    }
    *out = crs;
    return MUSTER_OK;
}

void muster_crs_free(muster_crs *crs) {
    if (!crs) return;
    mu_projection_free(crs->projection);
    mu_gis_free(crs);
}

const char *muster_crs_name(const muster_crs *crs) {
    return crs->name;
}

const char *muster_crs_title(const muster_crs *crs) {
    return crs->projection ? mu_projection_title(crs->projection) : crs->name;
}

int muster_crs_is_projected(const muster_crs *crs) {
    return crs->projection && mu_projection_is_projected(crs->projection);
}

/* ---- one position ------------------------------------------------------------------------ */

typedef struct position {
    double x, y;
} position;

static bool is_on_globe(position p) {
    return fabs(p.x) <= 180 && fabs(p.y) <= 90; /* nor is it NaN */
}

/* Is a longitude where the projection may be used? */
static bool is_in_area(const muster_crs *crs, double lon_deg) {
    double west_deg, east_deg;
    if (!mu_projection_longitudes(crs->projection, &west_deg, &east_deg)) return true;
    double width_deg  = east_deg - west_deg + 2 * MARGIN_DEG;
    double inside_deg = lon_deg - (west_deg - MARGIN_DEG);
    if (east_deg < west_deg) width_deg += 360;
    if (inside_deg < 0) inside_deg += 360;
    if (inside_deg >= 360) inside_deg -= 360;
    return width_deg >= 360 || inside_deg <= width_deg;
}

static bool is_same(position a, position b) {
    return fabs(a.x - b.x) <= RETURN_M && fabs(a.y - b.y) <= RETURN_M;
}

static bool project(const muster_crs *crs, position w, position *out) {
    *out = w;
    return mu_projection_from_wgs84(crs->projection, &out->x, &out->y);
}

/* A projection that does not lead back has been led astray. */
static bool proj_to_wgs84(const muster_crs *crs, position p, position *out) {
    position again;
    *out = p;
    if (!mu_projection_to_wgs84(crs->projection, &out->x, &out->y) || !is_on_globe(*out)) {
        return false;
    }
    if (!mu_projection_is_projected(crs->projection)) return true;
    return is_in_area(crs, out->x) && project(crs, *out, &again) && is_same(p, again);
}

static bool proj_from_wgs84(const muster_crs *crs, position w, position *out) {
    position again;
    if (!mu_projection_is_projected(crs->projection)) return project(crs, w, out);
    return is_in_area(crs, w.x) && project(crs, w, out) && proj_to_wgs84(crs, *out, &again);
}

static bool to_wgs84(const muster_crs *crs, position p, position *out) {
    if (crs->kind == KIND_PROJ) return proj_to_wgs84(crs, p, out);
    if (!is_on_globe(p)) return false;
    *out = p;
    if (crs->kind == KIND_CHINESE) mu_china_unshift(crs->chinese, &out->x, &out->y);
    return true;
}

static bool from_wgs84(const muster_crs *crs, position w, position *out) {
    if (!is_on_globe(w)) return false;
    if (crs->kind == KIND_PROJ) return proj_from_wgs84(crs, w, out);
    *out = w;
    if (crs->kind == KIND_CHINESE) mu_china_shift(crs->chinese, &out->x, &out->y);
    return true;
}

/* ---- what is wrong with one -------------------------------------------------------------- */

/* Eastings of Gauss-Kruger zones come with the zone's number before them or without, by system. */
static const char *zone_fault(const muster_crs *crs, position p) {
    const char *title = muster_crs_title(crs);
    if (!strstr(title, "Gauss-Kruger")) return NULL;
    const bool has_prefix = strstr(title, " zone ") != NULL;
    if (has_prefix && fabs(p.x) < ZONE_PREFIX) {
        return "the easting has no zone number before it; expected one, or the system that has none";
    }
    if (!has_prefix && p.x >= ZONE_PREFIX) {
        return "the easting has a zone number before it; expected none, or the system that has one";
    }
    return NULL;
}

/* In the order in which people are helped most. */
static const char *fault_of(const muster_crs *crs, position p) {
    const bool is_projected = muster_crs_is_projected(crs);
    position   other;
    if (!isfinite(p.x) || !isfinite(p.y)) return "expected two numbers";
    if (to_wgs84(crs, (position){p.y, p.x}, &other)) {
        return is_projected ? "looks swapped; expected the easting first"
                            : "looks swapped; expected the longitude first";
    }
    if (is_projected && is_on_globe(p)) return "looks like degrees; expected metres";
    if (!is_projected && fmax(fabs(p.x), fabs(p.y)) > 1000) {
        return "looks like metres of a projected system; expected degrees";
    }
    if (!is_projected && !is_on_globe(p)) {
        return "expected a longitude from -180 to 180, a latitude from -90 to 90";
    }
    const char *fault = zone_fault(crs, p);
    return fault ? fault : "lies outside of the area that the system is for";
}

/* Numbered where there are several. */
static muster_status fail_at(const muster_crs *crs, size_t count, size_t index, position p,
                             const char *fault) {
    char number[40] = "";
    if (count > 1) snprintf(number, sizeof number, "position %zu: ", index);
    return muster_fail(MUSTER_E_INVALID, "%s%.10g, %.10g in %s: %s", number, p.x, p.y, crs->name,
                       fault);
}

static const char *fault_of_wgs84(position w) {
    return is_on_globe(w) ? "lies outside of the area that the system is for"
                          : "expected a longitude from -180 to 180, a latitude from -90 to 90";
}

/* ---- many -------------------------------------------------------------------------------- */

muster_status muster_crs_to_wgs84(muster_crs *crs, size_t count, const double *x, const double *y,
                                  double *lon_deg, double *lat_deg) {
    muster_status status = MUSTER_OK;
    for (size_t i = 0; i < count; ++i) {
        const position p = {x[i], y[i]};
        position       w = {(double)NAN, (double)NAN};
        if (!to_wgs84(crs, p, &w)) {
            w = (position){(double)NAN, (double)NAN};
            if (status == MUSTER_OK) status = fail_at(crs, count, i, p, fault_of(crs, p));
        }
        lon_deg[i] = w.x;
        lat_deg[i] = w.y;
    }
    return status;
}

muster_status muster_crs_from_wgs84(muster_crs *crs, size_t count, const double *lon_deg,
                                    const double *lat_deg, double *x, double *y) {
    muster_status status = MUSTER_OK;
    for (size_t i = 0; i < count; ++i) {
        const position w = {lon_deg[i], lat_deg[i]};
        position       p;
        if (!from_wgs84(crs, w, &p)) {
            p = (position){(double)NAN, (double)NAN};
            if (status == MUSTER_OK) status = fail_at(crs, count, i, w, fault_of_wgs84(w));
        }
        x[i] = p.x;
        y[i] = p.y;
    }
    return status;
}
