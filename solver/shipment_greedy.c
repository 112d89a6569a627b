/* Destinations are taken by severity. Each takes, again and again, the trip that brings the most
 * priced need for its time: what a dispatcher does who asks which lorry is quickest here with
 * something useful on it. Warehouses are looked at from the most promising on, as if a vehicle
 * of any size stood at the gate, so that most are never looked at closely. */
#include "solver/shipment_greedy.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "solver/shipment_load.h"
#include "solver/weights.h"

typedef struct gate {
    double   promise; /* no trip from this warehouse has a higher rate */
    uint32_t warehouse;
} gate;

typedef struct ranked {
    uint32_t destination;
    uint8_t  severity;
} ranked;

typedef struct state {
    mu_fleet     *fleet;
    uint32_t     *idle; /* vehicles that carry and are free, by size */
    uint32_t      idle_count;
    int64_t      *spare;       /* by kind: free vehicles less those that are needed */
    bool         *is_spent;    /* by kind: not for trips, because all are needed */
    mu_load_line *line;        /* [most_needs] */
    uint32_t     *line_need;   /* [most_needs] which of the destination's lines it is */
    bool         *is_given_up; /* [most_needs] of the destination at hand: its minimum is not met */
    gate         *gate;        /* [warehouse_count] */
    ranked       *rank;        /* [destination_count] the most severe first */
    muster_status status;      /* after a failure no more trips are added */
} state;

/* ---- loads ----------------------------------------------------------------------------- */

/* What `destination` still lacks beside cargo, and `warehouse` still has. */
static uint32_t list_lines(state *s, uint32_t destination, uint32_t warehouse) {
    const mu_fleet          *f     = s->fleet;
    const mu_shipment_model *m     = f->model;
    const mu_destination    *d     = &m->destination[destination];
    uint32_t                 count = 0;
    for (uint32_t k = 0; k < d->need_count; ++k) {
        const uint32_t at    = d->first_need + k;
        const int64_t  lacks = mu_fleet_lacking(f, destination, k);
        if (lacks <= 0 || s->is_given_up[k] || m->only[at] != MUSTER_NONE) continue;
        const uint32_t stock = mu_shipment_row(m, warehouse, at);
        if (stock == MUSTER_NONE) continue;
        const int64_t most = lacks < f->stock[stock] ? lacks : f->stock[stock];
        if (most <= 0) continue;
        s->line_need[count] = k;
        s->line[count++]    = (mu_load_line){m->price[at], most, m->unit[m->item[at]], 0};
    }
    return count;
}

static int64_t worth(const state *s, uint32_t count) {
    int64_t sum = 0;
    for (uint32_t i = 0; i < count; ++i) sum += s->line[i].most * s->line[i].value;
    return sum;
}

static bool top_up(state *s, uint32_t vehicle) {
    mu_fleet      *f     = s->fleet;
    const uint32_t count = list_lines(s, f->destination_of[vehicle], f->warehouse_of[vehicle]);
    if (count == 0 || mu_shipment_load(s->line, count, f->room[vehicle]) == 0) return false;
    for (uint32_t i = 0; i < count; ++i) {
        if (s->line[i].quantity > 0) {
            mu_fleet_load(f, vehicle, s->line_need[i], s->line[i].quantity);
        }
    }
    return true;
}

/* ---- trips ----------------------------------------------------------------------------- */

typedef struct choice {
    double   rate;
    uint32_t vehicle, warehouse, eta_ms;
} choice;

static double rate_of(int64_t value, uint32_t eta_ms) {
    return (double)value / ((double)eta_ms + 1000);
}

static bool is_more_promising(const gate *g, const gate *h) {
    if (g->promise != h->promise) return g->promise > h->promise;
    return g->warehouse < h->warehouse;
}

/* Few gates of many are looked at, so they are kept in a heap, the most promising on top. */
static void sift_down(gate *heap, uint32_t count, uint32_t at) {
    const gate moved = heap[at];
    for (uint32_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && is_more_promising(&heap[child + 1], &heap[child])) ++child;
        if (!is_more_promising(&heap[child], &moved)) break;
        heap[at] = heap[child];
    }
    heap[at] = moved;
}

static void take_top(gate *heap, uint32_t *count) {
    heap[0] = heap[--*count];
    if (*count > 0) sift_down(heap, *count, 0);
}

/* The warehouses that may ship something, as a heap. */
static uint32_t list_gates(state *s, uint32_t destination) {
    const mu_shipment_model *m     = s->fleet->model;
    uint32_t                 count = 0;
    const bool is_open             = mu_fleet_source_count(s->fleet, destination) < m->max_sources;
    for (uint32_t w = 0; w < m->warehouse_count; ++w) {
        const uint32_t lines = list_lines(s, destination, w);
        uint32_t       best  = MUSTER_UNREACHABLE_MS;
        if (lines == 0 || !(is_open || mu_fleet_may_ship(s->fleet, w, destination))) continue;
        for (uint32_t slot = 0; slot < m->slot_count; ++slot) {
            const uint32_t ms = mu_shipment_deliver_ms(m, slot, w, destination);
            if (ms < best) best = ms;
        }
        if (best == MUSTER_UNREACHABLE_MS) continue;
        s->gate[count++] =
            (gate){rate_of(worth(s, lines), best + mu_shipment_loading_ms(m, w, destination)), w};
    }
    for (uint32_t at = count / 2; at-- > 0;) sift_down(s->gate, count, at);
    return count;
}

/* What of tier 1 it costs to have the vehicle come here. A diversion has to bring more. */
static int64_t diversion_of(const mu_shipment_model *m, uint32_t vehicle, uint32_t destination) {
    return mu_objective_unmet_need(
        mu_shipment_diversion(m, vehicle, m->destination[destination].incident));
}

/* The best idle vehicle for `warehouse`, where it is better than `best`. Vehicles of one size,
 * which are neighbours, load the same. */
static void choose_vehicle(state *s, uint32_t destination, uint32_t warehouse, choice *best) {
    const mu_shipment_model *m     = s->fleet->model;
    const uint32_t           count = list_lines(s, destination, warehouse);
    const int64_t            all   = worth(s, count);
    mu_bulk                  size  = {0, 0};
    int64_t                  value = 0;
    for (uint32_t i = 0; i < s->idle_count; ++i) {
        const uint32_t v = s->idle[i];
        if (s->is_spent && s->is_spent[m->problem->vehicle[v].kind]) continue;
        const uint32_t eta_ms = mu_shipment_eta_ms(m, v, warehouse, destination);
        const int64_t  less   = diversion_of(m, v, destination);
        if (eta_ms == MUSTER_UNREACHABLE_MS || rate_of(all - less, eta_ms) <= best->rate) continue;
        if (m->capacity[v].g != size.g || m->capacity[v].cm3 != size.cm3) {
            size  = m->capacity[v];
            value = mu_shipment_load(s->line, count, size);
        }
        if (rate_of(value - less, eta_ms) <= best->rate) continue;
        *best = (choice){rate_of(value - less, eta_ms), v, warehouse, eta_ms};
    }
}

typedef struct sized {
    mu_bulk  size;
    uint32_t vehicle;
} sized;

static int by_size(const void *a, const void *b) {
    const sized *s = a, *t = b;
    if (s->size.g != t->size.g) return s->size.g < t->size.g ? -1 : 1;
    if (s->size.cm3 != t->size.cm3) return s->size.cm3 < t->size.cm3 ? -1 : 1;
    return s->vehicle < t->vehicle ? -1 : s->vehicle > t->vehicle;
}

static muster_status list_idle(state *s) {
    const mu_shipment_model *m     = s->fleet->model;
    uint32_t                 count = 0;
    sized                   *list;
    MU_TRY(mu_alloc(&s->idle, m->problem->vehicle_count, sizeof *s->idle));
    MU_TRY(mu_alloc(&list, m->problem->vehicle_count, sizeof *list));
    for (uint32_t v = 0; v < m->problem->vehicle_count; ++v) {
        if (m->base_of[v] == MUSTER_NONE || !mu_fleet_is_free(s->fleet, v)) continue;
        list[count++] = (sized){m->capacity[v], v};
    }
    if (count > 0) qsort(list, count, sizeof *list, by_size);
    for (uint32_t i = 0; i < count; ++i) s->idle[i] = list[i].vehicle;
    s->idle_count = count;
    mu_free(list);
    return MUSTER_OK;
}

static void take(state *s, uint32_t vehicle) {
    uint32_t i = 0;
    while (i < s->idle_count && s->idle[i] != vehicle) ++i;
    if (i == s->idle_count) return; /* it carries nothing */
    for (--s->idle_count; i < s->idle_count; ++i) s->idle[i] = s->idle[i + 1];
}

/* Back to where it was in the order of sizes. */
static void give_back(state *s, uint32_t vehicle) {
    const mu_bulk *size = s->fleet->model->capacity;
    const sized    back = {size[vehicle], vehicle};
    uint32_t       i    = s->idle_count++;
    for (; i > 0; --i) {
        const sized before = {size[s->idle[i - 1]], s->idle[i - 1]};
        if (by_size(&before, &back) < 0) break;
        s->idle[i] = s->idle[i - 1];
    }
    s->idle[i] = vehicle;
}

/* Every idle vehicle is going to be asked how soon it is there, and at the next gates most often as well, which takes
 * hardly longer than to ask for one. */
static muster_status expect_vehicles(const state *s, uint32_t gates) {
    enum { GATES_AT_ONCE = 16 };
    const mu_shipment_model *m = s->fleet->model;
    for (uint32_t g = 0; mu_shipment_model_is_open(m) && g < gates && g < GATES_AT_ONCE; ++g) {
        for (uint32_t i = 0; i < s->idle_count; ++i) {
            MU_TRY(mu_shipment_model_expect(m, s->idle[i], s->gate[g].warehouse));
        }
        if (g == 0 && !mu_shipment_model_is_expected(m)) return MUSTER_OK;
    }
    return mu_shipment_model_search(m);
}

static bool add_trip(state *s, uint32_t destination) {
    if (s->idle_count == 0) return false;
    uint32_t count = list_gates(s, destination);
    choice   best  = {.vehicle = MUSTER_NONE};
    for (; count > 0 && s->gate[0].promise > best.rate; take_top(s->gate, &count)) {
        if (s->status == MUSTER_OK) s->status = expect_vehicles(s, count);
        if (s->status != MUSTER_OK) return false;
        choose_vehicle(s, destination, s->gate[0].warehouse, &best);
    }
    if (best.vehicle == MUSTER_NONE) return false;
    mu_fleet_open(s->fleet, best.vehicle, best.warehouse, destination);
    take(s, best.vehicle);
    if (s->spare) --s->spare[s->fleet->model->problem->vehicle[best.vehicle].kind];
    (void)top_up(s, best.vehicle);
    return true;
}

/* ---- minima ---------------------------------------------------------------------------- */

static void unload(state *s, uint32_t destination, uint32_t k) {
    mu_fleet *f = s->fleet;
    uint32_t  next;
    for (uint32_t v = f->first_trip[destination]; v != MUSTER_NONE; v = next) {
        int64_t *load = &f->load[(size_t)v * f->model->most_needs];
        next          = f->next_trip[v];
        if (load[k] > 0) mu_fleet_load(f, v, k, -load[k]);
        uint32_t other = 0;
        while (other < f->model->destination[destination].need_count && load[other] == 0) ++other;
        if (other < f->model->destination[destination].need_count) continue;
        mu_fleet_close(f, v);
        give_back(s, v);
        if (s->spare) ++s->spare[f->model->problem->vehicle[v].kind];
    }
}

/* Take away what is useless, and tell whether anything was. */
static bool give_up(state *s, uint32_t destination) {
    const mu_shipment_model *m          = s->fleet->model;
    const mu_destination    *d          = &m->destination[destination];
    bool                     is_changed = false;
    for (uint32_t k = 0; k < d->need_count; ++k) {
        const uint32_t index = m->need[d->first_need + k];
        if (m->only[d->first_need + k] != MUSTER_NONE) continue;
        const int64_t sent = m->candidates->demand[index] - s->fleet->missing[index];
        if (sent >= m->candidates->minimum[index] || sent == 0) continue;
        s->is_given_up[k] = is_changed = true;
        unload(s, destination, k);
    }
    return is_changed;
}

/* ---- destinations ---------------------------------------------------------------------- */

static void give_up_nothing(state *s) {
    for (uint32_t k = 0; k < s->fleet->model->most_needs; ++k) s->is_given_up[k] = false;
}

static void fill_destination(state *s, uint32_t destination) {
    mu_fleet *f = s->fleet;
    give_up_nothing(s);
    do {
        for (uint32_t v = f->first_trip[destination]; v != MUSTER_NONE; v = f->next_trip[v]) {
            while (top_up(s, v)) {
            }
        }
        while (add_trip(s, destination)) {
        }
    } while (give_up(s, destination));
}

static int most_severe_first(const void *a, const void *b) {
    const ranked *r = a, *s = b;
    if (r->severity != s->severity) return r->severity > s->severity ? -1 : 1;
    return r->destination < s->destination ? -1 : r->destination > s->destination;
}

static muster_status allocate(state *s) {
    const mu_shipment_model *m = s->fleet->model;
    MU_TRY(mu_alloc(&s->line, m->most_needs, sizeof *s->line));
    MU_TRY(mu_alloc(&s->line_need, m->most_needs, sizeof *s->line_need));
    MU_TRY(mu_alloc(&s->is_given_up, m->most_needs, sizeof *s->is_given_up));
    MU_TRY(mu_alloc(&s->gate, m->warehouse_count, sizeof *s->gate));
    MU_TRY(mu_alloc(&s->rank, m->destination_count, sizeof *s->rank));
    for (uint32_t d = 0; d < m->destination_count; ++d) {
        s->rank[d] = (ranked){d, m->problem->incident[m->destination[d].incident].severity};
    }
    if (m->destination_count > 0) {
        qsort(s->rank, m->destination_count, sizeof *s->rank, most_severe_first);
    }
    return list_idle(s);
}

static void give_up_memory(state *s) {
    mu_free(s->line);
    mu_free(s->line_need);
    mu_free(s->is_given_up);
    mu_free(s->gate);
    mu_free(s->rank);
    mu_free(s->idle);
    mu_free(s->spare);
    mu_free(s->is_spent);
}

/* Is anything brought beside cargo? */
static bool is_chosen(const mu_fleet *f, uint32_t destination) {
    const mu_shipment_model *m = f->model;
    const mu_destination    *d = &m->destination[destination];
    for (uint32_t k = 0; k < d->need_count; ++k) {
        const uint32_t at = d->first_need + k;
        if (m->only[at] == MUSTER_NONE && f->missing[m->need[at]] < m->quantity[at]) return true;
    }
    return false;
}

/* What should get all or nothing and has been left with nothing stays so. */
static bool is_closed(const mu_fleet *f, uint32_t destination) {
    const uint32_t incident = f->model->destination[destination].incident;
    return f->model->problem->incident[incident].all_or_nothing && !is_chosen(f, destination);
}

/* All that gates are going to be judged by. */
static muster_status expect_deliveries(state *s) {
    const mu_shipment_model *m = s->fleet->model;
    if (!mu_shipment_model_is_open(m)) return MUSTER_OK;
    give_up_nothing(s);
    for (uint32_t d = 0; d < m->destination_count; ++d) {
        if (is_closed(s->fleet, d)) continue;
        for (uint32_t w = 0; w < m->warehouse_count; ++w) {
            if (list_lines(s, d, w) == 0) continue;
            MU_TRY(mu_shipment_model_expect_deliveries(m, w, d));
        }
    }
    return mu_shipment_model_search(m);
}

muster_status mu_shipment_fill(mu_fleet *fleet) {
    state s  = {.fleet = fleet};
    s.status = allocate(&s);
    if (s.status == MUSTER_OK) s.status = expect_deliveries(&s);
    for (uint32_t i = 0; s.status == MUSTER_OK && i < fleet->model->destination_count; ++i) {
        if (!is_closed(fleet, s.rank[i].destination)) fill_destination(&s, s.rank[i].destination);
    }
    give_up_memory(&s);
    return s.status;
}

/* ---- from nothing ---------------------------------------------------------------------- */

static bool is_vehicle_need(const state *s, uint32_t need, uint8_t severity) {
    const muster_problem *p = s->fleet->model->problem;
    return s->fleet->model->kind_carries[p->need[need].kind] &&
           p->incident[p->need[need].incident].severity == severity;
}

static void count_spare(state *s) {
    const muster_problem *p = s->fleet->model->problem;
    for (uint32_t v = 0; v < p->vehicle_count; ++v) {
        if (!mu_fleet_is_free(s->fleet, v)) continue; /* it brings cargo */
        s->spare[p->vehicle[v].kind] += s->fleet->model->candidates->supply[MUSTER_VEHICLE][v];
    }
    for (uint32_t n = 0; n < p->need_count; ++n) {
        if (s->fleet->model->kind_carries[p->need[n].kind]) {
            s->spare[p->need[n].kind] -= s->fleet->model->candidates->demand[n];
        }
    }
}

/* A diversion may cost more than it brings. */
static bool is_of_use(const state *s, const mu_candidate *candidate, uint32_t need,
                      const mu_candidates *c) {
    if (!mu_fleet_is_free(s->fleet, candidate->index)) return false;
    return candidate->fixed_cost < mu_unmet_cost(c, need) - candidate->unit_cost ||
           candidate->fixed_cost == 0;
}

/* Nearest first, as long as they are more than the minimum. */
static void serve(state *s, uint32_t need, const mu_candidates *c) {
    mu_fleet *f     = s->fleet;
    int64_t   found = 0;
    for (size_t i = c->first[need]; i < c->first[need + 1]; ++i) {
        found += is_of_use(s, &c->candidate[i], need, c);
    }
    if (found < c->minimum[need]) return;
    for (size_t i = c->first[need]; i < c->first[need + 1] && f->missing[need] > 0; ++i) {
        if (!is_of_use(s, &c->candidate[i], need, c)) continue;
        mu_fleet_serve(f, c->candidate[i].index, need);
        take(s, c->candidate[i].index);
    }
}

/* Trips with vehicles that nobody needs, then with those that only less severe incidents do. */
static void ship_to(state *s, uint32_t destination, const int64_t *wanted_later) {
    const uint32_t kinds = s->fleet->model->problem->kind_count;
    for (int is_hard = 0; is_hard < 2; ++is_hard) {
        for (uint32_t k = 0; k < kinds; ++k) {
            s->is_spent[k] = s->spare[k] + (is_hard ? wanted_later[k] : 0) <= 0;
        }
        fill_destination(s, destination);
    }
}

static void start_severity(state *s, uint8_t severity, const mu_candidates *c,
                           int64_t *wanted_later) {
    const mu_shipment_model *m = s->fleet->model;
    for (uint32_t n = 0; n < m->problem->need_count; ++n) {
        if (is_vehicle_need(s, n, severity)) {
            wanted_later[m->problem->need[n].kind] -= m->candidates->demand[n];
        }
    }
    for (uint32_t i = 0; i < m->destination_count; ++i) {
        if (s->rank[i].severity == severity) ship_to(s, s->rank[i].destination, wanted_later);
    }
    for (uint32_t n = 0; n < m->problem->need_count; ++n) {
        if (is_vehicle_need(s, n, severity)) serve(s, n, c);
    }
}

static muster_status start(state *s, const mu_candidates *candidates) {
    const muster_problem *p = s->fleet->model->problem;
    int64_t              *wanted_later;
    MU_TRY(allocate(s));
    MU_TRY(mu_alloc_zeroed(&s->spare, p->kind_count, sizeof *s->spare));
    MU_TRY(mu_alloc(&s->is_spent, p->kind_count, sizeof *s->is_spent));
    MU_TRY(mu_alloc_zeroed(&wanted_later, p->kind_count, sizeof *wanted_later));
    count_spare(s);
    for (uint32_t n = 0; n < p->need_count; ++n) {
        if (s->fleet->model->kind_carries[p->need[n].kind]) {
            wanted_later[p->need[n].kind] += candidates->demand[n];
        }
    }
    for (uint8_t severity = MUSTER_SEVERITY_COUNT; severity-- > 0;) {
        start_severity(s, severity, candidates, wanted_later);
    }
    mu_free(wanted_later);
    return s->status;
}

muster_status mu_shipment_start(mu_fleet *fleet, const mu_candidates *candidates) {
    state         s      = {.fleet = fleet};
    muster_status status = start(&s, candidates);
    give_up_memory(&s);
    return status == MUSTER_OK ? mu_shipment_fill(fleet) : status;
}
