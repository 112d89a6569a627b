/* A set of hazards.
 *
 * Whatever it comes from, a hazard gets in by one door: its words are checked and copied, its rings
 * made valid (valid_area.c), and what had to be done to them is noted. Of two arrays that run in
 * parallel, hazards are what the caller sees; extents hold the points they look into, which stay where
 * they are when the arrays grow. */
#include "gis/hazards.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "gis/track.h"
#include "gis/utf8.h"
#include "gis/valid_area.h"

/* Where a hazard is. */
typedef struct extent {
    mu_area  area;
    mu_parts lines, points; /* points are no part */
    int64_t *edge_id;
} extent;

struct muster_hazards {
    mu_texts            texts;
    uint32_t            count, track_count, note_count;
    muster_hazard      *hazard;
    extent             *extent;
    muster_track       *track; /* their points are their own */
    muster_hazard_note *note;
    size_t              hazard_capacity, extent_capacity, track_capacity, note_capacity;
};

enum { NAME_BYTES = 120, TEXT_BYTES = 500, MOST_CODE_BYTES = 300 };

/* ---- names ----------------------------------------------------------------------------- */

static const char *const KIND[MUSTER_HAZARD_KIND_COUNT]    = {"flood", "wind", "plume", "closure",
                                                              "alert"};
static const char *const URGENCY[MUSTER_URGENCY_COUNT]     = {"immediate", "expected", "future",
                                                              "past"};
static const char *const CERTAINTY[MUSTER_CERTAINTY_COUNT] = {"observed", "likely", "possible",
                                                              "unlikely"};

static int find_name(const char *const *names, int count, const char *name) {
    int i = 0;
    while (i < count && strcmp(names[i], name) != 0) ++i;
    return i;
}

const char *muster_hazard_kind_name(muster_hazard_kind kind) {
    return kind < MUSTER_HAZARD_KIND_COUNT ? KIND[kind] : NULL;
}

muster_hazard_kind muster_hazard_kind_from_name(const char *name) {
    return (muster_hazard_kind)find_name(KIND, MUSTER_HAZARD_KIND_COUNT, name);
}

const char *muster_urgency_name(muster_urgency urgency) {
    return urgency < MUSTER_URGENCY_COUNT ? URGENCY[urgency] : NULL;
}

muster_urgency muster_urgency_from_name(const char *name) {
    return (muster_urgency)find_name(URGENCY, MUSTER_URGENCY_COUNT, name);
}

const char *muster_certainty_name(muster_certainty certainty) {
    return certainty < MUSTER_CERTAINTY_COUNT ? CERTAINTY[certainty] : NULL;
}

muster_certainty muster_certainty_from_name(const char *name) {
    return (muster_certainty)find_name(CERTAINTY, MUSTER_CERTAINTY_COUNT, name);
}

/* ---- checking -------------------------------------------------------------------------- */

/* hazard 'H-7' from "floods.geojson", feature 3 */
static void tell_hazard(char out[TEXT_BYTES], const char *code, const char *source) {
    char quoted[NAME_BYTES];
    mu_quote(quoted, sizeof quoted, code ? code : "");
    if (source) {
        char end[2 * NAME_BYTES];
        mu_keep_end(end, sizeof end, source);
        snprintf(out, TEXT_BYTES, "hazard %s from %s", quoted, end);
    } else {
        snprintf(out, TEXT_BYTES, "hazard %s", quoted);
    }
}

muster_status mu_hazard_refuse(const char *code, const char *source, const char *format, ...) {
    char    who[TEXT_BYTES], what[TEXT_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    tell_hazard(who, code, source);
    return muster_fail(MUSTER_E_INVALID, "%s %s", who, what);
}

static bool is_text(const char *text) {
    return mu_is_utf8(text, strlen(text));
}

bool mu_hazards_has_code(const muster_hazards *hazards, const char *code) {
    for (uint32_t i = 0; i < hazards->count; ++i) {
        if (strcmp(hazards->hazard[i].code, code) == 0) return true;
    }
    for (uint32_t i = 0; i < hazards->track_count; ++i) {
        if (strcmp(hazards->track[i].code, code) == 0) return true;
    }
    return false;
}

/* The words of a hazard or a track. */
static muster_status check_words(const muster_hazards *hazards, const char *code, const char *name,
                                 const char *source) {
    if (!code || *code == 0 || strlen(code) > MOST_CODE_BYTES || !is_text(code) ||
        (name && !is_text(name)) || (source && !is_text(source))) {
        return muster_fail(MUSTER_E_INVALID,
                           "a hazard has a code, a name or a source that is empty, too long or not "
                           "UTF-8; expected a code of 1 to %d bytes at least",
                           MOST_CODE_BYTES);
    }
    if (!mu_hazards_has_code(hazards, code)) return MUSTER_OK;
    return mu_hazard_refuse(code, source,
                            "has the code of another; expected codes that are unique");
}

static muster_status check_numbers(const muster_hazard *h) {
    if (!(h->depth_m >= 0)) {
        return mu_hazard_refuse(h->code, h->source, "is %g m deep; expected 0 or more", h->depth_m);
    }
    if (!isnan(h->speed_factor) && !(h->speed_factor >= 0 && h->speed_factor <= 1)) {
        return mu_hazard_refuse(h->code, h->source, "has speed_factor %g; expected 0 to 1",
                                h->speed_factor);
    }
    if (h->wind_force > MUSTER_WIND_FORCE_MOST) {
        return mu_hazard_refuse(h->code, h->source, "has wind_force %u; expected 0 to %d",
                                h->wind_force, MUSTER_WIND_FORCE_MOST);
    }
    if (h->starts_at_s < h->ends_at_s) return MUSTER_OK;
    char from[MUSTER_MOMENT_BYTES], to[MUSTER_MOMENT_BYTES];
    return mu_hazard_refuse(
        h->code, h->source, "holds from %s up to %s; expected an end after its beginning",
        muster_moment_text(from, h->starts_at_s), muster_moment_text(to, h->ends_at_s));
}

static muster_status check_hazard(const muster_hazards *hazards, const muster_hazard *h) {
    if (h->struct_size != sizeof *h) {
        return muster_fail(MUSTER_E_INVALID, "hazard has struct_size %zu; expected %zu",
                           h->struct_size, sizeof *h);
    }
    MU_TRY(check_words(hazards, h->code, h->name, h->source));
    if (h->kind >= MUSTER_HAZARD_KIND_COUNT || h->severity > MUSTER_SEVERITY_COUNT ||
        h->urgency > MUSTER_URGENCY_COUNT || h->certainty > MUSTER_CERTAINTY_COUNT) {
        return mu_hazard_refuse(
            h->code, h->source,
            "has kind %u, severity %u, urgency %u and certainty %u; expected at most %d, "
            "%d, %d and %d",
            h->kind, h->severity, h->urgency, h->certainty, MUSTER_HAZARD_KIND_COUNT - 1,
            MUSTER_SEVERITY_COUNT, MUSTER_URGENCY_COUNT, MUSTER_CERTAINTY_COUNT);
    }
    return check_numbers(h);
}

static muster_status check_point(const muster_hazard *h, uint32_t point, double lon_deg,
                                 double lat_deg) {
    if (fabs(lon_deg) <= 180 && fabs(lat_deg) <= 90) return MUSTER_OK; /* nor is it NaN */
    return mu_hazard_refuse(
        h->code, h->source,
        "has point %u at %g,%g; expected a longitude from -180 to 180 and a latitude from "
        "-90 to 90",
        point, lon_deg, lat_deg);
}

/* ---- notes ----------------------------------------------------------------------------- */

static muster_status make_room(muster_hazards *s) {
    MU_TRY(mu_gis_grow(&s->hazard, &s->hazard_capacity, s->count, sizeof *s->hazard));
    MU_TRY(mu_gis_grow(&s->extent, &s->extent_capacity, s->count, sizeof *s->extent));
    /* An area may be repaired and cut, and lines beside it cut as well. */
    return mu_gis_grow(&s->note, &s->note_capacity, (size_t)s->note_count + 2, sizeof *s->note);
}

/* There is room for it. */
static muster_status add_note(muster_hazards *s, const muster_hazard *h, muster_hazard_note note,
                              const char *what) {
    char who[TEXT_BYTES], text[2 * TEXT_BYTES];
    tell_hazard(who, h->code, h->source);
    snprintf(text, sizeof text, "%s %s", who, what);
    MU_TRY(mu_texts_keep(&s->texts, text, &note.text));
    s->note[s->note_count++] = note;
    return MUSTER_OK;
}

static muster_status note_repair(muster_hazards *s, const muster_hazard *h, const mu_repair *r,
                                 double after_m2) {
    const double before_m2 = r->before_m2;
    char         what[TEXT_BYTES];
    if (r->is_repaired && after_m2 > 0) {
        snprintf(what, sizeof what,
                 "was not valid (%s) and is repaired: %.3f km2 as its rings stand, %.3f km2 now",
                 r->reason, before_m2 / 1e6, after_m2 / 1e6);
        MU_TRY(add_note(
            s, h, (muster_hazard_note){MUSTER_NOTE_REPAIRED, s->count, NULL, before_m2, after_m2},
            what));
    }
    if (!r->is_cut || !(after_m2 > 0)) return MUSTER_OK;
    return add_note(s, h,
                    (muster_hazard_note){MUSTER_NOTE_CUT, s->count, NULL, before_m2, after_m2},
                    "reaches over the 180th meridian and is cut there");
}

static bool has_roads(const muster_hazard *h) {
    return h->lines.line_count > 0 || h->points.point_count > 0 || h->edge_count > 0;
}

/* Roads that it closes besides still count. */
static muster_status note_empty(muster_hazards *s, const muster_hazard *h, double before_m2) {
    const bool     stays = has_roads(h);
    const uint32_t index = stays ? s->count : MUSTER_NONE;
    return add_note(s, h, (muster_hazard_note){MUSTER_NOTE_LEFT_OUT, index, NULL, before_m2, 0},
                    stays ? "has an area that encloses nothing and is left out"
                          : "encloses nothing and is left out");
}

muster_status mu_hazards_note_left_out(muster_hazards *s, const muster_hazard *h, const char *why) {
    char what[TEXT_BYTES];
    snprintf(what, sizeof what, "%s and is left out", why);
    MU_TRY(mu_gis_grow(&s->note, &s->note_capacity, s->note_count, sizeof *s->note));
    return add_note(s, h, (muster_hazard_note){MUSTER_NOTE_LEFT_OUT, MUSTER_NONE, NULL, 0, 0},
                    what);
}

/* ---- lines, points and edges ----------------------------------------------------------- */

static muster_status put_point(mu_parts *to, double lon_deg, double lat_deg) {
    double *lon, *lat;
    MU_TRY(mu_parts_add_points(to, 1, &lon, &lat));
    *lon = lon_deg;
    *lat = lat_deg;
    return MUSTER_OK;
}

/* A piece that goes over the 180th meridian: up to it, and on from its other side. */
static muster_status cut_piece(mu_parts *to, double lon1_deg, double lat1_deg, double lon2_deg,
                               double lat2_deg) {
    const double side_deg   = lon1_deg > 0 ? 180 : -180;
    const double beyond_deg = lon2_deg + 2 * side_deg, way_deg = beyond_deg - lon1_deg;
    const double share   = way_deg != 0 ? (side_deg - lon1_deg) / way_deg : 0;
    const double lat_deg = lat1_deg + share * (lat2_deg - lat1_deg);
    MU_TRY(put_point(to, side_deg, lat_deg));
    MU_TRY(mu_parts_end(to));
    return put_point(to, -side_deg, lat_deg);
}

static muster_status copy_line(mu_parts *to, const muster_hazard *h, uint32_t line, bool *is_cut) {
    const muster_lines *l     = &h->lines;
    const uint32_t      first = l->first_point[line], end = l->first_point[line + 1];
    if (end - first < 2) {
        return mu_hazard_refuse(h->code, h->source,
                                "has line %u with %u points; expected 2 or more", line,
                                end - first);
    }
    for (uint32_t p = first; p < end; ++p) {
        MU_TRY(check_point(h, p, l->lon_deg[p], l->lat_deg[p]));
        if (p > first && fabs(l->lon_deg[p] - l->lon_deg[p - 1]) > 180) {
            MU_TRY(
                cut_piece(to, l->lon_deg[p - 1], l->lat_deg[p - 1], l->lon_deg[p], l->lat_deg[p]));
            *is_cut = true;
        }
        MU_TRY(put_point(to, l->lon_deg[p], l->lat_deg[p]));
    }
    return mu_parts_end(to);
}

static muster_status copy_roads(extent *to, const muster_hazard *h, bool *is_cut) {
    if (!has_roads(h)) return MUSTER_OK;
    if (h->kind != MUSTER_HAZARD_CLOSURE) {
        return mu_hazard_refuse(h->code, h->source,
                                "has lines, points or edges; expected them of a closure alone");
    }
    for (uint32_t l = 0; l < h->lines.line_count; ++l) MU_TRY(copy_line(&to->lines, h, l, is_cut));
    for (uint32_t p = 0; p < h->points.point_count; ++p) {
        MU_TRY(check_point(h, p, h->points.lon_deg[p], h->points.lat_deg[p]));
        MU_TRY(put_point(&to->points, h->points.lon_deg[p], h->points.lat_deg[p]));
    }
    if (h->edge_count == 0) return MUSTER_OK;
    MU_TRY(mu_gis_alloc(&to->edge_id, h->edge_count, sizeof *to->edge_id));
    memcpy(to->edge_id, h->edge_id, h->edge_count * sizeof *to->edge_id);
    return MUSTER_OK;
}

/* ---- adding ---------------------------------------------------------------------------- */

static muster_status keep_text(muster_hazards *s, const char *text, const char **out) {
    *out = NULL;
    return text ? mu_texts_keep(&s->texts, text, out) : MUSTER_OK;
}

static void extent_fini(extent *e) {
    mu_area_fini(&e->area);
    mu_parts_fini(&e->lines);
    mu_parts_fini(&e->points);
    mu_gis_free(e->edge_id);
}

/* The set takes the extent over. There is room. */
static muster_status take(muster_hazards *s, const muster_hazard *h, const extent *e) {
    static const uint32_t NOTHING[1] = {0};
    muster_hazard        *to         = &s->hazard[s->count];
    *to                              = *h;
    MU_TRY(keep_text(s, h->code, &to->code));
    MU_TRY(keep_text(s, h->name, &to->name));
    MU_TRY(keep_text(s, h->source, &to->source));
    s->extent[s->count++] = *e;
    to->area              = mu_area_view(&e->area);
    to->lines =
        (muster_lines){e->lines.count, e->lines.first_point ? e->lines.first_point : NOTHING,
                       e->lines.lon_deg, e->lines.lat_deg};
    to->points  = (muster_points){e->points.point_count, e->points.lon_deg, e->points.lat_deg};
    to->edge_id = e->edge_id;
    return MUSTER_OK;
}

static muster_status make_area(muster_hazards *s, const muster_hazard *h, const mu_rings *rings,
                               mu_area *area) {
    mu_repair           repair;
    const muster_status status = mu_valid_area(area, rings, &repair);
    if (status == MUSTER_E_INVALID) {
        char what[TEXT_BYTES];
        snprintf(what, sizeof what, "%s", muster_error_message());
        return mu_hazard_refuse(h->code, h->source, "cannot be used: %s", what);
    }
    if (status != MUSTER_OK) return status;
    if (area->polygon_count == 0) return note_empty(s, h, repair.before_m2);
    return note_repair(s, h, &repair, area->area_m2);
}

/* What encloses nothing, and closes no road besides, is not taken. */
static muster_status add(muster_hazards *s, const muster_hazard *h, const mu_rings *rings,
                         extent *e) {
    bool is_cut = false;
    MU_TRY(copy_roads(e, h, &is_cut));
    MU_TRY(make_room(s));
    if (is_cut) {
        MU_TRY(add_note(s, h, (muster_hazard_note){MUSTER_NOTE_CUT, s->count, NULL, 0, 0},
                        "reaches over the 180th meridian and is cut there"));
    }
    if (rings->polygon_count > 0 || !has_roads(h)) MU_TRY(make_area(s, h, rings, &e->area));
    return e->area.polygon_count > 0 || has_roads(h) ? take(s, h, e) : MUSTER_OK;
}

muster_status mu_hazards_add_rings(muster_hazards *s, const muster_hazard *h,
                                   const mu_rings *rings) {
    extent         e     = {0};
    const uint32_t count = s->count, notes = s->note_count;
    MU_TRY(check_hazard(s, h));
    const muster_status status = add(s, h, rings, &e);
    if (s->count > count) return MUSTER_OK;
    if (status != MUSTER_OK) s->note_count = notes;
    extent_fini(&e);
    return status;
}

static muster_status copy_rings(mu_rings *to, const muster_hazard *h) {
    const muster_multipolygon *a = &h->area;
    for (uint32_t p = 0; p < a->polygon_count; ++p) {
        for (uint32_t r = a->first_ring[p]; r < a->first_ring[p + 1]; ++r) {
            const uint32_t first = a->first_point[r], count = a->first_point[r + 1] - first;
            double        *lon, *lat;
            for (uint32_t i = 0; i < count; ++i) {
                MU_TRY(check_point(h, first + i, a->lon_deg[first + i], a->lat_deg[first + i]));
            }
            MU_TRY(mu_parts_add_points(&to->parts, count, &lon, &lat));
            if (count > 0) {
                memcpy(lon, a->lon_deg + first, count * sizeof *lon);
                memcpy(lat, a->lat_deg + first, count * sizeof *lat);
            }
            MU_TRY(mu_parts_end(&to->parts));
        }
        MU_TRY(mu_rings_end_polygon(to));
    }
    return MUSTER_OK;
}

muster_status muster_hazards_add(muster_hazards *hazards, const muster_hazard *hazard) {
    mu_rings rings = {0};
    MU_TRY(check_hazard(hazards, hazard));
    muster_status status = copy_rings(&rings, hazard);
    if (status == MUSTER_OK) status = mu_hazards_add_rings(hazards, hazard, &rings);
    mu_rings_fini(&rings);
    return status;
}

/* ---- tracks and moments ---------------------------------------------------------------- */

static muster_status copy_track(muster_hazards *s, const muster_track *track, muster_track *to) {
    muster_track_point *point;
    *to = *track;
    MU_TRY(keep_text(s, track->code, &to->code));
    MU_TRY(keep_text(s, track->name, &to->name));
    MU_TRY(keep_text(s, track->source, &to->source));
    MU_TRY(mu_gis_alloc(&point, track->point_count, sizeof *point));
    memcpy(point, track->point, track->point_count * sizeof *point);
    to->point = point;
    return MUSTER_OK;
}

muster_status muster_hazards_add_track(muster_hazards *s, const muster_track *track) {
    MU_TRY(check_words(s, track->code, track->name, track->source));
    MU_TRY(mu_track_check(track));
    MU_TRY(mu_gis_grow(&s->track, &s->track_capacity, s->track_count, sizeof *s->track));
    MU_TRY(copy_track(s, track, &s->track[s->track_count]));
    ++s->track_count;
    return MUSTER_OK;
}

static bool holds_at(const muster_hazard *h, int64_t moment_s) {
    return h->starts_at_s <= moment_s && moment_s < h->ends_at_s;
}

static muster_status add_all_at(muster_hazards *to, const muster_hazards *s, int64_t moment_s) {
    for (uint32_t i = 0; i < s->count; ++i) {
        if (holds_at(&s->hazard[i], moment_s)) MU_TRY(muster_hazards_add(to, &s->hazard[i]));
    }
    for (uint32_t i = 0; i < s->track_count; ++i) {
        MU_TRY(mu_track_add_winds(to, &s->track[i], moment_s));
    }
    return MUSTER_OK;
}

muster_status muster_hazards_at(muster_hazards **out, const muster_hazards *hazards,
                                int64_t moment_s) {
    muster_hazards *at;
    *out = NULL;
    MU_TRY(muster_hazards_new(&at));
    const muster_status status = add_all_at(at, hazards, moment_s);
    if (status != MUSTER_OK) {
        muster_hazards_free(at);
        return status;
    }
    *out = at;
    return MUSTER_OK;
}

/* ---- life ------------------------------------------------------------------------------ */

muster_status muster_hazards_new(muster_hazards **out) {
    *out = NULL;
    return mu_gis_alloc_zeroed(out, 1, sizeof **out);
}

/* The points of a track are the set's, which alone may write to them. */
static void free_points(const muster_track *track) {
    void *points;
    memcpy(&points, &track->point, sizeof points);
    mu_gis_free(points);
}

void muster_hazards_free(muster_hazards *s) {
    if (!s) return;
    for (uint32_t i = 0; i < s->count; ++i) extent_fini(&s->extent[i]);
    for (uint32_t i = 0; i < s->track_count; ++i) free_points(&s->track[i]);
    mu_gis_free(s->hazard);
    mu_gis_free(s->extent);
    mu_gis_free(s->track);
    mu_gis_free(s->note);
    mu_texts_fini(&s->texts);
    mu_gis_free(s);
}

const muster_hazard *muster_hazards_list(const muster_hazards *s, uint32_t *out_count) {
    *out_count = s->count;
    return s->hazard;
}

const muster_track *muster_hazards_tracks(const muster_hazards *s, uint32_t *out_count) {
    *out_count = s->track_count;
    return s->track;
}

const muster_hazard_note *muster_hazards_notes(const muster_hazards *s, uint32_t *out_count) {
    *out_count = s->note_count;
    return s->note;
}
