#include "session/event_copy.h"

static muster_status copy_points(mu_arena *a, const double **lon_deg, const double **lat_deg,
                                 uint32_t count) {
    MU_TRY(mu_arena_copy(a, lon_deg, *lon_deg, count, sizeof **lon_deg));
    return mu_arena_copy(a, lat_deg, *lat_deg, count, sizeof **lat_deg);
}

/* `first` has an end for each of `count` parts; the last of them is how many things there are. */
static muster_status copy_firsts(mu_arena *a, const uint32_t **first, uint32_t count) {
    return mu_arena_copy(a, first, *first, count + (size_t)1, sizeof **first);
}

static muster_status copy_places(mu_arena *a, muster_points *points) {
    return copy_points(a, &points->lon_deg, &points->lat_deg, points->point_count);
}

muster_status mu_copy_road(mu_arena *a, muster_event_road *out, const muster_event_road *road) {
    muster_polygon *area = &out->area;
    *out                 = *road;
    MU_TRY(mu_arena_text(a, &out->code, road->code));
    MU_TRY(mu_arena_copy(a, &out->edge_id, road->edge_id, road->edge_count, sizeof *road->edge_id));
    MU_TRY(copy_points(a, &out->lon_deg, &out->lat_deg, road->point_count));
    MU_TRY(copy_places(a, &out->points));
    if (area->ring_count == 0) {
        *area = (muster_polygon){0};
        return MUSTER_OK;
    }
    const uint32_t point_count = area->first_point[area->ring_count];
    MU_TRY(copy_firsts(a, &area->first_point, area->ring_count));
    return copy_points(a, &area->lon_deg, &area->lat_deg, point_count);
}

static muster_status copy_multipolygon(mu_arena *a, muster_multipolygon *area) {
    if (area->polygon_count == 0) {
        *area = (muster_multipolygon){0};
        return MUSTER_OK;
    }
    const uint32_t ring_count  = area->first_ring[area->polygon_count];
    const uint32_t point_count = area->first_point[ring_count];
    MU_TRY(copy_firsts(a, &area->first_ring, area->polygon_count));
    MU_TRY(copy_firsts(a, &area->first_point, ring_count));
    return copy_points(a, &area->lon_deg, &area->lat_deg, point_count);
}

static muster_status copy_lines(mu_arena *a, muster_lines *lines) {
    if (lines->line_count == 0) {
        *lines = (muster_lines){0};
        return MUSTER_OK;
    }
    const uint32_t point_count = lines->first_point[lines->line_count];
    MU_TRY(copy_firsts(a, &lines->first_point, lines->line_count));
    return copy_points(a, &lines->lon_deg, &lines->lat_deg, point_count);
}

muster_status mu_copy_hazard(mu_arena *a, muster_hazard *out, const muster_hazard *hazard) {
    *out = *hazard;
    MU_TRY(mu_arena_text(a, &out->code, hazard->code));
    MU_TRY(mu_arena_text(a, &out->name, hazard->name));
    MU_TRY(mu_arena_text(a, &out->source, hazard->source));
    MU_TRY(copy_multipolygon(a, &out->area));
    MU_TRY(copy_lines(a, &out->lines));
    MU_TRY(copy_places(a, &out->points));
    return mu_arena_copy(a, &out->edge_id, hazard->edge_id, hazard->edge_count,
                         sizeof *hazard->edge_id);
}

muster_status mu_copy_rule(mu_arena *a, muster_event_rule *out, const muster_event_rule *rule) {
    *out = *rule;
    MU_TRY(mu_arena_text(a, &out->code, rule->code));
    MU_TRY(mu_arena_text(a, &out->unit.code, rule->unit.code));
    MU_TRY(mu_arena_text(a, &out->unit.kind, rule->unit.kind));
    MU_TRY(mu_arena_text(a, &out->incident, rule->incident));
    return mu_arena_text(a, &out->need, rule->need);
}
