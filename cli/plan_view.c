/* One pass over the assignments gives everything the outputs need; no output then repeats
 * arithmetic of its own, so the terminal, the JSON and the report cannot disagree. */
#include "cli/plan_view.h"

#include <math.h>
#include <stdlib.h>

#include "cli/command.h"

const char *plan_state_name(plan_state state) {
    static const char *const name[PLAN_STATE_COUNT] = {"met", "partly", "unmet"};
    return name[state];
}

static bool team_can(const muster_team *team, uint32_t kind) {
    for (uint32_t i = 0; i < team->capability_count; ++i) {
        if (team->capability[i] == kind) return true;
    }
    return false;
}

bool plan_unit_is_kind(const muster_problem *problem, muster_resource resource, uint32_t index,
                       uint32_t kind) {
    switch (resource) {
    case MUSTER_PEOPLE:
        return team_can(&problem->team[index], kind);
    case MUSTER_VEHICLE:
        return problem->vehicle[index].kind == kind;
    case MUSTER_MACHINE:
        return problem->machine[index].kind == kind;
    default:
        return problem->stock[index].kind == kind;
    }
}

static int64_t unit_size(const muster_problem *problem, muster_resource resource, uint32_t index) {
    switch (resource) {
    case MUSTER_PEOPLE:
        return problem->team[index].people;
    case MUSTER_VEHICLE:
        return 1;
    case MUSTER_MACHINE:
        return problem->machine[index].count;
    default:
        return problem->stock[index].quantity;
    }
}

int64_t plan_left_of_kind(const plan_view *view, uint32_t kind) {
    const muster_resource resource = (muster_resource)view->problem->kind[kind].resource;
    const uint32_t        count    = muster_problem_unit_count(view->problem, resource);
    int64_t               left     = 0;
    for (uint32_t i = 0; i < count; ++i) {
        if (plan_unit_is_kind(view->problem, resource, i, kind)) left += view->left[resource][i];
    }
    return left;
}

plan_free plan_free_count(const plan_view *view) {
    int64_t   left[MUSTER_RESOURCE_COUNT] = {0};
    plan_free out                         = {0};
    for (int r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        const uint32_t count = muster_problem_unit_count(view->problem, (muster_resource)r);
        for (uint32_t i = 0; i < count; ++i) {
            left[r] += view->left[r][i];
            if (r == MUSTER_PEOPLE) out.teams += view->left[r][i] > 0;
        }
    }
    out.people   = left[MUSTER_PEOPLE];
    out.vehicles = left[MUSTER_VEHICLE];
    out.machines = left[MUSTER_MACHINE];
    out.items    = left[MUSTER_ITEM];
    return out;
}

static void count_needs(plan_view *view) {
    for (uint32_t i = 0; i < view->assignment_count; ++i) {
        const muster_assignment *go = &view->assignment[i];
        view->sent[go->need] += go->quantity;
        view->left[go->resource][go->index] -= go->quantity;
    }
    for (uint32_t i = 0; i < view->shipment_count; ++i) {
        view->left[MUSTER_VEHICLE][view->shipment[i].vehicle] = 0;
    }
    for (uint32_t i = 0; i < view->unmet_count; ++i) {
        view->missing[view->unmet[i].need] = view->unmet[i].quantity;
    }
}

static void count_left(plan_view *view) {
    for (int r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        const muster_resource resource = (muster_resource)r;
        const uint32_t        count    = muster_problem_unit_count(view->problem, resource);
        for (uint32_t i = 0; i < count; ++i) {
            view->left[r][i] = unit_size(view->problem, resource, i);
        }
    }
}

/* An incident starts as unmet; a need that got something lifts it to partly; what is
 * missing nowhere makes it met. */
static void judge_incidents(plan_view *view) {
    const muster_problem *problem = view->problem;
    for (uint32_t i = 0; i < problem->incident_count; ++i) view->state[i] = PLAN_STATE_MET;
    for (uint32_t n = 0; n < problem->need_count; ++n) {
        if (view->missing[n] > 0) view->state[problem->need[n].incident] = PLAN_STATE_UNMET;
    }
    for (uint32_t n = 0; n < problem->need_count; ++n) {
        uint8_t *state = &view->state[problem->need[n].incident];
        if (*state != PLAN_STATE_MET && view->missing[n] < problem->need[n].quantity) {
            *state = PLAN_STATE_PARTLY;
        }
    }
}

static int rising(const void *a, const void *b) {
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static void sort_arrivals(plan_view *view) {
    for (uint32_t i = 0; i < view->assignment_count; ++i) {
        const muster_assignment *go       = &view->assignment[i];
        const uint32_t           incident = view->problem->need[go->need].incident;
        plan_arrivals *group          = &view->arrivals[view->problem->incident[incident].severity];
        plan_arrivals *all            = &view->arrivals[PLAN_EVERY_SEVERITY];
        group->eta_ms[group->count++] = go->eta_ms;
        all->eta_ms[all->count++]     = go->eta_ms;
        group->late += go->is_late;
        all->late += go->is_late;
    }
    for (int g = 0; g < PLAN_GROUP_COUNT; ++g) {
        qsort(view->arrivals[g].eta_ms, view->arrivals[g].count, sizeof(uint32_t), rising);
    }
}

uint32_t plan_arrivals_percentile(const plan_arrivals *arrivals, uint32_t percent) {
    const uint64_t rank = ((uint64_t)arrivals->count * percent + 99) / 100;
    return arrivals->eta_ms[rank > 0 ? rank - 1 : 0];
}

double plan_tier_gap(const muster_plan *plan, muster_tier tier) {
    const muster_tier_result own = muster_plan_tier(plan, tier);
    if (own.bound == 0 && own.value > 0) return (double)NAN;
    return own.value > own.bound ? (double)(own.value - own.bound) / (double)own.value : 0;
}

uint32_t plan_escalated_count(const plan_view *view) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < view->assignment_count; ++i) {
        count += view->assignment[i].escalation > 0;
    }
    return count;
}

uint32_t plan_diverted_count(const plan_view *view) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < view->assignment_count; ++i) count += view->assignment[i].is_diverted;
    for (uint32_t s = 0; s < view->shipment_count; ++s) count += view->shipment[s].is_diverted;
    return count;
}

/* calloc that never asks for nothing, so that NULL always means "no memory". */
static void *new_array(size_t count, size_t size) {
    return calloc(count > 0 ? count : 1, size);
}

static bool allocate(plan_view *view) {
    const muster_problem *problem = view->problem;
    bool                  ok      = true;
    ok &= (view->sent = new_array(problem->need_count, sizeof *view->sent)) != NULL;
    ok &= (view->missing = new_array(problem->need_count, sizeof *view->missing)) != NULL;
    ok &= (view->state = new_array(problem->incident_count, sizeof *view->state)) != NULL;
    for (int r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        const uint32_t count = muster_problem_unit_count(problem, (muster_resource)r);
        ok &= (view->left[r] = new_array(count, sizeof *view->left[r])) != NULL;
    }
    for (int g = 0; g < PLAN_GROUP_COUNT; ++g) {
        ok &= (view->arrivals[g].eta_ms = new_array(view->assignment_count, sizeof(uint32_t))) !=
              NULL;
    }
    return ok;
}

int plan_view_init(plan_view *out, const muster_scenario *scenario, const muster_problem *problem,
                   const muster_plan *plan) {
    *out            = (plan_view){.scenario = scenario, .problem = problem, .plan = plan};
    out->assignment = muster_plan_assignments(plan, &out->assignment_count);
    out->shipment   = muster_plan_shipments(plan, &out->shipment_count);
    out->unmet      = muster_plan_unmet(plan, &out->unmet_count);
    if (!allocate(out)) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    count_left(out);
    count_needs(out);
    judge_incidents(out);
    sort_arrivals(out);
    return COMMAND_DONE;
}

void plan_view_fini(plan_view *view) {
    free(view->sent);
    free(view->missing);
    free(view->state);
    for (int r = 0; r < MUSTER_RESOURCE_COUNT; ++r) free(view->left[r]);
    for (int g = 0; g < PLAN_GROUP_COUNT; ++g) free(view->arrivals[g].eta_ms);
}
