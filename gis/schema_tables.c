/* See schema_tables.h. Bounds are those of the constraints in schema.sql, which are those of the
 * readers (network_rows.c, scenario_rows.c, scenario_command.c, map_layers.c). */
#include "gis/schema_tables.h"

#include <string.h>

#include <muster/api.h>

#include "gis/schema_rules.h"

/* A column a line is what can be compared with the SQL. */
/* clang-format off */

#define KEY(n)              {.name = (n), .type = MU_TYPE_BIGINT}
#define BOOLEAN(n)          {.name = (n), .type = MU_TYPE_BOOLEAN}
#define BOOLEAN_OR(n, f)    {.name = (n), .type = MU_TYPE_BOOLEAN, .has_fallback = true, .fallback = (f)}
#define WHOLE(n, a, b)      {.name = (n), .type = MU_TYPE_INTEGER, .is_bounded = true, .least = (a), .most = (b)}
#define WHOLE_OR(n, a, b, f) {.name = (n), .type = MU_TYPE_INTEGER, .is_bounded = true, .least = (a), .most = (b), \
                              .has_fallback = true, .fallback = (f)}
#define NULL_WHOLE(n, a, b) {.name = (n), .type = MU_TYPE_INTEGER, .is_bounded = true, .least = (a), .most = (b), \
                             .may_be_null = true}
#define ID(n)               {.name = (n), .type = MU_TYPE_BIGINT}
#define ID_OR(n, f)         {.name = (n), .type = MU_TYPE_BIGINT, .has_fallback = true, .fallback = (f)}
#define NULL_ID(n)          {.name = (n), .type = MU_TYPE_BIGINT, .may_be_null = true}
#define BIG(n, a, b)        {.name = (n), .type = MU_TYPE_BIGINT, .is_bounded = true, .least = (a), .most = (b)}
#define NULL_BIG(n, a, b)   {.name = (n), .type = MU_TYPE_BIGINT, .is_bounded = true, .least = (a), .most = (b), \
                             .may_be_null = true}
#define REAL(n, a, b)       {.name = (n), .type = MU_TYPE_REAL, .is_bounded = true, .least = (a), .most = (b)}
#define REAL_OR_0(n, a, b)  {.name = (n), .type = MU_TYPE_REAL, .is_bounded = true, .least = (a), .most = (b), \
                             .has_fallback = true}
#define NULL_REAL(n, a, b)  {.name = (n), .type = MU_TYPE_REAL, .is_bounded = true, .least = (a), .most = (b), \
                             .may_be_null = true}
#define MORE_THAN_0(n, b)   {.name = (n), .type = MU_TYPE_REAL, .is_bounded = true, .most = (b), .excludes_least = true}
#define TEXT(n)             {.name = (n), .type = MU_TYPE_TEXT}
#define NULL_TEXT(n)        {.name = (n), .type = MU_TYPE_TEXT, .may_be_null = true}
#define CODE(n)             {.name = (n), .type = MU_TYPE_TEXT, .is_bounded = true, .least = 1, .most = 1e9}
#define NULL_CODE(n)        {.name = (n), .type = MU_TYPE_TEXT, .is_bounded = true, .least = 1, .most = 1e9, \
                             .may_be_null = true}
#define DIGITS(n, d)        {.name = (n), .type = MU_TYPE_TEXT, .digits = (d), .may_be_null = true}
#define WORD(n, w)          {.name = (n), .type = MU_TYPE_TEXT, .words = (w)}
#define NULL_WORD(n, w)     {.name = (n), .type = MU_TYPE_TEXT, .words = (w), .may_be_null = true}
#define MOMENT(n)           {.name = (n), .type = MU_TYPE_MOMENT}
#define NULL_MOMENT(n)      {.name = (n), .type = MU_TYPE_MOMENT, .may_be_null = true}
#define INSTANT(n)          {.name = (n), .type = MU_TYPE_INSTANT}
#define NULL_INSTANT(n)     {.name = (n), .type = MU_TYPE_INSTANT, .may_be_null = true}
#define GEOMETRY(s)         {.name = "geom", .type = MU_TYPE_GEOMETRY, .shapes = (s)}
#define NULL_GEOMETRY(s)    {.name = "geom", .type = MU_TYPE_GEOMETRY, .shapes = (s), .may_be_null = true}

#define MOST   1e9       /* MUSTER_MAX_QUANTITY */
#define MOST_S 2147483.0 /* seconds: MUSTER_UNREACHABLE_MS */

static const mu_schema_column MUSTER_META[] = {
    CODE("key"),
    TEXT("value"),
};

static const mu_schema_column NODE[] = {
    KEY("id"),
    GEOMETRY(MU_SHAPE_POINT),
    NULL_WHOLE("rank", 0, 2147483647),
};

static const mu_schema_column EDGE[] = {
    KEY("id"),
    ID("source"),
    ID("target"),
    REAL("length_m", 0, 9999999),
    WORD("class", "motorway motorway_link trunk trunk_link primary primary_link secondary secondary_link tertiary tertiary_link unclassified residential living_street service track road ferry"),
    WHOLE("access_forward", 0, 15),
    WHOLE("access_backward", 0, 15),
    NULL_REAL("speed_forward_kmh", 1e-37, 400),
    NULL_REAL("speed_backward_kmh", 1e-37, 400),
    NULL_BIG("duration_forward_ms", 0, 4294967294),
    NULL_BIG("duration_backward_ms", 0, 4294967294),
    BOOLEAN_OR("bridge", 0),
    BOOLEAN_OR("tunnel", 0),
    WHOLE_OR("layer", -128, 127, 0),
    NULL_REAL("maxheight_m", 1e-37, 3.4e38),
    NULL_REAL("maxwidth_m", 1e-37, 3.4e38),
    NULL_REAL("maxweight_t", 1e-37, 3.4e38),
    NULL_TEXT("name"),
    ID_OR("way_id", 0),
    GEOMETRY(MU_SHAPE_LINE),
};

static const mu_schema_column TURN_RESTRICTION[] = {
    KEY("fid"),
    ID("id"),
    WORD("kind", "no only penalty"),
    ID("from_way"),
    ID("via_id"),
    BOOLEAN("via_is_way"),
    ID("to_way"),
    NULL_ID("from_edge"),
    NULL_ID("via_node"),
    NULL_ID("to_edge"),
    WHOLE_OR("except_bits", 0, 15, 0),
    NULL_REAL("penalty_s", 0, 86400),
};

static const mu_schema_column TURN_RESTRICTION_VIA[] = {
    KEY("fid"),
    ID("restriction"),
    BIG("position", 0, 9.3e18),
    ID("edge"),
};

static const mu_schema_column PROFILE[] = {
    KEY("fid"),
    {.name = "name", .type = MU_TYPE_TEXT, .is_bounded = true, .least = 1, .most = 64},
    {.name = "document", .type = MU_TYPE_JSON},
};

static const mu_schema_column PLACE[] = {
    KEY("fid"),
    CODE("code"),
    TEXT("name"),
    NULL_TEXT("name_en"),
    WORD("level", "city county town village"),
    NULL_CODE("parent_code"),
    NULL_WHOLE("population", 0, MOST),
    NULL_TEXT("quality"),
    DIGITS("adcode", "6 9 12"),
    GEOMETRY(MU_SHAPE_POINT),
};

static const mu_schema_column WATERWAY[] = {
    KEY("fid"),
    NULL_TEXT("name"),
    WORD("class", "river canal ditch"),
    MORE_THAN_0("width_m", 100000),
    GEOMETRY(MU_SHAPE_LINE),
};

static const mu_schema_column WATER_AREA[] = {
    KEY("fid"),
    NULL_TEXT("name"),
    WORD("class", "lake sea"),
    GEOMETRY(MU_SHAPE_POLYGON),
};

static const mu_schema_column KIND[] = {
    KEY("fid"),
    CODE("code"),
    WORD("resource", "people vehicle machine item"),
    TEXT("category"),
    TEXT("name"),
    NULL_TEXT("name_en"),
    TEXT("unit"),
    NULL_REAL("mass_kg", 0, 1000000),
    NULL_REAL("volume_m3", 0, 1000),
    NULL_CODE("operator_kind"),
    WHOLE_OR("operator_count", 0, MOST, 0),
    DIGITS("item_code", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16"),
};

static const mu_schema_column TEAM[] = {
    KEY("fid"),
    CODE("code"),
    TEXT("name"),
    WORD("tier", "city county town village social expert"),
    NULL_CODE("place"),
    WHOLE("people", 1, MOST),
    BOOLEAN_OR("available", 1),
    NULL_REAL("turnout_s", 0, MOST_S),
    TEXT("profile"),
    REAL_OR_0("ready_s", 0, MOST_S),
    NULL_REAL("shift_end_s", 0.001, MOST_S),
    REAL_OR_0("duty_s", 0, MOST_S),
    WHOLE_OR("grade", 0, 255, 0),
    GEOMETRY(MU_SHAPE_POINT),
};

static const mu_schema_column TEAM_CAPABILITY[] = {
    KEY("id"),
    CODE("team"),
    CODE("kind"),
};

static const mu_schema_column VEHICLE[] = {
    KEY("fid"),
    CODE("code"),
    NULL_TEXT("name"),
    CODE("kind"),
    WORD("tier", "city county town village"),
    NULL_CODE("place"),
    REAL_OR_0("payload_kg", 0, 1e9),
    REAL_OR_0("volume_m3", 0, 1e6),
    WHOLE_OR("seats", 0, MOST, 0),
    BOOLEAN_OR("available", 1),
    NULL_REAL("turnout_s", 0, MOST_S),
    TEXT("profile"),
    REAL_OR_0("ready_s", 0, MOST_S),
    NULL_REAL("shift_end_s", 0.001, MOST_S),
    REAL_OR_0("duty_s", 0, MOST_S),
    GEOMETRY(MU_SHAPE_POINT),
};

static const mu_schema_column MACHINE[] = {
    KEY("fid"),
    CODE("code"),
    NULL_TEXT("name"),
    CODE("kind"),
    WHOLE("count", 0, MOST),
    WORD("tier", "city county town village"),
    NULL_CODE("place"),
    NULL_REAL("turnout_s", 0, MOST_S),
    TEXT("profile"),
    REAL_OR_0("ready_s", 0, MOST_S),
    NULL_REAL("shift_end_s", 0.001, MOST_S),
    REAL_OR_0("duty_s", 0, MOST_S),
    GEOMETRY(MU_SHAPE_POINT),
};

static const mu_schema_column WAREHOUSE[] = {
    KEY("fid"),
    CODE("code"),
    TEXT("name"),
    WORD("tier", "city county town village"),
    NULL_CODE("place"),
    REAL("loading_s", 0, MOST_S),
    TEXT("profile"),
    REAL_OR_0("ready_s", 0, MOST_S),
    NULL_REAL("shift_end_s", 0.001, MOST_S),
    REAL_OR_0("duty_s", 0, MOST_S),
    GEOMETRY(MU_SHAPE_POINT),
};

static const mu_schema_column STOCK[] = {
    KEY("id"),
    CODE("warehouse"),
    CODE("kind"),
    WHOLE("quantity", 0, MOST),
};

static const mu_schema_column AT_RISK_SITE[] = {
    KEY("fid"),
    CODE("code"),
    TEXT("name"),
    NULL_CODE("place"),
    NULL_WHOLE("population", 0, MOST),
    GEOMETRY(MU_SHAPE_POINT),
};

static const mu_schema_column KIT[] = {
    KEY("id"),
    CODE("site"),
    CODE("kind"),
    WHOLE("quantity", 0, MOST),
};

static const mu_schema_column SCENARIO[] = {
    KEY("fid"),
    CODE("code"),
    TEXT("name"),
    MOMENT("starts_at"),
    BOOLEAN_OR("is_default", 0),
};

static const mu_schema_column INCIDENT[] = {
    KEY("fid"),
    CODE("scenario"),
    CODE("code"),
    NULL_TEXT("name"),
    TEXT("type"),
    WORD("severity", "minor moderate severe extreme"),
    NULL_CODE("place"),
    MOMENT("reported_at"),
    NULL_MOMENT("deadline_at"),
    REAL_OR_0("on_scene_s", 0, MOST_S),
    BOOLEAN_OR("all_or_nothing", 0),
    GEOMETRY(MU_SHAPE_POINT),
};

static const mu_schema_column NEED[] = {
    KEY("id"),
    CODE("scenario"),
    CODE("incident"),
    CODE("kind"),
    WHOLE("quantity", 1, MOST),
    WHOLE_OR("minimum", 0, MOST, 0),
    WHOLE_OR("grade", 0, 255, 0),
};

static const mu_schema_column ZONE[] = {
    KEY("fid"),
    CODE("code"),
    NULL_TEXT("name"),
    CODE("kind"),
    REAL("radius_s", 0, MOST_S),
    WHOLE("required", 1, MOST),
    WHOLE_OR("weight", 0, MOST, 1),
    GEOMETRY(MU_SHAPE_POINT),
};

static const mu_schema_column RULE[] = {
    KEY("id"),
    CODE("scenario"),
    WORD("type", "lock forbid hold en_route"),
    WORD("resource", "people vehicle machine item"),
    CODE("code"),
    NULL_CODE("kind"),
    NULL_CODE("incident"),
    WHOLE_OR("quantity", 0, MOST, 0),
    NULL_CODE("vehicle"),
};

static const mu_schema_column WEIGHT[] = {
    KEY("id"),
    CODE("key"),
    BIG("value", 0, 9.3e18),
};

static const mu_schema_column HAZARD[] = {
    KEY("fid"),
    CODE("scenario"),
    NULL_CODE("code"),
    WORD("kind", "flood wind plume closure alert"),
    NULL_TEXT("source"),
    NULL_WORD("severity", "minor moderate severe extreme unknown"),
    NULL_WORD("urgency", "immediate expected future past unknown"),
    NULL_WORD("certainty", "observed likely possible unlikely unknown"),
    NULL_REAL("depth_m", 0, 12000),
    NULL_WHOLE("wind_force", 0, 17),
    NULL_REAL("speed_factor", 0, 1),
    MOMENT("starts_at"),
    MOMENT("ends_at"),
    GEOMETRY(MU_SHAPE_AREA),
};

static const mu_schema_column CLOSURE[] = {
    KEY("fid"),
    CODE("scenario"),
    CODE("code"),
    NULL_TEXT("name"),
    NULL_ID("edge"),
    NULL_MOMENT("starts_at"),
    NULL_MOMENT("ends_at"),
    NULL_GEOMETRY(MU_SHAPE_ANY),
};

static const mu_schema_column DISPATCHER[] = {
    KEY("fid"),
    CODE("code"),
    TEXT("owner"),
    BIG("token", 1, 9.3e18),
    TEXT("holder"),
    INSTANT("taken_at"),
};

static const mu_schema_column PLAN[] = {
    KEY("id"),
    CODE("dispatcher"),
    NULL_CODE("scenario"),
    INSTANT("made_at"),
    INSTANT("committed_at"),
    NULL_WORD("outcome", "optimal feasible"),
    NULL_ID("unmet_need"),
    NULL_ID("unmet_need_bound"),
    NULL_ID("response_time"),
    NULL_ID("response_time_bound"),
    NULL_ID("reserve"),
    NULL_ID("reserve_bound"),
    NULL_ID("escalation"),
    NULL_ID("escalation_bound"),
    NULL_ID("duty"),
    NULL_ID("duty_bound"),
};

static const mu_schema_column ASSIGNMENT[] = {
    KEY("id"),
    ID("plan"),
    WHOLE("position", 1, 2147483647),
    WORD("resource", "people vehicle machine item"),
    CODE("code"),
    NULL_CODE("kind"),
    NULL_CODE("scenario"),
    NULL_CODE("incident"),
    NULL_CODE("need"),
    BIG("quantity", 1, MOST),
    NULL_CODE("vehicle"),
    NULL_INSTANT("depart_at"),
    NULL_INSTANT("eta_at"),
    NULL_REAL("distance_m", 0, 1e9),
};

static const mu_schema_column CLAIM[] = {
    KEY("id"),
    NULL_ID("assignment"),
    CODE("dispatcher"),
    WORD("resource", "people vehicle machine item"),
    CODE("code"),
    NULL_CODE("kind"),
    BIG("quantity", 1, MOST),
    INSTANT("since"),
    NULL_INSTANT("released_at"),
    NULL_CODE("incident"),
    NULL_CODE("need"),
    BOOLEAN_OR("used", 0),
};

static const mu_schema_column DISPATCH_ORDER[] = {
    KEY("id"),
    ID("assignment"),
    WORD("state", "issued accepted declined en_route on_scene released"),
    INSTANT("issued_at"),
    INSTANT("changed_at"),
};

static const mu_schema_column EVENT[] = {
    KEY("number"),
    INSTANT("at"),
    TEXT("actor"),
    TEXT("subject"),
    WORD("operation", "insert update delete truncate"),
    NULL_TEXT("scenario"),
    NULL_WORD("resource", "people vehicle machine item"),
    NULL_TEXT("code"),
    NULL_ID("claim"),
};

#define COLUMNS(a) .column_count = sizeof(a) / sizeof *(a), .column = (a)

static const mu_schema_table TABLES[] = {
    {.name = "muster_meta", .title = "About these tables", COLUMNS(MUSTER_META), .is_network = true},
    {.name = "node", .title = "Junctions of the road network", COLUMNS(NODE), .is_network = true},
    {.name = "edge", .title = "Roads between junctions", COLUMNS(EDGE), .is_network = true,
     .reference = {{"source", "node", "id", NULL},
                   {"target", "node", "id", NULL}}},
    {.name = "turn_restriction", .title = "Turns that are forbidden, mandatory or slow", COLUMNS(TURN_RESTRICTION), .is_network = true,
     .reference = {{"from_edge", "edge", "id", NULL},
                   {"via_node", "node", "id", NULL},
                   {"to_edge", "edge", "id", NULL}},
     .rule = mu_rule_turn_restriction},
    {.name = "turn_restriction_via", .title = "Roads that turn restrictions run over", COLUMNS(TURN_RESTRICTION_VIA), .is_network = true,
     .unique = {"restriction position"},
     .reference = {{"restriction", "turn_restriction", "fid", NULL},
                   {"edge", "edge", "id", NULL}}},
    {.name = "profile", .title = "How units travel, beside the built-in profiles", COLUMNS(PROFILE),
     .unique = {"name"}},
    {.name = "place", .title = "City, counties, towns and villages", COLUMNS(PLACE),
     .unique = {"code"},
     .reference = {{"parent_code", "place", "code", NULL}}},
    {.name = "waterway", .title = "Rivers, canals and ditches", COLUMNS(WATERWAY)},
    {.name = "water_area", .title = "Lakes and sea", COLUMNS(WATER_AREA)},
    {.name = "kind", .title = "What can be needed: capabilities, types and items", COLUMNS(KIND),
     .unique = {"code"},
     .reference = {{"operator_kind", "kind", "code", "people"}},
     .rule = mu_rule_kind},
    {.name = "team", .title = "Rescue teams", COLUMNS(TEAM), .is_site = true,
     .unique = {"code"},
     .reference = {{"place", "place", "code", NULL}}},
    {.name = "team_capability", .title = "What a team can do", COLUMNS(TEAM_CAPABILITY),
     .unique = {"team kind"},
     .reference = {{"team", "team", "code", NULL},
                   {"kind", "kind", "code", "people"}}},
    {.name = "vehicle", .title = "Vehicles", COLUMNS(VEHICLE), .is_site = true,
     .unique = {"code"},
     .reference = {{"kind", "kind", "code", "vehicle"},
                   {"place", "place", "code", NULL}}},
    {.name = "machine", .title = "Pools of identical machines", COLUMNS(MACHINE), .is_site = true,
     .unique = {"code"},
     .reference = {{"kind", "kind", "code", "machine"},
                   {"place", "place", "code", NULL}}},
    {.name = "warehouse", .title = "Warehouses", COLUMNS(WAREHOUSE), .is_site = true,
     .unique = {"code"},
     .reference = {{"place", "place", "code", NULL}}},
    {.name = "stock", .title = "What the warehouses hold", COLUMNS(STOCK),
     .unique = {"warehouse kind"},
     .reference = {{"warehouse", "warehouse", "code", NULL},
                   {"kind", "kind", "code", "item"}}},
    {.name = "at_risk_site", .title = "Flood-prone towns and villages", COLUMNS(AT_RISK_SITE), .is_site = true,
     .unique = {"code"},
     .reference = {{"place", "place", "code", NULL}}},
    {.name = "kit", .title = "What the at-risk sites hold for themselves", COLUMNS(KIT),
     .unique = {"site kind"},
     .reference = {{"site", "at_risk_site", "code", NULL},
                   {"kind", "kind", "code", "machine item"}}},
    {.name = "scenario", .title = "Sets of incidents", COLUMNS(SCENARIO),
     .unique = {"code"}},
    {.name = "incident", .title = "Incidents", COLUMNS(INCIDENT), .is_site = true,
     .unique = {"scenario code"},
     .reference = {{"scenario", "scenario", "code", NULL},
                   {"place", "place", "code", NULL}},
     .rule = mu_rule_incident},
    {.name = "need", .title = "What the incidents need", COLUMNS(NEED),
     .unique = {"scenario incident kind"},
     .reference = {{"scenario incident", "incident", "scenario code", NULL},
                   {"kind", "kind", "code", NULL}},
     .rule = mu_rule_need},
    {.name = "zone", .title = "Cover to be kept", COLUMNS(ZONE), .is_site = true,
     .unique = {"code"},
     .reference = {{"kind", "kind", "code", "people vehicle machine"}}},
    {.name = "rule", .title = "What has been decided about single resources", COLUMNS(RULE), .has_resource = true,
     .reference = {{"scenario", "scenario", "code", NULL},
                   {"kind", "kind", "code", NULL},
                   {"scenario incident", "incident", "scenario code", NULL},
                   {"vehicle", "vehicle", "code", NULL}},
     .rule = mu_rule_rule},
    {.name = "weight", .title = "What things are worth", COLUMNS(WEIGHT),
     .unique = {"key"}},
    {.name = "hazard", .title = "Floods, storms, plumes, closed areas and alerts", COLUMNS(HAZARD),
     .unique = {"scenario code"},
     .reference = {{"scenario", "scenario", "code", NULL}}},
    {.name = "closure", .title = "Closed roads", COLUMNS(CLOSURE),
     .unique = {"scenario code"},
     .reference = {{"scenario", "scenario", "code", NULL},
                   {"edge", "edge", "id", NULL}},
     .rule = mu_rule_closure},
    {.name = "dispatcher", .title = "Who writes plans", COLUMNS(DISPATCHER),
     .unique = {"code"}},
    {.name = "plan", .title = "Plans that have been committed", COLUMNS(PLAN),
     .reference = {{"dispatcher", "dispatcher", "code", NULL},
                   {"scenario", "scenario", "code", NULL}}},
    {.name = "assignment", .title = "Who goes where, by which plan", COLUMNS(ASSIGNMENT),
     .unique = {"plan position"},
     .reference = {{"plan", "plan", "id", NULL},
                   {"kind", "kind", "code", "item"},
                   {"scenario incident", "incident", "scenario code", NULL},
                   {"need", "kind", "code", NULL}},
     .rule = mu_rule_assignment},
    {.name = "claim", .title = "Whose a unit is", COLUMNS(CLAIM),
     .unique = {"assignment"},
     .reference = {{"assignment", "assignment", "id", NULL},
                   {"dispatcher", "dispatcher", "code", NULL},
                   {"kind", "kind", "code", "item"}},
     .rule = mu_rule_claim},
    {.name = "dispatch_order", .title = "Assignments that have been issued", COLUMNS(DISPATCH_ORDER),
     .unique = {"assignment"},
     .reference = {{"assignment", "assignment", "id", NULL}}},
    {.name = "event", .title = "What has changed", COLUMNS(EVENT)},
};

/* clang-format on */

const mu_schema_table *mu_schema_tables(uint32_t *out_count) {
    *out_count = sizeof TABLES / sizeof *TABLES;
    return TABLES;
}

const mu_schema_table *mu_schema_table_find(const char *name) {
    for (size_t t = 0; t < sizeof TABLES / sizeof *TABLES; ++t) {
        if (strcmp(TABLES[t].name, name) == 0) return &TABLES[t];
    }
    return NULL;
}

static uint32_t find_column(const mu_schema_table *table, const char *name, size_t length) {
    for (uint32_t c = 0; c < table->column_count; ++c) {
        const char *other = table->column[c].name;
        if (strncmp(other, name, length) == 0 && other[length] == 0) return c;
    }
    return MUSTER_NONE;
}

uint32_t mu_schema_column_find(const mu_schema_table *table, const char *name) {
    return find_column(table, name, strlen(name));
}

uint32_t mu_schema_geometry(const mu_schema_table *table) {
    for (uint32_t c = 0; c < table->column_count; ++c) {
        if (table->column[c].type == MU_TYPE_GEOMETRY) return c;
    }
    return MUSTER_NONE;
}

uint32_t mu_schema_columns(const mu_schema_table *table, const char *names, uint32_t room,
                           uint32_t *out) {
    uint32_t count = 0;
    while (*names && count < room) {
        const size_t length = strcspn(names, " ");
        out[count++]        = find_column(table, names, length);
        names += length + (names[length] == ' ');
    }
    return count;
}

bool mu_schema_has_word(const char *words, const char *word, uint64_t length) {
    while (*words) {
        const size_t bytes = strcspn(words, " ");
        if (bytes == length && memcmp(words, word, bytes) == 0) return true;
        words += bytes + (words[bytes] == ' ');
    }
    return false;
}
