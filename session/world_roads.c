/* Roads that are closed or slow, and hazards: kept by code, each with all its points. What a hazard may
 * be is muster_hazards_add's to say, which whoever makes metrics of it will ask. */
#include <math.h>
#include <string.h>

#include "core/alloc.h"
#include "session/text.h"
#include "session/world_event.h"

/* ---- checking roads ------------------------------------------------------------------------ */

static bool check_points(mu_check *c, uint32_t count, const double *lon_deg,
                         const double *lat_deg) {
    for (uint32_t p = 0; p < count; ++p) {
        if (!mu_check_place(c, "a point of the road", lon_deg[p], lat_deg[p])) return false;
    }
    return true;
}

/* From each point to the next, and in a ring from the last to the first. A box from -180 to 180 has
 * sides that are longer. */
static bool check_pieces(mu_check *c, uint32_t count, const double *lon_deg, bool is_ring) {
    for (uint32_t p = is_ring ? 0 : 1; p < count; ++p) {
        const uint32_t before  = p > 0 ? p - 1 : count - 1;
        const double   way_deg = fabs(lon_deg[p] - lon_deg[before]);
        if (way_deg <= 180 || (is_ring && way_deg == 360)) continue;
        return mu_refuse(c, MUSTER_EVENT_WRONG,
                         "the road goes from lon_deg %g to %g; expected pieces of 180 at most: cut "
                         "at the 180th meridian",
                         lon_deg[before], lon_deg[p]);
    }
    return true;
}

static bool check_line(mu_check *c, const muster_event_road *road) {
    if (road->point_count < 2 || !road->lon_deg || !road->lat_deg) {
        return mu_refuse(c, MUSTER_EVENT_WRONG, "road.line has %u points; expected 2 or more",
                         road->point_count);
    }
    return check_points(c, road->point_count, road->lon_deg, road->lat_deg) &&
           check_pieces(c, road->point_count, road->lon_deg, false);
}

static bool check_area(mu_check *c, const muster_polygon *area) {
    if (area->first_point[0] != 0) {
        return mu_refuse(c, MUSTER_EVENT_WRONG,
                         "first_point of road.area begins with %u; expected 0",
                         area->first_point[0]);
    }
    for (uint32_t r = 0; r < area->ring_count; ++r) {
        const uint32_t first = area->first_point[r], count = area->first_point[r + 1] - first;
        if (area->first_point[r + 1] < first || count < 3) {
            return mu_refuse(c, MUSTER_EVENT_WRONG,
                             "ring %u of road.area has %u points; expected 3 or more", r,
                             area->first_point[r + 1] < first ? 0 : count);
        }
        if (!check_points(c, count, area->lon_deg + first, area->lat_deg + first) ||
            !check_pieces(c, count, area->lon_deg + first, true)) {
            return false;
        }
    }
    return true;
}

static bool check_places(mu_check *c, const muster_points *points) {
    if (points->lon_deg && points->lat_deg) {
        return check_points(c, points->point_count, points->lon_deg, points->lat_deg);
    }
    return mu_refuse(c, MUSTER_EVENT_WRONG, "road.points has %u points, but not where they are",
                     points->point_count);
}

bool mu_check_road_where(mu_check *c, const muster_event_road *road) {
    const int given = (road->edge_count > 0) + (road->point_count > 0) +
                      (road->points.point_count > 0) + (road->area.ring_count > 0);
    if (given != 1) {
        return mu_refuse(
            c, MUSTER_EVENT_WRONG,
            "road %s has %u edges, a line of %u points, %u points by themselves and an "
            "area of %u rings; expected one of the four",
            MU_SHOW(road->code), road->edge_count, road->point_count, road->points.point_count,
            road->area.ring_count);
    }
    if (road->point_count > 0) return check_line(c, road);
    if (road->points.point_count > 0) return check_places(c, &road->points);
    return road->edge_count > 0 || check_area(c, &road->area);
}

static bool check_factor(mu_check *c) {
    const double factor = c->event->road.speed_factor;
    if (c->event->type != MUSTER_EVENT_ROAD_SLOWED || (factor > 0 && factor < 1)) return true;
    return mu_refuse(c, MUSTER_EVENT_WRONG,
                     "road.speed_factor is %g; expected more than 0 and less than 1", factor);
}

static uint32_t place_of_road(const mu_world *w, const char *code, bool *out_is_there) {
    return mu_sorted_place(w->road ? &w->road->road.code : NULL, sizeof *w->road, w->road_count,
                           code, out_is_there);
}

bool mu_check_road(mu_check *c) {
    const muster_event_road *road = &c->event->road;
    bool                     is_there;
    if (!mu_check_text(c, "road.code", road->code, MUSTER_EVENT_CODE_BYTES)) return false;
    const uint32_t at = place_of_road(c->world, road->code, &is_there);
    return (is_there ? mu_check_is_news(c, "a closing of road", road->code,
                                        c->world->road[at].told_at_ms)
                     : mu_check_not_ended(c, MUSTER_EVENT_ROAD_OPENED, "road", road->code)) &&
           mu_check_road_where(c, road) && check_factor(c);
}

bool mu_check_road_opened(mu_check *c) {
    const char *code = c->event->road.code;
    bool        is_there;
    if (!mu_check_text(c, "road.code", code, MUSTER_EVENT_CODE_BYTES)) return false;
    const uint32_t at = place_of_road(c->world, code, &is_there);
    if (is_there) {
        return mu_check_is_news(c, "the opening of road", code, c->world->road[at].told_at_ms);
    }
    return mu_refuse(c, MUSTER_EVENT_UNKNOWN,
                     "no road %s is closed or slow; expected the code of one that is",
                     MU_SHOW(code));
}

/* ---- checking hazards ---------------------------------------------------------------------- */

static uint32_t place_of_hazard(const mu_world *w, const char *code, bool *out_is_there) {
    return mu_sorted_place(w->hazard ? &w->hazard->hazard.code : NULL, sizeof *w->hazard,
                           w->hazard_count, code, out_is_there);
}

static bool check_starts(mu_check *c, const char *what, uint32_t count, const uint32_t *first) {
    if (count == 0) return true;
    bool rises = first[0] == 0;
    for (uint32_t i = 0; i < count; ++i) rises &= first[i] <= first[i + 1];
    return rises ||
           mu_refuse(c, MUSTER_EVENT_WRONG,
                     "%s of the hazard does not rise from 0; expected where each starts", what);
}

bool mu_check_hazard_where(mu_check *c, const muster_hazard *h) {
    const muster_multipolygon *a = &h->area;
    muster_hazards            *set;
    if (a->polygon_count == 0 && h->lines.line_count == 0 && h->points.point_count == 0 &&
        h->edge_count == 0) {
        return mu_refuse(
            c, MUSTER_EVENT_WRONG,
            "hazard %s has neither an area nor lines, points or edges; expected one of "
            "them",
            MU_SHOW(h->code));
    }
    if ((h->points.point_count > 0 && (!h->points.lon_deg || !h->points.lat_deg)) ||
        (h->edge_count > 0 && !h->edge_id)) {
        return mu_refuse(c, MUSTER_EVENT_WRONG, "hazard %s has points or edges, but not which",
                         MU_SHOW(h->code));
    }
    if (!check_starts(c, "first_ring", a->polygon_count, a->first_ring) ||
        !check_starts(c, "first_point", a->polygon_count > 0 ? a->first_ring[a->polygon_count] : 0,
                      a->first_point) ||
        !check_starts(c, "first_point of the lines", h->lines.line_count, h->lines.first_point)) {
        return false;
    }
    c->status = muster_hazards_new(&set);
    if (c->status != MUSTER_OK) return false;
    c->status = muster_hazards_add(set, h);
    muster_hazards_free(set);
    if (c->status != MUSTER_E_INVALID) return c->status == MUSTER_OK;
    c->status = MUSTER_OK;
    return mu_refuse(c, MUSTER_EVENT_WRONG, "%.250s", muster_error_message());
}

bool mu_check_hazard(mu_check *c) {
    const muster_hazard *h = c->event->hazard;
    bool                 is_there;
    if (!h) return mu_refuse(c, MUSTER_EVENT_WRONG, "hazard is missing; expected one");
    if (!mu_check_text(c, "hazard.code", h->code, MUSTER_EVENT_CODE_BYTES) ||
        !mu_check_note(c, "hazard.name", h->name) ||
        !mu_check_note(c, "hazard.source", h->source)) {
        return false;
    }
    const uint32_t at = place_of_hazard(c->world, h->code, &is_there);
    return (is_there
                ? mu_check_is_news(c, "a state of hazard", h->code, c->world->hazard[at].told_at_ms)
                : mu_check_not_ended(c, MUSTER_EVENT_HAZARD_ENDED, "hazard", h->code)) &&
           mu_check_hazard_where(c, h);
}

bool mu_check_hazard_ended(mu_check *c) {
    const char *code = c->event->hazard ? c->event->hazard->code : NULL;
    bool        is_there;
    if (!mu_check_text(c, "hazard.code", code, MUSTER_EVENT_CODE_BYTES)) return false;
    const uint32_t at = place_of_hazard(c->world, code, &is_there);
    if (is_there) {
        return mu_check_is_news(c, "the end of hazard", code, c->world->hazard[at].told_at_ms);
    }
    return mu_refuse(c, MUSTER_EVENT_UNKNOWN, "there is no hazard %s; expected one that is known",
                     MU_SHOW(code));
}

/* ---- copies -------------------------------------------------------------------------------- */

static muster_status copy_points(mu_arena *arena, uint32_t count, const double **lon_deg,
                                 const double **lat_deg) {
    MU_TRY(mu_arena_copy(arena, lon_deg, *lon_deg, count, sizeof **lon_deg));
    return mu_arena_copy(arena, lat_deg, *lat_deg, count, sizeof **lat_deg);
}

static muster_status copy_places(mu_arena *arena, muster_points *points) {
    return copy_points(arena, points->point_count, &points->lon_deg, &points->lat_deg);
}

static muster_status copy_rings(mu_arena *arena, uint32_t ring_count, const uint32_t **first_point,
                                const double **lon_deg, const double **lat_deg) {
    static const uint32_t NONE[1] = {0};
    const uint32_t       *first   = *first_point ? *first_point : NONE;
    MU_TRY(mu_arena_copy(arena, first_point, first, (size_t)ring_count + 1, sizeof *first));
    return copy_points(arena, first[ring_count], lon_deg, lat_deg);
}

/* What does not apply is empty in the copy, so that the same closing is the same bytes. */
static muster_status copy_road(mu_world_road *to, const muster_event *e) {
    const muster_event_road *told = &e->road;
    *to                           = (mu_world_road){.told_at_ms = e->time_ms};
    muster_event_road *r          = &to->road;
    r->speed_factor               = e->type == MUSTER_EVENT_ROAD_SLOWED ? told->speed_factor : 0;
    r->edge_count                 = told->edge_count;
    r->point_count                = told->point_count;
    r->lon_deg                    = told->lon_deg;
    r->lat_deg                    = told->lat_deg;
    r->points                     = told->points;
    MU_TRY(mu_arena_text(&to->arena, &r->code, told->code));
    MU_TRY(mu_arena_copy(&to->arena, &r->edge_id, told->edge_id, told->edge_count,
                         sizeof *r->edge_id));
    MU_TRY(copy_points(&to->arena, r->point_count, &r->lon_deg, &r->lat_deg));
    MU_TRY(copy_places(&to->arena, &r->points));
    if (told->area.ring_count == 0) return MUSTER_OK;
    r->area = told->area;
    return copy_rings(&to->arena, r->area.ring_count, &r->area.first_point, &r->area.lon_deg,
                      &r->area.lat_deg);
}

static muster_status copy_area(mu_arena *arena, muster_multipolygon *area) {
    static const uint32_t NONE[1] = {0};
    const uint32_t       *first   = area->first_ring ? area->first_ring : NONE;
    const uint32_t        rings   = first[area->polygon_count];
    area->area_m2                 = 0;
    MU_TRY(mu_arena_copy(arena, &area->first_ring, first, (size_t)area->polygon_count + 1,
                         sizeof *first));
    return copy_rings(arena, rings, &area->first_point, &area->lon_deg, &area->lat_deg);
}

static muster_status copy_hazard(mu_world_hazard *to, const muster_event *e) {
    *to              = (mu_world_hazard){.hazard = *e->hazard, .told_at_ms = e->time_ms};
    muster_hazard *h = &to->hazard;
    if (h->area.polygon_count == 0) h->area = (muster_multipolygon){0};
    if (h->lines.line_count == 0) h->lines = (muster_lines){0};
    MU_TRY(mu_arena_text(&to->arena, &h->code, h->code));
    MU_TRY(mu_arena_text(&to->arena, &h->name, h->name));
    MU_TRY(mu_arena_text(&to->arena, &h->source, h->source));
    MU_TRY(copy_area(&to->arena, &h->area));
    MU_TRY(copy_places(&to->arena, &h->points));
    MU_TRY(mu_arena_copy(&to->arena, &h->edge_id, h->edge_id, h->edge_count, sizeof *h->edge_id));
    return copy_rings(&to->arena, h->lines.line_count, &h->lines.first_point, &h->lines.lon_deg,
                      &h->lines.lat_deg);
}

/* ---- applying ------------------------------------------------------------------------------ */

static void put_road(mu_world *w, const mu_world_road *road) {
    bool           is_there;
    const uint32_t at = place_of_road(w, road->road.code, &is_there);
    if (is_there) {
        mu_arena_fini(&w->road[at].arena);
    } else {
        memmove(&w->road[at + 1], &w->road[at], (w->road_count - at) * sizeof *w->road);
        ++w->road_count;
    }
    w->road[at] = *road;
    ++w->roads_version;
}

muster_status mu_apply_road(mu_world *w, const muster_event *e) {
    mu_world_road road;
    MU_TRY(mu_grow(&w->road, &w->road_capacity, w->road_count, sizeof *w->road));
    const muster_status status = copy_road(&road, e);
    if (status == MUSTER_OK) {
        put_road(w, &road);
    } else {
        mu_arena_fini(&road.arena);
    }
    return status;
}

muster_status mu_apply_road_opened(mu_world *w, const muster_event *e) {
    bool  is_there;
    char *code;
    MU_TRY(mu_ended_reserve(w));
    MU_TRY(mu_text_new(&code, e->road.code));
    const uint32_t at = place_of_road(w, code, &is_there);
    mu_ended_add(w, MUSTER_EVENT_ROAD_OPENED, code, e->time_ms);
    mu_arena_fini(&w->road[at].arena);
    --w->road_count;
    memmove(&w->road[at], &w->road[at + 1], (w->road_count - at) * sizeof *w->road);
    ++w->roads_version;
    return MUSTER_OK;
}

static void put_hazard(mu_world *w, const mu_world_hazard *hazard) {
    bool           is_there;
    const uint32_t at = place_of_hazard(w, hazard->hazard.code, &is_there);
    if (is_there) {
        mu_arena_fini(&w->hazard[at].arena);
    } else {
        memmove(&w->hazard[at + 1], &w->hazard[at], (w->hazard_count - at) * sizeof *w->hazard);
        ++w->hazard_count;
    }
    w->hazard[at] = *hazard;
    ++w->roads_version;
}

muster_status mu_apply_hazard(mu_world *w, const muster_event *e) {
    mu_world_hazard hazard;
    MU_TRY(mu_grow(&w->hazard, &w->hazard_capacity, w->hazard_count, sizeof *w->hazard));
    const muster_status status = copy_hazard(&hazard, e);
    if (status == MUSTER_OK) {
        put_hazard(w, &hazard);
    } else {
        mu_arena_fini(&hazard.arena);
    }
    return status;
}

muster_status mu_apply_hazard_ended(mu_world *w, const muster_event *e) {
    bool  is_there;
    char *code;
    MU_TRY(mu_ended_reserve(w));
    MU_TRY(mu_text_new(&code, e->hazard->code));
    const uint32_t at = place_of_hazard(w, code, &is_there);
    mu_ended_add(w, MUSTER_EVENT_HAZARD_ENDED, code, e->time_ms);
    mu_arena_fini(&w->hazard[at].arena);
    --w->hazard_count;
    memmove(&w->hazard[at], &w->hazard[at + 1], (w->hazard_count - at) * sizeof *w->hazard);
    ++w->roads_version;
    return MUSTER_OK;
}
