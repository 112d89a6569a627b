/* See desk.h. Two threads of its own: the ticker lets time pass, every second and whenever roads may
 * have changed, and gives the service the roads of now; the herald waits for records of the journal and
 * wakes whoever streams them. */
#include "service/desk_state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "service/json_memory.h"
#include "service/members.h"

enum { TICK_MS = 1000, HEAR_MS = 200, HEAR_MOST = 256 };

int64_t mu_desk_now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

const char *mu_desk_author(const mu_request *request) {
    return request->token ? request->token->name : "http";
}

bool mu_desk_refuse(mu_reply *reply, muster_status status) {
    if (status != MUSTER_E_IO) return mu_reply_refuse_status(reply, status);
    return mu_reply_refuse(reply, MU_STATUS_BUSY, "NotWritten", "%s", muster_error_message());
}

/* ---- health and metrics ---------------------------------------------------------------- */

static const char *why_lost(void *user) {
    const mu_desk *desk = user;
    return muster_session_get_state(desk->session).journal_is_lost
               ? "another process has taken its journal over, or the disk has failed: what it says is of "
                 "then; ask another"
               : NULL;
}

static void write_health(void *user, mu_text *text) {
    const mu_desk             *desk  = user;
    const muster_session_state state = muster_session_get_state(desk->session);
    mu_text_add(text, ",\"session\":{");
    mu_member_string(text, "role", muster_session_role_name(state.role));
    mu_member_number(text, "sequence", (int64_t)state.sequence);
    mu_member_number(text, "term", (int64_t)state.term);
    mu_member_number(text, "open_incidents", state.incident_count);
    mu_member_number(text, "open_orders", state.order_count);
    mu_member_number(text, "pending_claims", state.claim_pending_count);
    mu_member_flag(text, "journal_is_lost", state.journal_is_lost);
    mu_member_flag(text, "central_is_away", state.central_is_away);
    mu_member_flag(text, "central_is_fenced", state.central_is_fenced);
    mu_member_string(text, "trouble", state.trouble);
    mu_text_add(text, "}");
}

static void write_one(mu_text *text, const char *name, const char *type, const char *about,
                      uint64_t value) {
    mu_text_format(text, "# HELP %s %s\n# TYPE %s %s\n%s %" PRIu64 "\n", name, about, name, type,
                   name, value);
}

static void write_syncs(mu_text *text, const muster_session_syncs *syncs) {
    static const char METRIC[] = "muster_session_journal_sync_seconds";
    uint64_t          sum      = 0;
    mu_text_format(text,
                   "# HELP %s How long the journal took to be on the disk.\n# TYPE %s histogram\n",
                   METRIC, METRIC);
    for (int b = 0; b < MUSTER_SYNC_BUCKETS; ++b) {
        sum += syncs->count[b];
        mu_text_format(text, "%s_bucket{le=\"", METRIC);
        if (b + 1 < MUSTER_SYNC_BUCKETS) {
            mu_text_format(text, "%.9g", (double)((uint64_t)MUSTER_SYNC_FIRST_US << b) / 1e6);
        } else {
            mu_text_add(text, "+Inf");
        }
        mu_text_format(text, "\"} %" PRIu64 "\n", sum);
    }
    mu_text_format(text, "%s_sum %.6f\n%s_count %" PRIu64 "\n", METRIC, (double)syncs->sum_us / 1e6,
                   METRIC, sum);
    mu_text_format(text,
                   "# HELP muster_session_journal_sync_longest_seconds The longest since it was "
                   "opened.\n# TYPE muster_session_journal_sync_longest_seconds gauge\n"
                   "muster_session_journal_sync_longest_seconds %.6f\n",
                   (double)syncs->most_us / 1e6);
    write_one(text, "muster_session_journal_sync_failures_total", "counter",
              "How often the disk did not take it.", syncs->failed_count);
}

static void write_metrics(void *user, mu_text *text) {
    const mu_desk             *desk  = user;
    const muster_session_syncs syncs = muster_session_get_syncs(desk->session);
    const muster_session_state state = muster_session_get_state(desk->session);
    write_one(text, "muster_session_sequence", "gauge", "The last record of the journal.",
              state.sequence);
    write_one(text, "muster_session_events_applied_total", "counter",
              "Events told here that were applied.", desk->applied);
    write_one(text, "muster_session_events_refused_total", "counter",
              "Events told here that were refused.", desk->refused);
    write_one(text, "muster_session_plans_total", "counter", "Plans made here.", desk->plans);
    write_one(text, "muster_session_commits_total", "counter", "Plans committed here.",
              desk->commits);
    write_one(text, "muster_session_incidents_open", "gauge", "Incidents that are open.",
              state.incident_count);
    write_one(text, "muster_session_orders_open", "gauge", "Orders that are not over.",
              state.order_count);
    write_syncs(text, &syncs);
}

/* ---- opening --------------------------------------------------------------------------- */

static const mu_resource *const RESOURCES[] = {
    &mu_resource_events, &mu_resource_order_step, &mu_resource_incidents, &mu_resource_units,
    &mu_resource_orders, &mu_resource_closures,   &mu_resource_plan_make, &mu_resource_plan_last,
    &mu_resource_commit, &mu_resource_explain,    &mu_resource_news,      &mu_resource_rules,
};

static muster_status choose_profiles(mu_desk *desk, const char *const *profile, uint32_t count) {
    uint32_t           all;
    const char *const *list = muster_roads_profiles(desk->open, &all);
    if (count == 0) {
        profile = list;
        count   = all;
    }
    desk->profile = calloc(count, sizeof *desk->profile);
    desk->metric  = calloc(count, sizeof(muster_metric *));
    if (!desk->profile || !desk->metric) {
        return muster_fail(MUSTER_E_NOMEM, "out of memory for %u profiles", count);
    }
    for (uint32_t p = 0; p < count; ++p, ++desk->metric_count) {
        uint32_t i = 0;
        while (i < all && strcmp(list[i], profile[p]) != 0) ++i;
        if (i == all) {
            return muster_fail(MUSTER_E_INVALID,
                               "there is no profile \"%s\" in the journal's store", profile[p]);
        }
        desk->profile[p] = list[i];
        desk->metric[p]  = muster_roads_open_metric(desk->open, list[i]);
    }
    return MUSTER_OK;
}

/* The wall clock may be set while somebody waits. */
static void init_condition(pthread_cond_t *condition) {
    pthread_condattr_t how;
    pthread_condattr_init(&how);
    pthread_condattr_setclock(&how, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &how);
    pthread_condattr_destroy(&how);
}

static muster_status furnish(mu_desk *desk, const char *const *profile, uint32_t profile_count) {
    const muster_status status = muster_session_roads(&desk->open, desk->session);
    return status == MUSTER_OK ? choose_profiles(desk, profile, profile_count) : status;
}

muster_status mu_desk_on(mu_desk **out, muster_session *session, const char *const *profile,
                         uint32_t profile_count) {
    mu_desk *desk = calloc(1, sizeof *desk);
    *out          = NULL;
    if (!desk) {
        muster_session_close(session);
        return muster_fail(MUSTER_E_NOMEM, "out of memory for a desk");
    }
    desk->session   = session;
    desk->extension = (mu_extension){.user           = desk,
                                     .resource       = RESOURCES,
                                     .resource_count = sizeof RESOURCES / sizeof(mu_resource *),
                                     .why_lost       = why_lost,
                                     .write_health   = write_health,
                                     .write_metrics  = write_metrics};
    mu_shelf_init(&desk->shelf);
    pthread_mutex_init(&desk->lock, NULL);
    init_condition(&desk->something);
    const muster_status status = furnish(desk, profile, profile_count);
    if (status != MUSTER_OK) {
        mu_desk_close(desk);
        return status;
    }
    *out = desk;
    return MUSTER_OK;
}

muster_status mu_desk_open(mu_desk **out, const muster_session_options *options,
                           const char *const *profile, uint32_t profile_count) {
    muster_session *session;
    *out = NULL;
    mu_json_memory_watch();
    (void)mu_json_memory_ran_out();
    const muster_status status = muster_session_open(&session, options);
    if (status != MUSTER_OK) return status;
    if (!mu_json_memory_ran_out()) return mu_desk_on(out, session, profile, profile_count);
    muster_session_close(session);
    return muster_fail(MUSTER_E_NOMEM, "out of memory for the journal of a desk");
}

void mu_desk_close(mu_desk *desk) {
    if (!desk) return;
    mu_shelf_fini(&desk->shelf);
    muster_roads_free(desk->open);
    muster_session_close(desk->session);
    pthread_cond_destroy(&desk->something);
    pthread_mutex_destroy(&desk->lock);
    free(desk->profile);
    free(desk->metric);
    free(desk);
}

const muster_metric *const *mu_desk_metrics(const mu_desk *desk, uint32_t *out_count) {
    *out_count = desk->metric_count;
    return desk->metric;
}

const mu_extension *mu_desk_extension(const mu_desk *desk) {
    return &desk->extension;
}

/* ---- time passes ----------------------------------------------------------------------- */

static void give_back(void *user) {
    muster_roads_free(user);
}

/* The same roads as before are the same handle: it cannot be another's, for the service has it. */
static muster_status renew_roads(mu_desk *desk) {
    muster_roads *roads;
    muster_status status = muster_session_roads(&roads, desk->session);
    if (status != MUSTER_OK) return status;
    const muster_metric **metric =
        roads == desk->roads ? NULL : calloc(desk->metric_count, sizeof(muster_metric *));
    if (!metric) {
        muster_roads_free(roads);
        return MUSTER_OK; /* or there is no memory, and the next tick tries again */
    }
    for (uint32_t m = 0; m < desk->metric_count; ++m) {
        metric[m] = muster_roads_metric(roads, desk->profile[m]);
    }
    status = mu_service_borrow_metrics(desk->service, metric, (mu_lender){roads, give_back});
    if (status == MUSTER_OK) desk->roads = roads;
    free(metric);
    return status;
}

/* False: it is to end. */
static bool wait_for_tick(mu_desk *desk) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += TICK_MS / 1000;
    pthread_mutex_lock(&desk->lock);
    int result = 0;
    while (!desk->are_roads_new && !desk->is_stopping && result == 0) {
        result = pthread_cond_timedwait(&desk->something, &desk->lock, &until);
    }
    desk->are_roads_new = false;
    const bool goes_on  = !desk->is_stopping;
    pthread_mutex_unlock(&desk->lock);
    return goes_on;
}

/* What fails is the session's trouble, which the health tells, and is tried again with the next tick. */
static void *tick(void *user) {
    mu_desk *desk = user;
    do {
        (void)muster_session_tick(desk->session, mu_desk_now_ms(), NULL);
        (void)renew_roads(desk);
    } while (wait_for_tick(desk));
    return NULL;
}

void mu_desk_look_at_roads(mu_desk *desk) {
    pthread_mutex_lock(&desk->lock);
    desk->are_roads_new = true;
    pthread_cond_signal(&desk->something);
    pthread_mutex_unlock(&desk->lock);
}

/* ---- news ------------------------------------------------------------------------------ */

static void *hear(void *user) {
    mu_desk *desk = user;
    uint64_t last = muster_session_get_state(desk->session).sequence;
    while (!desk->is_deaf) {
        muster_news        *news;
        uint32_t            count = 0;
        const muster_status status =
            muster_session_news(&news, desk->session, last, HEAR_MOST, HEAR_MS, &count);
        if (status == MUSTER_OK && count > 0) {
            last = muster_news_sequence(news, count - 1);
            mu_service_wake_streams(desk->service);
        }
        muster_news_free(news);
        if (status != MUSTER_OK) nanosleep(&(struct timespec){0, HEAR_MS * 1000000L}, NULL);
    }
    return NULL;
}

/* ---- threads --------------------------------------------------------------------------- */

muster_status mu_desk_start(mu_desk *desk, mu_service *service) {
    desk->service              = service;
    const muster_status status = renew_roads(desk); /* what was closed before is closed at once */
    if (status != MUSTER_OK) return status;
    desk->has_ticker = pthread_create(&desk->ticker, NULL, tick, desk) == 0;
    desk->has_herald = desk->has_ticker && pthread_create(&desk->herald, NULL, hear, desk) == 0;
    if (desk->has_herald) return MUSTER_OK;
    mu_desk_stop(desk);
    return muster_fail(MUSTER_E_NOMEM, "the threads of the desk cannot be started");
}

void mu_desk_stop(mu_desk *desk) {
    if (!desk) return;
    __atomic_store_n(&desk->is_cancelled, 1, __ATOMIC_RELEASE);
    pthread_mutex_lock(&desk->lock);
    desk->is_stopping = true;
    pthread_cond_signal(&desk->something);
    pthread_mutex_unlock(&desk->lock);
    desk->is_deaf = true;
    if (desk->has_ticker) pthread_join(desk->ticker, NULL);
    if (desk->has_herald) pthread_join(desk->herald, NULL);
    desk->has_ticker = desk->has_herald = false;
}
