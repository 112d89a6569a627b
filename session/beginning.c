#include "session/beginning.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/alloc.h"
#include "session/text.h"

/* ---- roads --------------------------------------------------------------------------------- */

static muster_status load_roads(muster_session *s, const char *scenario_code,
                                uint32_t profile_count, const char *const *profile) {
    muster_scenario *scenario;
    MU_TRY(muster_scenario_load_whole(&scenario, s->options.given.store, scenario_code));
    return mu_road_base_of(&s->road_base, scenario, profile_count, profile);
}

static muster_status check_roads(const muster_session *s) {
    const uint64_t is  = mu_road_base_checksum(s->road_base);
    const uint64_t was = s->world->base->network_checksum;
    if (is == was) return MUSTER_OK;
    char name[512];
    MU_TRY(muster_store_name(name, sizeof name, s->options.given.store));
    return muster_fail(MUSTER_E_INVALID,
                       "the roads and profiles of \"%s\" are not those that the journal \"%s\" was "
                       "begun with: their checksum is %016" PRIx64 "; expected %016" PRIx64,
                       name, s->options.given.journal, is, was);
}

muster_status mu_beginning_roads(muster_session *s, const mu_session_parts *parts) {
    const mu_base *base = s->world->base;
    if (parts->road_base) {
        s->road_base = mu_road_base_hold(parts->road_base);
    } else if (!s->road_base) {
        MU_TRY(load_roads(s, base->scenario, base->profile_count, base->profile));
    }
    return check_roads(s);
}

/* ---- a new journal ------------------------------------------------------------------------- */

static const char *authority_code(const muster_problem *p, uint32_t authority) {
    return p->authority_count == 0 || authority == MUSTER_NONE ? NULL
                                                               : p->authority[authority].code;
}

/* An incident of the scenario as it would be told; `need` has room for all of them. */
static void describe(muster_event *e, muster_event_need *need, const muster_problem *p, uint32_t i,
                     int64_t now_ms) {
    const muster_incident *from = &p->incident[i];
    e->incident                 = (muster_event_incident){
                        .code           = from->code,
                        .name           = from->name,
                        .lon_deg        = from->site.lon_deg,
                        .lat_deg        = from->site.lat_deg,
                        .severity       = from->severity,
                        .deadline_at_ms = from->deadline_ms > 0 ? now_ms + from->deadline_ms : 0,
                        .on_scene_ms    = from->on_scene_ms,
                        .authority      = authority_code(p, from->authority),
                        .all_or_nothing = from->all_or_nothing};
    e->need       = need;
    e->need_count = 0;
    for (uint32_t n = 0; n < p->need_count; ++n) {
        const muster_need *asked = &p->need[n];
        if (asked->incident != i) continue;
        need[e->need_count++] = (muster_event_need){p->kind[asked->kind].code, asked->quantity,
                                                    asked->minimum, asked->grade};
    }
}

static muster_status report(mu_world *world, const muster_event *event) {
    muster_event_answer answer;
    MU_TRY(mu_world_check(world, event, &answer));
    if (answer.outcome == MUSTER_EVENT_APPLIED) return mu_world_apply(world, event, 1);
    return muster_fail(MUSTER_E_INVALID, "incident \"%s\" of the scenario: %s",
                       event->incident.code, answer.message);
}

/* They are part of the first record, so that they are there whenever the journal is. */
static muster_status report_incidents(muster_session *s, const muster_problem *p) {
    muster_event_need *need;
    muster_event       event = MUSTER_EVENT_INIT;
    char               id[40];
    MU_TRY(mu_alloc(&need, p->need_count, sizeof *need));
    event.id             = id;
    event.type           = MUSTER_EVENT_INCIDENT_REPORTED;
    event.time_ms        = s->options.given.now_ms;
    event.author         = s->options.given.author;
    muster_status status = MUSTER_OK;
    for (uint32_t i = 0; status == MUSTER_OK && i < p->incident_count; ++i) {
        snprintf(id, sizeof id, MU_OWN_ID "incident-%" PRIu32, i);
        describe(&event, need, p, i, event.time_ms);
        status = report(s->world, &event);
    }
    mu_free(need);
    return status;
}

muster_status mu_beginning_withhold(mu_world *world, const muster_scenario *scenario) {
    for (int r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        uint32_t        count;
        const uint32_t *row = muster_scenario_unavailable(scenario, (muster_resource)r, &count);
        for (uint32_t i = 0; i < count; ++i) {
            mu_world_unit *unit = &world->unit[r][row[i]];
            MU_TRY(mu_text_new(&unit->reason, "unavailable in the store"));
            unit->is_available = false;
        }
    }
    return MUSTER_OK;
}

static muster_status make_world(muster_session *s, const muster_problem *problem,
                                const char *scenario) {
    mu_base                 *base;
    uint32_t                 profile_count;
    const char *const *const profile = mu_road_base_profiles(s->road_base, &profile_count);
    MU_TRY(mu_base_new(&base, scenario, problem, profile, mu_road_base_checksum(s->road_base)));
    muster_status status = mu_world_new(&s->world, base, problem, s->options.given.now_ms);
    mu_base_release(base);
    const muster_scenario *from = mu_road_base_scenario(s->road_base);
    if (status == MUSTER_OK && from) status = mu_beginning_withhold(s->world, from);
    if (status != MUSTER_OK || !s->options.given.with_incidents) return status;
    return report_incidents(s, problem);
}

static muster_status begin_world(muster_session *s, const mu_session_parts *parts) {
    if (parts->road_base) {
        s->road_base = mu_road_base_hold(parts->road_base);
        return make_world(s, parts->problem, parts->scenario ? parts->scenario : "default");
    }
    MU_TRY(load_roads(s, s->options.given.scenario, 0, NULL));
    const muster_scenario *scenario = mu_road_base_scenario(s->road_base);
    return make_world(s, muster_scenario_problem(scenario), muster_scenario_code(scenario));
}

muster_status mu_beginning_world(muster_session *s, const mu_session_parts *parts) {
    char  *bytes;
    size_t size;
    MU_TRY(begin_world(s, parts));
    MU_TRY(mu_world_write(s->world, &bytes, &size));
    muster_status status =
        muster_journal_append(s->journal, s->options.given.now_ms, bytes, size, NULL);
    mu_free(bytes);
    if (status == MUSTER_OK) status = muster_journal_sync(s->journal);
    if (status == MUSTER_OK) s->world->sequence = 1;
    return status;
}
