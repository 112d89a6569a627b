/* How the service is: /v1/health for who asks whether it can be used, /v1/health/live for who asks
 * whether it has to be restarted, /metrics for Prometheus, and /v1/openapi.json. */
#include <inttypes.h>

#include "service/clock.h"
#include "service/resources.h"
#include "service/state.h"

extern const char mu_api_health[], mu_api_live[], mu_api_metrics[], mu_api_openapi[];

/* ---- health ---------------------------------------------------------------------------- */

static void write_profiles(mu_text *text, const mu_service *s) {
    for (uint32_t i = 0; i < s->profile_count; ++i) {
        if (i > 0) mu_text_add(text, ",");
        mu_text_string(text, s->profile[i]);
    }
}

/* It answers while it is stopping, or has lost what it stands on, so that a proxy learns to ask
 * elsewhere. */
static void write_verdict(const mu_service *s, mu_reply *reply) {
    const char *lost    = s->extension ? s->extension->why_lost(s->extension->user) : NULL;
    const char *code    = "Ok";
    const char *message = "it answers";
    if (s->is_stopping) {
        code    = "Stopping";
        message = "it finishes what is in flight, and stops; ask another";
    } else if (lost) {
        code    = "JournalLost";
        message = lost;
    }
    reply->status = s->is_stopping || lost ? MU_STATUS_BUSY : MU_STATUS_OK;
    mu_text_format(&reply->body, "{\"code\":\"%s\",\"message\":\"%s\",\"version\":", code, message);
}

static void answer_health(const mu_request *request, mu_reply *reply) {
    mu_service                *s    = request->service;
    const muster_network_data *view = muster_network_view(request->roads->network);
    mu_text                   *text = &reply->body;
    write_verdict(s, reply);
    mu_text_string(text, muster_version());
    mu_text_format(text,
                   ",\"uptime_s\":%" PRId64 ",\"nodes\":%" PRIu32 ",\"edges\":%" PRIu32
                   ",\"roads_version\":%" PRIu64 ",\"profiles\":[",
                   (mu_clock_ms() - s->started_ms) / 1000, view->node_count, view->edge_count,
                   s->board.version);
    write_profiles(text, s);
    mu_text_add(text, "]");
    if (s->extension) s->extension->write_health(s->extension->user, text);
    mu_text_add(text, "}");
}

static void answer_live(const mu_request *request, mu_reply *reply) {
    (void)request;
    mu_text_add(&reply->body, "{\"code\":\"Ok\",\"message\":\"it is alive\"}");
}

/* ---- metrics --------------------------------------------------------------------------- */

static void write_one(mu_text *text, const char *name, const char *type, const char *about,
                      uint64_t value) {
    mu_text_format(text, "# HELP %s %s\n# TYPE %s %s\n%s %" PRIu64 "\n", name, about, name, type,
                   name, value);
}

static void write_connections(mu_text *text, mu_connections *all) {
    static const char *const REFUSED[] = {"", "all", "address"};
    static const char *const PHASE[]   = {"", "", "header", "body", "request", "idle", ""};
    write_one(text, "muster_http_connections", "gauge", "Connections that are open.",
              mu_connections_count(all));
    mu_text_add(text, "# HELP muster_http_connections_refused_total Connections that were turned "
                      "away, by the limit they met.\n"
                      "# TYPE muster_http_connections_refused_total counter\n");
    for (int r = MU_REFUSED_ALL; r < MU_REFUSAL_COUNT; ++r) {
        mu_text_format(text, "muster_http_connections_refused_total{limit=\"%s\"} %" PRIu64 "\n",
                       REFUSED[r], all->refused[r]);
    }
    mu_text_add(text, "# HELP muster_http_connections_expired_total Connections that took too long "
                      "over something.\n"
                      "# TYPE muster_http_connections_expired_total counter\n");
    for (int p = MU_PHASE_HEADER; p <= MU_PHASE_IDLE; ++p) {
        mu_text_format(text, "muster_http_connections_expired_total{over=\"%s\"} %" PRIu64 "\n",
                       PHASE[p], all->expired[p]);
    }
}

static void answer_metrics(const mu_request *request, mu_reply *reply) {
    mu_service *s       = request->service;
    mu_text    *text    = &reply->body;
    reply->content_type = "text/plain; version=0.0.4; charset=utf-8";
    mu_counters_write(&s->counters, text);
    write_connections(text, &s->connections);
    write_one(text, "muster_http_streams", "gauge", "Answers that go on: of news.",
              s->streams.count);
    if (s->extension) s->extension->write_metrics(s->extension->user, text);
    write_one(text, "muster_roads_replaced_total", "counter",
              "How often roads were closed or opened for all requests.", s->board.version);
    write_one(text, "muster_uptime_seconds", "gauge", "Time since the service was started.",
              (uint64_t)(mu_clock_ms() - s->started_ms) / 1000);
    mu_text_format(text,
                   "# HELP muster_build_info Which muster this is.\n"
                   "# TYPE muster_build_info gauge\n"
                   "muster_build_info{version=\"%s\"} 1\n",
                   muster_version());
}

/* ---- the document ---------------------------------------------------------------------- */

static void answer_openapi(const mu_request *request, mu_reply *reply) {
    mu_text_add(&reply->body, mu_description_text(request->service->description));
}

const mu_resource mu_resource_health = {
    .name        = "health",
    .method      = "GET",
    .path        = "/v1/health",
    .needs       = MU_ROLE_ANYBODY,
    .description = mu_api_health,
    .answer      = answer_health,
};

const mu_resource mu_resource_live = {
    .name        = "live",
    .method      = "GET",
    .path        = "/v1/health/live",
    .needs       = MU_ROLE_ANYBODY,
    .description = mu_api_live,
    .answer      = answer_live,
};

const mu_resource mu_resource_metrics = {
    .name        = "metrics",
    .method      = "GET",
    .path        = "/metrics",
    .needs       = MU_ROLE_READ,
    .description = mu_api_metrics,
    .answer      = answer_metrics,
};

const mu_resource mu_resource_openapi = {
    .name        = "openapi",
    .method      = "GET",
    .path        = "/v1/openapi.json",
    .needs       = MU_ROLE_READ,
    .description = mu_api_openapi,
    .answer      = answer_openapi,
};
