#define _XOPEN_SOURCE 700 /* realpath */
#include "cli/simulate_folder.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "cli/csv_output.h"
#include "cli/geojson.h"
#include "cli/json_file.h"

enum { PATH_BYTES = 4096 };

static const struct {
    const char *name, *columns;
} TABLE[SIMULATE_TABLE_COUNT] = {
    [SIMULATE_INCIDENTS] = {"incidents.csv",
                            "incident,name,type,severity,authority,lon_deg,lat_deg,reported_ms,"
                            "first_on_scene_ms,met_ms,closed_ms,response_ms,standard_ms,"
                            "need_quantity,met_quantity"},
    [SIMULATE_NEEDS]     = {"needs.csv", "incident,kind,resource,quantity,minimum,met_quantity,"
                                             "met_ms,open_quantity_ms"},
    [SIMULATE_ORDERS] = {"orders.csv", "order,trip,unit,resource,kind,incident,need,quantity,state,"
                                       "issued_ms,departed_ms,loaded_ms,on_scene_ms,left_ms,"
                                       "released_ms,ended_ms,distance_m,reason"},
    [SIMULATE_SERIES] = {"series.csv",
                         "time_ms,open_incidents,quantity_needed,quantity_met,units_free,"
                         "units_en_route,units_on_scene,units_off,units_on_call"},
    [SIMULATE_STOCK]  = {"stock.csv", "time_ms,warehouse,kind,quantity"},
    [SIMULATE_PLANS] =
        {"plans.csv",
         "time_ms,work,incidents,assignments,orders,tier1,tier1_bound,tier2,tier2_bound"},
    [SIMULATE_PRICES] = {"prices.csv", "time_ms,resource,kind,gain,response_time_gain"},
    [SIMULATE_MOVES] = {"moves.csv", "unit,resource,order,leg,start_ms,end_ms,polyline,offsets_ms"},
    [SIMULATE_EXPLANATIONS] = {"explanations.csv", "time_ms,incident,kind,text_en,text_zh"},
    [SIMULATE_REFUSALS]     = {"refusals.csv", "time_ms,event,message"},
    [SIMULATE_TOTALS]       = {"totals.csv",
                               "incident_count,closed_count,plan_count,order_count,event_count,"
                                     "standard_count,within_count,need_quantity,met_quantity,"
                                     "open_quantity_ms,distance_m,busy_ms,unit_ms"},
};

/* ---- cells --------------------------------------------------------------------------------- */

/* What never was is an empty cell. */
static void put_ms(FILE *f, int64_t ms) {
    putc(',', f);
    if (ms >= 0) fprintf(f, "%" PRId64, ms);
}

static void put_count(FILE *f, int64_t count) {
    fprintf(f, ",%" PRId64, count);
}

static void put_text(FILE *f, const char *text) {
    putc(',', f);
    if (text) csv_print_text(f, text);
}

static void put_resource(FILE *f, uint8_t resource) {
    put_text(f, muster_resource_name((muster_resource)resource));
}

static void put_order(FILE *f, uint64_t order) {
    putc(',', f);
    if (order > 0) fprintf(f, "%" PRIu64, order);
}

/* Each row begins with whose it is. */
static FILE *begin_row(simulate_folder *folder, simulate_table table, const muster_replication *r) {
    FILE *f = folder->table[table].stream;
    fprintf(f, "%s,%" PRIu32, muster_simulation_policy(r), muster_simulation_replication(r));
    return f;
}

static void end_row(FILE *f) {
    fputs("\r\n", f);
}

/* ---- rows ---------------------------------------------------------------------------------- */

static void add_incidents(simulate_folder *folder, const muster_replication *r) {
    uint32_t                         count;
    const muster_simulated_incident *row = muster_simulation_incidents(r, &count);
    for (uint32_t i = 0; i < count; ++i, ++row) {
        FILE *f = begin_row(folder, SIMULATE_INCIDENTS, r);
        put_text(f, row->code);
        put_text(f, row->name);
        put_text(f, row->type);
        put_text(f, muster_severity_name((muster_severity)row->severity));
        put_text(f, row->authority);
        fprintf(f, ",%.6f,%.6f", row->lon_deg, row->lat_deg);
        put_ms(f, row->reported_ms);
        put_ms(f, row->first_on_scene_ms);
        put_ms(f, row->met_ms);
        put_ms(f, row->closed_ms);
        put_ms(f, row->response_ms);
        put_ms(f, row->standard_ms);
        put_count(f, row->need_quantity);
        put_count(f, row->met_quantity);
        end_row(f);
    }
}

static void add_needs(simulate_folder *folder, const muster_replication *r) {
    uint32_t                     count;
    const muster_simulated_need *row = muster_simulation_needs(r, &count);
    for (uint32_t i = 0; i < count; ++i, ++row) {
        FILE *f = begin_row(folder, SIMULATE_NEEDS, r);
        put_text(f, row->incident);
        put_text(f, row->kind);
        put_resource(f, row->resource);
        put_count(f, row->quantity);
        put_count(f, row->minimum);
        put_count(f, row->met_quantity);
        put_ms(f, row->met_ms);
        put_count(f, row->open_quantity_ms);
        end_row(f);
    }
}

static void add_orders(simulate_folder *folder, const muster_replication *r) {
    uint32_t                      count;
    const muster_simulated_order *row = muster_simulation_orders(r, &count);
    for (uint32_t i = 0; i < count; ++i, ++row) {
        FILE *f = begin_row(folder, SIMULATE_ORDERS, r);
        put_order(f, row->order);
        put_order(f, row->trip);
        put_text(f, row->unit);
        put_resource(f, row->resource);
        put_text(f, row->kind);
        put_text(f, row->incident);
        put_text(f, row->need);
        put_count(f, row->quantity);
        put_text(f, muster_order_state_name((muster_order_state)row->state));
        put_ms(f, row->issued_ms);
        put_ms(f, row->departed_ms);
        put_ms(f, row->loaded_ms);
        put_ms(f, row->on_scene_ms);
        put_ms(f, row->left_ms);
        put_ms(f, row->released_ms);
        put_ms(f, row->ended_ms);
        fprintf(f, ",%.1f", row->distance_m);
        put_text(f, row->reason);
        end_row(f);
    }
}

static void add_series(simulate_folder *folder, const muster_replication *r) {
    uint32_t                       count;
    const muster_simulated_moment *row = muster_simulation_series(r, &count);
    for (uint32_t i = 0; i < count; ++i, ++row) {
        FILE *f = begin_row(folder, SIMULATE_SERIES, r);
        put_ms(f, row->time_ms);
        put_count(f, row->open_incidents);
        put_count(f, row->quantity_needed);
        put_count(f, row->quantity_met);
        put_count(f, row->units_free);
        put_count(f, row->units_en_route);
        put_count(f, row->units_on_scene);
        put_count(f, row->units_off);
        put_count(f, row->units_on_call);
        end_row(f);
    }
}

static void add_stock(simulate_folder *folder, const muster_replication *r) {
    uint32_t                      count;
    const muster_simulated_stock *row = muster_simulation_stock(r, &count);
    for (uint32_t i = 0; i < count; ++i, ++row) {
        FILE *f = begin_row(folder, SIMULATE_STOCK, r);
        put_ms(f, row->time_ms);
        put_text(f, row->warehouse);
        put_text(f, row->kind);
        put_count(f, row->quantity);
        end_row(f);
    }
}

static void add_plans(simulate_folder *folder, const muster_replication *r) {
    uint32_t                     count;
    const muster_simulated_plan *row = muster_simulation_plans(r, &count);
    for (uint32_t i = 0; i < count; ++i, ++row) {
        const muster_tier_result *tier = row->tier;
        FILE                     *f    = begin_row(folder, SIMULATE_PLANS, r);
        put_ms(f, row->time_ms);
        fprintf(f, ",%" PRIu64, row->work);
        put_count(f, row->incidents);
        put_count(f, row->assignments);
        put_count(f, row->orders);
        put_count(f, tier[MUSTER_TIER_UNMET_NEED].value);
        put_count(f, tier[MUSTER_TIER_UNMET_NEED].bound);
        put_count(f, tier[MUSTER_TIER_RESPONSE_TIME].value);
        put_count(f, tier[MUSTER_TIER_RESPONSE_TIME].bound);
        end_row(f);
    }
}

static void add_prices(simulate_folder *folder, const muster_replication *r) {
    uint32_t                      count;
    const muster_simulated_price *row = muster_simulation_prices(r, &count);
    for (uint32_t i = 0; i < count; ++i, ++row) {
        FILE *f = begin_row(folder, SIMULATE_PRICES, r);
        put_ms(f, row->time_ms);
        put_resource(f, row->resource);
        put_text(f, row->kind);
        put_count(f, row->unmet_need_gain);
        put_count(f, row->response_time_gain);
        end_row(f);
    }
}

static void add_explanations(simulate_folder *folder, const muster_replication *r) {
    uint32_t                            count;
    const muster_simulated_explanation *row = muster_simulation_explanations(r, &count);
    for (uint32_t i = 0; i < count; ++i, ++row) {
        FILE *f = begin_row(folder, SIMULATE_EXPLANATIONS, r);
        put_ms(f, row->time_ms);
        put_text(f, row->incident);
        put_text(f, row->kind);
        put_text(f, row->text);
        put_text(f, row->text_zh);
        end_row(f);
    }
}

static void add_refusals(simulate_folder *folder, const muster_replication *r) {
    uint32_t                        count;
    const muster_simulated_refusal *row = muster_simulation_refusals(r, &count);
    for (uint32_t i = 0; i < count; ++i, ++row) {
        FILE *f = begin_row(folder, SIMULATE_REFUSALS, r);
        put_ms(f, row->time_ms);
        put_text(f, row->id);
        put_text(f, row->message);
        end_row(f);
    }
}

static void add_totals(simulate_folder *folder, const muster_replication *r) {
    const muster_simulated_totals t = muster_simulation_totals(r);
    FILE                         *f = begin_row(folder, SIMULATE_TOTALS, r);
    put_count(f, t.incident_count);
    put_count(f, t.closed_count);
    put_count(f, t.plan_count);
    put_count(f, t.order_count);
    put_count(f, t.event_count);
    put_count(f, t.standard_count);
    put_count(f, t.within_count);
    put_count(f, t.need_quantity);
    put_count(f, t.met_quantity);
    put_count(f, t.open_quantity_ms);
    fprintf(f, ",%.1f", t.distance_m);
    put_count(f, t.busy_ms);
    put_count(f, t.unit_ms);
    end_row(f);
}

/* ---- ways ---------------------------------------------------------------------------------- */

/* A number of an encoded polyline: five bits at a time, the lowest first ("Encoded Polyline Algorithm Format",
 * Google Maps Platform). */
static void put_polyline_number(FILE *f, int64_t number) {
    uint64_t bits = (uint64_t)number << 1;
    if (number < 0) bits = ~bits;
    for (; bits >= 0x20; bits >>= 5) putc((int)((bits & 0x1F) | 0x20) + 63, f);
    putc((int)bits + 63, f);
}

static int64_t millionths(double degrees) {
    return (int64_t)(degrees * 1e6 + (degrees < 0 ? -0.5 : 0.5));
}

/* Its characters are 63 to 126, so there is no comma and no quote among them, and it needs no quotes. */
static void put_polyline(FILE *f, const muster_simulated_move *row) {
    int64_t lat = 0, lon = 0;
    putc(',', f);
    for (uint32_t p = 0; p < row->point_count; ++p) {
        const int64_t to_lat = millionths(row->lat_deg[p]), to_lon = millionths(row->lon_deg[p]);
        put_polyline_number(f, to_lat - lat);
        put_polyline_number(f, to_lon - lon);
        lat = to_lat;
        lon = to_lon;
    }
}

static void add_moves(simulate_folder *folder, const muster_replication *r) {
    uint32_t                     count;
    const muster_simulated_move *row = muster_simulation_moves(r, &count);
    for (uint32_t i = 0; i < count; ++i, ++row) {
        FILE *f = begin_row(folder, SIMULATE_MOVES, r);
        put_text(f, row->unit);
        put_resource(f, row->resource);
        put_order(f, row->order);
        put_text(f, muster_simulation_leg_name((muster_leg)row->leg));
        put_ms(f, row->start_ms);
        put_ms(f, row->end_ms);
        put_polyline(f, row);
        for (uint32_t p = 0; p < row->point_count; ++p) {
            fprintf(f, "%c%" PRIu32, p == 0 ? ',' : ' ', row->offset_ms[p]);
        }
        end_row(f);
    }
}

void simulate_folder_add(simulate_folder *folder, const muster_replication *r) {
    add_incidents(folder, r);
    add_needs(folder, r);
    add_orders(folder, r);
    add_series(folder, r);
    add_stock(folder, r);
    add_plans(folder, r);
    add_prices(folder, r);
    add_moves(folder, r);
    add_explanations(folder, r);
    add_refusals(folder, r);
    add_totals(folder, r);
}

/* ---- hazards ------------------------------------------------------------------------------- */

static json_t *hazard_geometry(const muster_hazard *h) {
    if (h->area.polygon_count > 0) return geojson_multipolygon(&h->area);
    if (h->lines.line_count > 0) return geojson_multiline(&h->lines);
    return h->points.point_count > 0 ? geojson_multipoint(&h->points) : json_null();
}

static json_t *hazard_properties(const muster_simulated_hazard *row, uint32_t replication) {
    const muster_hazard *h = row->hazard;
    json_t              *p = json_pack(
                     "{s:I, s:s, s:s, s:s?, s:I, s:I}", "replication", (json_int_t)replication, "code", h->code,
                     "kind", muster_hazard_kind_name((muster_hazard_kind)h->kind), "name", h->name, "from_ms",
                     (json_int_t)row->from_ms, "until_ms", (json_int_t)row->until_ms);
    if (p && h->kind == MUSTER_HAZARD_FLOOD && h->depth_m < 1e6) {
        json_object_set_new(p, "depth_m", json_real(h->depth_m));
    }
    if (p && h->wind_force > 0) json_object_set_new(p, "force", json_integer(h->wind_force));
    return p;
}

bool simulate_hazards_add(json_t *features, const muster_replication *r) {
    uint32_t                       count;
    const muster_simulated_hazard *row = muster_simulation_hazards(r, &count);
    for (uint32_t i = 0; i < count; ++i) {
        json_t *properties = hazard_properties(&row[i], muster_simulation_replication(r));
        json_t *feature    = geojson_feature(hazard_geometry(row[i].hazard), properties);
        if (json_array_append_new(features, feature) != 0) return false;
    }
    return true;
}

/* ---- run.json ------------------------------------------------------------------------------ */

static json_t *policy_json(const muster_policy *p) {
    return json_pack(
        "{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:s, s:I, s:I, s:I, s:I}", "name", p->name,
        "mode", muster_replan_name((muster_replan)p->mode), "delay_ms", (json_int_t)p->delay_ms,
        "interval_ms", (json_int_t)p->interval_ms, "work_limit", (json_int_t)p->work_limit,
        "churn_unmet_need", (json_int_t)p->churn_unmet_need, "churn_response_time",
        (json_int_t)p->churn_response_time, "churn_most", (json_int_t)p->churn_most, "way_back",
        muster_way_back_name((muster_way_back)p->way_back), "duty_most_ms",
        (json_int_t)p->duty_most_ms, "rest_ms", (json_int_t)p->rest_ms, "restock_percent",
        (json_int_t)p->restock_percent, "restock_delay_ms", (json_int_t)p->restock_delay_ms);
}

static json_t *policies_json(const muster_simulate_options *o) {
    json_t *list = json_array();
    for (uint32_t p = 0; p < o->policy_count; ++p) {
        json_array_append_new(list, policy_json(&o->policy[p]));
    }
    return list;
}

static json_t *texts_json(uint32_t count, const char *const *text) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < count; ++i) json_array_append_new(list, json_string(text[i]));
    return list;
}

static json_t *standards_json(const muster_scenario_file *file) {
    uint32_t               count;
    const muster_standard *s    = muster_scenario_file_standards(file, &count);
    json_t                *list = json_array();
    for (uint32_t i = 0; i < count; ++i) {
        json_array_append_new(list, json_pack("{s:s?, s:s?, s:I}", "type", s[i].type, "severity",
                                              muster_severity_name((muster_severity)s[i].severity),
                                              "response_ms", (json_int_t)s[i].response_ms));
    }
    return list;
}

static json_t *bbox_json(const muster_network *network) {
    const muster_network_data *v      = muster_network_view(network);
    double                     box[4] = {180, 90, -180, -90};
    for (uint32_t n = 0; n < v->node_count; ++n) {
        if (v->node_lon_deg[n] < box[0]) box[0] = v->node_lon_deg[n];
        if (v->node_lat_deg[n] < box[1]) box[1] = v->node_lat_deg[n];
        if (v->node_lon_deg[n] > box[2]) box[2] = v->node_lon_deg[n];
        if (v->node_lat_deg[n] > box[3]) box[3] = v->node_lat_deg[n];
    }
    return json_pack("[f, f, f, f]", box[0], box[1], box[2], box[3]);
}

/* From wherever it is read. A connection is named without what is nobody's business. */
static json_t *store_json(const char *store) {
    char  name[PATH_BYTES];
    char *whole = muster_database_is_server(store) ? NULL : realpath(store, NULL);
    if (!whole && muster_store_name(name, sizeof name, store) != MUSTER_OK) return json_null();
    json_t *text = json_string(whole ? whole : name);
    free(whole);
    return text;
}

static json_t *scenario_json(const simulate_about *a) {
    const muster_scenario_about *about    = muster_scenario_file_about(a->file);
    const muster_scenario       *scenario = muster_simulation_scenario(a->simulation);
    char                         moment[MUSTER_MOMENT_BYTES];
    return json_pack(
        "{s:s, s:s, s:s?, s:s, s:s, s:o, s:s, s:I, s:o}", "code", about->code, "name",
        about->name ? about->name : about->code, "name_zh", about->name_zh, "file", about->path,
        "sha256", muster_simulation_sha256(a->simulation), "store", store_json(about->store),
        "start_at",
        muster_moment_text_by(moment, about->start_at_ms / 1000, about->clock_offset_min),
        "length_ms", (json_int_t)about->length_ms, "bbox",
        bbox_json(muster_scenario_network(scenario)));
}

static json_t *kinds_json(const muster_problem *p) {
    json_t *list = json_array();
    for (uint32_t k = 0; k < p->kind_count; ++k) {
        json_array_append_new(
            list, json_pack("{s:s, s:s?}", "code", p->kind[k].code, "name", p->kind[k].name));
    }
    return list;
}

static json_t *authorities_json(const muster_problem *p) {
    json_t *list = json_array();
    for (uint32_t a = 0; a < p->authority_count; ++a) {
        json_array_append_new(list, json_pack("{s:s, s:s?}", "code", p->authority[a].code, "name",
                                              p->authority[a].name));
    }
    return list;
}

static json_t *recorded_json(const muster_simulate_options *o) {
    json_t *list = json_array();
    for (uint32_t r = 0; r < o->recorded_count; ++r) {
        json_array_append_new(list, json_integer((json_int_t)o->recorded[r]));
    }
    return list;
}

static json_t *run_json(const simulate_about *a) {
    const muster_scenario_about *about = muster_scenario_file_about(a->file);
    const muster_problem        *problem =
        muster_scenario_problem(muster_simulation_scenario(a->simulation));
    return json_pack("{s:s, s:o, s:o, s:I, s:I, s:I, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "format",
                     "muster-simulation-1", "scenario", scenario_json(a), "policies",
                     policies_json(a->options), "replications", (json_int_t)a->options->count,
                     "first_replication", (json_int_t)a->options->first, "seed",
                     (json_int_t)a->seed, "version", muster_version(), "standards",
                     standards_json(a->file), "assumptions",
                     texts_json(about->assumption_count, about->assumption), "assumptions_zh",
                     texts_json(about->assumption_zh_count, about->assumption_zh), "recorded",
                     recorded_json(a->options), "kinds", kinds_json(problem), "authorities",
                     authorities_json(problem));
}

/* ---- the folder ---------------------------------------------------------------------------- */

static int path_in(char out[PATH_BYTES], const char *folder, const char *name) {
    if (snprintf(out, PATH_BYTES, "%s/%s", folder, name) < PATH_BYTES) return COMMAND_DONE;
    return command_fail(COMMAND_USAGE, "the path of \"%.60s...\" is longer than %d bytes", folder,
                        PATH_BYTES);
}

int simulate_folder_open(simulate_folder *folder, const char *path) {
    char file[PATH_BYTES];
    folder->path = path;
    if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        return command_fail(COMMAND_ENVIRONMENT, "cannot make the folder \"%s\": %s", path,
                            strerror(errno));
    }
    for (int t = 0; t < SIMULATE_TABLE_COUNT; ++t) {
        int code = path_in(file, path, TABLE[t].name);
        if (code == COMMAND_DONE) code = output_open(&folder->table[t], file);
        if (code != COMMAND_DONE) return code;
        fprintf(folder->table[t].stream, "policy,replication,%s\r\n", TABLE[t].columns);
    }
    return COMMAND_DONE;
}

static int write_json(simulate_folder *folder, const char *name, json_t *document) {
    char      file[PATH_BYTES];
    const int code = path_in(file, folder->path, name);
    if (code == COMMAND_DONE) return json_write(document, file);
    json_decref(document);
    return code;
}

/* Until all is there nobody takes tables of two runs for those of one. */
static int forget_run(const simulate_folder *folder) {
    char      file[PATH_BYTES];
    const int code = path_in(file, folder->path, "run.json");
    if (code == COMMAND_DONE) (void)remove(file);
    return code;
}

int simulate_folder_publish(simulate_folder *folder, const simulate_about *about, json_t *hazards) {
    int code = forget_run(folder);
    for (int t = 0; t < SIMULATE_TABLE_COUNT; ++t) {
        if (code == COMMAND_DONE) code = output_publish(&folder->table[t]);
    }
    json_t *collection = json_pack("{s:s, s:O}", "type", "FeatureCollection", "features", hazards);
    json_decref(hazards);
    if (code != COMMAND_DONE) {
        json_decref(collection);
        return code;
    }
    code = write_json(folder, "hazards.geojson", collection);
    return code == COMMAND_DONE ? write_json(folder, "run.json", run_json(about)) : code;
}

void simulate_folder_discard(simulate_folder *folder) {
    for (int t = 0; t < SIMULATE_TABLE_COUNT; ++t) output_discard(&folder->table[t]);
}
