/* Events at random: every type, every field that it has, texts and numbers as odd as they may be. What an
 * event does not have is zero. */
#ifndef TESTS_SUPPORT_RANDOM_EVENT_H
#define TESTS_SUPPORT_RANDOM_EVENT_H

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "session/event_fields.h"
#include "tests/support/random.h"

enum { RANDOM_EVENT_TEXTS = 24, RANDOM_EVENT_NEEDS = 4, RANDOM_EVENT_POINTS = 40 };

typedef struct random_event {
    muster_event      event;
    muster_hazard     hazard;
    muster_event_need need[RANDOM_EVENT_NEEDS];
    int64_t           edge_id[RANDOM_EVENT_NEEDS];
    double            place_lon_deg[RANDOM_EVENT_NEEDS], place_lat_deg[RANDOM_EVENT_NEEDS];
    double            lon_deg[RANDOM_EVENT_POINTS], lat_deg[RANDOM_EVENT_POINTS];
    uint32_t          first_point[RANDOM_EVENT_POINTS], first_ring[RANDOM_EVENT_POINTS];
    char              text[RANDOM_EVENT_TEXTS][64];
    unsigned          text_count;
    uint64_t         *rng;
} random_event;

static inline const char *random_text(random_event *r) {
    static const char *const PIECE[] = {
        "I-1", "T-17", "\"", "\\", "\n", "\x01", "\xC3\xA9", "\xE6\xB0\xB4", "\xF0\x9F\x9A\x92",
        " ",   "/",    "x"};
    char *text = r->text[r->text_count++ % RANDOM_EVENT_TEXTS];
    *text      = 0;
    for (uint32_t i = 1 + random_below(r->rng, 6); i > 0; --i) {
        strcat(text, PIECE[random_below(r->rng, sizeof PIECE / sizeof *PIECE)]);
    }
    return text;
}

static inline const char *random_note(random_event *r) {
    return random_below(r->rng, 2) ? random_text(r) : NULL;
}

static inline int64_t random_int(random_event *r) {
    static const int64_t ODD[] = {0, 1, -1, INT64_MAX, INT64_MIN, 1782864000000, 1000000000};
    if (random_below(r->rng, 2)) return ODD[random_below(r->rng, sizeof ODD / sizeof *ODD)];
    return (int64_t)random_u32(r->rng) - (1 << 30);
}

static inline double random_real(random_event *r) {
    static const double ODD[] = {0, 1, -1, 1e300, 5e-324, 0.1, 123456789012345680.0, -180, 1e15};
    const uint32_t      kind  = random_below(r->rng, 3);
    if (kind == 0) return ODD[random_below(r->rng, sizeof ODD / sizeof *ODD)];
    if (kind == 1) return random_below(r->rng, 360000000) / 1e6 - 180;
    return ldexp(random_unit(r->rng) - 0.5, (int)random_below(r->rng, 60) - 30);
}

static inline muster_event_unit random_unit_of(random_event *r) {
    muster_event_unit u = {(uint8_t)random_below(r->rng, MUSTER_RESOURCE_COUNT), random_text(r),
                           NULL};
    if (u.resource == MUSTER_ITEM) u.kind = random_note(r);
    return u;
}

/* Parts of 0 to 4 points. */
static inline uint32_t random_parts(random_event *r, uint32_t part_count) {
    r->first_point[0] = 0;
    for (uint32_t p = 0; p < part_count; ++p) {
        r->first_point[p + 1] = r->first_point[p] + random_below(r->rng, 5);
    }
    for (uint32_t i = 0; i < r->first_point[part_count]; ++i) {
        r->lon_deg[i] = random_real(r);
        r->lat_deg[i] = random_real(r);
    }
    return part_count;
}

static inline void random_incident(random_event *r, uint32_t set) {
    muster_event_incident *i = &r->event.incident;
    i->code                  = random_text(r);
    if (set & MUSTER_SET_NAME) i->name = random_note(r);
    if (set & MUSTER_SET_PLACE) {
        i->lon_deg = random_real(r);
        i->lat_deg = random_real(r);
    }
    if (set & MUSTER_SET_SEVERITY) {
        i->severity = (uint8_t)random_below(r->rng, MUSTER_SEVERITY_COUNT);
    }
    if (set & MUSTER_SET_DEADLINE) i->deadline_at_ms = random_int(r);
    if (set & MUSTER_SET_ON_SCENE) i->on_scene_ms = random_u32(r->rng);
    if (set & MUSTER_SET_AUTHORITY) i->authority = random_note(r);
    if (set & MUSTER_SET_ALL_OR_NOTHING) i->all_or_nothing = (uint8_t)random_below(r->rng, 2);
}

static inline void random_needs(random_event *r) {
    r->event.need       = r->need;
    r->event.need_count = random_below(r->rng, RANDOM_EVENT_NEEDS + 1);
    for (uint32_t i = 0; i < r->event.need_count; ++i) {
        r->need[i] = (muster_event_need){random_text(r), random_int(r), random_int(r),
                                         random_or_0(r->rng, 9)};
    }
}

static inline uint32_t random_edges(random_event *r) {
    const uint32_t count = 1 + random_below(r->rng, RANDOM_EVENT_NEEDS);
    for (uint32_t i = 0; i < count; ++i) r->edge_id[i] = random_int(r);
    return count;
}

/* Places by themselves. */
static inline muster_points random_places(random_event *r) {
    const uint32_t count = 1 + random_below(r->rng, RANDOM_EVENT_NEEDS);
    for (uint32_t i = 0; i < count; ++i) {
        r->place_lon_deg[i] = random_real(r);
        r->place_lat_deg[i] = random_real(r);
    }
    return (muster_points){count, r->place_lon_deg, r->place_lat_deg};
}

static inline void random_road(random_event *r, bool has_speed) {
    muster_event_road *road = &r->event.road;
    const uint32_t     kind = random_below(r->rng, 4);
    road->code              = random_text(r);
    if (has_speed) road->speed_factor = random_real(r);
    if (kind == 0) {
        road->edge_count = random_edges(r);
        road->edge_id    = r->edge_id;
    } else if (kind == 1) {
        road->points = random_places(r);
    } else if (kind == 2) {
        (void)random_parts(r, 1);
        road->point_count = r->first_point[1];
        road->lon_deg     = r->lon_deg;
        road->lat_deg     = r->lat_deg;
    } else {
        road->area.ring_count  = random_parts(r, 1 + random_below(r->rng, 4));
        road->area.first_point = r->first_point;
        road->area.lon_deg     = r->lon_deg;
        road->area.lat_deg     = r->lat_deg;
    }
}

static inline void random_hazard_where(random_event *r) {
    muster_hazard *h = &r->hazard;
    if (random_below(r->rng, 3) == 0) h->points = random_places(r);
    if (random_below(r->rng, 3) == 0) {
        h->edge_count = random_edges(r);
        h->edge_id    = r->edge_id;
    }
    if (random_below(r->rng, 2)) {
        h->lines = (muster_lines){random_parts(r, 1 + random_below(r->rng, 4)), r->first_point,
                                  r->lon_deg, r->lat_deg};
        return;
    }
    const uint32_t polygons = 1 + random_below(r->rng, 3);
    r->first_ring[0]        = 0;
    for (uint32_t p = 0; p < polygons; ++p) {
        r->first_ring[p + 1] = r->first_ring[p] + random_below(r->rng, 3);
    }
    (void)random_parts(r, r->first_ring[polygons]);
    h->area =
        (muster_multipolygon){polygons, r->first_ring, r->first_point, r->lon_deg, r->lat_deg, 0};
}

static inline void random_hazard(random_event *r) {
    muster_hazard *h = &r->hazard;
    *h               = (muster_hazard)MUSTER_HAZARD_INIT;
    h->code          = random_text(r);
    h->name          = random_note(r);
    h->source        = random_note(r);
    h->kind          = (uint8_t)random_below(r->rng, MUSTER_HAZARD_KIND_COUNT);
    h->severity      = (uint8_t)random_below(r->rng, MUSTER_SEVERITY_COUNT + 1);
    h->urgency       = (uint8_t)random_below(r->rng, MUSTER_URGENCY_COUNT + 1);
    h->certainty     = (uint8_t)random_below(r->rng, MUSTER_CERTAINTY_COUNT + 1);
    h->wind_force    = (uint8_t)random_or_0(r->rng, 256);
    if (random_below(r->rng, 2)) h->depth_m = random_real(r);
    if (random_below(r->rng, 2)) h->speed_factor = random_real(r);
    if (random_below(r->rng, 2)) h->starts_at_s = random_int(r);
    if (random_below(r->rng, 2)) h->ends_at_s = random_int(r);
    random_hazard_where(r);
}

static inline void random_rule(random_event *r) {
    muster_event_rule *rule = &r->event.rule;
    rule->code              = random_text(r);
    rule->command           = (uint8_t)random_below(r->rng, MUSTER_COMMAND_COUNT);
    rule->unit              = random_unit_of(r);
    if (rule->command != MUSTER_COMMAND_HOLD) rule->incident = random_text(r);
    if (rule->command != MUSTER_COMMAND_LOCK && rule->command != MUSTER_COMMAND_FORCE) return;
    rule->need     = random_note(r);
    rule->quantity = random_int(r);
}

static inline void random_subject(random_event *r, uint32_t has) {
    muster_event *e = &r->event;
    if (has & MU_HAS_INCIDENT) random_incident(r, UINT32_MAX);
    if (has & MU_HAS_INCIDENT_SET) {
        e->incident.set = random_below(r->rng, 2 * MUSTER_SET_ALL_OR_NOTHING);
        random_incident(r, e->incident.set);
    }
    if (has & MU_HAS_INCIDENT_CODE) e->incident.code = random_text(r);
    if (has & MU_HAS_NEEDS) random_needs(r);
    if (has & MU_HAS_UNIT) e->unit = random_unit_of(r);
    if (has & MU_HAS_ROAD) random_road(r, has & MU_HAS_SPEED);
    if (has & MU_HAS_ROAD_CODE) e->road.code = random_text(r);
    if (has & (MU_HAS_HAZARD | MU_HAS_HAZARD_CODE)) e->hazard = &r->hazard;
    if (has & MU_HAS_HAZARD) random_hazard(r);
    if (has & MU_HAS_HAZARD_CODE) {
        r->hazard      = (muster_hazard)MUSTER_HAZARD_INIT;
        r->hazard.code = random_text(r);
    }
    if (has & MU_HAS_RULE) random_rule(r);
    if (has & MU_HAS_RULE_CODE) e->rule.code = random_text(r);
}

static inline void random_values(random_event *r, uint32_t has) {
    muster_event *e = &r->event;
    if (has & MU_HAS_PLACE) {
        e->lon_deg = random_real(r);
        e->lat_deg = random_real(r);
    }
    if (has & MU_HAS_AVAILABLE) e->is_available = (uint8_t)random_below(r->rng, 2);
    if (has & MU_HAS_QUANTITY) e->quantity = random_int(r);
    if (has & MU_HAS_DESTINATION) e->destination = random_note(r);
    if (has & MU_HAS_SHIFT) {
        e->ready_at_ms     = random_int(r);
        e->shift_end_at_ms = random_int(r);
        e->duty_since_ms   = random_int(r);
    }
    if (has & MU_HAS_ORDER) e->order = (uint64_t)random_int(r) & INT64_MAX;
    if (has & MU_HAS_CLAIM) {
        e->claim          = random_int(r);
        e->dispatch_order = random_int(r);
    }
}

static inline const muster_event *random_event_new(random_event *r, uint64_t *rng) {
    uint32_t has = 0;
    memset(r, 0, sizeof *r);
    r->rng   = rng;
    r->event = (muster_event)MUSTER_EVENT_INIT;
    while ((has = mu_event_fields(r->event.type)) == 0 || random_below(rng, 20) > 0) {
        r->event.type = (uint8_t)random_below(rng, MUSTER_EVENT_CLAIM_LOST + 1);
    }
    r->event.id        = random_text(r);
    r->event.time_ms   = random_int(r);
    r->event.author    = random_text(r);
    r->event.authority = random_note(r);
    random_subject(r, has);
    random_values(r, has);
    r->event.reason = random_note(r);
    return &r->event;
}

#endif
