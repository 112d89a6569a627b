/* Goods travel by the vehicle's metric from where the vehicle stands, so what is measured is
 * bases x warehouses and, by every metric that carries goods, warehouses x destinations.
 * Vehicles that stand together share a base. Warehouses that hold nothing that anybody needs and
 * incidents that need no items are left out before anything is measured. */
#include "solver/shipment_model.h"

#include <math.h>
#include <muster/matrix.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "solver/warehouse.h"
#include "solver/weights.h"

/* ---- grams and cubic centimetres ------------------------------------------------------ */

/* See muster_item_transport: noise below a millionth is neither. */
static const double NOISE = 1e-6;

static mu_bulk unit_bulk(const muster_kind *kind) {
    return (mu_bulk){(int64_t)ceil(kind->mass_kg * 1e3 - NOISE),
                     (int64_t)ceil(kind->volume_m3 * 1e6 - NOISE)};
}

static mu_bulk vehicle_bulk(const muster_vehicle *vehicle) {
    const mu_bulk b = {(int64_t)floor(vehicle->payload_kg * 1e3 + NOISE),
                       (int64_t)floor(vehicle->volume_m3 * 1e6 + NOISE)};
    return b.g > 0 && b.cm3 > 0 ? b : (mu_bulk){0, 0};
}

/* ---- what is needed -------------------------------------------------------------------- */

static bool is_item_need(const muster_problem *p, uint32_t need) {
    return p->kind[p->need[need].kind].resource == MUSTER_ITEM;
}

static muster_status list_items(mu_shipment_model *m) {
    const muster_problem *p = m->problem;
    MU_TRY(mu_alloc(&m->item_of, p->kind_count, sizeof *m->item_of));
    MU_TRY(mu_alloc(&m->unit, p->kind_count, sizeof *m->unit));
    for (uint32_t k = 0; k < p->kind_count; ++k) m->item_of[k] = MUSTER_NONE;
    for (uint32_t n = 0; n < p->need_count; ++n) {
        const uint32_t kind = p->need[n].kind;
        if (!is_item_need(p, n) || m->item_of[kind] != MUSTER_NONE) continue;
        m->unit[m->item_count] = unit_bulk(&p->kind[kind]);
        m->item_of[kind]       = m->item_count++;
    }
    return MUSTER_OK;
}

/* Needs to which more is locked than they ask for. Those of cargo are neighbours. */
static muster_status list_over(mu_shipment_model *m) {
    const mu_rules *rules = m->candidates->rules;
    int64_t         sum   = 0;
    MU_TRY(mu_alloc(&m->over, rules->cargo_count, sizeof *m->over));
    for (uint32_t i = 0; i < rules->cargo_count; ++i) {
        const uint32_t need    = rules->cargo[i].need;
        const bool     is_last = i + 1 == rules->cargo_count || rules->cargo[i + 1].need != need;
        sum += rules->cargo[i].quantity;
        if (!is_last) continue;
        if (sum > m->problem->need[need].quantity) m->over[m->over_count++] = need;
        sum = 0;
    }
    return MUSTER_OK;
}

static bool is_over(const mu_shipment_model *m, uint32_t need) {
    uint32_t i = 0;
    while (i < m->over_count && m->over[i] != need) ++i;
    return i < m->over_count;
}

static void add_line(mu_shipment_model *m, uint32_t at, uint32_t need, uint32_t only,
                     int64_t quantity) {
    m->need[at]     = need;
    m->item[at]     = m->item_of[m->problem->need[need].kind];
    m->only[at]     = only;
    m->quantity[at] = quantity;
    m->price[at]    = only != MUSTER_NONE && is_over(m, need) ? 0 : mu_price(m->problem, need);
}

/* `first`, by incident, runs ahead. Needs first, in their order, then cargo. */
static void list_lines(mu_shipment_model *m, uint32_t *first) {
    const muster_problem *p     = m->problem;
    const mu_rules       *rules = m->candidates->rules;
    for (uint32_t n = 0; n < p->need_count; ++n) {
        if (!is_item_need(p, n)) continue;
        add_line(m, first[p->need[n].incident]++, n, MUSTER_NONE, m->candidates->demand[n]);
    }
    for (uint32_t i = 0; i < rules->cargo_count; ++i) {
        const mu_dispatch *c = &rules->cargo[i];
        add_line(m, first[p->need[c->need].incident]++, c->need, c->index, c->quantity);
    }
}

/* Lines by incident, a counting sort that keeps their order. */
static muster_status list_destinations(mu_shipment_model *m) {
    const muster_problem *p     = m->problem;
    const mu_rules       *rules = m->candidates->rules;
    const size_t          lines = (size_t)p->need_count + rules->cargo_count;
    uint32_t             *first;
    m->cargo_count = rules->cargo_count;
    MU_TRY(list_over(m));
    MU_TRY(mu_alloc(&m->need, lines, sizeof *m->need));
    MU_TRY(mu_alloc(&m->item, lines, sizeof *m->item));
    MU_TRY(mu_alloc(&m->only, lines, sizeof *m->only));
    MU_TRY(mu_alloc(&m->quantity, lines, sizeof *m->quantity));
    MU_TRY(mu_alloc(&m->price, lines, sizeof *m->price));
    MU_TRY(mu_alloc(&m->destination, p->incident_count, sizeof *m->destination));
    MU_TRY(mu_alloc_zeroed(&first, (size_t)p->incident_count + 1, sizeof *first));
    for (uint32_t n = 0; n < p->need_count; ++n) {
        if (is_item_need(p, n)) ++first[p->need[n].incident + 1];
    }
    for (uint32_t i = 0; i < rules->cargo_count; ++i) {
        ++first[p->need[rules->cargo[i].need].incident + 1];
    }
    for (uint32_t i = 0; i < p->incident_count; ++i) {
        const uint32_t count = first[i + 1];
        first[i + 1] += first[i];
        if (count == 0) continue;
        m->destination[m->destination_count++] = (mu_destination){i, first[i], count};
        if (count > m->most_needs) m->most_needs = count;
    }
    list_lines(m, first);
    mu_free(first);
    return MUSTER_OK;
}

/* ---- warehouses ------------------------------------------------------------------------ */

typedef struct stock_row {
    const muster_unit *unit;
    uint32_t           index;
} stock_row;

static int by_place(const void *a, const void *b) {
    const stock_row *r = a, *s = b;
    const int        places = mu_warehouse_compare(r->unit, s->unit);
    if (places != 0) return places;
    return r->index < s->index ? -1 : r->index > s->index;
}

/* Files mostly list what is in a warehouse together. */
static bool is_sorted(const stock_row *row, uint32_t count) {
    uint32_t i = 1;
    while (i < count && by_place(&row[i - 1], &row[i]) < 0) ++i;
    return i >= count;
}

static void number_warehouses(mu_shipment_model *m, const stock_row *row, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) {
        if (i == 0 || mu_warehouse_compare(row[i - 1].unit, row[i].unit) != 0) {
            m->warehouse[m->warehouse_count++] =
                (mu_warehouse){row[i].index, mu_rules_carrier(m->candidates->rules, row[i].index)};
        }
        const uint32_t item           = m->item_of[m->problem->stock[row[i].index].kind];
        const uint32_t last           = m->warehouse_count - 1;
        m->warehouse_of[row[i].index] = last;
        m->stock_of[(size_t)last * m->item_count + item] = row[i].index;
    }
}

static bool is_cargo(const mu_shipment_model *m, uint32_t stock) {
    const mu_rules *rules = m->candidates->rules;
    uint32_t        i     = 0;
    while (i < rules->cargo_count && rules->cargo[i].index != stock) ++i;
    return i < rules->cargo_count;
}

static muster_status list_warehouses(mu_shipment_model *m) {
    const muster_problem *p     = m->problem;
    uint32_t              count = 0;
    stock_row            *row;
    MU_TRY(mu_alloc(&m->warehouse, p->stock_count, sizeof *m->warehouse));
    MU_TRY(mu_alloc(&m->warehouse_of, p->stock_count, sizeof *m->warehouse_of));
    MU_TRY(mu_alloc(&row, p->stock_count, sizeof *row));
    for (uint32_t s = 0; s < p->stock_count; ++s) {
        m->warehouse_of[s]  = MUSTER_NONE;
        const bool is_empty = m->candidates->supply[MUSTER_ITEM][s] == 0 && !is_cargo(m, s);
        if (is_empty || m->item_of[p->stock[s].kind] == MUSTER_NONE) continue;
        row[count++] = (stock_row){&p->stock[s].unit, s};
    }
    if (!is_sorted(row, count)) qsort(row, count, sizeof *row, by_place);
    const size_t        cells  = (size_t)count * m->item_count; /* at most one warehouse a row */
    const muster_status status = mu_alloc(&m->stock_of, cells, sizeof *m->stock_of);
    if (status == MUSTER_OK) {
        for (size_t c = 0; c < cells; ++c) m->stock_of[c] = MUSTER_NONE;
        number_warehouses(m, row, count);
    }
    mu_free(row);
    return status;
}

/* ---- vehicles -------------------------------------------------------------------------- */

typedef struct parked {
    mu_base  base;
    uint32_t vehicle;
} parked;

static int compare_bases(const mu_base *a, const mu_base *b) {
    if (a->metric != b->metric) return a->metric < b->metric ? -1 : 1;
    if (a->place != b->place) return a->place < b->place ? -1 : 1;
    return 0;
}

static int by_base(const void *a, const void *b) {
    return compare_bases(&((const parked *)a)->base, &((const parked *)b)->base);
}

static void number_bases(mu_shipment_model *m, const parked *park, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) {
        if (i == 0 || by_base(&park[i - 1], &park[i]) != 0) {
            m->base[m->base_count++] = park[i].base;
            uint32_t *slot           = &m->metric_slot[park[i].base.metric];
            if (*slot == MUSTER_NONE) *slot = m->slot_count++;
        }
        m->base_of[park[i].vehicle] = m->base_count - 1;
    }
}

static muster_status list_bases(mu_shipment_model *m) {
    const muster_problem *p     = m->problem;
    const uint32_t       *place = m->candidates->travel->places.of_unit[MUSTER_VEHICLE];
    uint32_t              count = 0;
    parked               *park;
    MU_TRY(mu_alloc(&m->capacity, p->vehicle_count, sizeof *m->capacity));
    MU_TRY(mu_alloc(&m->base_of, p->vehicle_count, sizeof *m->base_of));
    MU_TRY(mu_alloc_zeroed(&m->kind_carries, p->kind_count, sizeof *m->kind_carries));
    MU_TRY(mu_alloc(&m->headed_for, p->vehicle_count, sizeof *m->headed_for));
    MU_TRY(mu_alloc(&m->base, p->vehicle_count, sizeof *m->base));
    MU_TRY(mu_alloc(&m->metric_slot, p->metric_count, sizeof *m->metric_slot));
    MU_TRY(mu_alloc(&park, p->vehicle_count, sizeof *park));
    for (uint32_t i = 0; i < p->metric_count; ++i) m->metric_slot[i] = MUSTER_NONE;
    for (uint32_t v = 0; v < p->vehicle_count; ++v) {
        m->capacity[v]   = vehicle_bulk(&p->vehicle[v]);
        m->base_of[v]    = MUSTER_NONE;
        m->headed_for[v] = mu_rules_destination(m->candidates->rules, MUSTER_VEHICLE, v);
        m->headed_count += m->headed_for[v] != MUSTER_NONE;
        if (m->capacity[v].g == 0) continue;
        m->kind_carries[p->vehicle[v].kind] = true;
        if (m->candidates->supply[MUSTER_VEHICLE][v] == 0) continue; /* locked, or held */
        park[count++] = (parked){{place[v], p->vehicle[v].unit.metric}, v};
    }
    if (count > 0) qsort(park, count, sizeof *park, by_base);
    number_bases(m, park, count);
    mu_free(park);
    return MUSTER_OK;
}

/* ---- tables ---------------------------------------------------------------------------- */

/* One side of a table: its places, where the metric in hand has them on the road, and where they are,
 * which only a memory asks for. */
typedef struct row_of_places {
    uint32_t     count;
    uint32_t    *place; /* [count] */
    muster_snap *snap;
    muster_site *site;
} row_of_places;

typedef struct sides {
    row_of_places base, warehouse, destination;
} sides;

static muster_status make_row(row_of_places *r, uint32_t count) {
    r->count = count;
    MU_TRY(mu_alloc(&r->place, count, sizeof *r->place));
    MU_TRY(mu_alloc(&r->snap, count, sizeof *r->snap));
    return mu_alloc(&r->site, count, sizeof *r->site);
}

static void free_row(row_of_places *r) {
    mu_free(r->place);
    mu_free(r->snap);
    mu_free(r->site);
}

/* `count` places from `first` on, by a metric. */
static mu_table_side side_of(const mu_places *places, row_of_places *r, uint32_t first,
                             uint32_t count, uint32_t metric) {
    for (uint32_t i = first; i < first + count; ++i) {
        r->snap[i] = *mu_places_snap(places, r->place[i], metric);
        r->site[i] = places->site[r->place[i]];
    }
    return (mu_table_side){count, r->site + first, r->snap + first};
}

static muster_status measure_table(mu_table_use use, const muster_metric *metric,
                                   const mu_table_side *from, const mu_table_side *to,
                                   uint32_t threads, mu_travel_memory *memory, uint32_t *out_ms) {
    if (memory) return mu_travel_memory_table(memory, use, metric, from, to, threads, out_ms);
    return muster_matrix(metric, from->count, from->snap, to->count, to->snap, threads, out_ms,
                         NULL);
}

/* The bases first .. first + count - 1 travel by one metric. */
static muster_status measure_metric(mu_shipment_model *m, mu_travel_memory *memory, uint32_t first,
                                    uint32_t count, uint32_t threads, sides *s) {
    const mu_places     *places       = &m->candidates->travel->places;
    mu_asker            *asker        = m->candidates->travel->asker;
    const uint32_t       metric_index = m->base[first].metric;
    const muster_metric *metric       = m->problem->metric[metric_index];
    const uint32_t       slot         = m->metric_slot[metric_index];
    const mu_table_side  base         = side_of(places, &s->base, first, count, metric_index);
    const mu_table_side  warehouse =
        side_of(places, &s->warehouse, 0, m->warehouse_count, metric_index);
    const mu_table_side destination =
        side_of(places, &s->destination, 0, m->destination_count, metric_index);
    if (mu_shipment_model_is_open(m)) {
        m->first_base[slot] = first;
        MU_TRY(mu_open_table_init(&m->collect[slot], memory, MU_TABLE_TO_WAREHOUSES, metric, &base,
                                  &warehouse, asker));
        return mu_open_table_init(&m->deliver[slot], memory, MU_TABLE_FROM_WAREHOUSES, metric,
                                  &warehouse, &destination, asker);
    }
    const size_t deliver = (size_t)slot * m->warehouse_count * m->destination_count;
    MU_TRY(measure_table(MU_TABLE_TO_WAREHOUSES, metric, &base, &warehouse, threads, memory,
                         m->collect_ms + (size_t)first * m->warehouse_count));
    return measure_table(MU_TABLE_FROM_WAREHOUSES, metric, &warehouse, &destination, threads,
                         memory, m->deliver_ms + deliver);
}

static muster_status list_sides(const mu_shipment_model *m, sides *s) {
    const mu_places *places = &m->candidates->travel->places;
    MU_TRY(make_row(&s->base, m->base_count));
    MU_TRY(make_row(&s->warehouse, m->warehouse_count));
    MU_TRY(make_row(&s->destination, m->destination_count));
    for (uint32_t b = 0; b < m->base_count; ++b) s->base.place[b] = m->base[b].place;
    for (uint32_t w = 0; w < m->warehouse_count; ++w) {
        s->warehouse.place[w] = places->of_unit[MUSTER_ITEM][m->warehouse[w].stock];
    }
    for (uint32_t d = 0; d < m->destination_count; ++d) {
        s->destination.place[d] = places->of_column[m->destination[d].incident];
    }
    return MUSTER_OK;
}

static muster_status measure_all(mu_shipment_model *m, uint32_t threads, mu_travel_memory *memory,
                                 sides *s) {
    MU_TRY(list_sides(m, s));
    for (uint32_t first = 0; first < m->base_count;) {
        uint32_t end = first + 1;
        while (end < m->base_count && m->base[end].metric == m->base[first].metric) ++end;
        MU_TRY(measure_metric(m, memory, first, end - first, threads, s));
        first = end;
    }
    return MUSTER_OK;
}

static muster_status make_room(mu_shipment_model *m, bool is_open) {
    const size_t cells = (size_t)m->warehouse_count * m->destination_count;
    if (!is_open) {
        MU_TRY(mu_alloc(&m->collect_ms, (size_t)m->base_count * m->warehouse_count,
                        sizeof *m->collect_ms));
        MU_TRY(mu_alloc(&m->loading_ms, cells, sizeof *m->loading_ms));
        return mu_alloc(&m->deliver_ms, m->slot_count * cells, sizeof *m->deliver_ms);
    }
    MU_TRY(mu_alloc_zeroed(&m->collect, m->slot_count, sizeof *m->collect));
    MU_TRY(mu_alloc_zeroed(&m->deliver, m->slot_count, sizeof *m->deliver));
    return mu_alloc(&m->first_base, m->slot_count, sizeof *m->first_base);
}

static muster_status measure(mu_shipment_model *m, bool is_open, uint32_t threads,
                             mu_travel_memory *memory) {
    sides s = {0};
    MU_TRY(make_room(m, is_open));
    if (m->base_count == 0 || m->warehouse_count == 0 || m->destination_count == 0)
        return MUSTER_OK;
    const muster_status status = measure_all(m, threads, memory, &s);
    free_row(&s.base);
    free_row(&s.warehouse);
    free_row(&s.destination);
    return status;
}

/* What is on board of one is nobody else's, who has no room for anything else. */
static bool may_load(const mu_shipment_model *m, uint32_t vehicle, uint32_t warehouse) {
    const uint32_t carrier = m->warehouse[warehouse].carrier;
    if (carrier != MUSTER_NONE) return carrier == vehicle;
    return mu_rules_load(m->candidates->rules, vehicle) == MUSTER_NONE;
}

/* From where the vehicle stands to the warehouse. */
static uint32_t collect_ms(const mu_shipment_model *m, uint32_t vehicle, uint32_t warehouse) {
    const uint32_t base = m->base_of[vehicle];
    if (!m->collect) return m->collect_ms[(size_t)base * m->warehouse_count + warehouse];
    const uint32_t slot = mu_shipment_slot(m, vehicle);
    return mu_open_table_ms(&m->collect[slot], base - m->first_base[slot], warehouse);
}

static bool knows_collect_ms(const mu_shipment_model *m, uint32_t vehicle, uint32_t warehouse) {
    const uint32_t slot = mu_shipment_slot(m, vehicle);
    return !m->collect ||
           mu_open_table_is_known(&m->collect[slot], m->base_of[vehicle] - m->first_base[slot],
                                  warehouse);
}

static uint32_t add_ms(uint32_t a, uint32_t b) {
    /* Both are at most MUSTER_UNREACHABLE_MS, which is under half of what 32 bits hold. */
    return a + b < MUSTER_UNREACHABLE_MS ? a + b : MUSTER_UNREACHABLE_MS;
}

static muster_status find_served(mu_shipment_model *m) {
    const muster_problem *p = m->problem;
    MU_TRY(mu_alloc_zeroed(&m->is_served, (size_t)m->slot_count * m->warehouse_count,
                           sizeof *m->is_served));
    for (uint32_t v = 0; !m->collect && v < p->vehicle_count; ++v) {
        if (m->base_of[v] == MUSTER_NONE) continue;
        uint8_t *row =
            &m->is_served[(size_t)m->metric_slot[p->vehicle[v].unit.metric] * m->warehouse_count];
        for (uint32_t w = 0; w < m->warehouse_count; ++w) {
            const bool is_served = mu_shipment_load_at_ms(m, v, w) < MUSTER_UNREACHABLE_MS;
            if (row[w] != MU_SERVED) row[w] = is_served ? MU_SERVED : MU_NOT_SERVED;
        }
    }
    return MUSTER_OK;
}

/* Of those that have been asked when they can load, or of those that have not. */
static bool some_vehicle_loads(const mu_shipment_model *m, uint32_t slot, uint32_t warehouse,
                               bool is_known) {
    uint32_t v = 0;
    while (v < m->problem->vehicle_count &&
           (m->base_of[v] == MUSTER_NONE || mu_shipment_slot(m, v) != slot ||
            knows_collect_ms(m, v, warehouse) != is_known ||
            mu_shipment_load_at_ms(m, v, warehouse) == MUSTER_UNREACHABLE_MS)) {
        ++v;
    }
    return v < m->problem->vehicle_count;
}

/* Does some vehicle of the slot get there? The first that one asks, most often. */
static bool is_served(const mu_shipment_model *m, uint32_t slot, uint32_t warehouse) {
    uint8_t *known = &m->is_served[(size_t)slot * m->warehouse_count + warehouse];
    if (*known != MU_SERVED_UNKNOWN) return *known == MU_SERVED;
    const bool some = some_vehicle_loads(m, slot, warehouse, true) ||
                      some_vehicle_loads(m, slot, warehouse, false);
    *known = some ? MU_SERVED : MU_NOT_SERVED;
    return some;
}

/* A warehouse hands over what it has when it could depart by itself: it takes its turnout, and
 * whoever has to be asked for it, from when the vehicle is there. */
static uint32_t loading_ms(const mu_shipment_model *m, uint32_t warehouse, uint32_t destination) {
    return mu_depart_ms(m->problem, MUSTER_ITEM, m->warehouse[warehouse].stock,
                        m->destination[destination].incident);
}

static void find_loading(mu_shipment_model *m) {
    for (uint32_t w = 0; m->loading_ms && w < m->warehouse_count; ++w) {
        for (uint32_t d = 0; d < m->destination_count; ++d) {
            m->loading_ms[(size_t)w * m->destination_count + d] = loading_ms(m, w, d);
        }
    }
}

/* ---- all of it ------------------------------------------------------------------------- */

static muster_status fill(mu_shipment_model *m, bool is_open, uint32_t threads,
                          mu_travel_memory *memory) {
    MU_TRY(list_items(m));
    MU_TRY(list_destinations(m));
    MU_TRY(list_warehouses(m));
    MU_TRY(list_bases(m));
    MU_TRY(measure(m, is_open, threads, memory));
    find_loading(m);
    return m->destination_count > 0 ? find_served(m) : MUSTER_OK;
}

muster_status mu_shipment_model_init(mu_shipment_model *model, const mu_candidates *candidates,
                                     uint32_t thread_count) {
    return mu_shipment_model_init_from(model, candidates, thread_count, NULL);
}

static muster_status init(mu_shipment_model *model, const mu_candidates *candidates, bool is_open,
                          uint32_t thread_count, mu_travel_memory *memory) {
    const muster_problem *problem = candidates->travel->problem;
    const uint32_t        asked   = problem->max_sources;
    *model                        = (mu_shipment_model){.problem     = problem,
                                                        .candidates  = candidates,
                                                        .max_sources = asked > 0 ? asked : MUSTER_MAX_SOURCES_DEFAULT};
    const muster_status status    = fill(model, is_open, thread_count, memory);
    if (status != MUSTER_OK) mu_shipment_model_fini(model);
    return status;
}

muster_status mu_shipment_model_init_from(mu_shipment_model *model, const mu_candidates *candidates,
                                          uint32_t thread_count, mu_travel_memory *memory) {
    return init(model, candidates, false, thread_count, memory);
}

muster_status mu_shipment_model_init_open(mu_shipment_model *model, const mu_candidates *candidates,
                                          uint32_t thread_count, mu_travel_memory *memory) {
    return init(model, candidates, candidates->travel->open != NULL, thread_count, memory);
}

bool mu_shipment_model_is_open(const mu_shipment_model *m) {
    return m->collect != NULL;
}

muster_status mu_shipment_model_expect(const mu_shipment_model *m, uint32_t vehicle,
                                       uint32_t warehouse) {
    if (!m->collect || !may_load(m, vehicle, warehouse)) return MUSTER_OK;
    const uint32_t base = m->base_of[vehicle], slot = mu_shipment_slot(m, vehicle);
    return mu_open_table_expect(&m->collect[slot], base - m->first_base[slot], warehouse);
}

muster_status mu_shipment_model_expect_deliveries(const mu_shipment_model *m, uint32_t warehouse,
                                                  uint32_t destination) {
    for (uint32_t s = 0; m->deliver && s < m->slot_count; ++s) {
        MU_TRY(mu_open_table_expect(&m->deliver[s], warehouse, destination));
    }
    return MUSTER_OK;
}

muster_status mu_shipment_model_expect_trip(const mu_shipment_model *m, uint32_t vehicle,
                                            uint32_t warehouse, uint32_t destination) {
    if (!m->deliver) return MUSTER_OK;
    MU_TRY(mu_shipment_model_expect(m, vehicle, warehouse));
    return mu_open_table_expect(&m->deliver[mu_shipment_slot(m, vehicle)], warehouse, destination);
}

bool mu_shipment_model_is_expected(const mu_shipment_model *m) {
    bool is_expected = false;
    for (uint32_t s = 0; m->collect && s < m->slot_count; ++s) {
        is_expected |= m->collect[s].expected_count > 0 || m->deliver[s].expected_count > 0;
    }
    return is_expected;
}

muster_status mu_shipment_model_search(const mu_shipment_model *m) {
    for (uint32_t s = 0; m->collect && s < m->slot_count; ++s) {
        MU_TRY(mu_open_table_search(&m->collect[s]));
        MU_TRY(mu_open_table_search(&m->deliver[s]));
    }
    return MUSTER_OK;
}

void mu_shipment_model_fini(mu_shipment_model *m) {
    mu_free(m->capacity);
    mu_free(m->base_of);
    mu_free(m->kind_carries);
    mu_free(m->headed_for);
    mu_free(m->base);
    mu_free(m->warehouse);
    mu_free(m->warehouse_of);
    mu_free(m->item_of);
    mu_free(m->unit);
    mu_free(m->stock_of);
    mu_free(m->destination);
    mu_free(m->need);
    mu_free(m->item);
    mu_free(m->only);
    mu_free(m->quantity);
    mu_free(m->price);
    mu_free(m->over);
    mu_free(m->metric_slot);
    mu_free(m->is_served);
    mu_free(m->collect_ms);
    for (uint32_t s = 0; m->collect && s < m->slot_count; ++s) mu_open_table_fini(&m->collect[s]);
    for (uint32_t s = 0; m->deliver && s < m->slot_count; ++s) mu_open_table_fini(&m->deliver[s]);
    mu_free(m->collect);
    mu_free(m->deliver);
    mu_free(m->first_base);
    mu_free(m->loading_ms);
    mu_free(m->deliver_ms);
    *m = (mu_shipment_model){0};
}

/* ---- answers --------------------------------------------------------------------------- */

uint32_t mu_shipment_destination(const mu_shipment_model *m, uint32_t incident) {
    uint32_t low = 0, high = m->destination_count;
    while (high - low > 1) {
        const uint32_t middle = (low + high) / 2;
        if (m->destination[middle].incident <= incident) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

uint32_t mu_shipment_row(const mu_shipment_model *m, uint32_t warehouse, uint32_t at) {
    const uint32_t row      = m->stock_of[(size_t)warehouse * m->item_count + m->item[at]];
    const uint32_t incident = m->problem->need[m->need[at]].incident;
    if (row == MUSTER_NONE) return MUSTER_NONE;
    if (m->only[at] != MUSTER_NONE) return m->only[at] == row ? row : MUSTER_NONE;
    if (!m->candidates->rules->first[MUSTER_ITEM]) return row; /* no rule is about any */
    return mu_rules_allow(m->candidates->rules, MUSTER_ITEM, row, incident) ? row : MUSTER_NONE;
}

uint32_t mu_shipment_line(const mu_shipment_model *m, uint32_t need) {
    const uint32_t d  = mu_shipment_destination(m, m->problem->need[need].incident);
    uint32_t       at = m->destination[d].first_need;
    while (m->need[at] != need) ++at;
    return at;
}

bool mu_shipment_has_cargo(const mu_shipment_model *m, uint32_t warehouse, uint32_t destination) {
    const mu_destination *d  = &m->destination[destination];
    uint32_t              at = d->first_need;
    if (m->cargo_count == 0) return false;
    for (; at < d->first_need + d->need_count; ++at) {
        if (m->only[at] != MUSTER_NONE && m->warehouse_of[m->only[at]] == warehouse) return true;
    }
    return false;
}

mu_objective mu_shipment_diversion(const mu_shipment_model *m, uint32_t vehicle,
                                   uint32_t incident) {
    const muster_weights *w = mu_weights(m->problem);
    if (!mu_shipment_is_diverted(m, vehicle, incident)) return 0;
    return mu_objective_of(w->diversion_unmet_need, w->diversion_response_time);
}

bool mu_shipment_can_ship(const mu_shipment_model *m, uint32_t warehouse, uint32_t destination) {
    for (uint32_t slot = 0; slot < m->slot_count; ++slot) {
        if (mu_shipment_deliver_ms(m, slot, warehouse, destination) < MUSTER_UNREACHABLE_MS &&
            is_served(m, slot, warehouse)) {
            return true;
        }
    }
    return false;
}

uint32_t mu_shipment_depart_ms(const mu_shipment_model *m, uint32_t vehicle) {
    const muster_unit *unit = &m->problem->vehicle[vehicle].unit;
    return unit->turnout_ms > unit->available_ms ? unit->turnout_ms : unit->available_ms;
}

uint32_t mu_shipment_loading_ms(const mu_shipment_model *m, uint32_t warehouse,
                                uint32_t destination) {
    if (!m->loading_ms) return loading_ms(m, warehouse, destination);
    return m->loading_ms[(size_t)warehouse * m->destination_count + destination];
}

uint32_t mu_shipment_load_at_ms(const mu_shipment_model *m, uint32_t vehicle, uint32_t warehouse) {
    if (!may_load(m, vehicle, warehouse)) return MUSTER_UNREACHABLE_MS;
    return add_ms(mu_shipment_depart_ms(m, vehicle), collect_ms(m, vehicle, warehouse));
}

/* Do rules allow the vehicle to go there, and is it free again before its shift ends, and the
 * warehouse's? */
static bool is_allowed(const mu_shipment_model *m, uint32_t vehicle, uint32_t warehouse,
                       uint32_t destination, uint32_t eta_ms) {
    const muster_problem *p        = m->problem;
    const uint32_t        incident = m->destination[destination].incident;
    return mu_shift_allows(p, MUSTER_VEHICLE, vehicle, incident, eta_ms) &&
           mu_shift_allows(p, MUSTER_ITEM, m->warehouse[warehouse].stock, incident, eta_ms) &&
           mu_rules_allow(m->candidates->rules, MUSTER_VEHICLE, vehicle, incident);
}

uint32_t mu_shipment_eta_ms(const mu_shipment_model *m, uint32_t vehicle, uint32_t warehouse,
                            uint32_t destination) {
    const uint32_t deliver_ms =
        mu_shipment_deliver_ms(m, mu_shipment_slot(m, vehicle), warehouse, destination);
    if (deliver_ms == MUSTER_UNREACHABLE_MS) return MUSTER_UNREACHABLE_MS;
    const uint32_t load_at_ms = mu_shipment_load_at_ms(m, vehicle, warehouse);
    const uint32_t ready_ms = add_ms(load_at_ms, mu_shipment_loading_ms(m, warehouse, destination));
    const uint32_t eta_ms   = add_ms(ready_ms, deliver_ms);
    return is_allowed(m, vehicle, warehouse, destination, eta_ms) ? eta_ms : MUSTER_UNREACHABLE_MS;
}
