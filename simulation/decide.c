/* When there is a plan, and what is ordered of it: the policy's part. A plan is made when something has
 * happened, and by the clock; where it could decide nothing, because nothing is missing and nothing could be
 * exchanged, or because who is free again is of no use (spare.c), nobody gets anywhere new (new_ways.c) and
 * orders stay as they are (under_way.c), none is. */
#include <stdio.h>

#include "core/alloc.h"
#include "simulation/use.h"

enum { ID_BYTES = 24 };

muster_status mu_wish_use(mu_run *run) {
    if (run->is_plan_due) return MUSTER_OK;
    run->is_plan_due = true;
    return mu_agenda_add(&run->agenda, run->now_ms + run->policy->delay_ms, MU_DUE_PLAN, 0, 0);
}

muster_status mu_wish_plan(mu_run *run) {
    run->has_news = true;
    return mu_wish_use(run);
}

/* ---- by the clock -------------------------------------------------------------------------- */

static bool is_any_open(const mu_run *run) {
    uint32_t s = 0;
    while (s < run->scene_count && !mu_is_scene_open(&run->scene[s])) ++s;
    return s < run->scene_count;
}

muster_status mu_start_turns(mu_run *run) {
    if (run->policy->interval_ms == 0 || run->is_turn_due) return MUSTER_OK;
    run->is_turn_due = true;
    return mu_agenda_add(&run->agenda, run->now_ms + run->policy->interval_ms, MU_DUE_TURN, 0, 0);
}

muster_status mu_take_turn(mu_run *run) {
    run->is_turn_due = false;
    if (!is_any_open(run)) return MUSTER_OK;
    MU_TRY(mu_wish_plan(run));
    return mu_start_turns(run);
}

/* ---- is there something to decide? ---------------------------------------------------------- */

static mu_scene_need *need_of(const mu_run *run, const mu_world_order *o) {
    const uint32_t s = mu_scene_find(run, mu_run_world(run)->incident[o->incident].code);
    for (uint32_t n = 0; n < run->scene[s].need_count; ++n) {
        if (run->scene[s].need[n].kind == o->need) return &run->scene[s].need[n];
    }
    return NULL;
}

/* *out_is_open: is there an order that a plan could take back? */
static void count_coming(const mu_run *run, bool *out_is_open) {
    const mu_world *w = mu_run_world(run);
    *out_is_open      = false;
    for (uint32_t s = 0; s < run->scene_count; ++s) {
        for (uint32_t n = 0; n < run->scene[s].need_count; ++n) run->scene[s].need[n].coming = 0;
    }
    for (uint32_t o = 0; o < w->order_count; ++o) {
        if (w->order[o].state >= MUSTER_ORDER_ON_SCENE) continue;
        *out_is_open        = true;
        mu_scene_need *need = w->order[o].need == MUSTER_NONE ? NULL : need_of(run, &w->order[o]);
        if (need) need->coming += w->order[o].quantity;
    }
}

static bool is_something_missing(const mu_run *run) {
    for (uint32_t s = 0; s < run->scene_count; ++s) {
        const mu_scene *scene = &run->scene[s];
        for (uint32_t n = 0; mu_is_scene_open(scene) && n < scene->need_count; ++n) {
            if (mu_missing_of(&scene->need[n]) > 0) return true;
        }
    }
    return false;
}

static bool is_something_to_decide(const mu_run *run) {
    bool is_open;
    count_coming(run, &is_open);
    return is_something_missing(run) || (is_open && run->policy->mode == MUSTER_REPLAN_IMPROVE);
}

/* A plan that may exchange, or that was kept from taking back all that it would, may go on where it left off. */
static bool may_go_on(const mu_run *run) {
    return run->policy->mode != MUSTER_REPLAN_KEEP || run->policy->churn_most > 0;
}

/* They have been told, and nobody has looked at them yet. */
static bool are_roads_others(const mu_run *run) {
    return !mu_roads_are_of(run->atlas.roads, mu_run_world(run), run->now_ms);
}

static muster_status is_plan_worth_it(mu_run *run, bool *out) {
    *out = is_something_to_decide(run);
    if (!*out || run->has_news || are_roads_others(run) || may_go_on(run)) return MUSTER_OK;
    MU_TRY(mu_spare_is_of_use(run, out));
    if (!*out) MU_TRY(mu_new_ways_are_of_use(run, out));
    if (!*out) MU_TRY(mu_under_way_is_changed(run, out));
    mu_spare_note(run);
    return MUSTER_OK;
}

/* ---- plans --------------------------------------------------------------------------------- */

static muster_status write_down(mu_run *run, const muster_session_plan *plan) {
    const muster_plan     *p = muster_session_plan_plan(plan);
    muster_simulated_plan *row;
    MU_TRY(MU_TABLE_ADD(&run->record->plan, &row));
    row->time_ms   = mu_run_clock(run);
    row->work      = muster_plan_work(p);
    row->incidents = muster_session_plan_problem(plan)->incident_count;
    (void)muster_plan_assignments(p, &row->assignments);
    for (int t = 0; t < MUSTER_TIER_COUNT; ++t) row->tier[t] = muster_plan_tier(p, (muster_tier)t);
    return MUSTER_OK;
}

static int64_t unmet(const muster_session_plan *plan) {
    return muster_plan_tier(muster_session_plan_plan(plan), MUSTER_TIER_UNMET_NEED).value;
}

/* The plan is kept if it is the worst of its part of the scenario, else freed. */
static void keep_worst(mu_run *run, muster_session_plan *plan) {
    const int64_t         length = run->course->end_at_ms - run->course->start_at_ms;
    const int64_t         part   = mu_run_clock(run) * MU_WORST_PARTS / (length + 1);
    muster_session_plan **worst  = &run->worst[part];
    if (run->record->is_recorded && unmet(plan) > (*worst ? unmet(*worst) : 0)) {
        muster_session_plan_free(*worst);
        *worst = plan;
    } else {
        muster_session_plan_free(plan);
    }
}

static muster_status commit(mu_run *run, const muster_session_plan *plan) {
    char           id[ID_BYTES];
    uint64_t       issued;
    const uint32_t before = run->record->order.count;
    MU_TRY(write_down(run, plan));
    snprintf(id, sizeof id, "sim-%u", ++run->told);
    MU_TRY(mu_centre_commit(run->centre, run->now_ms, plan, id, &issued));
    if (issued != 0) MU_TRY(mu_orders_follow(run, issued));
    run->record->plan.row[run->record->plan.count - 1].orders = run->record->order.count - before;
    return MUSTER_OK;
}

muster_status mu_decide(mu_run *run) {
    muster_session_plan *plan;
    bool                 is_worth_it;
    run->is_plan_due = false;
    MU_TRY(is_plan_worth_it(run, &is_worth_it));
    if (!is_worth_it) return MUSTER_OK;
    run->has_news = false;
    MU_TRY(mu_run_say_places(run));
    MU_TRY(mu_centre_plan(run->centre, run->now_ms, &plan));
    mu_spare_note(run);
    const muster_status status = commit(run, plan);
    mu_spare_note_less(run);
    if (status == MUSTER_OK) {
        keep_worst(run, plan);
    } else {
        muster_session_plan_free(plan);
    }
    return status;
}
