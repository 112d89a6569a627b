/* The answer of `muster site` for programs and for maps. */
#include <math.h>

#include "cli/geojson.h"
#include "cli/siting_answer.h"

static double seconds(double ms) {
    return round(ms) / 1000;
}

/* null where there is no way. */
static json_t *duration(uint32_t ms) {
    return ms < MUSTER_UNREACHABLE_MS ? json_real(seconds(ms)) : json_null();
}

static const char *goal_name(const siting_answer *a) {
    const siting_options *o = a->options;
    return muster_siting_model_name(o->model == MUSTER_MOVE_UP ? o->goal : o->model);
}

/* ---- JSON ---------------------------------------------------------------------------------- */

static json_t *service_json(const siting_answer *a, const siting_service *s) {
    json_t *covered = a->options->within_ms > 0 ? json_integer(s->covered) : json_null();
    return json_pack("{s:o, s:I, s:o, s:o, s:I}", "covered_weight", covered, "reached_weight",
                     (json_int_t)s->reached, "mean_s",
                     s->reached > 0 ? json_real(seconds(s->mean_ms)) : json_null(), "longest_s",
                     s->reached > 0 ? json_real(seconds(s->longest_ms)) : json_null(), "unreached",
                     (json_int_t)s->unreached);
}

static json_t *places_json(const siting_answer *a) {
    json_t *list = json_array();
    for (uint32_t i = 0; siting_answer_is_found(a) && i < a->places.count; ++i) {
        const siting_point *p = &a->places.point[i];
        if (a->result->unit_count[i] == 0 && siting_answer_added(a, i) == 0) continue;
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:f, s:f, s:I, s:I}", "id", p->id, "name",
                                        p->name, "lon", p->site.lon_deg, "lat", p->site.lat_deg,
                                        "units", (json_int_t)a->result->unit_count[i], "added",
                                        (json_int_t)siting_answer_added(a, i)));
    }
    return list;
}

static json_t *moves_json(const siting_answer *a) {
    json_t *list = json_array();
    for (uint32_t u = 0; siting_answer_is_found(a) && u < a->problem.unit_count; ++u) {
        const uint32_t from = a->unit_place[u], to = a->result->place_of_unit[u];
        if (from == to) continue;
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:o}", "from", a->places.point[from].id, "to",
                            a->places.point[to].id, "duration_s",
                            duration(a->move_ms[(size_t)u * a->problem.place_count + to])));
    }
    return list;
}

static json_t *demand_json(const siting_answer *a) {
    json_t *list = json_array();
    for (uint32_t j = 0; siting_answer_is_found(a) && j < a->demand.count; ++j) {
        const siting_point *p     = &a->demand.point[j];
        const uint32_t      place = a->result->place_of_demand[j];
        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:I, s:o, s:o}", "id", p->id, "name", p->name, "weight",
                      (json_int_t)p->weight, "place",
                      place == MUSTER_NONE ? json_null() : json_string(a->places.point[place].id),
                      "duration_s", duration(a->result->travel_ms[j])));
    }
    return list;
}

static json_t *ids_json(const siting_answer *a, uint32_t count, const uint32_t *index) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < count; ++i) {
        json_array_append_new(list, json_string(a->demand.point[index[i]].id));
    }
    return list;
}

json_t *siting_answer_json(const siting_answer *a) {
    const muster_siting_result *r        = a->result;
    const siting_options       *o        = a->options;
    const bool                  is_found = siting_answer_is_found(a);
    return json_pack(
        "{s:s, s:s, s:s, s:o, s:s, s:o, s:o, s:o, s:I, s:f, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
        "s:I}",
        "model", muster_siting_model_name(o->model), "goal", goal_name(a), "profile",
        o->profile.name, "within_s",
        o->within_ms > 0 ? json_real(seconds(o->within_ms)) : json_null(), "outcome",
        muster_siting_outcome_name((muster_siting_outcome)r->outcome), "objective",
        is_found ? json_integer(r->objective) : json_null(), "bound",
        is_found ? json_integer(r->bound) : json_null(), "gap",
        is_found ? json_real(r->gap) : json_null(), "work", (json_int_t)r->work, "elapsed_s",
        r->elapsed_ms / 1000.0, "before", a->has_before ? service_json(a, &a->before) : json_null(),
        "after", is_found ? service_json(a, &a->after) : json_null(), "places", places_json(a),
        "moves", moves_json(a), "demand", demand_json(a), "out_of_reach",
        ids_json(a, r->stranded_count, r->stranded), "left_out",
        ids_json(a, a->left_out_count, a->left_out), "least_count", (json_int_t)r->least_count);
}

/* ---- GeoJSON ------------------------------------------------------------------------------- */

static json_t *place_feature(const siting_answer *a, uint32_t i) {
    const siting_point *p = &a->places.point[i];
    return geojson_feature(geojson_point(&p->site),
                           json_pack("{s:s, s:s, s:s, s:I, s:I}", "role", "place", "id", p->id,
                                     "name", p->name, "units", (json_int_t)a->result->unit_count[i],
                                     "added", (json_int_t)siting_answer_added(a, i)));
}

static json_t *demand_feature(const siting_answer *a, uint32_t j) {
    const siting_point *p     = &a->demand.point[j];
    const uint32_t      place = a->result->place_of_demand[j], within_ms = a->options->within_ms;
    return geojson_feature(
        geojson_point(&p->site),
        json_pack("{s:s, s:s, s:s, s:I, s:o, s:o, s:o}", "role", "demand", "id", p->id, "name",
                  p->name, "weight", (json_int_t)p->weight, "place",
                  place == MUSTER_NONE ? json_null() : json_string(a->places.point[place].id),
                  "duration_s", duration(a->result->travel_ms[j]), "is_covered",
                  within_ms > 0 ? json_boolean(a->result->travel_ms[j] <= within_ms)
                                : json_null()));
}

static json_t *line_between(const char *role, const siting_point *from, const siting_point *to,
                            uint32_t duration_ms) {
    const double lon_deg[] = {from->site.lon_deg, to->site.lon_deg};
    const double lat_deg[] = {from->site.lat_deg, to->site.lat_deg};
    return geojson_feature(geojson_line(2, lon_deg, lat_deg),
                           json_pack("{s:s, s:s, s:s, s:o}", "role", role, "from", from->id, "to",
                                     to->id, "duration_s", duration(duration_ms)));
}

static void add_lines(const siting_answer *a, json_t *list) {
    const muster_siting_result *r = a->result;
    for (uint32_t j = 0; j < a->demand.count; ++j) {
        if (r->place_of_demand[j] == MUSTER_NONE) continue;
        json_array_append_new(list, line_between("serves", &a->places.point[r->place_of_demand[j]],
                                                 &a->demand.point[j], r->travel_ms[j]));
    }
    for (uint32_t u = 0; u < a->problem.unit_count; ++u) {
        const uint32_t from = a->unit_place[u], to = r->place_of_unit[u];
        if (from == to) continue;
        json_array_append_new(list,
                              line_between("move", &a->places.point[from], &a->places.point[to],
                                           a->move_ms[(size_t)u * a->problem.place_count + to]));
    }
}

json_t *siting_answer_geojson(const siting_answer *a) {
    json_t    *list     = json_array();
    const bool is_found = siting_answer_is_found(a);
    for (uint32_t i = 0; is_found && i < a->places.count; ++i) {
        if (a->result->unit_count[i] == 0 && siting_answer_added(a, i) == 0) continue;
        json_array_append_new(list, place_feature(a, i));
    }
    for (uint32_t j = 0; is_found && j < a->demand.count; ++j) {
        json_array_append_new(list, demand_feature(a, j));
    }
    if (is_found) add_lines(a, list);
    return json_pack("{s:s, s:o}", "type", "FeatureCollection", "features", list);
}
