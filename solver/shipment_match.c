/* With warehouse, destination and load of each trip given, what is left is an assignment problem:
 * jobs are the trips and the vehicle needs, and a vehicle suits a trip when the load fits. It is
 * solved exactly by the network simplex (flow.c). What a vehicle need gets may not fall below its
 * minimum; where it would, the fleet stays as it was. */
#include "solver/shipment_match.h"

#include "core/alloc.h"
#include "solver/flow.h"
#include "solver/weights.h"

enum { STEPS_AN_ARC = 10 };

typedef struct duty {
    uint32_t need;    /* of vehicles; MUSTER_NONE: a trip */
    uint32_t vehicle; /* that makes the trip now */
    int64_t  price;   /* of all that is served */
} duty;

typedef struct match {
    mu_fleet            *fleet;
    const mu_candidates *candidates;
    uint32_t             job_count;
    duty                *job;
    int64_t             *supply, *demand, *flow;
    mu_objective        *short_cost;
    size_t               arc_count, arc_capacity;
    mu_flow_arc         *arc;
    mu_fleet             after;
} match;

static void add_job(match *m, duty j, int64_t demand, int64_t unmet) {
    m->demand[m->job_count]     = demand;
    m->short_cost[m->job_count] = demand > 0 ? mu_objective_of(unmet, 0) : 0;
    m->job[m->job_count++]      = j;
}

/* More than all that could be done: what cargo is worth. */
static int64_t price_of_all(const match *m) {
    const mu_fleet       *f   = m->fleet;
    const muster_problem *p   = f->model->problem;
    int64_t               sum = 1;
    for (uint32_t v = 0; v < p->vehicle_count; ++v) {
        if (f->warehouse_of[v] != MUSTER_NONE) sum += mu_fleet_priced_load(f, v);
    }
    for (uint32_t n = 0; n < p->need_count; ++n) {
        if (f->model->kind_carries[p->need[n].kind])
            sum += mu_price(p, n) * m->candidates->demand[n];
    }
    return sum;
}

static void list_jobs(match *m) {
    const mu_fleet       *f   = m->fleet;
    const muster_problem *p   = f->model->problem;
    const int64_t         all = f->model->cargo_count > 0 ? price_of_all(m) : 0;
    for (uint32_t v = 0; v < p->vehicle_count; ++v) {
        m->supply[v] = 1;
        if (f->warehouse_of[v] == MUSTER_NONE) continue;
        const int64_t price = mu_fleet_priced_load(f, v);
        add_job(m, (duty){MUSTER_NONE, v, price}, 1, mu_fleet_has_cargo(f, v) ? all : price);
    }
    for (uint32_t n = 0; n < p->need_count; ++n) {
        if (!f->model->kind_carries[p->need[n].kind]) continue;
        add_job(m, (duty){n, MUSTER_NONE, mu_price(p, n)}, m->candidates->demand[n],
                mu_price(p, n));
    }
}

static muster_status add_arc(match *m, uint32_t vehicle, uint32_t j, uint32_t eta_ms) {
    const mu_fleet       *f        = m->fleet;
    const muster_problem *p        = f->model->problem;
    const duty           *job      = &m->job[j];
    const uint32_t        incident = job->need != MUSTER_NONE
                                         ? p->need[job->need].incident
                                         : f->model->destination[f->destination_of[job->vehicle]].incident;
    MU_TRY(mu_grow(&m->arc, &m->arc_capacity, m->arc_count, sizeof *m->arc));
    m->arc[m->arc_count++] =
        (mu_flow_arc){(mu_objective)job->price * mu_response_s(p, incident, eta_ms) +
                          mu_shipment_diversion(f->model, vehicle, incident),
                      vehicle, j};
    return MUSTER_OK;
}

static muster_status list_arcs(match *m) {
    const mu_fleet          *f     = m->fleet;
    const mu_shipment_model *model = f->model;
    for (uint32_t j = 0; j < m->job_count; ++j) {
        const duty  *job    = &m->job[j];
        const size_t before = m->arc_count;
        if (job->need == MUSTER_NONE) {
            for (uint32_t v = 0; v < model->problem->vehicle_count; ++v) {
                if (!mu_fleet_could_carry(f, v, job->vehicle)) continue;
                const uint32_t ms = mu_shipment_eta_ms(model, v, f->warehouse_of[job->vehicle],
                                                       f->destination_of[job->vehicle]);
                if (ms < MUSTER_UNREACHABLE_MS) MU_TRY(add_arc(m, v, j, ms));
            }
        } else {
            for (size_t i = m->candidates->first[job->need];
                 i < m->candidates->first[job->need + 1]; ++i) {
                const mu_candidate *c = &m->candidates->candidate[i];
                MU_TRY(add_arc(m, c->index, j, c->eta_ms));
            }
        }
        if (m->arc_count == before) m->demand[j] = 0;
    }
    return MUSTER_OK;
}

/* ---- what the flow says ------------------------------------------------------------------ */

static void copy_load(mu_fleet *to, const mu_fleet *from, uint32_t vehicle, uint32_t other) {
    const mu_shipment_model *m    = from->model;
    const uint32_t           d    = from->destination_of[vehicle];
    const int64_t           *load = &from->load[(size_t)vehicle * m->most_needs];
    mu_fleet_open(to, other, from->warehouse_of[vehicle], d);
    for (uint32_t k = 0; k < m->destination[d].need_count; ++k) {
        if (load[k] > 0) mu_fleet_load(to, other, k, load[k]);
    }
}

static void write_after(match *m) {
    for (size_t a = 0; a < m->arc_count; ++a) {
        if (m->flow[a] == 0) continue;
        const duty *job = &m->job[m->arc[a].sink];
        if (job->need == MUSTER_NONE) {
            copy_load(&m->after, m->fleet, job->vehicle, m->arc[a].source);
        } else {
            mu_fleet_serve(&m->after, m->arc[a].source, job->need);
        }
    }
}

static muster_status run(match *m, mu_watch *watch) {
    const muster_problem *p    = m->fleet->model->problem;
    const size_t          most = (size_t)p->vehicle_count + p->need_count;
    bool                  is_optimal;
    MU_TRY(mu_alloc(&m->job, most, sizeof *m->job));
    MU_TRY(mu_alloc(&m->demand, most, sizeof *m->demand));
    MU_TRY(mu_alloc(&m->short_cost, most, sizeof *m->short_cost));
    MU_TRY(mu_alloc(&m->supply, p->vehicle_count, sizeof *m->supply));
    MU_TRY(mu_fleet_init(&m->after, m->fleet->model, m->fleet->travel));
    list_jobs(m);
    MU_TRY(list_arcs(m));
    MU_TRY(mu_alloc(&m->flow, m->arc_count, sizeof *m->flow));
    const mu_flow_problem problem = {.source_count = p->vehicle_count,
                                     .sink_count   = m->job_count,
                                     .supply       = m->supply,
                                     .demand       = m->demand,
                                     .short_cost   = m->short_cost,
                                     .arc_count    = m->arc_count,
                                     .arc          = m->arc};
    mu_watch_count(watch, STEPS_AN_ARC * m->arc_count);
    MU_TRY(mu_flow_solve(&problem, watch, m->flow, NULL, &is_optimal));
    write_after(m);
    if (mu_fleet_is_useful(&m->after) &&
        mu_fleet_objective(&m->after) < mu_fleet_objective(m->fleet)) {
        mu_fleet_copy(m->fleet, &m->after);
    }
    return MUSTER_OK;
}

muster_status mu_shipment_match(mu_fleet *fleet, const mu_candidates *candidates, mu_watch *watch) {
    match m = {.fleet = fleet, .candidates = candidates};
    if (mu_watch_is_late(watch)) return MUSTER_OK;
    const muster_status status = run(&m, watch);
    mu_free(m.job);
    mu_free(m.demand);
    mu_free(m.short_cost);
    mu_free(m.supply);
    mu_free(m.arc);
    mu_free(m.flow);
    mu_fleet_fini(&m.after);
    return status;
}
