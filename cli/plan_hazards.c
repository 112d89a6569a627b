/* A plan inside hazards needs nothing of the solver: metrics with everything closed, and for whoever
 * has to leave a hazard first another place and a longer turnout. Who cannot leave is held, which is a
 * rule like any other. */
#include "cli/plan_hazards.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/closed_roads.h"
#include "cli/command.h"
#include "cli/hazard_files.h"

static int fail_memory(void) {
    return command_fail(COMMAND_ENVIRONMENT, "out of memory");
}

/* How many units leave, and how many cannot. */
typedef struct leave_count {
    uint32_t leaving, stuck;
    uint32_t longest_ms;
} leave_count;

typedef struct hazard_planner {
    plan_hazards         *to;
    muster_problem       *problem;
    const muster_metric **before;  /* the problem's metrics as they were */
    muster_closure      **closure; /* [metric_count] */
    leave_count           count;
} hazard_planner;

/* ---- metrics --------------------------------------------------------------------------- */

static int close_metric(hazard_planner *h, uint32_t m, const muster_hazards *hazards,
                        const muster_profiles *profiles, closure_list *list) {
    const muster_profile *profile;
    uint32_t              count;
    muster_status         status =
        muster_profiles_find(&profile, profiles, muster_metric_profile_name(h->before[m]));
    if (status == MUSTER_OK) status = muster_closure_new(&h->closure[m], h->before[m]);
    if (status != MUSTER_OK) return command_fail_status(status);
    const int code = closed_roads_add_hazards(h->closure[m], profile, hazards, list);
    if (code != COMMAND_DONE) return code;
    const muster_arc_change *change = muster_closure_changes(h->closure[m], &count);
    status = muster_metric_change(&h->to->changed[m], h->before[m], count, change);
    if (status != MUSTER_OK) return command_fail_status(status);
    h->to->metric[m] = h->to->changed[m];
    return COMMAND_DONE;
}

static int close_metrics(hazard_planner *h, const muster_hazards *hazards,
                         const muster_profiles *profiles) {
    const uint32_t count = h->problem->metric_count;
    closure_list   list  = {0};
    int            code  = COMMAND_DONE;
    h->before            = malloc((count + 1) * sizeof(muster_metric *));
    h->closure           = calloc(count + 1, sizeof(muster_closure *));
    h->to->changed       = calloc(count + 1, sizeof(muster_metric *));
    h->to->metric        = calloc(count + 1, sizeof(muster_metric *));
    if (!h->before || !h->closure || !h->to->changed || !h->to->metric) return fail_memory();
    h->to->metric_count = count;
    memcpy(h->before, h->problem->metric, count * sizeof(muster_metric *));
    for (uint32_t m = 0; m < count && code == COMMAND_DONE; ++m) {
        code = close_metric(h, m, hazards, profiles, &list);
    }
    closure_list_free(&list);
    if (code == COMMAND_DONE) h->problem->metric = h->to->metric;
    return code;
}

/* ---- units ----------------------------------------------------------------------------- */

static uint32_t later(uint32_t ms, uint32_t delay_ms) {
    const uint64_t sum_ms = (uint64_t)ms + delay_ms;
    return sum_ms < MUSTER_UNREACHABLE_MS ? (uint32_t)sum_ms : MUSTER_UNREACHABLE_MS - 1;
}

/* Departure is turnout or availability, whichever is later: both move. */
static void set_out_later(muster_unit *unit, const muster_leave *leave) {
    unit->site       = (muster_site){leave->place.lon_deg, leave->place.lat_deg};
    unit->turnout_ms = later(unit->turnout_ms, leave->duration_ms);
    if (unit->available_ms > 0) unit->available_ms = later(unit->available_ms, leave->duration_ms);
}

static void hold(hazard_planner *h, muster_resource resource, uint32_t index) {
    h->to->rule[h->problem->rule_count++] = (muster_rule){
        .type = MUSTER_HOLD, .resource = (uint8_t)resource, .index = index, .need = MUSTER_NONE};
    ++h->count.stuck;
}

/* A copy of `count` rows of `size` bytes; NULL without memory. */
static void *copy_rows(const void *rows, uint32_t count, size_t size) {
    void *copy = malloc(count * size + 1);
    if (copy && count > 0) memcpy(copy, rows, count * size);
    return copy;
}

static int copy_units(hazard_planner *h) {
    plan_hazards   *to    = h->to;
    muster_problem *p     = h->problem;
    const uint64_t  rules = (uint64_t)p->rule_count + p->team_count + p->vehicle_count +
                           p->machine_count + p->stock_count;
    to->team    = copy_rows(p->team, p->team_count, sizeof *to->team);
    to->vehicle = copy_rows(p->vehicle, p->vehicle_count, sizeof *to->vehicle);
    to->machine = copy_rows(p->machine, p->machine_count, sizeof *to->machine);
    to->stock   = copy_rows(p->stock, p->stock_count, sizeof *to->stock);
    to->rule    = malloc(rules * sizeof *to->rule + 1);
    if (!to->team || !to->vehicle || !to->machine || !to->stock || !to->rule) return fail_memory();
    if (p->rule_count > 0) memcpy(to->rule, p->rule, p->rule_count * sizeof *to->rule);
    p->team    = to->team;
    p->vehicle = to->vehicle;
    p->machine = to->machine;
    p->stock   = to->stock;
    p->rule    = to->rule;
    return COMMAND_DONE;
}

static muster_unit *unit_of(plan_hazards *to, muster_resource resource, uint32_t index) {
    switch (resource) {
    case MUSTER_PEOPLE:
        return &to->team[index].unit;
    case MUSTER_VEHICLE:
        return &to->vehicle[index].unit;
    case MUSTER_MACHINE:
        return &to->machine[index].unit;
    default:
        return &to->stock[index].unit;
    }
}

/* The units of one metric, which leave together: the way out is prepared once. */
typedef struct travellers {
    uint32_t      count;
    muster_unit **unit;
    uint32_t     *resource, *index;
    muster_snap  *before;
    muster_leave *leave;
} travellers;

static int travellers_init(travellers *t, size_t room) {
    *t                    = (travellers){.unit     = malloc((room + 1) * sizeof(muster_unit *)),
                                         .resource = malloc((room + 1) * sizeof *t->resource),
                                         .index    = malloc((room + 1) * sizeof *t->index),
                                         .before   = malloc((room + 1) * sizeof *t->before),
                                         .leave    = malloc((room + 1) * sizeof *t->leave)};
    const bool has_memory = t->unit && t->resource && t->index && t->before && t->leave;
    return has_memory ? COMMAND_DONE : fail_memory();
}

static void travellers_free(travellers *t) {
    free(t->unit);
    free(t->resource);
    free(t->index);
    free(t->before);
    free(t->leave);
}

static void list_travellers(travellers *t, const hazard_planner *h, uint32_t m) {
    const muster_problem *p = h->problem;
    const uint32_t count[]  = {p->team_count, p->vehicle_count, p->machine_count, p->stock_count};
    t->count                = 0;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t i = 0; i < count[r]; ++i) {
            muster_unit *unit = unit_of(h->to, (muster_resource)r, i);
            if (unit->metric != m) continue;
            t->unit[t->count]     = unit;
            t->resource[t->count] = r;
            t->index[t->count++]  = i;
        }
    }
}

/* One that is off every road stays where it is, as without hazards. */
static void treat_unit(hazard_planner *h, const travellers *t, uint32_t i) {
    const muster_leave *leave = &t->leave[i];
    if (t->before[i].edge == MUSTER_NONE) return;
    if (leave->outcome == MUSTER_LEAVE_NO_WAY) {
        hold(h, (muster_resource)t->resource[i], t->index[i]);
    } else if (leave->outcome == MUSTER_LEAVE_BY_ROAD) {
        set_out_later(t->unit[i], leave);
        ++h->count.leaving;
        if (leave->duration_ms > h->count.longest_ms) h->count.longest_ms = leave->duration_ms;
    }
}

static int treat_metric(hazard_planner *h, travellers *t, uint32_t m) {
    muster_status status = MUSTER_OK;
    list_travellers(t, h, m);
    for (uint32_t i = 0; i < t->count && status == MUSTER_OK; ++i) {
        const muster_site *site = &t->unit[i]->site;
        status =
            muster_snap_sites(h->before[m], 1, &site->lon_deg, &site->lat_deg, NULL, &t->before[i]);
    }
    if (status == MUSTER_OK) {
        status = muster_leave_sites(h->closure[m], h->to->changed[m], t->count, t->before, NULL,
                                    t->leave);
    }
    if (status != MUSTER_OK) return command_fail_status(status);
    for (uint32_t i = 0; i < t->count; ++i) treat_unit(h, t, i);
    return COMMAND_DONE;
}

static int treat_units(hazard_planner *h) {
    const muster_problem *p = h->problem;
    travellers            t;
    int code = travellers_init(&t, (size_t)p->team_count + p->vehicle_count + p->machine_count +
                                       p->stock_count);
    for (uint32_t m = 0; m < h->to->metric_count && code == COMMAND_DONE; ++m) {
        code = treat_metric(h, &t, m);
    }
    travellers_free(&t);
    return code;
}

/* ---- the whole ------------------------------------------------------------------------- */

static void say(const hazard_planner *h, const muster_hazards *hazards, const char *at) {
    uint32_t count;
    (void)muster_hazards_list(hazards, &count);
    if (count == 0) return; /* which has been said */
    command_fail(COMMAND_DONE,
                 "%" PRIu32 " hazards hold at %s: %" PRIu32
                 " teams, vehicles, machine pools and stocks leave them first, in %" PRIu32
                 " min at most, and %" PRIu32 " cannot leave and stay",
                 count, at, h->count.leaving, (h->count.longest_ms + 59999) / 60000,
                 h->count.stuck);
}

static int treat(hazard_planner *h, const muster_hazards *hazards,
                 const muster_profiles *profiles) {
    int code = close_metrics(h, hazards, profiles);
    if (code == COMMAND_DONE) code = copy_units(h);
    if (code == COMMAND_DONE) code = treat_units(h);
    for (uint32_t m = 0; h->closure && m < h->to->metric_count; ++m) {
        muster_closure_free(h->closure[m]);
    }
    free(h->closure);
    free(h->before);
    return code;
}

int plan_hazards_apply(plan_hazards *out, muster_problem *problem, const hazard_choice *choice,
                       const char *scenario_code, const muster_profiles *profiles) {
    hazard_planner h = {.to = out, .problem = problem};
    if (choice->file_count == 0) return COMMAND_DONE;
    int code = hazards_at_moment(&out->active, choice, scenario_code);
    if (code == COMMAND_DONE) code = treat(&h, out->active, profiles);
    if (code == COMMAND_DONE) say(&h, out->active, choice->at);
    return code;
}

void plan_hazards_free(plan_hazards *h) {
    for (uint32_t m = 0; m < h->metric_count; ++m) muster_metric_free(h->changed[m]);
    free(h->changed);
    free(h->metric);
    free(h->team);
    free(h->vehicle);
    free(h->machine);
    free(h->stock);
    free(h->rule);
    muster_hazards_free(h->active);
    *h = (plan_hazards){0};
}
