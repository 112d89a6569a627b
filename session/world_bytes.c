/* A world as bytes. JSON was weighed: of the home scenario's 3,984 units alone it would be 1.5 MB, which
 * jansson takes 30 ms to read, in a snapshot that a standby may have to read while nobody is dispatching;
 * these are 0.7 MB and take one or two. Nobody reads a snapshot with his eyes: what is to be read by people
 * is in the journal.
 *
 * "MUSTERW\n", a version, the base, then the world list by list. What follows from other things (how much
 * of a unit is under orders, how many orders an incident has) is not written but counted again, and in
 * the end mu_world_verify looks at everything. */
#include <string.h>

#include "core/alloc.h"
#include "session/base_bytes.h"
#include "session/text.h"
#include "session/world_event.h"

/* A journal begins with these bytes and is kept for good, so older versions are read; what is written is of
 * the last. In version 1 events were remembered by the texts of their ids, and closures had neither points nor,
 * as hazards, edges. */
enum { VERSION = 2 };

static const char MAGIC[8] = {'M', 'U', 'S', 'T', 'E', 'R', 'W', '\n'};

/* The least that one thing of each list takes. */
enum {
    INCIDENT_BYTES = 80,
    NEED_BYTES     = 32,
    ORDER_BYTES    = 128,
    ROAD_BYTES     = 32,
    HAZARD_BYTES   = 56,
    RULE_BYTES     = 38,
    ENDED_BYTES    = 13,
    TOLD_BYTES     = MU_TOLD_KEY_BYTES + 8,
    TEXT_ID_BYTES  = 1 + 1 + 8 /* of version 1 */
};

static void code_header(mu_codec *c) {
    for (size_t i = 0; i < sizeof MAGIC; ++i) {
        uint8_t byte = (uint8_t)MAGIC[i];
        mu_code_u8(c, &byte);
        if (byte != (uint8_t)MAGIC[i]) mu_codec_fail(c, "they do not begin like a world's");
    }
    c->version = VERSION;
    mu_code_u32(c, &c->version);
    if (c->version < 1 || c->version > VERSION) {
        mu_codec_fail(c, "they are of another version; expected 1 or 2");
    }
}

/* Room for a list that grows later on. `capacity` is 1 or more then, so that 0 asks for nothing. */
static void take_list(mu_codec *c, void *out, size_t *capacity, uint32_t count, size_t size) {
    if (!c->reads || count == 0 || c->status != MUSTER_OK) return;
    c->status = mu_alloc_zeroed(out, count, size);
    if (c->status == MUSTER_OK) *capacity = count;
}

/* A text that must be there. */
static void code_text(mu_codec *c, char **text) {
    mu_code_text(c, text);
    if (!*text || **text == 0) mu_codec_fail(c, "a text is missing");
}

/* ---- units --------------------------------------------------------------------------------- */

static void code_unit(mu_codec *c, mu_world_unit *u) {
    mu_code_real(c, &u->lon_deg);
    mu_code_real(c, &u->lat_deg);
    mu_code_i64(c, &u->seen_at_ms);
    mu_code_i64(c, &u->status_at_ms);
    mu_code_i64(c, &u->crew_at_ms);
    mu_code_i64(c, &u->shift_at_ms);
    mu_code_flag(c, &u->is_available);
    mu_code_text(c, &u->reason);
    mu_code_i64(c, &u->quantity);
    mu_code_i64(c, &u->ready_at_ms);
    mu_code_i64(c, &u->shift_end_at_ms);
    mu_code_i64(c, &u->duty_since_ms);
}

static void code_units(mu_codec *c, mu_world *w) {
    for (int r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        const uint32_t count = w->base->unit_count[r];
        if (c->reads && c->status == MUSTER_OK) {
            c->status = mu_alloc_zeroed(&w->unit[r], count, sizeof *w->unit[r]);
        }
        for (uint32_t u = 0; c->status == MUSTER_OK && u < count; ++u) {
            code_unit(c, &w->unit[r][u]);
        }
    }
}

/* ---- incidents ----------------------------------------------------------------------------- */

static void code_needs(mu_codec *c, mu_world_incident *i) {
    size_t capacity;
    mu_code_count(c, &i->need_count, NEED_BYTES);
    take_list(c, &i->need, &capacity, i->need_count, sizeof *i->need);
    for (uint32_t n = 0; c->status == MUSTER_OK && n < i->need_count; ++n) {
        mu_world_need *need = &i->need[n];
        mu_code_u32(c, &need->kind);
        mu_code_i64(c, &need->quantity);
        mu_code_i64(c, &need->minimum);
        mu_code_u32(c, &need->grade);
        mu_code_i64(c, &need->delivered);
    }
}

static void code_incident(mu_codec *c, mu_world_incident *i) {
    code_text(c, &i->code);
    mu_code_text(c, &i->name);
    mu_code_real(c, &i->lon_deg);
    mu_code_real(c, &i->lat_deg);
    mu_code_u8(c, &i->severity);
    mu_code_i64(c, &i->reported_at_ms);
    mu_code_i64(c, &i->updated_at_ms);
    mu_code_i64(c, &i->needs_at_ms);
    mu_code_i64(c, &i->deadline_at_ms);
    mu_code_i64(c, &i->closed_at_ms);
    mu_code_u32(c, &i->on_scene_ms);
    mu_code_u32(c, &i->authority);
    mu_code_flag(c, &i->all_or_nothing);
    code_needs(c, i);
}

static void code_incidents(mu_codec *c, mu_world *w) {
    uint32_t count = w->incident_count;
    mu_code_count(c, &count, INCIDENT_BYTES);
    take_list(c, &w->incident, &w->incident_capacity, count, sizeof *w->incident);
    for (uint32_t i = 0; c->status == MUSTER_OK && i < count; ++i) {
        if (c->reads) w->incident_count = i + 1;
        code_incident(c, &w->incident[i]);
    }
}

/* There is room for the code of every incident that is still there: see mu_apply_reported. */
static void code_closed(mu_codec *c, mu_world *w) {
    uint32_t count = w->closed_count;
    mu_code_count(c, &count, 5);
    if (c->reads && count + w->incident_count > 0) {
        take_list(c, &w->closed, &w->closed_capacity, count + w->incident_count, sizeof *w->closed);
    }
    for (uint32_t i = 0; c->status == MUSTER_OK && i < count; ++i) {
        if (c->reads) w->closed_count = i + 1;
        code_text(c, &w->closed[i]);
    }
}

/* ---- orders -------------------------------------------------------------------------------- */

static void code_order(mu_codec *c, mu_world_order *o) {
    mu_code_u64(c, &o->number);
    mu_code_u64(c, &o->sequence);
    mu_code_u8(c, &o->state);
    mu_code_u8(c, &o->claim);
    mu_code_u8(c, &o->resource);
    mu_code_u32(c, &o->unit);
    mu_code_u32(c, &o->incident);
    mu_code_u32(c, &o->need);
    mu_code_i64(c, &o->quantity);
    mu_code_u64(c, &o->trip);
    mu_code_u32(c, &o->warehouse);
    mu_code_flag(c, &o->is_loaded);
    mu_code_i64(c, &o->issued_at_ms);
    mu_code_i64(c, &o->changed_at_ms);
    mu_code_i64(c, &o->depart_at_ms);
    mu_code_i64(c, &o->load_at_ms);
    mu_code_i64(c, &o->eta_at_ms);
    mu_code_real(c, &o->distance_m);
    code_text(c, &o->issued_by);
    code_text(c, &o->changed_by);
    mu_code_text(c, &o->reason);
    mu_code_u32(c, &o->consent);
    mu_code_i64(c, &o->claim_number);
    mu_code_i64(c, &o->dispatch_order);
}

static void code_orders(mu_codec *c, mu_world *w) {
    uint32_t count = w->order_count;
    mu_code_count(c, &count, ORDER_BYTES);
    take_list(c, &w->order, &w->order_capacity, count, sizeof *w->order);
    for (uint32_t i = 0; c->status == MUSTER_OK && i < count; ++i) {
        if (c->reads) w->order_count = i + 1;
        code_order(c, &w->order[i]);
    }
}

/* ---- roads and hazards --------------------------------------------------------------------- */

static void code_points(mu_codec *c, mu_arena *arena, uint32_t count, const double **lon_deg,
                        const double **lat_deg) {
    if (c->reads && c->status == MUSTER_OK && count > (c->size - c->at) / 16) {
        mu_codec_fail(c, "it counts more points than there are bytes for");
    }
    mu_code_reals(c, arena, count, lon_deg);
    mu_code_reals(c, arena, count, lat_deg);
}

/* Places and edges that version 1 did not have. */
static void code_places(mu_codec *c, mu_arena *arena, muster_points *p) {
    if (c->version == 1) return;
    mu_code_count(c, &p->point_count, 16);
    code_points(c, arena, p->point_count, &p->lon_deg, &p->lat_deg);
}

static void code_hazard_edges(mu_codec *c, mu_arena *arena, muster_hazard *h) {
    if (c->version == 1) return;
    mu_code_count(c, &h->edge_count, 8);
    mu_code_i64s(c, arena, h->edge_count, &h->edge_id);
}

static void code_rings(mu_codec *c, mu_arena *arena, uint32_t count, const uint32_t **first_point,
                       const double **lon_deg, const double **lat_deg) {
    mu_code_starts(c, arena, count, first_point);
    const uint32_t points = *first_point && c->status == MUSTER_OK ? (*first_point)[count] : 0;
    code_points(c, arena, points, lon_deg, lat_deg);
}

static void code_road(mu_codec *c, mu_world_road *road) {
    muster_event_road *r = &road->road;
    mu_code_arena_text(c, &road->arena, &r->code);
    if (!r->code) mu_codec_fail(c, "a road has no code");
    mu_code_i64(c, &road->told_at_ms);
    mu_code_real(c, &r->speed_factor);
    mu_code_count(c, &r->edge_count, 8);
    mu_code_i64s(c, &road->arena, r->edge_count, &r->edge_id);
    mu_code_count(c, &r->point_count, 16);
    code_points(c, &road->arena, r->point_count, &r->lon_deg, &r->lat_deg);
    code_places(c, &road->arena, &r->points);
    mu_code_count(c, &r->area.ring_count, 4);
    if (r->area.ring_count > 0) {
        code_rings(c, &road->arena, r->area.ring_count, &r->area.first_point, &r->area.lon_deg,
                   &r->area.lat_deg);
    }
}

static void code_hazard(mu_codec *c, mu_world_hazard *hazard) {
    muster_hazard *h     = &hazard->hazard;
    mu_arena      *arena = &hazard->arena;
    if (c->reads) *h = (muster_hazard)MUSTER_HAZARD_INIT;
    mu_code_arena_text(c, arena, &h->code);
    if (!h->code) mu_codec_fail(c, "a hazard has no code");
    mu_code_arena_text(c, arena, &h->name);
    mu_code_arena_text(c, arena, &h->source);
    mu_code_i64(c, &hazard->told_at_ms);
    mu_code_u8(c, &h->kind);
    mu_code_u8(c, &h->severity);
    mu_code_u8(c, &h->urgency);
    mu_code_u8(c, &h->certainty);
    mu_code_u8(c, &h->wind_force);
    mu_code_real(c, &h->depth_m);
    mu_code_real_or_nan(c, &h->speed_factor);
    mu_code_i64(c, &h->starts_at_s);
    mu_code_i64(c, &h->ends_at_s);
    mu_code_count(c, &h->area.polygon_count, 4);
    mu_code_starts(c, arena, h->area.polygon_count, &h->area.first_ring);
    uint32_t rings = h->area.first_ring && c->status == MUSTER_OK
                         ? h->area.first_ring[h->area.polygon_count]
                         : 0;
    if (c->reads && rings > (c->size - c->at) / 4) mu_codec_fail(c, "it counts too many rings");
    if (c->status != MUSTER_OK) rings = 0;
    code_rings(c, arena, rings, &h->area.first_point, &h->area.lon_deg, &h->area.lat_deg);
    mu_code_count(c, &h->lines.line_count, 4);
    code_rings(c, arena, h->lines.line_count, &h->lines.first_point, &h->lines.lon_deg,
               &h->lines.lat_deg);
    code_places(c, arena, &h->points);
    code_hazard_edges(c, arena, h);
}

static void code_roads(mu_codec *c, mu_world *w) {
    uint32_t count = w->road_count;
    mu_code_count(c, &count, ROAD_BYTES);
    take_list(c, &w->road, &w->road_capacity, count, sizeof *w->road);
    for (uint32_t i = 0; c->status == MUSTER_OK && i < count; ++i) {
        if (c->reads) w->road_count = i + 1;
        code_road(c, &w->road[i]);
    }
}

static void code_hazards(mu_codec *c, mu_world *w) {
    uint32_t count = w->hazard_count;
    mu_code_count(c, &count, HAZARD_BYTES);
    take_list(c, &w->hazard, &w->hazard_capacity, count, sizeof *w->hazard);
    for (uint32_t i = 0; c->status == MUSTER_OK && i < count; ++i) {
        if (c->reads) w->hazard_count = i + 1;
        code_hazard(c, &w->hazard[i]);
    }
}

/* ---- rules, endings, ids ------------------------------------------------------------------- */

/* What codes name is written as rows. */
static void code_rule(mu_codec *c, const mu_world *w, mu_world_rule *r) {
    const mu_base     *b    = w->base;
    muster_event_rule *rule = &r->rule;
    uint32_t need = !c->reads && rule->need ? mu_base_find_kind(b, rule->need) : MUSTER_NONE;
    code_text(c, &r->code);
    mu_code_u8(c, &rule->command);
    mu_code_u8(c, &rule->unit.resource);
    mu_code_u32(c, &r->unit);
    mu_code_u32(c, &r->incident);
    mu_code_u32(c, &need);
    mu_code_i64(c, &rule->quantity);
    mu_code_i64(c, &r->told_at_ms);
    if (!c->reads || c->status != MUSTER_OK) return;
    if (rule->unit.resource >= MUSTER_RESOURCE_COUNT ||
        r->unit >= b->unit_count[rule->unit.resource] ||
        (r->incident != MUSTER_NONE && r->incident >= w->incident_count) ||
        (need != MUSTER_NONE && need >= b->kind_count)) {
        mu_codec_fail(c, "a rule names a row that is not there");
        return;
    }
    *r = mu_rule_of(w, rule->command, rule->unit.resource, r->unit, r->incident, need,
                    rule->quantity, r->code, r->told_at_ms);
}

static void code_rules(mu_codec *c, mu_world *w) {
    uint32_t count = w->rule_count;
    mu_code_count(c, &count, RULE_BYTES);
    take_list(c, &w->rule, &w->rule_capacity, count, sizeof *w->rule);
    for (uint32_t i = 0; c->status == MUSTER_OK && i < count; ++i) {
        if (c->reads) w->rule_count = i + 1;
        code_rule(c, w, &w->rule[i]);
    }
}

static void code_ended(mu_codec *c, mu_world *w) {
    uint32_t count = w->ended_count;
    mu_code_count(c, &count, ENDED_BYTES);
    if (count > MU_WORLD_ENDED_MOST) mu_codec_fail(c, "too much has ended");
    take_list(c, &w->ended, &w->ended_capacity, count, sizeof *w->ended);
    for (uint32_t i = 0; c->status == MUSTER_OK && i < count; ++i) {
        if (c->reads) w->ended_count = i + 1;
        mu_code_u8(c, &w->ended[i].type);
        code_text(c, &w->ended[i].code);
        mu_code_i64(c, &w->ended[i].at_ms);
    }
}

/* The first version had the texts of ids. */
static void read_id(mu_codec *c, mu_told_key *key) {
    char    id[MUSTER_EVENT_ID_BYTES + 1];
    uint8_t size;
    mu_code_u8(c, &size);
    if (size == 0 || size > MUSTER_EVENT_ID_BYTES) {
        mu_codec_fail(c, "an id is too short or long");
        return;
    }
    mu_code_bytes(c, id, size);
    id[size] = 0;
    for (uint8_t i = 0; i < size; ++i) {
        if (id[i] <= 0x20 || id[i] >= 0x7F) mu_codec_fail(c, "an id is not visible ASCII");
    }
    *key = mu_told_key_of(id);
}

static void add_told(mu_codec *c, mu_told *told, mu_told_list list, const mu_told_key *key,
                     uint64_t sequence) {
    uint64_t before;
    if (c->status != MUSTER_OK) return;
    if (mu_told_find(told, key, &before)) {
        mu_codec_fail(c, "an id is there twice");
        return;
    }
    c->status = mu_told_reserve(told, list);
    if (c->status == MUSTER_OK) mu_told_add(told, list, key, sequence);
}

static void code_told(mu_codec *c, mu_told *told, mu_told_list list, uint32_t most) {
    uint32_t count = mu_told_count(told, list);
    mu_code_count(c, &count, c->version == 1 ? TEXT_ID_BYTES : TOLD_BYTES);
    if (count > most) mu_codec_fail(c, "too many ids are remembered");
    for (uint32_t i = 0; c->status == MUSTER_OK && i < count; ++i) {
        mu_told_key key      = {{0}};
        uint64_t    sequence = 0;
        if (!c->reads) mu_told_get(told, list, i, &key, &sequence);
        if (c->version == 1) {
            read_id(c, &key);
        } else {
            mu_code_bytes(c, key.byte, sizeof key.byte);
        }
        mu_code_u64(c, &sequence);
        if (c->reads) add_told(c, told, list, &key, sequence);
    }
}

/* ---- the whole ------------------------------------------------------------------------------ */

/* What follows from the orders. Their rows are checked here, for verifying comes later. */
static void count_orders(mu_codec *c, mu_world *w) {
    for (uint32_t i = 0; c->status == MUSTER_OK && i < w->order_count; ++i) {
        const mu_world_order *o = &w->order[i];
        if (o->resource >= MUSTER_RESOURCE_COUNT || o->unit >= w->base->unit_count[o->resource] ||
            o->incident >= w->incident_count || o->quantity < 1 ||
            o->quantity > MUSTER_MAX_QUANTITY) {
            mu_codec_fail(c, "an order names a row that is not there");
            return;
        }
        const bool is_over        = muster_order_is_over((muster_order_state)o->state);
        const bool is_handed_over = o->resource == MUSTER_ITEM && o->state == MUSTER_ORDER_ON_SCENE;
        if (!is_over && !is_handed_over) w->unit[o->resource][o->unit].ordered += o->quantity;
        w->incident[o->incident].order_count += !is_over;
        ++w->incident[o->incident].kept_count;
        w->over_count += is_over;
    }
}

static void code_world(mu_codec *c, mu_world *w) {
    mu_code_u64(c, &w->sequence);
    mu_code_i64(c, &w->time_ms);
    mu_code_u64(c, &w->order_last);
    mu_code_u64(c, &w->roads_version);
    code_units(c, w);
    code_incidents(c, w);
    code_closed(c, w);
    code_orders(c, w);
    code_roads(c, w);
    code_hazards(c, w);
    code_rules(c, w);
    code_ended(c, w);
    code_told(c, w->told, MU_TOLD_EVENTS, MU_TOLD_MOST);
    code_told(c, w->told, MU_TOLD_MOVES, MU_TOLD_MOVES_MOST);
    if (c->reads) count_orders(c, w);
}

muster_status mu_world_write(const mu_world *world, char **out, size_t *out_size) {
    mu_codec  codec = {0};
    mu_world *same  = (mu_world *)world; /* who writes changes nothing */
    mu_base  *base  = world->base;
    *out            = NULL;
    *out_size       = 0;
    code_header(&codec);
    mu_code_base(&codec, &base);
    code_world(&codec, same);
    if (codec.status != MUSTER_OK) {
        mu_free(codec.bytes);
        return codec.status;
    }
    *out      = codec.bytes;
    *out_size = codec.size;
    return MUSTER_OK;
}

/* What is read into `w` is given back by whoever made it. */
static muster_status read_into(mu_world *w, mu_codec *c) {
    code_header(c);
    mu_code_base(c, &w->base);
    MU_TRY(c->status);
    MU_TRY(mu_told_new(&w->told));
    code_world(c, w);
    MU_TRY(mu_codec_end(c));
    return mu_world_verify(w);
}

muster_status mu_world_read(mu_world **out, const char *bytes, size_t size) {
    mu_world *world;
    mu_codec  codec = mu_codec_reading(bytes, size);
    *out            = NULL;
    MU_TRY(mu_alloc_zeroed(&world, 1, sizeof *world));
    const muster_status status = read_into(world, &codec);
    if (status == MUSTER_OK) {
        *out = world;
    } else {
        mu_world_free(world);
    }
    return status;
}
