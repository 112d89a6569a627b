/* The engine: what is due next happens, until the scenario is over. */
#include "simulation/run.h"

#include "core/alloc.h"

/* ---- roads --------------------------------------------------------------------------------- */

/* Hazards begin and end by themselves: the next such moment is waited for. */
static muster_status wait_for_roads(mu_run *run, const muster_roads *roads) {
    const int64_t until_ms = mu_roads_until_ms(roads);
    if (until_ms == run->roads_until_ms) return MUSTER_OK;
    run->roads_until_ms = until_ms;
    if (until_ms > run->course->end_at_ms) return MUSTER_OK;
    return mu_agenda_add(&run->agenda, until_ms, MU_DUE_ROADS, 0, 0);
}

/* Metrics that are as before shall stay the same ones, so that nobody looks for another way. Those that are made
 * ahead are handed on among themselves: if some are not those of now, those that follow are of no use either. */
static muster_status ask_for_roads(mu_run *run, muster_roads **out) {
    muster_roads       *ahead  = mu_roads_ahead_at(run->ahead, run->now_ms);
    const muster_status status = mu_centre_roads(run->centre, run->now_ms, ahead, out);
    if (status == MUSTER_OK && ahead && !mu_roads_are_alike(*out, ahead)) {
        mu_roads_ahead_free(run->ahead);
        run->ahead = NULL;
    }
    muster_roads_free(ahead);
    return status;
}

static muster_status look_at_roads(mu_run *run) {
    muster_roads *roads, *before = run->atlas.roads;
    MU_TRY(ask_for_roads(run, &roads));
    if (roads == before) return MUSTER_OK;
    MU_TRY(mu_movers_take_roads(run, roads));
    MU_TRY(wait_for_roads(run, roads));
    return before ? mu_wish_use(run) : MUSTER_OK;
}

/* ---- samples ------------------------------------------------------------------------------- */

static void count_units(const mu_run *run, muster_simulated_moment *out) {
    for (uint32_t i = 0; i < run->unit_count; ++i) {
        const mu_mover *m = &run->mover[i];
        if (m->doing >= MU_DOING_TURNOUT && m->doing <= MU_DOING_TO_SCENE) {
            ++out->units_en_route;
        } else if (m->doing >= MU_DOING_WORK && m->doing <= MU_DOING_HANDOVER) {
            ++out->units_on_scene;
        } else if (m->is_on_call) {
            ++out->units_on_call;
        } else if (m->is_off || m->is_off_by_course || m->rest_until_ms > run->now_ms) {
            ++out->units_off;
        } else {
            ++out->units_free;
        }
    }
}

static muster_status pass(mu_run *run) {
    const mu_run_options *o         = &run->options;
    const int64_t         passed_ms = mu_run_clock(run) < o->series_ms ? 0 : o->series_ms;
    if (!o->pass || o->pass(o->pass_user, passed_ms)) return MUSTER_OK;
    return muster_fail(MUSTER_E_CANCELLED, "cancelled at %lld ms of the scenario",
                       (long long)mu_run_clock(run));
}

static muster_status sample(mu_run *run) {
    muster_simulated_moment *row;
    MU_TRY(pass(run));
    MU_TRY(MU_TABLE_ADD(&run->record->series, &row));
    row->time_ms = mu_run_clock(run);
    mu_scenes_sum(run, row);
    count_units(run, row);
    return mu_agenda_add(&run->agenda, run->now_ms + run->options.series_ms, MU_DUE_SAMPLE, 0, 0);
}

/* ---- one after the other ------------------------------------------------------------------- */

static muster_status happen(mu_run *run, const mu_due *due) {
    switch (due->kind) {
    case MU_DUE_COURSE:
        return mu_course_next(run);
    case MU_DUE_ROADS:
        return look_at_roads(run);
    case MU_DUE_STOCK:
        return mu_stock_arrived(run, due->subject);
    case MU_DUE_STEP:
        if (run->mover[due->subject].stamp != due->stamp) return MUSTER_OK;
        return mu_mover_step(run, due->subject);
    case MU_DUE_WORK:
        if (run->scene[due->subject].stamp != due->stamp) return MUSTER_OK;
        return mu_scene_done(run, due->subject);
    case MU_DUE_SAMPLE:
        return sample(run);
    case MU_DUE_TURN:
        return mu_take_turn(run);
    default:
        return mu_decide(run);
    }
}

muster_status mu_run_step(mu_run *run, bool *out_is_over) {
    mu_due due;
    *out_is_over = !mu_agenda_next(&run->agenda, &due) || due.at_ms > run->course->end_at_ms;
    if (*out_is_over) return MUSTER_OK;
    run->now_ms = due.at_ms;
    return happen(run, &due);
}

/* ---- beginning and end --------------------------------------------------------------------- */

static muster_status begin(mu_run *run) {
    const mu_base *b = run->stage->base;
    MU_TRY(muster_policy_check(run->policy));
    MU_TRY(mu_course_check(run->course));
    MU_TRY(mu_record_new(&run->record, run->policy->name, run->course->replication,
                         run->course->start_at_ms, run->options.is_recorded));
    MU_TRY(
        mu_centre_open(&run->centre, run->stage, run->policy, run->now_ms, run->options.journal));
    MU_TRY(mu_atlas_init(&run->atlas, b->profile_count));
    MU_TRY(mu_movers_init(run));
    MU_TRY(mu_scenes_init(run));
    MU_TRY(mu_alloc_zeroed(&run->away, b->unit_count[MUSTER_MACHINE], sizeof *run->away));
    MU_TRY(mu_alloc_zeroed(&run->restock_at_ms, b->unit_count[MUSTER_ITEM], sizeof(int64_t)));
    MU_TRY(mu_alloc_zeroed(&run->restocked, b->unit_count[MUSTER_ITEM], sizeof(int64_t)));
    MU_TRY(mu_spare_init(run));
    for (uint32_t s = 0; s < b->unit_count[MUSTER_ITEM]; ++s) MU_TRY(mu_stock_write(run, s));
    MU_TRY(look_at_roads(run));
    if (run->options.looks_ahead && !run->options.journal) {
        MU_TRY(mu_roads_ahead_new(&run->ahead, run->stage, run->policy, run->course));
    }
    MU_TRY(mu_agenda_add(&run->agenda, run->now_ms, MU_DUE_SAMPLE, 0, 0));
    return mu_course_wait(run);
}

muster_status mu_run_open(mu_run *run, const mu_stage *stage, const muster_policy *policy,
                          const mu_course *course, const mu_run_options *options) {
    *run = (mu_run){.stage   = stage,
                    .policy  = policy,
                    .course  = course,
                    .options = *options,
                    .now_ms  = course->start_at_ms};
    return begin(run);
}

static void sum_up(mu_run *run) {
    const int64_t length = run->course->end_at_ms - run->course->start_at_ms;
    for (uint32_t i = 0; i < run->unit_count; ++i) mu_mover_count_busy(run, &run->mover[i]);
    run->record->totals.unit_ms = run->unit_count * length;
    mu_record_sum(run->record);
}

muster_status mu_run_end(mu_run *run) {
    run->now_ms = run->course->end_at_ms;
    mu_scenes_settle(run);
    for (uint32_t i = 0; i < run->mover_count; ++i) MU_TRY(mu_mover_stop(run, &run->mover[i]));
    sum_up(run);
    mu_orders_copy_trips(run);
    return mu_explain_worst(run);
}

void mu_run_close(mu_run *run) {
    for (int p = 0; p < MU_WORST_PARTS; ++p) muster_session_plan_free(run->worst[p]);
    mu_spare_fini(run);
    mu_movers_fini(run);
    mu_scenes_fini(run);
    mu_atlas_fini(&run->atlas);
    mu_roads_ahead_free(run->ahead);
    mu_centre_close(run->centre);
    mu_agenda_fini(&run->agenda);
    mu_free(run->away);
    mu_free(run->restock_at_ms);
    mu_free(run->restocked);
    mu_record_free(run->record);
    *run = (mu_run){0};
}

static muster_status play(mu_run *run) {
    for (bool is_over = false; !is_over;) MU_TRY(mu_run_step(run, &is_over));
    return mu_run_end(run);
}

muster_status mu_run_play(muster_replication **out, const mu_stage *stage,
                          const muster_policy *policy, const mu_course *course,
                          const mu_run_options *options) {
    mu_run run;
    *out                 = NULL;
    muster_status status = mu_run_open(&run, stage, policy, course, options);
    if (status == MUSTER_OK) status = play(&run);
    if (status == MUSTER_OK) {
        *out       = run.record;
        run.record = NULL;
    }
    mu_run_close(&run);
    return status;
}
