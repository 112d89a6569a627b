/* What tags mean for a road network; see osm_tags.h.
 *
 * Roads are what vehicles drive on by rule (motorway to service and track), what only blue
 * lights drive on (busways, pedestrian streets, emergency accesses), and ferries. Paths,
 * cycleways and steps are not roads, whatever else their tags say, and neither is what is
 * planned or being built. Conditional tags ("no @ (22:00-06:00)") are not read. */
#include "gis/osm_tags.h"

#include <string.h>

#include "gis/osm_access.h"
#include "gis/osm_values.h"
#include "gis/utf8.h"

/* ---- class ----------------------------------------------------------------------------- */

/* Passenger ferries carry no vehicle, with blue lights or without. Mappers who do not say
 * what a ferry carries mean one for cars, unless they thought of those on foot. */
static uint8_t ferry_default(const mu_osm_tags *tags) {
    const bool for_people = mu_osm_tag_value(tags, "foot") || mu_osm_tag_value(tags, "bicycle");
    return for_people ? 0 : MUSTER_ACCESS_ALL;
}

/* The road class of a way and the access bits it has by its kind; MUSTER_ROAD_CLASS_COUNT
 * where it is no road. */
static muster_road_class classify_highway(const mu_osm_tags *tags, uint8_t *out_open) {
    const char *highway = mu_osm_tag_value(tags, "highway");
    *out_open           = MUSTER_ACCESS_ALL;
    if (!highway) {
        if (!mu_osm_tag_is(tags, "route", "ferry")) return MUSTER_ROAD_CLASS_COUNT;
        *out_open = ferry_default(tags);
        return MUSTER_ROAD_FERRY;
    }
    const bool blue_lights_only = strcmp(highway, "busway") == 0 ||
                                  strcmp(highway, "pedestrian") == 0 ||
                                  mu_osm_tag_is(tags, "service", "emergency_access");
    if (blue_lights_only) *out_open = MUSTER_ACCESS_EMERGENCY;
    if (strcmp(highway, "busway") == 0 || strcmp(highway, "pedestrian") == 0) {
        return MUSTER_ROAD_SERVICE;
    }
    const muster_road_class found = muster_road_class_from_name(highway);
    return found == MUSTER_ROAD_FERRY ? MUSTER_ROAD_CLASS_COUNT : found;
}

/* A ferry takes blue lights only where it takes other vehicles or says so. */
static void close_passenger_ferry(const mu_osm_tags *tags, mu_osm_access *access) {
    const unsigned vehicles = MUSTER_ACCESS_LIGHT | MUSTER_ACCESS_HEAVY;
    if (((access->forward | access->backward) & vehicles) != 0) return;
    if (!mu_osm_tag_value(tags, "emergency")) access->forward = access->backward = 0;
}

/* ---- speed ------------------------------------------------------------------------------- */

/* The speed at `key`; *unreadable is set to a value that is there and not understood,
 * unless one was set before. */
static float speed_at(const mu_osm_tags *tags, const char *key, const char **unreadable) {
    float       kmh   = 0;
    const char *value = mu_osm_tag_value(tags, key);
    if (value && !mu_osm_parse_speed(value, &kmh) && !*unreadable) *unreadable = value;
    return kmh;
}

/* Where no number is posted, the kind of limit may be stated. These keys also take words
 * of other meaning ("sign", "survey"), so what is not understood there is not an error. */
static float speed_by_law(const mu_osm_tags *tags) {
    static const char *const KEYS[] = {"maxspeed:type", "source:maxspeed", "zone:maxspeed",
                                       "zone:traffic", NULL};
    float                    kmh    = 0;
    for (const char *const *key = KEYS; *key && !(kmh > 0); ++key) {
        const char *ignored = NULL;
        kmh                 = speed_at(tags, *key, &ignored);
    }
    return kmh;
}

static const char *read_speeds(const mu_osm_tags *tags, float *forward_kmh, float *backward_kmh) {
    const char *unreadable = NULL;
    float       both       = speed_at(tags, "maxspeed", &unreadable);
    if (!mu_osm_tag_value(tags, "maxspeed")) both = speed_by_law(tags);
    *forward_kmh  = speed_at(tags, "maxspeed:forward", &unreadable);
    *backward_kmh = speed_at(tags, "maxspeed:backward", &unreadable);
    if (!(*forward_kmh > 0)) *forward_kmh = both;
    if (!(*backward_kmh > 0)) *backward_kmh = both;
    return unreadable;
}

const char *mu_osm_unreadable_speed(const mu_osm_tags *tags) {
    float forward_kmh, backward_kmh;
    return read_speeds(tags, &forward_kmh, &backward_kmh);
}

/* ---- limits and structures ----------------------------------------------------------------- */

/* The lowest limit that any of the keys states; 0: none. */
static float lowest_limit(const mu_osm_tags *tags, const char *const *keys,
                          bool (*parse)(const char *, float *)) {
    float lowest = 0;
    for (; *keys; ++keys) {
        float       limit;
        const char *value = mu_osm_tag_value(tags, *keys);
        if (!value || !parse(value, &limit) || !(limit > 0)) continue;
        if (!(lowest > 0) || limit < lowest) lowest = limit;
    }
    return lowest;
}

static float maxheight_m(const mu_osm_tags *tags) {
    static const char *const KEYS[] = {"maxheight", "maxheight:physical", NULL};
    return lowest_limit(tags, KEYS, mu_osm_parse_height);
}

static float maxwidth_m(const mu_osm_tags *tags) {
    static const char *const KEYS[] = {"maxwidth", "maxwidth:physical", NULL};
    return lowest_limit(tags, KEYS, mu_osm_parse_height);
}

static float maxweight_t(const mu_osm_tags *tags) {
    static const char *const KEYS[] = {"maxweight", "maxweightrating", "maxgcweight", NULL};
    return lowest_limit(tags, KEYS, mu_osm_parse_weight);
}

/* A culvert is a pipe under the road, and a passage through a house is at street level. */
static bool is_tunnel(const char *value) {
    return value && strcmp(value, "no") != 0 && strcmp(value, "culvert") != 0 &&
           strcmp(value, "building_passage") != 0;
}

static uint8_t structure_flags(const mu_osm_tags *tags) {
    const char *bridge = mu_osm_tag_value(tags, "bridge");
    unsigned    flags  = 0;
    if (bridge && strcmp(bridge, "no") != 0) flags |= MUSTER_EDGE_BRIDGE;
    if (is_tunnel(mu_osm_tag_value(tags, "tunnel"))) flags |= MUSTER_EDGE_TUNNEL;
    return (uint8_t)flags;
}

static int8_t layer_of(const mu_osm_tags *tags) {
    const char *value = mu_osm_tag_value(tags, "layer");
    return value ? mu_osm_parse_layer(value) : 0;
}

static uint32_t ferry_duration_ms(const mu_osm_tags *tags) {
    uint32_t    duration_ms = MUSTER_NONE;
    const char *value       = mu_osm_tag_value(tags, "duration");
    if (value && !mu_osm_parse_duration(value, &duration_ms)) return MUSTER_NONE;
    return duration_ms;
}

/* ---- ways ------------------------------------------------------------------------------------ */

mu_osm_way_kind mu_osm_classify_way(const mu_osm_tags *tags, mu_osm_road *out) {
    uint8_t                 open;
    const muster_road_class road_class = classify_highway(tags, &open);
    if (road_class == MUSTER_ROAD_CLASS_COUNT) return MU_OSM_NOT_ROAD;
    if (mu_osm_tag_is(tags, "area", "yes")) return MU_OSM_AREA;
    mu_osm_access access = mu_osm_way_access(tags, road_class, open);
    if (road_class == MUSTER_ROAD_FERRY) close_passenger_ferry(tags, &access);
    if (access.forward == 0 && access.backward == 0) return MU_OSM_NO_ACCESS;
    *out = (mu_osm_road){.road_class      = (uint8_t)road_class,
                         .access_forward  = access.forward,
                         .access_backward = access.backward,
                         .flags           = structure_flags(tags),
                         .layer           = layer_of(tags),
                         .maxheight_m     = maxheight_m(tags),
                         .maxwidth_m      = maxwidth_m(tags),
                         .maxweight_t     = maxweight_t(tags),
                         .duration_ms     = MUSTER_NONE};
    (void)read_speeds(tags, &out->speed_forward_kmh, &out->speed_backward_kmh);
    if (road_class == MUSTER_ROAD_FERRY) out->duration_ms = ferry_duration_ms(tags);
    return MU_OSM_ROAD;
}

const char *mu_osm_way_name(const mu_osm_tags *tags) {
    static const char *const KEYS[] = {"name", "ref", NULL};
    for (const char *const *key = KEYS; *key; ++key) {
        const char *name = mu_osm_tag_value(tags, *key);
        if (name && *name != 0 && mu_is_utf8(name, strlen(name))) return name;
    }
    return NULL;
}

/* ---- nodes and relations ------------------------------------------------------------------- */

/* Of a gate `width` is the opening, and limits like a sign; of a bollard it is the bollard's. */
static float barrier_maxwidth_m(const mu_osm_tags *tags) {
    static const char *const KEYS[]     = {"maxwidth", "maxwidth:physical", "width", NULL};
    static const char *const OPENINGS[] = {
        "gate",         "lift_gate",        "swing_gate", "sliding_gate",
        "sliding_beam", "hampshire_gate",   "bump_gate",  "entrance",
        "sally_port",   "width_restrictor", "arch",       NULL};
    for (const char *const *opening = OPENINGS; *opening; ++opening) {
        if (mu_osm_tag_is(tags, "barrier", *opening)) {
            return lowest_limit(tags, KEYS, mu_osm_parse_height);
        }
    }
    return maxwidth_m(tags);
}

bool mu_osm_classify_barrier(const mu_osm_tags *tags, mu_osm_barrier *out) {
    if (!mu_osm_tag_value(tags, "barrier")) return false;
    *out = (mu_osm_barrier){.access      = mu_osm_barrier_access(tags),
                            .maxheight_m = maxheight_m(tags),
                            .maxwidth_m  = barrier_maxwidth_m(tags),
                            .maxweight_t = maxweight_t(tags)};
    return out->access != MUSTER_ACCESS_ALL || out->maxheight_m > 0 || out->maxwidth_m > 0 ||
           out->maxweight_t > 0;
}

typedef struct named_bits {
    const char *name;
    uint8_t     bits;
} named_bits;

/* Vehicles as restrictions name them. Those we have no traveller for have no bits. */
static const named_bits VEHICLES[] = {{"motor_vehicle", MUSTER_ACCESS_ALL},
                                      {"vehicle", MUSTER_ACCESS_ALL},
                                      {"motorcar", MUSTER_ACCESS_LIGHT},
                                      {"hgv", MUSTER_ACCESS_HEAVY},
                                      {"emergency", MUSTER_ACCESS_EMERGENCY}};

static uint8_t vehicle_bits(const char *name, size_t length) {
    for (size_t i = 0; i < sizeof VEHICLES / sizeof VEHICLES[0]; ++i) {
        const named_bits *row = &VEHICLES[i];
        if (strlen(row->name) == length && memcmp(name, row->name, length) == 0) return row->bits;
    }
    return 0;
}

/* The value of `restriction`, or of `restriction:<vehicle>`, which binds only those. */
static const char *restriction_value(const mu_osm_tags *tags, uint8_t *out_bound) {
    const char  *general = mu_osm_tag_value(tags, "restriction");
    const size_t prefix  = strlen("restriction:");
    *out_bound           = MUSTER_ACCESS_ALL;
    if (general) return general;
    for (size_t i = 0; i < tags->count; ++i) {
        const char *key = tags->tag[i].key;
        if (strncmp(key, "restriction:", prefix) != 0) continue;
        *out_bound = vehicle_bits(key + prefix, strlen(key + prefix));
        if (*out_bound != 0) return tags->tag[i].value;
    }
    return NULL;
}

static uint8_t excepted_bits(const mu_osm_tags *tags) {
    const char *value = mu_osm_tag_value(tags, "except");
    unsigned    bits  = 0;
    while (value && *value != 0) {
        const size_t length = strcspn(value, ";, ");
        bits |= vehicle_bits(value, length);
        value += length;
        value += strspn(value, ";, ");
    }
    return (uint8_t)bits;
}

/* In force at some hours only, as was stated before there was restriction:conditional. */
static bool is_timed(const mu_osm_tags *tags) {
    static const char *const KEYS[] = {"hour_on", "hour_off", "day_on", "day_off"};
    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; ++i) {
        if (mu_osm_tag_value(tags, KEYS[i])) return true;
    }
    return false;
}

mu_osm_turn_kind mu_osm_classify_turn(const mu_osm_tags *tags, uint8_t *out_kind,
                                      uint8_t *out_except) {
    const char *type = mu_osm_tag_value(tags, "type");
    if (!type || strncmp(type, "restriction", strlen("restriction")) != 0) return MU_OSM_NO_TURN;
    uint8_t     bound;
    const char *value = restriction_value(tags, &bound);
    if (!value || is_timed(tags)) return MU_OSM_TURN_UNFIT;
    const bool only = strncmp(value, "only_", 5) == 0;
    if (!only && strncmp(value, "no_", 3) != 0) return MU_OSM_TURN_UNFIT;
    *out_kind   = only ? MUSTER_RESTRICTION_ONLY : MUSTER_RESTRICTION_NO;
    *out_except = (uint8_t)((~bound & MUSTER_ACCESS_ALL) | excepted_bits(tags));
    return MU_OSM_TURN;
}
