/* See service.h. What belongs together is started from the bottom up and stopped from the top down: a
 * connection comes in by the acceptor, is watched, is served by a talker, who may give work to a worker,
 * who searches the roads. */
#include "service/service.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "service/clock.h"
#include "service/http.h"
#include "service/json_memory.h"
#include "service/state.h"

/* What clients of OSRM call the profile that there is. */
static const char *const USUAL_NAMES[] = {"driving", "car"};

/* Beside connections: sockets that are listened to, pipes of threads, a database. */
enum { OTHER_DESCRIPTORS = 64 };
/* So many heartbeats go by before a stream counts as one that nobody reads. */
enum { BEATS_A_DEADLINE = 4 };
enum { USUAL_COUNT = sizeof USUAL_NAMES / sizeof *USUAL_NAMES };

/* ---- profiles -------------------------------------------------------------------------- */

static bool has_profile(const mu_service *s, const char *name) {
    uint32_t i = 0;
    while (i < s->profile_count && s->profile[i] && strcmp(s->profile[i], name) != 0) ++i;
    return i < s->profile_count;
}

static void add_profile(mu_service *s, const char *name, uint32_t metric) {
    if (has_profile(s, name)) return;
    s->profile[s->profile_count]          = name;
    s->profile_metric[s->profile_count++] = metric;
}

static muster_status take_metrics(mu_service *s, const mu_service_options *o) {
    const size_t most = (size_t)o->metric_count + USUAL_COUNT;
    if (o->metric_count == 0) {
        return muster_fail(MUSTER_E_INVALID, "there is no profile to serve; expected one or more");
    }
    s->metric_count   = o->metric_count;
    s->before         = calloc(o->metric_count, sizeof(muster_metric *));
    s->profile        = calloc(most, sizeof(char *));
    s->profile_metric = calloc(most, sizeof *s->profile_metric);
    if (!s->before || !s->profile || !s->profile_metric) {
        return muster_fail(MUSTER_E_NOMEM, "out of memory for %u profiles", o->metric_count);
    }
    for (uint32_t m = 0; m < o->metric_count; ++m) {
        s->before[m] = o->metric[m];
        add_profile(s, muster_metric_profile_name(o->metric[m]), m);
    }
    for (int i = 0; i < USUAL_COUNT; ++i) add_profile(s, USUAL_NAMES[i], 0);
    return MUSTER_OK;
}

/* ---- starting -------------------------------------------------------------------------- */

static uint32_t core_count(void) {
    const long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 && count < 256 ? (uint32_t)count : 1;
}

static muster_status take_options(mu_service *s, const mu_service_options *o) {
    s->limits = o->limits;
    if (s->limits.talkers == 0) s->limits.talkers = core_count();
    if (s->limits.workers == 0) s->limits.workers = core_count();
    s->slot_count = s->limits.talkers + s->limits.workers + 1;
    s->extension  = o->extension;
    s->started_ms = mu_clock_ms();
    s->guard      = (mu_guard){.limits       = &s->limits,
                               .tokens       = &s->tokens,
                               .host         = o->host,
                               .host_count   = o->host_count,
                               .origin       = o->origin,
                               .origin_count = o->origin_count,
                               .needs_token  = o->needs_token};
    if (!o->tokens && (o->needs_token || o->may_be_far)) {
        return muster_fail(MUSTER_E_INVALID,
                           "there are no tokens; expected --tokens FILE where other machines may "
                           "ask, or where reading needs one");
    }
    return o->tokens ? mu_tokens_read(&s->tokens, o->tokens) : MUSTER_OK;
}

/* Descriptors for all connections: as many as the system lets us have. */
static muster_status make_room(const mu_service *s) {
    const rlim_t  needed = (rlim_t)s->limits.connections + OTHER_DESCRIPTORS;
    struct rlimit room;
    if (getrlimit(RLIMIT_NOFILE, &room) != 0 || room.rlim_cur >= needed) return MUSTER_OK;
    room.rlim_cur = needed < room.rlim_max ? needed : room.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &room) == 0 && room.rlim_cur >= needed) return MUSTER_OK;
    return muster_fail(
        MUSTER_E_INVALID,
        "%u connections take %llu descriptors, and the system lets this process have "
        "%llu; expected a smaller --max-connections, or a larger limit (ulimit -n)",
        s->limits.connections, (unsigned long long)needed, (unsigned long long)room.rlim_max);
}

static muster_status list_resources(mu_service *s) {
    uint32_t                  count;
    const mu_resource *const *usual   = mu_resources_list(&count);
    const uint32_t            further = s->extension ? s->extension->resource_count : 0;
    s->resource                       = calloc((size_t)count + further, sizeof(mu_resource *));
    if (!s->resource) return muster_fail(MUSTER_E_NOMEM, "out of memory for a list of resources");
    for (uint32_t i = 0; i < count; ++i) s->resource[s->resource_count++] = usual[i];
    for (uint32_t i = 0; i < further; ++i) {
        s->resource[s->resource_count++] = s->extension->resource[i];
    }
    return MUSTER_OK;
}

static muster_status describe(mu_service *s) {
    muster_status status = list_resources(s);
    if (status != MUSTER_OK) return status;
    status = mu_description_new(&s->description, s->resource, s->resource_count, s->profile,
                                s->profile_count);
    if (status == MUSTER_OK) status = mu_counters_init(&s->counters, s->resource_count + 1);
    if (status != MUSTER_OK) return status;
    for (uint32_t i = 0; i < s->resource_count; ++i) s->counters.name[i] = s->resource[i]->name;
    s->counters.name[s->resource_count] = "none";
    return MUSTER_OK;
}

static muster_status lay_roads(mu_service *s) {
    mu_roads           *roads;
    const muster_status status =
        mu_roads_take(&roads, s->metric_count, s->before, NULL, s->slot_count);
    return status == MUSTER_OK ? mu_road_board_init(&s->board, roads, s->slot_count) : status;
}

static void tick(void *user) {
    mu_service *s = user;
    mu_road_board_sweep(&s->board);
    mu_streams_beat(&s->streams);
}

static muster_status check_reach(const mu_service *s) {
    if (!mu_acceptor_is_far(&s->acceptor) || s->tokens.count > 0) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "other machines reach this service; expected --tokens FILE");
}

static muster_status start_threads(mu_service *s) {
    mu_streams_init(&s->streams, s->limits.request_ms / BEATS_A_DEADLINE);
    muster_status status = mu_connections_start(&s->connections, &s->limits, tick, s);
    if (status == MUSTER_OK) status = mu_workers_start(&s->workers, s->limits.workers);
    if (status == MUSTER_OK) status = mu_workers_start(&s->slow, 1);
    if (status == MUSTER_OK) status = mu_http_start(&s->http, s);
    if (status == MUSTER_OK) {
        status = mu_acceptor_start(&s->acceptor, &s->connections, mu_http_take, s->http);
    }
    return status;
}

static muster_status start(mu_service *s, const mu_service_options *o) {
    muster_status status = take_options(s, o);
    if (status == MUSTER_OK) status = take_metrics(s, o);
    if (status == MUSTER_OK) status = describe(s);
    if (status == MUSTER_OK) status = make_room(s);
    if (status == MUSTER_OK) status = lay_roads(s);
    if (status == MUSTER_OK) {
        status = mu_acceptor_open(&s->acceptor, o->listen, o->listen_count, o->may_be_far);
    }
    if (status == MUSTER_OK) status = check_reach(s);
    if (status == MUSTER_OK) status = start_threads(s);
    return status;
}

muster_status mu_service_start(mu_service **out, const mu_service_options *options) {
    mu_service *s = calloc(1, sizeof *s);
    *out          = NULL;
    if (!s) return muster_fail(MUSTER_E_NOMEM, "out of memory for a service");
    mu_json_memory_watch();
    const muster_status status = start(s, options);
    if (status != MUSTER_OK) {
        mu_service_stop(s);
        return status;
    }
    *out = s;
    return MUSTER_OK;
}

/* ---- stopping -------------------------------------------------------------------------- */

/* Who has just connected is about to ask, or will never: he gets this long, as he would on a wire; and so
 * long do the last answers get to leave. */
enum { COMING_MS = 250, LEAVING_MS = 500 };

static void wait_for_requests(mu_service *s, uint32_t time_ms) {
    const struct timespec pause = {0, 5 * 1000000L};
    const int64_t         began = mu_clock_ms();
    for (int64_t waited = 0; waited < time_ms; waited = mu_clock_ms() - began) {
        const bool may_come = waited < COMING_MS && mu_connections_are_coming(&s->connections);
        if (s->counters.in_flight + s->streams.count == 0 && !may_come) return;
        nanosleep(&pause, NULL);
    }
}

void mu_service_stop(mu_service *s) {
    if (!s) return;
    s->is_stopping = true;
    mu_acceptor_stop(&s->acceptor);
    mu_streams_stop(&s->streams);
    if (s->http) wait_for_requests(s, s->limits.stop_ms);
    s->is_out_of_time = true;
    mu_workers_stop(&s->slow);
    mu_workers_stop(&s->workers);
    if (s->http) wait_for_requests(s, LEAVING_MS);
    mu_http_stop(s->http);
    mu_workers_fini(&s->slow);
    mu_workers_fini(&s->workers);
    mu_connections_stop(&s->connections);
    mu_streams_fini(&s->streams);
    mu_road_board_fini(&s->board);
    mu_counters_fini(&s->counters);
    mu_description_free(s->description);
    mu_tokens_free(&s->tokens);
    free(s->resource);
    free(s->before);
    free(s->profile);
    free(s->profile_metric);
    free(s);
}

/* ---- meanwhile ------------------------------------------------------------------------- */

const char *mu_service_address(const mu_service *service, uint32_t index) {
    return service->acceptor.listener[index].name;
}

uint32_t mu_service_address_count(const mu_service *service) {
    return service->acceptor.listener_count;
}

muster_status mu_service_replace_metrics(mu_service *s, muster_metric *const *changed) {
    mu_roads           *roads;
    const muster_status status =
        mu_roads_take(&roads, s->metric_count, s->before, changed, s->slot_count);
    if (status == MUSTER_OK) mu_road_board_replace(&s->board, roads);
    return status;
}

muster_status mu_service_borrow_metrics(mu_service *s, const muster_metric *const *metric,
                                        mu_lender lender) {
    mu_roads           *roads;
    const muster_status status =
        mu_roads_borrow(&roads, s->metric_count, s->before, metric, lender, s->slot_count);
    if (status == MUSTER_OK) mu_road_board_replace(&s->board, roads);
    return status;
}

void mu_service_wake_streams(mu_service *service) {
    mu_streams_wake(&service->streams);
}
