/* A typhoon night, as it is reported: callers, crews, the police and the gauges in one thread.
 *
 * What happens follows from the seed and the minute, and each event's id from what it says: after a
 * crash the minute that was being told is simply told again. What had been acknowledged is answered
 * as repeated and changes nothing, so nobody has to find out how far the last process had come. */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "desk.h"

enum {
    CODE_BYTES       = MUSTER_EVENT_CODE_BYTES + 1,
    POSITION_MINUTES = 3, /* who is on the way says so often where he is */
    POSITIONS_MOST   = 256,
    ROAD_MINUTES     = 20, /* a road is cut so often, */
    ROAD_CUT_MINUTES = 60, /* for so long */
    FLOOD_BEGINS     = 10,
    FLOOD_MINUTES    = 15, /* it is measured so often */
    DECLINED_PERCENT = 8,
    SILENT_PERCENT   = 3 /* of orders that nobody answers */
};

static void wait_ms(uint32_t ms) {
    const struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    nanosleep(&t, NULL);
}

/* What chance says about thing @p index of a kind of things: the same in every run with this seed
 * (splitmix64). */
static uint32_t draw(const desk *d, uint32_t what, uint64_t index) {
    uint64_t z = d->seed + (index + 1) * UINT64_C(0x9E3779B97F4A7C15) + what * UINT64_C(0xD1B54A33);
    z          = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z          = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((z ^ (z >> 31)) >> 32);
}
enum { OF_MINUTE, OF_SITE, OF_TROUBLE, OF_AMOUNT, OF_ANSWER, OF_DELAY, OF_ROAD };

/* ---- telling -------------------------------------------------------------------------------- */

/* Tell the session, and keep in mind what it has acknowledged. Only when this returns may a caller
 * or a crew be told that their word was taken.
 *
 * An event that is refused is an answer and no failure: the planner may have taken an order back
 * since the crew looked, say. It is shown, and the night goes on. */
static bool tell(desk *d, uint32_t count, const muster_event *event) {
    muster_event_answer answer[POSITIONS_MOST];
    muster_status       status;
    int                 tries = 0;
    do status = muster_session_tell(d->session, count, event, answer);
    while (desk_tries_again(status, &tries));
    if (status) return desk_failed(d, "events cannot be told");
    for (uint32_t i = 0; i < count; ++i) {
        if (answer[i].outcome > MUSTER_EVENT_REPEATED) {
            printf("       refused    %s: %s\n", event[i].id, answer[i].message);
        } else if (!ledger_told(d->ledger, &event[i], answer[i].sequence)) {
            return desk_failed(d, "the ledger cannot be written");
        }
    }
    return true;
}

/* An event of now; @p id has to live until it is told. */
static muster_event event_of(const desk *d, muster_event_type type, const char *author,
                             const char *id) {
    muster_event e = MUSTER_EVENT_INIT;
    e.type         = (uint8_t)type;
    e.id           = id;
    e.author       = author;
    e.time_ms      = atomic_load(&d->now_ms);
    return e;
}

/* ---- incidents ------------------------------------------------------------------------------ */

static const struct trouble {
    const char       *name;
    uint8_t           severity;
    uint32_t          on_scene_min;
    uint32_t          need_count;
    muster_event_need need[4];
} TROUBLE[] = {
    {"Dike leaking",
     MUSTER_EXTREME,
     60,
     3,
     {{.kind = "flood_rescue", .quantity = 24, .minimum = 8},
      {.kind = "sandbag", .quantity = 900},
      {.kind = "pump", .quantity = 2}}},
    {"Village under water",
     MUSTER_SEVERE,
     45,
     3,
     {{.kind = "boat", .quantity = 2},
      {.kind = "flood_rescue", .quantity = 12, .minimum = 4},
      {.kind = "medical", .quantity = 4}}},
    {"House fallen in, people inside",
     MUSTER_EXTREME,
     50,
     2,
     {{.kind = "ambulance", .quantity = 1}, {.kind = "medical", .quantity = 6, .minimum = 2}}},
    {"Underpass flooded",
     MUSTER_MODERATE,
     40,
     2,
     {{.kind = "pump", .quantity = 2}, {.kind = "sandbag", .quantity = 300}}},
};
enum { TROUBLE_COUNT = sizeof TROUBLE / sizeof *TROUBLE };

typedef struct place {
    double lon_deg, lat_deg;
} place;

/* Trouble is where people are: within a kilometre or so of some depot or warehouse, which stay
 * where they are, so that it is the same place after a restart. */
static place place_of(const desk *d, const muster_view *view, uint64_t index) {
    uint32_t                count, first = 0;
    const muster_view_unit *unit = muster_view_units(view, &count);
    while (first < count && unit[first].resource != MUSTER_MACHINE &&
           unit[first].resource != MUSTER_ITEM) {
        ++first;
    }
    if (first == count) first = 0; /* a store without depots: beside a team or vehicle */
    const uint32_t at   = draw(d, OF_SITE, index);
    const double   east = (at % 200) / 1e4 - 0.01, north = (at / 200 % 200) / 1e4 - 0.01;
    if (count == 0) return (place){120.75 + east, 30.75 + north};
    const muster_view_unit *near = &unit[first + at / 40000 % (count - first)];
    return (place){near->lon_deg + east, near->lat_deg + north};
}

/* Most calls come in the first two thirds of the night. */
static uint32_t reported_minute(const desk *d, uint32_t i) {
    return 1 + draw(d, OF_MINUTE, i) % (d->night_minutes * 2 / 3 + 1);
}

static bool report_incident(desk *d, const muster_view *view, uint32_t i) {
    char                  id[32], code[32];
    muster_event_need     need[4];
    const struct trouble *t  = &TROUBLE[draw(d, OF_TROUBLE, i) % TROUBLE_COUNT];
    const place           at = place_of(d, view, i);
    snprintf(id, sizeof id, "report-%" PRIu32, i + 1);
    snprintf(code, sizeof code, "I-%" PRIu32, i + 1);
    memcpy(need, t->need, sizeof need);
    muster_event e = event_of(d, MUSTER_EVENT_INCIDENT_REPORTED, "emergency call", id);
    e.incident     = (muster_event_incident){.code           = code,
                                             .name           = t->name,
                                             .lon_deg        = at.lon_deg,
                                             .lat_deg        = at.lat_deg,
                                             .severity       = t->severity,
                                             .deadline_at_ms = e.time_ms + 120 * MINUTE_MS,
                                             .on_scene_ms    = t->on_scene_min * 60000};
    e.need_count   = t->need_count;
    e.need         = need;
    return tell(d, 1, &e);
}

/* Whoever calls again a while later usually asks for more. */
static bool ask_for_more(desk *d, uint32_t i) {
    char                  id[32], code[32];
    const struct trouble *t    = &TROUBLE[draw(d, OF_TROUBLE, i) % TROUBLE_COUNT];
    muster_event_need     need = t->need[0];
    snprintf(id, sizeof id, "more-%" PRIu32, i + 1);
    snprintf(code, sizeof code, "I-%" PRIu32, i + 1);
    need.quantity += 1 + draw(d, OF_AMOUNT, i) % need.quantity;
    muster_event e  = event_of(d, MUSTER_EVENT_NEED_CHANGED, "emergency call", id);
    e.incident.code = code;
    e.need_count    = 1;
    e.need          = &need;
    return tell(d, 1, &e);
}

static bool hear_callers(desk *d, const muster_view *view, uint32_t minute) {
    for (uint32_t i = 0; i < d->incident_count; ++i) {
        const uint32_t reported = reported_minute(d, i);
        if (reported == minute && !report_incident(d, view, i)) return false;
        if (i % 3 == 0 && reported + 12 == minute && !ask_for_more(d, i)) return false;
    }
    return true;
}

/* ---- roads ---------------------------------------------------------------------------------- */

/* The police report what is closed as a line on the map; all roads that it crosses are meant. */
static bool cut_road(desk *d, const muster_view *view, uint32_t n) {
    char         id[32], code[32];
    const place  at    = place_of(d, view, draw(d, OF_ROAD, n) % d->incident_count);
    const double lon[] = {at.lon_deg - 0.003, at.lon_deg - 0.003},
                 lat[] = {at.lat_deg - 0.006, at.lat_deg + 0.006};
    snprintf(id, sizeof id, "cut-%" PRIu32, n);
    snprintf(code, sizeof code, "R-%" PRIu32, n);
    muster_event e = event_of(d, MUSTER_EVENT_ROAD_CLOSED, "police", id);
    e.road   = (muster_event_road){.code = code, .point_count = 2, .lon_deg = lon, .lat_deg = lat};
    e.reason = "trees on the road";
    return tell(d, 1, &e);
}

static bool open_road(desk *d, uint32_t n) {
    char id[32], code[32];
    snprintf(id, sizeof id, "clear-%" PRIu32, n);
    snprintf(code, sizeof code, "R-%" PRIu32, n);
    muster_event e = event_of(d, MUSTER_EVENT_ROAD_OPENED, "police", id);
    e.road.code    = code;
    return tell(d, 1, &e);
}

/* The same code each time: a hazard is told as it is now. */
static bool measure_flood(desk *d, const muster_view *view, uint32_t minute) {
    enum { CORNERS = 4 };
    char           id[32];
    const uint32_t first_ring[] = {0, 1}, first_point[] = {0, CORNERS + 1};
    const place    at    = place_of(d, view, 0);
    const double   reach = 0.002 + 0.00004 * minute; /* degrees */
    const double   lon[] = {at.lon_deg - reach, at.lon_deg + reach, at.lon_deg + reach,
                            at.lon_deg - reach, at.lon_deg - reach},
                 lat[]   = {at.lat_deg - reach, at.lat_deg - reach, at.lat_deg + reach,
                            at.lat_deg + reach, at.lat_deg - reach};
    muster_hazard flood  = MUSTER_HAZARD_INIT;
    snprintf(id, sizeof id, "flood-%" PRIu32, minute);
    flood.code     = "FLOOD";
    flood.name     = "Flood behind the dike";
    flood.kind     = MUSTER_HAZARD_FLOOD;
    flood.depth_m  = 0.2 + 0.002 * minute;
    flood.area     = (muster_multipolygon){.polygon_count = 1,
                                           .first_ring    = first_ring,
                                           .first_point   = first_point,
                                           .lon_deg       = lon,
                                           .lat_deg       = lat};
    muster_event e = event_of(d, MUSTER_EVENT_HAZARD_GROWN, "hydrology", id);
    e.hazard       = &flood;
    return tell(d, 1, &e);
}

static bool hear_of_roads(desk *d, const muster_view *view, uint32_t minute) {
    if (minute % ROAD_MINUTES == 5 && !cut_road(d, view, minute / ROAD_MINUTES)) return false;
    if (minute > ROAD_CUT_MINUTES && (minute - ROAD_CUT_MINUTES) % ROAD_MINUTES == 5 &&
        !open_road(d, (minute - ROAD_CUT_MINUTES) / ROAD_MINUTES)) {
        return false;
    }
    return minute < FLOOD_BEGINS || (minute - FLOOD_BEGINS) % FLOOD_MINUTES != 0 ||
           measure_flood(d, view, minute);
}

/* ---- crews ---------------------------------------------------------------------------------- */

static const muster_view_incident *incident_of(const muster_view *view, const muster_order *o) {
    uint32_t                    count;
    const muster_view_incident *incident = muster_view_incidents(view, &count);
    for (uint32_t i = 0; i < count; ++i) {
        if (strcmp(incident[i].code, o->incident) == 0) return &incident[i];
    }
    return NULL;
}

/* A crew says what has become of its order. One order comes to each state once, so number and state
 * are an id. */
static bool say(desk *d, const muster_order *o, muster_event_type type, const char *reason) {
    char id[64];
    snprintf(id, sizeof id, "%s-%" PRIu64, muster_event_type_name(type), o->number);
    muster_event e = event_of(d, type, o->unit, id);
    e.order        = o->number;
    e.reason       = reason;
    return tell(d, 1, &e);
}

static bool answer_order(desk *d, const muster_order *o) {
    static const char *const WHY[]  = {"engine will not start", "crew is not complete",
                                       "the yard is under water"};
    const uint32_t           chance = draw(d, OF_ANSWER, o->number) % 100;
    const int64_t now = atomic_load(&d->now_ms), delay = 1 + draw(d, OF_DELAY, o->number) % 2;
    if (now < o->issued_at_ms + delay * MINUTE_MS) return true;
    if (chance < SILENT_PERCENT) return true; /* until the session lets it expire */
    if (chance >= SILENT_PERCENT + DECLINED_PERCENT) {
        return say(d, o, MUSTER_EVENT_ORDER_ACCEPTED, NULL);
    }
    return say(d, o, MUSTER_EVENT_ORDER_DECLINED, WHY[chance % 3]);
}

/* Goods are handed over, and their vehicle is free. Everybody else stays; the first who are done say
 * that the trouble is over. Closing the incident takes back who is still on the way there; who is on
 * scene stays until he says so himself. */
static bool leave_scene(desk *d, const muster_view *view, const muster_order *o) {
    char                        id[CODE_BYTES + 8];
    const muster_view_incident *incident = incident_of(view, o);
    const bool                  brings   = o->resource == MUSTER_ITEM || o->warehouse;
    const int64_t               work_ms  = incident && !brings ? incident->on_scene_ms : 0;
    if (atomic_load(&d->now_ms) < o->changed_at_ms + work_ms) return true;
    if (incident && !brings && incident->closed_at_ms == 0) {
        snprintf(id, sizeof id, "close-%s", o->incident);
        muster_event e  = event_of(d, MUSTER_EVENT_INCIDENT_CLOSED, o->unit, id);
        e.incident.code = o->incident;
        if (!tell(d, 1, &e)) return false;
    }
    return say(d, o, MUSTER_EVENT_ORDER_RELEASED, NULL);
}

static bool go_on_with(desk *d, const muster_view *view, const muster_order *o) {
    const int64_t now = atomic_load(&d->now_ms);
    switch (o->state) {
    case MUSTER_ORDER_ISSUED:
        return answer_order(d, o);
    case MUSTER_ORDER_ACCEPTED:
        return now < o->depart_at_ms || say(d, o, MUSTER_EVENT_ORDER_EN_ROUTE, NULL);
    case MUSTER_ORDER_EN_ROUTE:
        if (o->warehouse) return now < o->load_at_ms || say(d, o, MUSTER_EVENT_ORDER_LOADED, NULL);
        return now < o->eta_at_ms || say(d, o, MUSTER_EVENT_ORDER_ON_SCENE, NULL);
    case MUSTER_ORDER_LOADED:
        return now < o->eta_at_ms || say(d, o, MUSTER_EVENT_ORDER_ON_SCENE, NULL);
    case MUSTER_ORDER_ON_SCENE:
        return leave_scene(d, view, o);
    default:
        return true; /* it is over */
    }
}

static bool hear_crews(desk *d, const muster_view *view) {
    uint32_t            count;
    const muster_order *order = muster_view_orders(view, &count);
    for (uint32_t i = 0; i < count; ++i) {
        /* What a vehicle carries goes through the states of its trip. */
        if (order[i].trip == 0 && !go_on_with(d, view, &order[i])) return false;
    }
    return true;
}

/* ---- positions ------------------------------------------------------------------------------ */

static bool is_driving(const muster_order *o) {
    return (o->resource == MUSTER_PEOPLE || (o->resource == MUSTER_VEHICLE && !o->warehouse)) &&
           o->state == MUSTER_ORDER_EN_ROUTE;
}

static const muster_view_unit *unit_of(const muster_view *view, const muster_order *o) {
    uint32_t                count;
    const muster_view_unit *unit = muster_view_units(view, &count);
    for (uint32_t i = 0; i < count; ++i) {
        if (unit[i].resource == o->resource && strcmp(unit[i].code, o->unit) == 0) return &unit[i];
    }
    return NULL;
}

/* Positions come by the hundred: told in one call they share one write to the disk. Here they are on
 * the straight line, where a real system has what the receiver on the vehicle says. */
static bool hear_positions(desk *d, const muster_view *view, uint32_t minute) {
    muster_event        event[POSITIONS_MOST];
    char                id[POSITIONS_MOST][64];
    uint32_t            count, told = 0;
    const muster_order *order = muster_view_orders(view, &count);
    for (uint32_t i = 0; i < count && told < POSITIONS_MOST; ++i) {
        const muster_order         *o        = &order[i];
        const muster_view_unit     *unit     = is_driving(o) ? unit_of(view, o) : NULL;
        const muster_view_incident *incident = unit ? incident_of(view, o) : NULL;
        const double left_min = (double)(o->eta_at_ms - atomic_load(&d->now_ms)) / MINUTE_MS;
        if (!incident || left_min <= 0) continue;
        const double part =
            left_min > POSITION_MINUTES ? POSITION_MINUTES / (left_min + POSITION_MINUTES) : 0.9;
        snprintf(id[told], sizeof *id, "at-%" PRIu64 "-%" PRIu32, o->number, minute);
        event[told]         = event_of(d, MUSTER_EVENT_UNIT_MOVED, "gps", id[told]);
        event[told].unit    = (muster_event_unit){.resource = o->resource, .code = o->unit};
        event[told].lon_deg = unit->lon_deg + part * (incident->lon_deg - unit->lon_deg);
        event[told].lat_deg = unit->lat_deg + part * (incident->lat_deg - unit->lat_deg);
        ++told;
    }
    return told == 0 || tell(d, told, event);
}

/* ---- the night ------------------------------------------------------------------------------ */

static bool feed_minute(desk *d, uint32_t minute) {
    muster_view  *view;
    muster_status status;
    int           tries = 0;
    /* Time passes by being told: orders that nobody answers expire here. */
    do status = muster_session_tick(d->session, atomic_load(&d->now_ms), NULL);
    while (desk_tries_again(status, &tries));
    if (status) return desk_failed(d, "time cannot pass");
    if (muster_session_look(&view, d->session, NULL)) {
        return desk_failed(d, "the session cannot be looked at");
    }
    const bool is_told = hear_callers(d, view, minute) && hear_of_roads(d, view, minute) &&
                         hear_crews(d, view) &&
                         (minute % POSITION_MINUTES != 0 || hear_positions(d, view, minute));
    muster_view_free(view);
    return is_told;
}

void *feed_night(void *of_desk) {
    desk    *d      = of_desk;
    uint32_t minute = (uint32_t)((atomic_load(&d->now_ms) - BEGIN_MS) / MINUTE_MS);
    for (; minute <= d->night_minutes && !atomic_load(&d->has_failed); ++minute) {
        atomic_store(&d->now_ms, BEGIN_MS + minute * MINUTE_MS);
        if (!feed_minute(d, minute)) break;
        wait_ms(d->pace_ms);
    }
    atomic_store(&d->feed_is_over, true);
    return NULL;
}
