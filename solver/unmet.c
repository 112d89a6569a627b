#include "solver/unmet.h"

#include "core/alloc.h"
#include "solver/shipment_unmet.h"
#include "solver/together.h"

typedef struct ledger {
    int64_t     *missing;                     /* by need */
    int64_t     *used[MUSTER_RESOURCE_COUNT]; /* by resource index */
    bool        *is_incomplete;               /* by incident that is all or nothing */
    mu_operators operators;
} ledger;

static muster_status open_ledger(ledger *l, const mu_draft *draft, const mu_candidates *c) {
    const muster_problem *p = c->travel->problem;
    MU_TRY(mu_alloc_copy(&l->missing, c->demand, p->need_count, sizeof *l->missing));
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        MU_TRY(mu_alloc_zeroed(&l->used[r], muster_problem_unit_count(p, (muster_resource)r),
                               sizeof(int64_t)));
    }
    MU_TRY(mu_alloc_zeroed(&l->is_incomplete, p->incident_count, sizeof *l->is_incomplete));
    MU_TRY(mu_operators_init(&l->operators, c));
    for (size_t i = 0; i < draft->count; ++i) {
        const mu_dispatch *d = &draft->dispatch[i];
        if (!d->is_locked) {
            l->missing[d->need] -= d->quantity;
            l->used[d->resource][d->index] += d->quantity;
        }
        if (d->carrier != MUSTER_NONE) l->used[MUSTER_VEHICLE][d->carrier] = 1;
        mu_operators_count(&l->operators, d, 1);
    }
    for (uint32_t n = 0; n < p->need_count; ++n) {
        const uint32_t incident = p->need[n].incident;
        if (c->demand[n] - l->missing[n] >= c->minimum[n]) continue;
        if (p->incident[incident].all_or_nothing) l->is_incomplete[incident] = true;
    }
    return MUSTER_OK;
}

static void close_ledger(ledger *l) {
    mu_free(l->missing);
    mu_free(l->is_incomplete);
    mu_operators_fini(&l->operators);
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) mu_free(l->used[r]);
}

/* How much is idle that could still go to `need`, operators or not. A draft that has been filled
 * leaves what could be used only where that is less than the minimum, or not worth a diversion. */
static int64_t count_idle(const ledger *l, const mu_candidates *c, uint32_t need) {
    const muster_resource resource = mu_need_resource(c->travel->problem, need);
    int64_t               sum      = 0;
    for (size_t i = c->first[need]; i < c->first[need + 1]; ++i) {
        const uint32_t index = c->candidate[i].index;
        sum += c->supply[resource][index] - l->used[resource][index];
    }
    return sum;
}

static muster_unmet_reason reason_of(const ledger *l, const mu_candidates *c, uint32_t need) {
    const int64_t      sent = c->demand[need] - l->missing[need];
    const muster_need *n    = &c->travel->problem->need[need];
    if (c->first[need] == c->first[need + 1]) return (muster_unmet_reason)c->reason[need];
    if (l->is_incomplete[n->incident]) return MUSTER_UNMET_INCOMPLETE;
    const int64_t room = mu_operators_room(&l->operators, need);
    const int64_t idle = count_idle(l, c, need);
    if (room == 0) return MUSTER_UNMET_NO_OPERATORS;
    if (idle == 0) return MUSTER_UNMET_EXHAUSTED;
    const int64_t more = idle < room ? idle : room;
    return sent + more < c->minimum[need] ? MUSTER_UNMET_BELOW_MINIMUM : MUSTER_UNMET_DIVERSION;
}

static muster_status list(muster_unmet **out, uint32_t *out_count, const ledger *l,
                          const mu_candidates *c, const mu_shipment_unmet *shipped) {
    const muster_problem *p = c->travel->problem;
    MU_TRY(mu_alloc(out, p->need_count, sizeof **out));
    for (uint32_t n = 0; n < p->need_count; ++n) {
        if (l->missing[n] <= 0) continue;
        const muster_unmet_reason reason =
            mu_is_shipped(p, n)
                ? mu_shipment_unmet_reason(shipped, c, n, l->is_incomplete[p->need[n].incident])
                : reason_of(l, c, n);
        (*out)[(*out_count)++] = (muster_unmet){n, l->missing[n], (uint8_t)reason};
    }
    return MUSTER_OK;
}

/* The same with a fleet that does what the draft says. */
static muster_status list_with_fleet(muster_unmet **out, uint32_t *out_count, const ledger *l,
                                     const mu_draft *draft, const mu_candidates *c,
                                     const mu_shipment_model *shipping) {
    mu_fleet          fleet;
    mu_shipment_unmet shipped = {0};
    muster_status     status  = mu_fleet_init(&fleet, shipping, c->travel);
    if (status == MUSTER_OK) {
        mu_fleet_read(&fleet, draft);
        status = mu_shipment_unmet_init(&shipped, &fleet);
    }
    if (status == MUSTER_OK) status = list(out, out_count, l, c, &shipped);
    mu_shipment_unmet_fini(&shipped);
    mu_fleet_fini(&fleet);
    return status;
}

muster_status mu_unmet_list(muster_unmet **out, uint32_t *out_count, const mu_draft *draft,
                            const mu_candidates *candidates, const mu_shipment_model *shipping) {
    ledger l             = {0};
    *out                 = NULL;
    *out_count           = 0;
    muster_status status = open_ledger(&l, draft, candidates);
    if (status == MUSTER_OK && shipping) {
        status = list_with_fleet(out, out_count, &l, draft, candidates, shipping);
    } else if (status == MUSTER_OK) {
        status = list(out, out_count, &l, candidates, NULL);
    }
    close_ledger(&l);
    return status;
}
