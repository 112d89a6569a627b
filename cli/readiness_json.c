/* readiness.json and the places as GeoJSON (docs/readiness.md). What runs out of memory is NULL, which
 * jansson passes on. */
#include "cli/geojson.h"
#include "cli/readiness_answer.h"

/* Seconds; null for never. */
static json_t *seconds(uint64_t ms) {
    return ms >= MUSTER_UNREACHABLE_MS ? json_null() : json_real((double)ms / 1000);
}

static json_t *json_of_loss(const muster_readiness_loss *loss) {
    return json_pack("{s:I, s:I, s:I, s:I, s:f}", "fallen", (json_int_t)loss->fallen_count,
                     "fallen_people", (json_int_t)loss->fallen_weight, "beyond",
                     (json_int_t)loss->beyond_count, "slower", (json_int_t)loss->slower_count,
                     "lost_people_s", (double)loss->lost_ms / 1000);
}

/* ---- standards and places ------------------------------------------------------------------------- */

static json_t *json_of_standards(const readiness_answer *a) {
    json_t *list = json_array();
    for (uint32_t s = 0; s < a->standard.reach_count; ++s) {
        const muster_readiness_standard *standard = &a->standard.reach[s];
        const muster_kind               *kind     = &a->problem->kind[standard->kind];
        const readiness_below            below    = readiness_below_of(a, s);
        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:f, s:I, s:I, s:I, s:I, s:I}", "kind", kind->code, "resource",
                      muster_resource_name((muster_resource)kind->resource), "within_s",
                      standard->within_ms / 1000.0, "units", (json_int_t)standard->unit_count,
                      "quantity", (json_int_t)standard->quantity, "met",
                      (json_int_t)a->places.count - below.places, "below", (json_int_t)below.places,
                      "below_people", (json_int_t)below.people));
    }
    return list;
}

static json_t *json_of_cells(const readiness_answer *a, uint32_t place) {
    const uint32_t               all = a->standard.reach_count;
    const muster_readiness_cell *cell =
        muster_readiness_cells(readiness_shown(a)) + (size_t)place * all;
    json_t *list = json_array();
    for (uint32_t s = 0; s < all; ++s) {
        const muster_readiness_standard *standard = &a->standard.reach[s];
        json_array_append_new(list, json_pack("{s:s, s:b, s:I, s:I, s:o, s:o}", "kind",
                                              a->problem->kind[standard->kind].code, "met",
                                              (int)(cell[s].complete_ms <= standard->within_ms),
                                              "units", (json_int_t)cell[s].unit_count, "quantity",
                                              (json_int_t)cell[s].quantity, "first_s",
                                              seconds(cell[s].first_ms), "complete_s",
                                              seconds(cell[s].complete_ms)));
    }
    return list;
}

static json_t *json_of_place(const readiness_answer *a, uint32_t place) {
    const muster_named_site      *site  = a->places.named[place];
    const muster_readiness_state *state = &muster_readiness_states(readiness_shown(a))[place];
    return json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:f, s:o, s:o}", "code", site->code, "name",
                     site->name, "place", readiness_is_site(a, place) ? "site" : "village", "state",
                     readiness_grade_name(readiness_grade_of(a, place)), "people",
                     (json_int_t)a->places.people[place], "missed", (json_int_t)state->unmet_count,
                     "late_s", (double)state->late_ms / 1000, "spare_s", seconds(state->spare_ms),
                     "standards", json_of_cells(a, place));
}

static json_t *json_of_places(const readiness_answer *a) {
    const uint32_t *weakest = muster_readiness_weakest(readiness_shown(a));
    json_t         *list    = json_array();
    for (uint32_t i = 0; i < a->places.count; ++i) {
        json_t *place = json_of_place(a, weakest[i]);
        json_object_set_new(place, "lon_deg", json_real(a->places.named[weakest[i]]->lon_deg));
        json_object_set_new(place, "lat_deg", json_real(a->places.named[weakest[i]]->lat_deg));
        json_array_append_new(list, place);
    }
    return list;
}

/* ---- what-ifs and N-1 ------------------------------------------------------------------------------- */

static json_t *json_of_what_ifs(const readiness_answer *a) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < a->what_if_count; ++i) {
        json_t *fallen = json_array();
        for (uint32_t p = 0; p < a->places.count; ++p) {
            if (!a->what_if[i].has_fallen[p]) continue;
            json_array_append_new(fallen, json_string(a->places.named[p]->code));
        }
        json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "name", a->what_if[i].name, "loss",
                                              json_of_loss(&a->what_if[i].loss), "fallen", fallen));
    }
    return list;
}

/* Of number i of a list. */
static json_t *json_of_critical(const readiness_answer *a, const muster_criticals *list,
                                uint32_t i) {
    const muster_network_data *v = muster_network_view(muster_scenario_network(a->scenario));
    uint32_t                   count;
    const muster_critical     *c    = muster_criticals_list(list, &count) + i;
    const uint32_t            *edge = muster_criticals_edges(list, i, &count);
    if (c->edge == MUSTER_NONE) {
        return json_pack("{s:s, s:s, s:o}", "resource",
                         muster_resource_name((muster_resource)c->resource), "code",
                         readiness_code_of(a, c), "loss", json_of_loss(&c->loss));
    }
    const bool is_named = v->edge_name[c->edge] != MUSTER_NONE;
    json_t    *ids      = json_array();
    for (uint32_t k = 0; k < count; ++k) {
        json_array_append_new(ids, json_integer((json_int_t)v->edge_id[edge[k]]));
    }
    return json_pack("{s:I, s:o, s:s?, s:s, s:o}", "edge_id", (json_int_t)v->edge_id[c->edge],
                     "edges", ids, "name", is_named ? v->names + v->edge_name[c->edge] : NULL,
                     "class", muster_road_class_name((muster_road_class)v->edge_class[c->edge]),
                     "loss", json_of_loss(&c->loss));
}

static json_t *json_of_criticals(const readiness_answer *a) {
    json_t *all = json_array();
    for (unsigned part = 0; part < MUSTER_PART_COUNT; ++part) {
        if (!a->critical[part]) continue;
        const muster_criticals_effort effort = muster_criticals_effort_of(a->critical[part]);
        uint32_t                      count;
        json_t                       *list = json_array();
        (void)muster_criticals_list(a->critical[part], &count);
        for (uint32_t i = 0; i < count; ++i) {
            json_array_append_new(list, json_of_critical(a, a->critical[part], i));
        }
        json_array_append_new(all, json_pack("{s:s, s:I, s:I, s:I, s:o}", "part",
                                             muster_part_name((muster_part)part), "there_are",
                                             (json_int_t)effort.part_count, "candidates",
                                             (json_int_t)effort.candidate_count, "tried",
                                             (json_int_t)effort.tried_count, "worst", list));
    }
    return all;
}

/* ---- on the spot -------------------------------------------------------------------------------------- */

static json_t *json_of_holder(const readiness_answer *a, int holder) {
    const uint32_t rules = a->standard.rule_count[holder];
    const uint32_t first = holder == HOLDER_SITES ? 0 : a->places.holder_count[HOLDER_SITES];
    json_t        *list  = json_array();
    for (uint32_t h = 0; h < a->places.holder_count[holder]; ++h) {
        for (uint32_t i = 0; i < rules; ++i) {
            const muster_equipment *e = &a->places.equipment[holder][(size_t)h * rules + i];
            json_array_append_new(
                list,
                json_pack("{s:s, s:s, s:I, s:I, s:s}", "code", a->places.named[first + h]->code,
                          "kind", a->problem->kind[a->standard.rule[holder][i].kind].code,
                          "required", (json_int_t)e->required, "held", (json_int_t)e->held, "state",
                          muster_equipment_state_name((muster_equipment_state)e->state)));
        }
    }
    return list;
}

static json_t *json_of_tiers(const readiness_answer *a) {
    json_t *list = json_array();
    for (uint32_t k = 0; k < a->problem->kind_count; ++k) {
        for (unsigned level = 0; level < MUSTER_LEVEL_COUNT; ++level) {
            const muster_stock_tier *t = &a->tier[(size_t)k * MUSTER_LEVEL_COUNT + level];
            if (t->place_count == 0) continue;
            json_array_append_new(
                list,
                json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:s?}", "kind",
                          a->problem->kind[k].code, "tier", muster_level_name((muster_level)level),
                          "places", (json_int_t)t->place_count, "needed", (json_int_t)t->required,
                          "own", (json_int_t)t->own, "below", (json_int_t)t->below, "above",
                          (json_int_t)t->above, "short", (json_int_t)t->short_count, "weakest",
                          t->weakest == MUSTER_NONE ? NULL
                                                    : a->problem->authority[t->weakest].code));
        }
    }
    return list;
}

json_t *readiness_json_new(const readiness_answer *a) {
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:{s:o, s:o}, s:o}", "scenario",
                     muster_scenario_code(a->scenario), "standards", json_of_standards(a),
                     "changes", a->state ? json_of_loss(&a->loss) : json_null(), "places",
                     json_of_places(a), "what_ifs", json_of_what_ifs(a), "n_1",
                     json_of_criticals(a), "equipment", "site", json_of_holder(a, HOLDER_SITES),
                     "village", json_of_holder(a, HOLDER_VILLAGES), "tiers", json_of_tiers(a));
}

/* ---- the map --------------------------------------------------------------------------------------------- */

/* Okabe and Ito's colours, which those who do not see red or green tell apart as well. */
static const char *color_of(readiness_grade grade) {
    static const char *const COLOR[] = {"#0072B2", "#E69F00", "#D55E00"};
    return COLOR[grade];
}

json_t *readiness_geojson_new(const readiness_answer *a) {
    json_t *features = json_array();
    for (uint32_t p = 0; p < a->places.count; ++p) {
        json_t *properties = json_of_place(a, p);
        json_object_set_new(properties, "marker-color",
                            json_string(color_of(readiness_grade_of(a, p))));
        json_array_append_new(features,
                              geojson_feature(geojson_point(&a->places.place[p].site), properties));
    }
    return json_pack("{s:s, s:o}", "type", "FeatureCollection", "features", features);
}
