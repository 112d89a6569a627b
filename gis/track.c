/* Typhoons move, so their winds are made for a moment.
 *
 * Bulletins give a centre each so many hours and, for force 7, 10 and 12, how far that wind blows in
 * each quadrant. In between the centre moves evenly along the geodesic, and radii change evenly, as
 * forecasters interpolate them. Each force is a ring of four quarter circles around the centre
 * (star_area.c), on the ellipsoid. */
#include "gis/track.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "gis/geodesic.h"
#include "gis/hazards.h"
#include "gis/star_area.h"
#include "gis/utf8.h"

enum { NAME_BYTES = 120, CODE_BYTES = 400 };

/* No storm is larger: that of typhoon Tip, the largest known, was 1,110 km (Dunnavan and Dierks,
 * Monthly Weather Review 1980). More is a unit error. */
static const double MOST_RADIUS_M = 2000000;

uint8_t muster_wind_circle_force(uint32_t circle) {
    static const uint8_t FORCE[MUSTER_WIND_CIRCLES] = {7, 10, 12};
    return FORCE[circle];
}

/* ---- checking -------------------------------------------------------------------------- */

static muster_status refuse_point(const muster_track *track, uint32_t index, const char *what,
                                  double value, const char *expected) {
    char quoted[NAME_BYTES];
    mu_quote(quoted, sizeof quoted, track->code);
    return muster_fail(MUSTER_E_INVALID, "track %s has point %u with %s %g; expected %s", quoted,
                       index, what, value, expected);
}

static muster_status check_point(const muster_track *track, uint32_t index) {
    const muster_track_point *p = &track->point[index];
    if (!(fabs(p->lon_deg) <= 180)) {
        return refuse_point(track, index, "longitude", p->lon_deg, "-180 to 180");
    }
    if (!(fabs(p->lat_deg) <= 90)) {
        return refuse_point(track, index, "latitude", p->lat_deg, "-90 to 90");
    }
    for (int c = 0; c < MUSTER_WIND_CIRCLES; ++c) {
        for (int q = 0; q < MUSTER_QUADRANTS; ++q) {
            const double radius_m = p->radius_m[c][q];
            if (radius_m >= 0 && radius_m <= MOST_RADIUS_M) continue;
            return refuse_point(track, index, "a radius of", radius_m, "0 to 2000000 m");
        }
    }
    if (index == 0 || track->point[index - 1].at_s < p->at_s) return MUSTER_OK;
    char when[MUSTER_MOMENT_BYTES], quoted[NAME_BYTES];
    mu_quote(quoted, sizeof quoted, track->code);
    return muster_fail(
        MUSTER_E_INVALID,
        "track %s has point %u at %s, not after the point before; expected points in "
        "order of time",
        quoted, index, muster_moment_text(when, p->at_s));
}

muster_status mu_track_check(const muster_track *track) {
    if (track->point_count == 0 || track->severity > MUSTER_SEVERITY_COUNT) {
        char quoted[NAME_BYTES];
        mu_quote(quoted, sizeof quoted, track->code);
        return muster_fail(
            MUSTER_E_INVALID,
            "track %s has %u points and severity %u; expected 1 or more, and at most "
            "%d",
            quoted, track->point_count, track->severity, MUSTER_SEVERITY_COUNT);
    }
    for (uint32_t p = 0; p < track->point_count; ++p) MU_TRY(check_point(track, p));
    return MUSTER_OK;
}

/* ---- at a moment ----------------------------------------------------------------------- */

static double between(double from, double to, double share) {
    return from + share * (to - from);
}

/* Longitudes come out from -180 to 180. */
static double wrapped(double lon_deg) {
    return lon_deg - 360 * floor((lon_deg + 180) / 360);
}

static muster_track_point interpolate(const muster_track_point *a, const muster_track_point *b,
                                      int64_t moment_s) {
    const double       share = (double)(moment_s - a->at_s) / (double)(b->at_s - a->at_s);
    muster_track_point p     = {.at_s = moment_s};
    mu_geodesic_between(a->lon_deg, a->lat_deg, b->lon_deg, b->lat_deg, share, &p.lon_deg,
                        &p.lat_deg);
    p.lon_deg = wrapped(p.lon_deg);
    for (int c = 0; c < MUSTER_WIND_CIRCLES; ++c) {
        for (int q = 0; q < MUSTER_QUADRANTS; ++q) {
            p.radius_m[c][q] = between(a->radius_m[c][q], b->radius_m[c][q], share);
        }
    }
    return p;
}

bool muster_track_at(const muster_track *track, int64_t moment_s, muster_track_point *out) {
    const uint32_t last = track->point_count - 1;
    uint32_t       next = 0;
    if (moment_s < track->point[0].at_s || moment_s > track->point[last].at_s) return false;
    while (track->point[next].at_s < moment_s) ++next;
    *out = track->point[next].at_s == moment_s
               ? track->point[next]
               : interpolate(&track->point[next - 1], &track->point[next], moment_s);
    return true;
}

/* ---- winds ----------------------------------------------------------------------------- */

/* Quadrants run clockwise from north, as the radii do. */
static muster_status draw_circle(mu_rings *rings, const muster_track_point *p, int circle) {
    mu_star_arc arc[MUSTER_QUADRANTS];
    for (int q = 0; q < MUSTER_QUADRANTS; ++q) {
        arc[q] = (mu_star_arc){90.0 * q, 90.0 * (q + 1), p->radius_m[circle][q]};
    }
    mu_rings_clear(rings);
    MU_TRY(mu_star_ring(&rings->parts, p->lon_deg, p->lat_deg, MUSTER_QUADRANTS, arc));
    return mu_rings_end_polygon(rings);
}

static bool blows(const muster_track_point *p, int circle) {
    double most_m = 0;
    for (int q = 0; q < MUSTER_QUADRANTS; ++q) most_m = fmax(most_m, p->radius_m[circle][q]);
    return most_m > 0;
}

static muster_status add_wind(muster_hazards *hazards, const muster_track *track,
                              const muster_track_point *p, int circle, mu_rings *rings) {
    muster_hazard h = MUSTER_HAZARD_INIT;
    char          code[CODE_BYTES];
    snprintf(code, sizeof code, "%.*s/%u", CODE_BYTES - 8, track->code,
             muster_wind_circle_force((uint32_t)circle));
    h.code        = code;
    h.name        = track->name;
    h.source      = track->source;
    h.kind        = MUSTER_HAZARD_WIND;
    h.severity    = track->severity;
    h.wind_force  = muster_wind_circle_force((uint32_t)circle);
    h.starts_at_s = track->point[0].at_s;
    h.ends_at_s   = track->point[track->point_count - 1].at_s + 1;
    MU_TRY(draw_circle(rings, p, circle));
    return mu_hazards_add_rings(hazards, &h, rings);
}

muster_status mu_track_add_winds(muster_hazards *hazards, const muster_track *track,
                                 int64_t moment_s) {
    muster_track_point p;
    mu_rings           rings  = {0};
    muster_status      status = MUSTER_OK;
    if (!muster_track_at(track, moment_s, &p)) return MUSTER_OK;
    for (int c = 0; c < MUSTER_WIND_CIRCLES && status == MUSTER_OK; ++c) {
        if (blows(&p, c)) status = add_wind(hazards, track, &p, c, &rings);
    }
    mu_rings_fini(&rings);
    return status;
}
