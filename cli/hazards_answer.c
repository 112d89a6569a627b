/* See hazards_answer.h. Each hazard is looked at by itself: what two close together, both close. */
#include "cli/hazards_answer.h"

#include <stdlib.h>

#include "cli/command.h"

/* ---- signals --------------------------------------------------------------------------- */

static bool holds(const hazards_answer *a, const muster_alert *alert,
                  const muster_alert_info *info) {
    return !a->at ||
           (muster_alert_info_begins_s(alert, info) <= a->at_s && a->at_s < info->expires_s);
}

static bool is_listed(const hazards_answer *a, uint32_t signal) {
    for (uint32_t i = 0; i < a->signal_count; ++i) {
        if (a->signal[i] == signal) return true;
    }
    return false;
}

static void look_at_info(hazards_answer *a, const muster_alerts_data *data, uint32_t alert,
                         uint32_t info) {
    if (!muster_alert_info_counts(data, alert, info, a->alert_options)) return;
    if (!holds(a, &data->alert[alert], &data->info[info])) return;
    const uint32_t signal = muster_signals_of_info(a->table, data, info);
    if (signal == MUSTER_NONE || is_listed(a, signal)) return;
    a->signal[a->signal_count]        = signal;
    a->signal_info[a->signal_count++] = info;
}

int hazards_answer_find_signals(hazards_answer *a) {
    const muster_alerts_data data  = muster_alerts_view(a->files->alerts);
    uint32_t                 infos = 0;
    for (uint32_t i = 0; i < data.alert_count; ++i) infos += data.alert[i].info_count;
    a->signal      = calloc(infos + (size_t)1, sizeof *a->signal);
    a->signal_info = calloc(infos + (size_t)1, sizeof *a->signal_info);
    if (!a->signal || !a->signal_info) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    for (uint32_t i = 0; i < data.alert_count; ++i) {
        const muster_alert *alert = &data.alert[i];
        for (uint32_t k = 0; k < alert->info_count; ++k) {
            look_at_info(a, &data, i, alert->first_info + k);
        }
    }
    a->readiness = muster_readiness_of(a->table, a->signal_count, a->signal);
    return COMMAND_DONE;
}

/* ---- roads ----------------------------------------------------------------------------- */

/* Of both ways the worse one counts; an edge stands in the list once a way. */
static void count_edges(hazard_effect *e, const muster_network_data *v, uint32_t count,
                        const muster_arc_change *change, const uint32_t *before_ms,
                        uint8_t *state) {
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t edge      = change[i].arc / 2;
        const bool     is_closed = change[i].duration_ms == MUSTER_UNREACHABLE_MS;
        const bool     is_slow   = change[i].duration_ms > before_ms[change[i].arc];
        if (is_closed) state[edge] = 2;
        if (is_slow && state[edge] == 0) state[edge] = 1;
    }
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t edge = change[i].arc / 2;
        e->closed_count += state[edge] == 2;
        e->slowed_count += state[edge] == 1;
        if (state[edge] == 2) e->closed_m += v->edge_length_m[edge];
        if (state[edge] == 1) e->slowed_m += v->edge_length_m[edge];
        state[edge] = 0;
    }
}

static muster_status look_at_roads(hazard_effect *e, const profile_network *loaded,
                                   const muster_profile *profile, const muster_hazard *hazard,
                                   uint8_t *state) {
    muster_closure *closure;
    uint32_t        count;
    muster_status   status = muster_closure_new(&closure, loaded->metric);
    if (status == MUSTER_OK) status = muster_hazard_close(closure, profile, hazard, NULL);
    if (status == MUSTER_OK) {
        const muster_arc_change *change = muster_closure_changes(closure, &count);
        count_edges(e, muster_network_view(loaded->network), count, change,
                    muster_metric_duration_ms(loaded->metric), state);
        (void)muster_closure_spared(closure, &e->spared_count);
    }
    muster_closure_free(closure);
    return status;
}

static int look_at_all_roads(hazards_answer *a, const profile_network *loaded,
                             const muster_profile *profile, const muster_hazard *hazard) {
    uint8_t      *state  = calloc(muster_network_view(loaded->network)->edge_count + (size_t)1, 1);
    muster_status status = MUSTER_OK;
    if (!state) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    a->profile = profile->name;
    for (uint32_t i = 0; i < a->effect_count && status == MUSTER_OK; ++i) {
        status = look_at_roads(&a->effect[i], loaded, profile, &hazard[i], state);
    }
    free(state);
    return status == MUSTER_OK ? COMMAND_DONE : command_fail_status(status);
}

/* ---- who is inside --------------------------------------------------------------------- */

static int look_at_sites(hazards_answer *a, const muster_hazard *hazard) {
    uint32_t                 count;
    const muster_named_site *site = muster_named_sites_list(a->sites, &count);
    for (uint32_t i = 0; i < a->effect_count; ++i) {
        hazard_effect *e = &a->effect[i];
        e->inside        = malloc((count + (size_t)1) * sizeof *e->inside);
        if (!e->inside) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
        for (uint32_t s = 0; s < count; ++s) {
            if (!muster_hazard_contains(&hazard[i], site[s].lon_deg, site[s].lat_deg)) continue;
            e->inside[e->inside_count++] = s;
        }
    }
    return COMMAND_DONE;
}

int hazards_answer_find_effects(hazards_answer *a, const profile_network *loaded,
                                const muster_profile *profile, const char *sites_path) {
    muster_status status = muster_hazards_at(&a->active, a->files->hazards, a->at_s);
    if (status == MUSTER_OK && sites_path) status = muster_named_sites_load(&a->sites, sites_path);
    if (status != MUSTER_OK) return command_fail_status(status);
    const muster_hazard *hazard = muster_hazards_list(a->active, &a->effect_count);
    a->effect                   = calloc(a->effect_count + (size_t)1, sizeof *a->effect);
    if (!a->effect) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    int code = loaded ? look_at_all_roads(a, loaded, profile, hazard) : COMMAND_DONE;
    if (code == COMMAND_DONE && a->sites) code = look_at_sites(a, hazard);
    return code;
}

void hazards_answer_fini(hazards_answer *a) {
    for (uint32_t i = 0; a->effect && i < a->effect_count; ++i) free(a->effect[i].inside);
    free(a->effect);
    free(a->signal);
    free(a->signal_info);
    muster_hazards_free(a->active);
    muster_named_sites_free(a->sites);
}
