/* Who may drive where.
 *
 * Access tags form a ladder: what is said of hgv beats what is said of motor_vehicle, that
 * beats vehicle, that beats access. Each traveller climbs it from its own rung and takes
 * the first that says something.
 *
 * Vehicles with blue lights are a law of their own. Signs that keep others out (private,
 * agricultural, a bus lane, no motor traffic) do not bind them; `access=no`, which mappers
 * use for what nobody can pass, and `emergency=no` do. Against a one-way street they get
 * MUSTER_ACCESS_CONTRAFLOW: possible, at a penalty that the profile sets; but never on
 * motorways, trunk roads, roundabouts and ferries. */
#include "gis/osm_access.h"

#include <string.h>

const char *mu_osm_tag_value(const mu_osm_tags *tags, const char *key) {
    for (size_t i = 0; i < tags->count; ++i) {
        if (strcmp(tags->tag[i].key, key) == 0) return tags->tag[i].value;
    }
    return NULL;
}

bool mu_osm_tag_is(const mu_osm_tags *tags, const char *key, const char *value) {
    const char *found = mu_osm_tag_value(tags, key);
    return found && strcmp(found, value) == 0;
}

static bool is_one_of(const char *value, size_t length, const char *const *words) {
    for (; *words; ++words) {
        if (strlen(*words) == length && memcmp(value, *words, length) == 0) return true;
    }
    return false;
}

/* ---- access values --------------------------------------------------------------------- */

typedef enum verdict { UNSAID, CLOSED, LIMITED, OPEN } verdict; /* in rising order */

static const char *const OPEN_WORDS[] = {"yes",
                                         "designated",
                                         "permissive",
                                         "official",
                                         "destination",
                                         "delivery",
                                         "customers",
                                         "public",
                                         "local",
                                         "discouraged",
                                         "true",
                                         "1",
                                         "residents_and_delivery",
                                         NULL};
/* Open to somebody, and passable: not for everyone, but for blue lights. */
static const char *const LIMITED_WORDS[] = {
    "private",  "permit",       "residents", "resident",   "employees", "agricultural",
    "forestry", "military",     "emergency", "bus",        "psv",       "taxi",
    "hov",      "use_sidepath", "dismount",  "restricted", NULL};
static const char *const CLOSED_WORDS[] = {"no", "false", "0", NULL};

static verdict word_verdict(const char *word, size_t length) {
    if (is_one_of(word, length, OPEN_WORDS)) return OPEN;
    if (is_one_of(word, length, LIMITED_WORDS)) return LIMITED;
    return is_one_of(word, length, CLOSED_WORDS) ? CLOSED : UNSAID;
}

/* Of a list ("agricultural;destination") the most open word counts. */
static verdict value_verdict(const char *value) {
    verdict best = UNSAID;
    while (*value != 0) {
        const size_t  length = strcspn(value, ";, ");
        const verdict found  = word_verdict(value, length);
        if (found > best) best = found;
        value += length;
        value += strspn(value, ";, ");
    }
    return best;
}

static verdict tag_verdict(const mu_osm_tags *tags, const char *key) {
    const char *value = mu_osm_tag_value(tags, key);
    return value ? value_verdict(value) : UNSAID;
}

/* What the first rung says that says anything. */
static verdict climb(const mu_osm_tags *tags, const char *const *ladder) {
    verdict found = UNSAID;
    for (; *ladder && found == UNSAID; ++ladder) found = tag_verdict(tags, *ladder);
    return found;
}

/* ---- travellers ------------------------------------------------------------------------ */

static bool may_pass(const mu_osm_tags *tags, const char *const *ladder, bool otherwise) {
    const verdict found = climb(tags, ladder);
    return found == UNSAID ? otherwise : found == OPEN;
}

/* A rule for traffic is not a wall: where vehicles are forbidden and nobody is said to be
 * kept out altogether, blue lights pass. */
static bool emergency_may_pass(const mu_osm_tags *tags, bool otherwise) {
    static const char *const OTHERS[] = {"motorcar", "hgv", "motor_vehicle", "vehicle", "psv",
                                         "bus",      NULL};
    const verdict            own      = tag_verdict(tags, "emergency");
    if (own != UNSAID) return own != CLOSED;
    bool forbidden = false;
    for (const char *const *key = OTHERS; *key; ++key) {
        const verdict found = tag_verdict(tags, *key);
        if (found >= LIMITED) return true;
        forbidden |= found == CLOSED;
    }
    const verdict anyone = tag_verdict(tags, "access");
    return anyone == UNSAID ? otherwise || forbidden : anyone != CLOSED;
}

static uint8_t bits_if(bool condition, muster_access bits) {
    return condition ? (uint8_t)bits : 0;
}

static const char *const LIGHT[] = {"motorcar", "motor_vehicle", "vehicle", "access", NULL};
static const char *const HEAVY[] = {"hgv", "motor_vehicle", "vehicle", "access", NULL};

/* The tags' bits without regard to direction; `open` holds where no tag says a thing. */
static uint8_t traveller_bits(const mu_osm_tags *tags, uint8_t open) {
    const bool light     = may_pass(tags, LIGHT, (open & MUSTER_ACCESS_LIGHT) != 0);
    const bool heavy     = may_pass(tags, HEAVY, (open & MUSTER_ACCESS_HEAVY) != 0);
    const bool emergency = emergency_may_pass(tags, (open & MUSTER_ACCESS_EMERGENCY) != 0);
    return (uint8_t)(bits_if(light, MUSTER_ACCESS_LIGHT) | bits_if(heavy, MUSTER_ACCESS_HEAVY) |
                     bits_if(emergency, MUSTER_ACCESS_EMERGENCY));
}

/* ---- direction --------------------------------------------------------------------------- */

typedef enum direction { BOTH_WAYS, FORWARD_ONLY, BACKWARD_ONLY, CHANGING, UNKNOWN } direction;

static direction oneway_value(const char *value) {
    static const char *const FORWARD[]  = {"yes", "true", "1", NULL};
    static const char *const BACKWARD[] = {"-1", "reverse", NULL};
    static const char *const BOTH[]     = {"no", "false", "0", "alternating", NULL};
    if (!value) return UNKNOWN;
    const size_t length = strlen(value);
    if (is_one_of(value, length, FORWARD)) return FORWARD_ONLY;
    if (is_one_of(value, length, BACKWARD)) return BACKWARD_ONLY;
    if (is_one_of(value, length, BOTH)) return BOTH_WAYS;
    return strcmp(value, "reversible") == 0 ? CHANGING : UNKNOWN;
}

static bool is_roundabout(const mu_osm_tags *tags) {
    return mu_osm_tag_is(tags, "junction", "roundabout") ||
           mu_osm_tag_is(tags, "junction", "circular");
}

static bool is_closed_along(const mu_osm_tags *tags, const char *const *keys) {
    for (; *keys; ++keys) {
        if (tag_verdict(tags, *keys) == CLOSED) return true;
    }
    return false;
}

static direction way_direction(const mu_osm_tags *tags, muster_road_class road_class) {
    static const char *const ONEWAY[]      = {"oneway:motor_vehicle", "oneway:motorcar",
                                              "oneway:vehicle", "oneway", NULL};
    static const char *const NO_BACKWARD[] = {"motor_vehicle:backward", "vehicle:backward",
                                              "access:backward", NULL};
    static const char *const NO_FORWARD[]  = {"motor_vehicle:forward", "vehicle:forward",
                                              "access:forward", NULL};
    for (const char *const *key = ONEWAY; *key; ++key) {
        const direction stated = oneway_value(mu_osm_tag_value(tags, *key));
        if (stated != UNKNOWN) return stated;
    }
    if (is_closed_along(tags, NO_BACKWARD)) return FORWARD_ONLY;
    if (is_closed_along(tags, NO_FORWARD)) return BACKWARD_ONLY;
    const bool implied = is_roundabout(tags) || road_class == MUSTER_ROAD_MOTORWAY ||
                         road_class == MUSTER_ROAD_MOTORWAY_LINK;
    return implied ? FORWARD_ONLY : BOTH_WAYS;
}

/* Where going against the stream would kill, or where there is no against. */
static bool has_no_contraflow(const mu_osm_tags *tags, muster_road_class road_class) {
    return road_class <= MUSTER_ROAD_TRUNK_LINK || road_class == MUSTER_ROAD_FERRY ||
           is_roundabout(tags);
}

static bool is_exempt_from_oneway(const mu_osm_tags *tags) {
    return mu_osm_tag_is(tags, "oneway:emergency", "no") ||
           mu_osm_tag_is(tags, "oneway:psv", "no") || mu_osm_tag_is(tags, "oneway:bus", "no");
}

static uint8_t against_oneway(const mu_osm_tags *tags, muster_road_class road_class, uint8_t bits) {
    if ((bits & MUSTER_ACCESS_EMERGENCY) == 0) return 0;
    if (is_exempt_from_oneway(tags)) return MUSTER_ACCESS_EMERGENCY;
    return has_no_contraflow(tags, road_class) ? 0 : MUSTER_ACCESS_CONTRAFLOW;
}

mu_osm_access mu_osm_way_access(const mu_osm_tags *tags, muster_road_class road_class,
                                uint8_t open) {
    const uint8_t bits   = traveller_bits(tags, open);
    mu_osm_access access = {bits, bits};
    switch (way_direction(tags, road_class)) {
    case FORWARD_ONLY:
        access.backward = against_oneway(tags, road_class, bits);
        break;
    case BACKWARD_ONLY:
        access.forward = against_oneway(tags, road_class, bits);
        break;
    case CHANGING: /* by hour or by traffic: nothing a plan may count on */
        access.forward = access.backward = bits & MUSTER_ACCESS_EMERGENCY;
        break;
    case BOTH_WAYS:
    case UNKNOWN:
        break;
    }
    const uint8_t not_heavy = (uint8_t)~MUSTER_ACCESS_HEAVY;
    if (tag_verdict(tags, "hgv:forward") == CLOSED) access.forward &= not_heavy;
    if (tag_verdict(tags, "hgv:backward") == CLOSED) access.backward &= not_heavy;
    return access;
}

/* ---- barriers ---------------------------------------------------------------------------- */

/* Barriers through which motor traffic passes as a rule. All others stop it. */
static const char *const PASSABLE[] = {"gate",
                                       "lift_gate",
                                       "swing_gate",
                                       "sliding_gate",
                                       "sliding_beam",
                                       "hampshire_gate",
                                       "bump_gate",
                                       "toll_booth",
                                       "border_control",
                                       "cattle_grid",
                                       "entrance",
                                       "no",
                                       "sally_port",
                                       "height_restrictor",
                                       "width_restrictor",
                                       "rumble_strip",
                                       "kerb",
                                       "checkpoint",
                                       "arch",
                                       "speed_bump",
                                       "yes",
                                       "guard_house",
                                       "portal",
                                       NULL};
/* Pits and poles that stop cars only. */
static const char *const CAR_TRAPS[] = {"bus_trap", "sump_buster", NULL};
static const char *const MOVABLE[]   = {"removable", "rising", "lowering", "foldable", NULL};

static const char *const GATES[] = {"gate",         "lift_gate",      "swing_gate", "sliding_gate",
                                    "sliding_beam", "hampshire_gate", "bump_gate",  NULL};

/* Who says of a gate that blue lights pass, and of nobody else a word, means that nobody else
 * does: of an open gate there would be nothing to say. */
static bool is_emergency_gate(const mu_osm_tags *tags, const char *barrier) {
    return is_one_of(barrier, strlen(barrier), GATES) &&
           tag_verdict(tags, "emergency") >= LIMITED && climb(tags, LIGHT) == UNSAID &&
           climb(tags, HEAVY) == UNSAID;
}

static uint8_t barrier_default(const mu_osm_tags *tags, const char *barrier) {
    const size_t length = strlen(barrier);
    if (is_emergency_gate(tags, barrier)) return MUSTER_ACCESS_EMERGENCY;
    if (is_one_of(barrier, length, PASSABLE)) return MUSTER_ACCESS_ALL;
    if (is_one_of(barrier, length, CAR_TRAPS)) return MUSTER_ACCESS_HEAVY | MUSTER_ACCESS_EMERGENCY;
    const char *bollard = mu_osm_tag_value(tags, "bollard");
    const bool  moves   = bollard && is_one_of(bollard, strlen(bollard), MOVABLE);
    return bits_if(moves, MUSTER_ACCESS_EMERGENCY);
}

/* A sign at a bollard does not move it: only what is open to a traveller in so many words
 * lets it through, and "private" lets no blue light past a block of stone. */
static uint8_t solid_barrier_bits(const mu_osm_tags *tags, uint8_t open) {
    uint8_t bits = traveller_bits(tags, open);
    if (tag_verdict(tags, "emergency") == UNSAID && bits == MUSTER_ACCESS_EMERGENCY) bits = open;
    return bits;
}

uint8_t mu_osm_barrier_access(const mu_osm_tags *tags) {
    const char *barrier = mu_osm_tag_value(tags, "barrier");
    if (!barrier) return MUSTER_ACCESS_ALL;
    const uint8_t open = barrier_default(tags, barrier);
    return open == MUSTER_ACCESS_ALL ? traveller_bits(tags, open) : solid_barrier_bits(tags, open);
}
