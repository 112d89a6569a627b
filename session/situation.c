/* A world becomes a problem row by row. Incidents come first, with what is still missing there; then who
 * and what there is, each where its order has brought it; then what orders say of them. What commanders
 * say is added by situation_rules.c, the plan before by situation_past.c.
 *
 * A pool that has parts under orders is several rows: what is free has the pool's code, each part
 * the code with "#" and its order's number, so that a planner finds both again. A trip is a warehouse
 * likewise. Parts that have only been told are free. */
#include "session/situation.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "session/situation_build.h"

enum { NOTE_BYTES = 400, CODE_BYTES = 400 };

/* ---- moments ------------------------------------------------------------------------------------- */

/* From now; what is past is 0, what is far is as far as times go. */
static uint32_t ms_until(const mu_build *b, int64_t at_ms) {
    const int64_t  now_ms = b->s->now_ms;
    const uint64_t ahead  = at_ms > now_ms ? (uint64_t)at_ms - (uint64_t)now_ms : 0;
    return ahead < MUSTER_UNREACHABLE_MS - 1 ? (uint32_t)ahead : MUSTER_UNREACHABLE_MS - 1;
}

/* Of an end that is 0 where there is none in sight; one that is past is a moment ahead. */
static uint32_t ms_until_end(const mu_build *b, int64_t at_ms) {
    if (at_ms == 0) return 0;
    const uint32_t ahead_ms = ms_until(b, at_ms);
    if (ahead_ms == MUSTER_UNREACHABLE_MS - 1) return 0;
    return ahead_ms > 0 ? ahead_ms : 1;
}

static uint32_t ms_since(const mu_build *b, int64_t at_ms) {
    const int64_t now_ms = b->s->now_ms;
    if (at_ms == 0 || at_ms >= now_ms) return 0;
    const uint64_t ago = (uint64_t)now_ms - (uint64_t)at_ms;
    return ago < UINT32_MAX ? (uint32_t)ago : UINT32_MAX;
}

/* ---- notes and rules ----------------------------------------------------------------------------- */

muster_status mu_situation_add_note(mu_situation *s, uint64_t order, const char *rule,
                                    const char *format, ...) {
    char    text[NOTE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    MU_TRY(mu_grow(&s->note, &s->note_capacity, s->note_count, sizeof *s->note));
    mu_situation_note *note = &s->note[s->note_count];
    note->order             = order;
    MU_TRY(mu_arena_text(&s->arena, &note->rule, rule));
    MU_TRY(mu_arena_text(&s->arena, &note->text, text));
    ++s->note_count;
    return MUSTER_OK;
}

muster_status mu_situation_add_rule(mu_situation *s, const muster_rule *rule,
                                    const mu_situation_word *word) {
    const uint32_t count = s->problem.rule_count;
    MU_TRY(mu_grow(&s->rule, &s->rule_capacity, count, sizeof *s->rule));
    MU_TRY(mu_grow(&s->word, &s->word_capacity, count, sizeof *s->word));
    s->problem.rule = s->rule;
    s->rule[count]  = *rule;
    s->word[count]  = *word;
    MU_TRY(mu_arena_text(&s->arena, &s->word[count].rule, word->rule));
    ++s->problem.rule_count;
    return MUSTER_OK;
}

/* ---- what is needed ------------------------------------------------------------------------------ */

uint32_t mu_build_need(const mu_build *b, uint32_t incident_row, uint32_t kind) {
    return b->need_row[(size_t)incident_row * b->s->base->kind_count + kind];
}

static int64_t missing(const mu_world_need *need) {
    return need->quantity > need->delivered ? need->quantity - need->delivered : 0;
}

static bool is_asking(const mu_world_incident *incident) {
    uint32_t n = 0;
    if (incident->closed_at_ms != 0) return false;
    while (n < incident->need_count && missing(&incident->need[n]) == 0) ++n;
    return n < incident->need_count;
}

/* What was delivered counts for the minimum too. */
static muster_need need_of(const mu_world_need *need, uint32_t incident_row) {
    int64_t minimum = need->minimum - need->delivered;
    if (need->minimum == 0) minimum = 0;
    if (need->minimum > 0 && minimum < 1) minimum = 1;
    return (muster_need){.incident = incident_row,
                         .kind     = need->kind,
                         .quantity = missing(need),
                         .minimum  = minimum,
                         .grade    = need->grade};
}

static void add_needs(mu_build *b, muster_need *list, const mu_world_incident *incident,
                      uint32_t row) {
    muster_problem *p  = &b->s->problem;
    uint32_t       *of = b->need_row + (size_t)row * b->s->base->kind_count;
    for (uint32_t n = 0; n < incident->need_count; ++n) {
        const mu_world_need *need = &incident->need[n];
        if (missing(need) == 0) continue;
        of[need->kind]        = p->need_count;
        list[p->need_count++] = need_of(need, row);
    }
}

static muster_status add_incident(mu_build *b, muster_incident *to,
                                  const mu_world_incident *incident) {
    *to = (muster_incident){.site           = {incident->lon_deg, incident->lat_deg},
                            .severity       = incident->severity,
                            .deadline_ms    = ms_until_end(b, incident->deadline_at_ms),
                            .on_scene_ms    = incident->on_scene_ms,
                            .authority      = incident->authority,
                            .all_or_nothing = incident->all_or_nothing};
    MU_TRY(mu_arena_text(&b->s->arena, &to->code, incident->code));
    return mu_arena_text(&b->s->arena, &to->name, incident->name);
}

static muster_status build_incidents(mu_build *b) {
    const mu_world  *w     = b->world;
    muster_problem  *p     = &b->s->problem;
    size_t           needs = 0, cells;
    uint32_t         rows  = 0;
    muster_incident *incident;
    muster_need     *need;
    for (uint32_t i = 0; i < w->incident_count; ++i) {
        rows += is_asking(&w->incident[i]);
        needs += w->incident[i].need_count;
    }
    cells = (size_t)rows * w->base->kind_count;
    MU_TRY(mu_arena_take(&b->s->arena, &incident, rows, sizeof *incident));
    MU_TRY(mu_arena_take(&b->s->arena, &need, needs, sizeof *need));
    MU_TRY(mu_alloc(&b->incident_row, w->incident_count, sizeof *b->incident_row));
    MU_TRY(mu_alloc(&b->need_row, cells, sizeof *b->need_row));
    for (size_t c = 0; c < cells; ++c) b->need_row[c] = MUSTER_NONE;
    for (uint32_t i = 0; i < w->incident_count; ++i) {
        b->incident_row[i] = MUSTER_NONE;
        if (!is_asking(&w->incident[i])) continue;
        b->incident_row[i] = p->incident_count++;
        MU_TRY(add_incident(b, &incident[b->incident_row[i]], &w->incident[i]));
        add_needs(b, need, &w->incident[i], b->incident_row[i]);
    }
    p->incident = incident;
    p->need     = need;
    return MUSTER_OK;
}

/* ---- orders -------------------------------------------------------------------------------------- */

static muster_status take_order(mu_build *b, mu_situation_order *to, const mu_world_order *order) {
    const uint32_t incident = b->incident_row[order->incident];
    *to                     = (mu_situation_order){.number    = order->number,
                                                   .trip      = order->trip,
                                                   .state     = order->state,
                                                   .resource  = order->resource,
                                                   .is_loaded = order->is_loaded,
                                                   .unit      = order->unit,
                                                   .kind      = order->need,
                                                   .quantity  = order->quantity,
                                                   .row       = MUSTER_NONE,
                                                   .incident  = incident,
                                                   .need      = MUSTER_NONE,
                                                   .part      = MUSTER_NONE};
    if (incident != MUSTER_NONE && order->need != MUSTER_NONE) {
        to->need = mu_build_need(b, incident, order->need);
    }
    return mu_arena_text(&b->s->arena, &to->incident_code,
                         b->world->incident[order->incident].code);
}

/* From the last on, so that the first part is found first. */
static void chain_parts(mu_situation *s) {
    for (uint32_t i = s->order_count; i-- > 0;) {
        const mu_situation_order *trip =
            s->order[i].trip > 0 ? mu_situation_find_order(s, s->order[i].trip) : NULL;
        if (!trip) continue;
        s->order[i].part               = trip->part;
        s->order[trip - s->order].part = i;
    }
}

static muster_status index_orders(mu_build *b) {
    static const uint8_t WHOLE[] = {MUSTER_PEOPLE, MUSTER_VEHICLE};
    mu_situation        *s       = b->s;
    for (size_t k = 0; k < sizeof WHOLE; ++k) {
        const uint32_t units = s->base->unit_count[WHOLE[k]];
        MU_TRY(mu_alloc(&b->order_of[WHOLE[k]], units, sizeof(uint32_t)));
        for (uint32_t u = 0; u < units; ++u) b->order_of[WHOLE[k]][u] = MUSTER_NONE;
    }
    for (uint32_t i = 0; i < s->order_count; ++i) {
        uint32_t *of = b->order_of[s->order[i].resource];
        if (of) of[s->order[i].unit] = i;
    }
    return MUSTER_OK;
}

static muster_status build_orders(mu_build *b) {
    const mu_world *w = b->world;
    MU_TRY(mu_arena_take(&b->s->arena, &b->s->order, w->order_count, sizeof *b->s->order));
    MU_TRY(mu_alloc(&b->world_order, w->order_count, sizeof *b->world_order));
    for (uint32_t i = 0; i < w->order_count; ++i) {
        if (muster_order_is_over((muster_order_state)w->order[i].state)) continue;
        b->world_order[b->s->order_count] = i;
        MU_TRY(take_order(b, &b->s->order[b->s->order_count], &w->order[i]));
        ++b->s->order_count;
    }
    chain_parts(b->s);
    return index_orders(b);
}

/* Who has an order is at the disposal of his incident's authority, unless he is under it anyway: nobody
 * has to be asked again. */
static uint32_t authority_under(const mu_build *b, uint32_t own, uint32_t incident_row) {
    const uint32_t lent = b->s->problem.incident[incident_row].authority;
    if (own == MUSTER_NONE || lent == MUSTER_NONE) return own;
    return mu_base_is_over(b->s->base, lent, own) ? own : lent;
}

/* ---- units --------------------------------------------------------------------------------------- */

/* Can it be sent at all? */
static bool is_fit(const mu_build *b, const mu_world_unit *unit) {
    const bool is_over = unit->shift_end_at_ms != 0 && unit->shift_end_at_ms <= b->s->now_ms;
    return unit->is_available && unit->quantity > 0 && !is_over;
}

/* So much of it other dispatchers have. */
static int64_t has_others(const mu_build *b, uint8_t resource, uint32_t unit) {
    return b->elsewhere ? mu_elsewhere_quantity(b->elsewhere, resource, unit) : 0;
}

/* As it is when nobody has told it anything. */
static muster_unit unit_of(const mu_build *b, uint8_t resource, uint32_t index) {
    const mu_base_unit  *base = &b->s->base->unit[resource][index];
    const mu_world_unit *unit = &b->world->unit[resource][index];
    return (muster_unit){.code         = base->code,
                         .name         = base->name,
                         .site         = {unit->lon_deg, unit->lat_deg},
                         .metric       = base->profile,
                         .turnout_ms   = base->turnout_ms,
                         .authority    = base->authority,
                         .available_ms = ms_until(b, unit->ready_at_ms),
                         .shift_end_ms = ms_until_end(b, unit->shift_end_at_ms),
                         .duty_ms      = ms_since(b, unit->duty_since_ms)};
}

/* At its incident, and nothing holds it up. */
static void put_on_scene(const mu_build *b, muster_unit *unit, uint32_t incident_row) {
    unit->site         = b->s->problem.incident[incident_row].site;
    unit->turnout_ms   = 0;
    unit->available_ms = 0;
    unit->shift_end_ms = 0;
    unit->authority    = authority_under(b, unit->authority, incident_row);
}

/* On its way, or what is left until it departs. Who was driving when he was told to go elsewhere was
 * planned to depart at once. */
static void put_on_way(const mu_build *b, muster_unit *unit, const mu_situation_order *order) {
    const bool    is_moving    = order->state > MUSTER_ORDER_ACCEPTED || order->is_loaded;
    const int64_t depart_at_ms = b->world->order[b->world_order[order - b->s->order]].depart_at_ms;
    unit->turnout_ms           = is_moving ? 0 : ms_until(b, depart_at_ms);
    if (is_moving) unit->available_ms = 0;
    if (order->incident != MUSTER_NONE) {
        unit->authority = authority_under(b, unit->authority, order->incident);
    }
}

/* The code of a part. */
static muster_status part_code(mu_build *b, muster_unit *unit, uint64_t number) {
    char code[CODE_BYTES];
    snprintf(code, sizeof code, "%.360s#%" PRIu64, unit->code, number);
    return mu_arena_text(&b->s->arena, &unit->code, code);
}

static uint32_t *row_count(mu_build *b, uint8_t resource) {
    muster_problem *p       = &b->s->problem;
    uint32_t *const COUNT[] = {&p->team_count, &p->vehicle_count, &p->machine_count,
                               &p->stock_count};
    return COUNT[resource];
}

/* One more row; where it is. Machines and items: so many. */
static uint32_t add_row(mu_build *b, uint8_t resource, uint32_t index, const muster_unit *unit,
                        int64_t quantity, uint64_t order) {
    const mu_base_unit *base = &b->s->base->unit[resource][index];
    const uint32_t      row  = (*row_count(b, resource))++;
    if (resource == MUSTER_PEOPLE) {
        b->s->team[row] = (muster_team){*unit, (uint32_t)quantity, base->capability,
                                        base->capability_count, base->grade};
    } else if (resource == MUSTER_VEHICLE) {
        b->s->vehicle[row] = (muster_vehicle){*unit, base->kind, base->payload_kg, base->volume_m3};
    } else if (resource == MUSTER_MACHINE) {
        b->s->machine[row] = (muster_machine){*unit, base->kind, quantity};
    } else {
        b->s->stock[row] = (muster_stock){*unit, base->kind, quantity};
    }
    b->s->row[resource][row] = (mu_situation_row){index, order};
    return row;
}

/* Can what is there serve its need? Needs may ask for better teams by now. */
static bool suits(const mu_build *b, const mu_situation_order *order) {
    const mu_base_unit *unit = &b->s->base->unit[order->resource][order->unit];
    if (order->need == MUSTER_NONE) return false;
    const muster_need *need = &b->s->problem.need[order->need];
    if (order->resource != MUSTER_PEOPLE) return unit->kind == need->kind;
    const bool is_good = need->grade == 0 || (unit->grade > 0 && unit->grade <= need->grade);
    return is_good && mu_base_has_capability(unit, need->kind);
}

static muster_status lock(mu_build *b, const mu_situation_order *order, mu_strength strength) {
    const muster_rule       rule = {.type     = MUSTER_LOCK,
                                    .resource = order->resource,
                                    .index    = order->row,
                                    .incident = order->incident,
                                    .need     = order->need,
                                    .vehicle  = MUSTER_NONE};
    const mu_situation_word word = {.strength = (uint8_t)strength, .order = order->number};
    return mu_situation_add_rule(b->s, &rule, &word);
}

/* So many of a unit are on scene: locked there, or not there at all as far as the plan goes. */
static muster_status stand(mu_build *b, mu_situation_order *order, int64_t quantity) {
    const char *code   = b->s->base->unit[order->resource][order->unit].code;
    const char *forbid = mu_build_forbid(b, order);
    muster_unit unit   = unit_of(b, order->resource, order->unit);
    if (quantity == 0) return MUSTER_OK;
    if (!suits(b, order)) {
        return mu_situation_add_note(
            b->s, order->number, NULL,
            "\"%s\" is on scene at \"%s\", where it serves no need any more", code,
            order->incident_code);
    }
    if (forbid) {
        return mu_situation_add_note(
            b->s, order->number, forbid,
            "\"%s\" is on scene at \"%s\", where rule \"%s\" forbids it to go: "
            "it does not count there",
            code, order->incident_code, forbid);
    }
    put_on_scene(b, &unit, order->incident);
    const bool is_part = order->resource == MUSTER_MACHINE;
    if (is_part) MU_TRY(part_code(b, &unit, order->number));
    order->row = add_row(b, order->resource, order->unit, &unit, quantity, order->number);
    return lock(b, order, MU_STRENGTH_ON_SCENE);
}

static muster_status say_en_route(mu_build *b, const mu_situation_order *order, uint8_t resource,
                                  uint32_t row, uint32_t incident, uint32_t vehicle) {
    const muster_rule       rule = {.type     = MUSTER_EN_ROUTE,
                                    .resource = resource,
                                    .index    = row,
                                    .incident = incident,
                                    .need     = MUSTER_NONE,
                                    .vehicle  = vehicle};
    const mu_situation_word word = {.strength = order->state == MUSTER_ORDER_ACCEPTED
                                                    ? MU_STRENGTH_ACCEPTED
                                                    : MU_STRENGTH_EN_ROUTE,
                                    .order    = order->number};
    return mu_situation_add_rule(b->s, &rule, &word);
}

/* ---- teams and vehicles --------------------------------------------------------------------------- */

/* Nobody drives on with what is broken, and with what it has on board nobody else does. */
static bool is_stuck(const mu_build *b, const mu_situation_order *order) {
    return order->is_loaded && (order->incident == MUSTER_NONE ||
                                !is_fit(b, &b->world->unit[MUSTER_VEHICLE][order->unit]));
}

/* One that is under an order which counts by now. */
static muster_status add_bound(mu_build *b, mu_situation_order *order) {
    const mu_world_unit *unit    = &b->world->unit[order->resource][order->unit];
    const bool           is_trip = order->kind == MUSTER_NONE;
    muster_unit          row     = unit_of(b, order->resource, order->unit);
    if (order->state == MUSTER_ORDER_ON_SCENE) return stand(b, order, is_trip ? 0 : unit->quantity);
    if (is_stuck(b, order)) {
        return mu_situation_add_note(
            b->s, order->number, NULL, "what \"%s\" has on board stays where it is: %s", row.code,
            order->incident == MUSTER_NONE ? "nothing is needed any more where it was to go"
                                           : "the vehicle is not available");
    }
    if (!is_fit(b, unit)) return MUSTER_OK;
    put_on_way(b, &row, order);
    order->row = add_row(b, order->resource, order->unit, &row, unit->quantity, order->number);
    if (order->incident == MUSTER_NONE || is_trip) return MUSTER_OK; /* of trips: with the load */
    return say_en_route(b, order, order->resource, order->row, order->incident, MUSTER_NONE);
}

bool mu_build_is_told_alone(const mu_build *b, const mu_situation_order *order) {
    if (order->trip != 0) order = mu_situation_find_order(b->s, order->trip);
    return order && order->state == MUSTER_ORDER_ISSUED && !order->is_loaded;
}

static muster_status build_whole(mu_build *b, uint8_t resource) {
    for (uint32_t u = 0; u < b->s->base->unit_count[resource]; ++u) {
        const uint32_t       at    = b->order_of[resource][u];
        mu_situation_order  *order = at == MUSTER_NONE ? NULL : &b->s->order[at];
        const mu_world_unit *unit  = &b->world->unit[resource][u];
        if (order && !mu_build_is_told_alone(b, order)) {
            MU_TRY(add_bound(b, order));
            if (order->state != MUSTER_ORDER_ON_SCENE) b->free_row[resource][u] = order->row;
        } else if (is_fit(b, unit) && (order || has_others(b, resource, u) == 0)) {
            muster_unit row = unit_of(b, resource, u);
            if (order) put_on_way(b, &row, order);
            b->free_row[resource][u] = add_row(b, resource, u, &row, unit->quantity, 0);
            if (order) order->row = b->free_row[resource][u];
        }
    }
    return MUSTER_OK;
}

/* ---- machines, and items by themselves -------------------------------------------------------------- */

static bool is_of(const mu_situation_order *order, uint8_t resource) {
    return order->resource == resource && order->trip == 0;
}

/* Items that are there for good have left the books. */
static bool is_handed_over(const mu_situation_order *order) {
    return order->resource == MUSTER_ITEM && order->state == MUSTER_ORDER_ON_SCENE;
}

/* A part on its way is locked to where it goes. What is not needed there any more may go anywhere else,
 * from where the pool is. */
static muster_status add_part(mu_build *b, mu_situation_order *order, int64_t *free_quantity) {
    muster_unit unit = unit_of(b, order->resource, order->unit);
    if (order->state == MUSTER_ORDER_ON_SCENE) return stand(b, order, order->quantity);
    if (!is_fit(b, &b->world->unit[order->resource][order->unit])) return MUSTER_OK;
    if (!suits(b, order)) {
        *free_quantity += order->quantity;
        return MUSTER_OK;
    }
    put_on_way(b, &unit, order);
    MU_TRY(part_code(b, &unit, order->number));
    order->row = add_row(b, order->resource, order->unit, &unit, order->quantity, order->number);
    return lock(b, order,
                order->state == MUSTER_ORDER_ACCEPTED ? MU_STRENGTH_ACCEPTED
                                                      : MU_STRENGTH_EN_ROUTE);
}

/* What no order has, and what orders have that nobody has answered yet. */
static muster_status measure_free(mu_build *b, uint8_t resource, int64_t *free_quantity) {
    mu_situation *s = b->s;
    for (uint32_t u = 0; u < s->base->unit_count[resource]; ++u) {
        const mu_world_unit *unit = &b->world->unit[resource][u];
        free_quantity[u]          = unit->quantity - unit->ordered - has_others(b, resource, u);
    }
    for (uint32_t i = 0; i < s->order_count; ++i) {
        mu_situation_order *order = &s->order[i];
        if (!is_of(order, resource) || is_handed_over(order)) continue;
        if (mu_build_is_told_alone(b, order)) {
            free_quantity[order->unit] += order->quantity;
        } else {
            MU_TRY(add_part(b, order, &free_quantity[order->unit]));
        }
    }
    return MUSTER_OK;
}

static void add_free(mu_build *b, uint8_t resource, const int64_t *free_quantity) {
    mu_situation *s = b->s;
    for (uint32_t u = 0; u < s->base->unit_count[resource]; ++u) {
        if (!is_fit(b, &b->world->unit[resource][u]) || free_quantity[u] <= 0) continue;
        const muster_unit row    = unit_of(b, resource, u);
        b->free_row[resource][u] = add_row(b, resource, u, &row, free_quantity[u], 0);
    }
    for (uint32_t i = 0; i < s->order_count; ++i) {
        mu_situation_order *order = &s->order[i];
        if (order->resource != resource || !mu_build_is_told_alone(b, order)) continue;
        order->row = b->free_row[resource][order->unit];
    }
}

/* ---- trips --------------------------------------------------------------------------------------- */

/* Where the goods are: on the vehicle, or in the warehouse, which loads them for as long as it does. */
static muster_unit place_of_load(const mu_build *b, const mu_situation_order *trip,
                                 const mu_situation_order *part) {
    muster_unit unit = unit_of(b, MUSTER_ITEM, part->unit);
    unit.authority   = authority_under(b, unit.authority, trip->incident);
    if (!trip->is_loaded) return unit;
    unit.site         = b->s->vehicle[trip->row].unit.site;
    unit.turnout_ms   = 0;
    unit.available_ms = 0;
    unit.shift_end_ms = 0;
    return unit;
}

/* Can it be brought: is there who brings it, somewhere to go, and what has been loaded or can be? */
static bool can_go(const mu_build *b, const mu_situation_order *trip) {
    const mu_situation *s = b->s;
    if (trip->row == MUSTER_NONE || trip->incident == MUSTER_NONE) return false;
    if (trip->is_loaded) return true;
    for (uint32_t i = trip->part; i != MUSTER_NONE; i = s->order[i].part) {
        if (!is_fit(b, &b->world->unit[MUSTER_ITEM][s->order[i].unit])) return false;
    }
    return true;
}

/* All of it is on board, or, where it cannot go, in the warehouse, unless it is on board. */
static muster_status load_parts(mu_build *b, const mu_situation_order *trip, bool goes,
                                int64_t *free_quantity) {
    mu_situation *s     = b->s;
    muster_unit   place = {0};
    if (trip->part == MUSTER_NONE) return MUSTER_OK;
    if (goes) place = place_of_load(b, trip, &s->order[trip->part]);
    if (goes) MU_TRY(part_code(b, &place, trip->number));
    for (uint32_t i = trip->part; i != MUSTER_NONE; i = s->order[i].part) {
        mu_situation_order *part = &s->order[i];
        if (!goes && !trip->is_loaded) free_quantity[part->unit] += part->quantity;
        if (!goes) continue;
        part->row = add_row(b, MUSTER_ITEM, part->unit, &place, part->quantity, part->number);
        MU_TRY(say_en_route(b, trip, MUSTER_ITEM, part->row, trip->incident, trip->row));
    }
    return MUSTER_OK;
}

/* A vehicle with nothing on board is on its way all the same. */
static muster_status load_trip(mu_build *b, const mu_situation_order *trip,
                               int64_t *free_quantity) {
    const bool goes = can_go(b, trip);
    MU_TRY(load_parts(b, trip, goes, free_quantity));
    const bool has_load = goes && trip->part != MUSTER_NONE;
    if (has_load || trip->row == MUSTER_NONE || trip->incident == MUSTER_NONE) return MUSTER_OK;
    return say_en_route(b, trip, MUSTER_VEHICLE, trip->row, trip->incident, MUSTER_NONE);
}

static bool is_trip(const mu_situation_order *order) {
    return order->resource == MUSTER_VEHICLE && order->kind == MUSTER_NONE;
}

static muster_status load_trips(mu_build *b, int64_t *free_quantity) {
    mu_situation *s = b->s;
    for (uint32_t i = 0; i < s->order_count; ++i) {
        const mu_situation_order *order   = &s->order[i];
        const bool                is_told = mu_build_is_told_alone(b, order);
        if (is_trip(order) && !is_told && order->state != MUSTER_ORDER_ON_SCENE) {
            MU_TRY(load_trip(b, order, free_quantity));
        }
        if (order->trip != 0 && is_told) free_quantity[order->unit] += order->quantity;
    }
    return MUSTER_OK;
}

static muster_status build_pools(mu_build *b, uint8_t resource) {
    int64_t *free_quantity;
    MU_TRY(mu_alloc(&free_quantity, b->s->base->unit_count[resource], sizeof *free_quantity));
    muster_status status = measure_free(b, resource, free_quantity);
    if (status == MUSTER_OK && resource == MUSTER_ITEM) status = load_trips(b, free_quantity);
    if (status == MUSTER_OK) add_free(b, resource, free_quantity);
    mu_free(free_quantity);
    return status;
}

/* ---- all of it ------------------------------------------------------------------------------------ */

static muster_status take_rows(mu_build *b) {
    mu_situation *s = b->s;
    size_t        most[MUSTER_RESOURCE_COUNT];
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        const uint32_t units = s->base->unit_count[r];
        most[r]              = units + (size_t)s->order_count;
        MU_TRY(mu_arena_take(&s->arena, &s->row[r], most[r], sizeof *s->row[r]));
        MU_TRY(mu_alloc(&b->free_row[r], units, sizeof *b->free_row[r]));
        for (uint32_t u = 0; u < units; ++u) b->free_row[r][u] = MUSTER_NONE;
    }
    MU_TRY(mu_arena_take(&s->arena, &b->s->team, most[MUSTER_PEOPLE], sizeof *b->s->team));
    MU_TRY(mu_arena_take(&s->arena, &b->s->vehicle, most[MUSTER_VEHICLE], sizeof *b->s->vehicle));
    MU_TRY(mu_arena_take(&s->arena, &b->s->machine, most[MUSTER_MACHINE], sizeof *b->s->machine));
    MU_TRY(mu_arena_take(&s->arena, &b->s->stock, most[MUSTER_ITEM], sizeof *b->s->stock));
    s->problem.team    = b->s->team;
    s->problem.vehicle = b->s->vehicle;
    s->problem.machine = b->s->machine;
    s->problem.stock   = b->s->stock;
    return MUSTER_OK;
}

static muster_status build(mu_build *b) {
    MU_TRY(build_incidents(b));
    MU_TRY(build_orders(b));
    MU_TRY(take_rows(b));
    MU_TRY(build_whole(b, MUSTER_PEOPLE));
    MU_TRY(build_whole(b, MUSTER_VEHICLE));
    MU_TRY(build_pools(b, MUSTER_MACHINE));
    MU_TRY(build_pools(b, MUSTER_ITEM));
    MU_TRY(mu_build_words(b));
    return mu_build_past(b);
}

static void build_fini(mu_build *b) {
    mu_free(b->incident_row);
    mu_free(b->need_row);
    mu_free(b->world_order);
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        mu_free(b->free_row[r]);
        mu_free(b->order_of[r]);
    }
}

static void take_base(mu_situation *s) {
    const mu_base  *base = s->base;
    muster_problem *p    = &s->problem;
    p->metric            = mu_roads_metrics(s->roads, &p->metric_count);
    p->kind_count        = base->kind_count;
    p->kind              = base->kind;
    p->authority_count   = base->authority_count;
    p->authority         = base->authority;
    p->zone_count        = base->zone_count;
    p->zone              = base->zone;
    p->weights           = &base->weights;
    p->item_transport    = base->item_transport;
    p->max_sources       = base->max_sources;
}

muster_status mu_situation_take(mu_situation **out, const mu_world *world,
                                const mu_elsewhere *elsewhere, muster_roads *roads,
                                int64_t now_ms) {
    mu_situation *s;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&s, 1, sizeof *s));
    s->problem    = (muster_problem)MUSTER_PROBLEM_INIT;
    s->now_ms     = now_ms;
    s->sequence   = world->sequence;
    s->order_last = world->order_last;
    s->base       = mu_base_hold(world->base);
    s->roads      = mu_roads_hold(roads);
    take_base(s);
    mu_build            b      = {.world = world, .elsewhere = elsewhere, .s = s};
    const muster_status status = build(&b);
    build_fini(&b);
    if (status != MUSTER_OK) {
        mu_situation_free(s);
        return status;
    }
    *out = s;
    return MUSTER_OK;
}

muster_status mu_situation_new(mu_situation **out, const mu_world *world, muster_roads *roads,
                               int64_t now_ms) {
    MU_TRY(mu_situation_take(out, world, NULL, roads, now_ms));
    const muster_status status = mu_situation_settle(*out);
    if (status != MUSTER_OK) {
        mu_situation_free(*out);
        *out = NULL;
    }
    return status;
}

void mu_situation_free(mu_situation *s) {
    if (!s) return;
    mu_free(s->rule);
    mu_free(s->word);
    mu_free(s->note);
    mu_arena_fini(&s->arena);
    muster_roads_free(s->roads);
    mu_base_release(s->base);
    mu_free(s);
}

const mu_situation_order *mu_situation_find_order(const mu_situation *s, uint64_t number) {
    uint32_t low = 0, high = s->order_count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (s->order[middle].number < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < s->order_count && s->order[low].number == number ? &s->order[low] : NULL;
}
