/* A plan speaks of indices in its problem, the database of codes. */
#include <muster/claim.h>

#include "gis/memory.h"

static muster_claim_line line_of(const muster_problem *p, const muster_assignment *a) {
    const muster_need *need = &p->need[a->need];
    muster_claim_line  line = {.resource   = a->resource,
                               .incident   = p->incident[need->incident].code,
                               .need       = p->kind[need->kind].code,
                               .quantity   = a->quantity,
                               .depart_ms  = a->depart_ms,
                               .eta_ms     = a->eta_ms,
                               .distance_m = a->distance_m};
    switch (a->resource) {
    case MUSTER_PEOPLE:
        line.code = p->team[a->index].unit.code;
        break;
    case MUSTER_VEHICLE:
        line.code = p->vehicle[a->index].unit.code;
        break;
    case MUSTER_MACHINE:
        line.code = p->machine[a->index].unit.code;
        break;
    default:
        line.code = p->stock[a->index].unit.code;
        line.kind = p->kind[p->stock[a->index].kind].code;
    }
    return line;
}

static muster_claim_line carrier_of(const muster_problem *p, const muster_shipment *s) {
    return (muster_claim_line){.resource   = MUSTER_VEHICLE,
                               .code       = p->vehicle[s->vehicle].unit.code,
                               .incident   = p->incident[s->incident].code,
                               .quantity   = 1,
                               .depart_ms  = s->depart_ms,
                               .eta_ms     = s->eta_ms,
                               .distance_m = s->distance_m};
}

muster_status muster_claim_lines_of_plan(muster_claim_line **out, uint32_t *out_count,
                                         const muster_plan *plan, const muster_problem *problem) {
    uint32_t                 assignment_count, shipment_count;
    const muster_assignment *assignment = muster_plan_assignments(plan, &assignment_count);
    const muster_shipment   *shipment   = muster_plan_shipments(plan, &shipment_count);
    muster_claim_line       *line;
    *out       = NULL;
    *out_count = 0;
    MU_TRY(mu_gis_alloc(&line, (size_t)assignment_count + shipment_count, sizeof *line));
    for (uint32_t i = 0; i < assignment_count; ++i) {
        const uint32_t s = assignment[i].shipment;
        line[i]          = line_of(problem, &assignment[i]);
        if (s != MUSTER_NONE) line[i].vehicle = problem->vehicle[shipment[s].vehicle].unit.code;
    }
    for (uint32_t s = 0; s < shipment_count; ++s) {
        line[assignment_count + s] = carrier_of(problem, &shipment[s]);
    }
    *out       = line;
    *out_count = assignment_count + shipment_count;
    return MUSTER_OK;
}

void muster_claim_lines_free(muster_claim_line *lines) {
    mu_gis_free(lines);
}
