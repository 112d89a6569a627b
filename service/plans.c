/* Plans: POST /v1/plan makes one, GET /v1/plan has the last, POST /v1/plan/{id}/commit makes orders of
 * one, and GET /v1/explain says why the last one is as it is. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <muster/why.h>

#include "service/body.h"
#include "service/desk_state.h"
#include "service/members.h"
#include "service/plan_text.h"

extern const char mu_api_plan_make[], mu_api_plan_last[], mu_api_commit[], mu_api_explain[];

enum { LEAST_LIMIT_MS = 10, MOST_LIMIT_MS = 30000, USUAL_LIMIT_MS = 2000 };

/* Of sentences; the description has made sure that it is one. */
static muster_language language_of(const mu_request *request) {
    const char *name = mu_request_option(request, "language");
    return name ? muster_language_from_name(name) : MUSTER_ENGLISH;
}

/* ---- making ---------------------------------------------------------------------------- */

static bool refuse_member(mu_reply *reply, const char *name, const char *expected) {
    return mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "InvalidBody",
                           "the body, member \"%s\", is wrong; expected %s", name, expected);
}

static bool read_wish(muster_solve_options *options, muster_replan *mode, const json_t *body,
                      mu_reply *reply) {
    const json_t *limit    = json_object_get(body, "time_limit_ms");
    const json_t *name     = json_object_get(body, "mode");
    const char   *word     = json_string_value(name);
    options->time_limit_ms = USUAL_LIMIT_MS;
    *mode                  = MUSTER_REPLAN_IMPROVE;
    if (limit) {
        const json_int_t value = json_is_integer(limit) ? json_integer_value(limit) : 0;
        if (value < LEAST_LIMIT_MS || value > MOST_LIMIT_MS) {
            return refuse_member(reply, "time_limit_ms", "milliseconds from 10 to 30000");
        }
        options->time_limit_ms = (uint32_t)value;
    }
    if (name) *mode = word ? muster_replan_from_name(word) : MUSTER_REPLAN_COUNT;
    return *mode != MUSTER_REPLAN_COUNT || refuse_member(reply, "mode", "keep or improve");
}

static muster_status make(mu_kept_plan **out, mu_desk *desk, muster_solve_options *options,
                          muster_replan mode) {
    muster_session_plan *plan;
    options->cancel = &desk->is_cancelled;
    muster_status status =
        muster_session_plan_make(&plan, desk->session, mu_desk_now_ms(), options, mode);
    if (status != MUSTER_OK) return status;
    ++desk->plans;
    return mu_shelf_put(out, &desk->shelf, plan);
}

static void answer_make(const mu_request *request, mu_reply *reply) {
    static const char *const KNOWN[] = {"time_limit_ms", "mode", NULL};
    mu_desk                 *desk    = request->desk;
    muster_solve_options     options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_replan            mode;
    mu_kept_plan            *kept = NULL;
    json_t                  *body = mu_body_read(request, KNOWN, reply);
    if (body && read_wish(&options, &mode, body, reply)) {
        const muster_status status = make(&kept, desk, &options, mode);
        if (status == MUSTER_OK) {
            mu_plan_write(&reply->body, kept, language_of(request));
        } else {
            mu_desk_refuse(reply, status);
        }
    }
    mu_shelf_let_go(&desk->shelf, kept);
    json_decref(body);
}

/* ---- the last -------------------------------------------------------------------------- */

/* NULL after refusing. */
static mu_kept_plan *find(mu_desk *desk, const char *id, mu_reply *reply) {
    mu_kept_plan *kept = mu_shelf_hold(&desk->shelf, id);
    if (kept) return kept;
    if (id) {
        mu_reply_refuse(reply, MU_STATUS_NOT_FOUND, "NoPlan",
                        "there is no plan \"%.60s\"; expected one of the last %d since the service "
                        "was started, for plans do not survive that: what was ordered is in "
                        "/v1/orders, and POST /v1/plan makes a new one",
                        id, MU_SHELF_PLANS);
    } else {
        mu_reply_refuse(reply, MU_STATUS_NOT_FOUND, "NoPlan",
                        "no plan has been made since the service was started, and plans do not "
                        "survive that; POST /v1/plan makes one");
    }
    return NULL;
}

static void answer_last(const mu_request *request, mu_reply *reply) {
    mu_desk      *desk = request->desk;
    mu_kept_plan *kept = find(desk, NULL, reply);
    if (kept) mu_plan_write(&reply->body, kept, language_of(request));
    mu_shelf_let_go(&desk->shelf, kept);
}

/* ---- committing ------------------------------------------------------------------------ */

/* A member that is a text; NULL where it is absent. False after refusing. */
static bool read_text(const char **out, const json_t *body, const char *name, mu_reply *reply) {
    const json_t *value = json_object_get(body, name);
    *out                = json_string_value(value);
    return !value || *out || refuse_member(reply, name, "a text");
}

/* The key of the header counts as the id, for clients that draw one for every request. */
static bool read_commit(muster_commit *commit, const mu_request *request, const json_t *body,
                        mu_reply *reply) {
    if (!read_text(&commit->id, body, "id", reply) ||
        !read_text(&commit->author, body, "author", reply) ||
        !read_text(&commit->authority, body, "authority", reply)) {
        return false;
    }
    if (!commit->id) commit->id = request->idempotency_key;
    if (!commit->author) commit->author = mu_desk_author(request);
    commit->now_ms = mu_desk_now_ms();
    return commit->id || refuse_member(reply, "id",
                                       "1 to 64 bytes of visible ASCII, there or as "
                                       "Idempotency-Key of the header");
}

static void write_skipped(mu_text *text, const muster_skipped *s) {
    mu_next(text);
    mu_text_add(text, "{");
    mu_member_number(text, "assignment", s->assignment);
    mu_member_string(text, "skip", muster_skip_name((muster_skip)s->skip));
    mu_member_string(text, "message", s->message);
    mu_text_add(text, "}");
}

static void write_committed(mu_text *text, const muster_committed *done) {
    uint32_t count;
    mu_text_format(text, "{\"code\":\"Ok\",\"sequence\":%" PRIu64 ",\"orders\":[",
                   muster_committed_sequence(done));
    const muster_order *order = muster_committed_orders(done, &count);
    for (uint32_t i = 0; i < count; ++i) mu_order_write(text, &order[i]);
    mu_text_add(text, "],\"cancelled\":[");
    const uint64_t *cancelled = muster_committed_cancelled(done, &count);
    for (uint32_t i = 0; i < count; ++i) {
        mu_next(text);
        mu_text_format(text, "%" PRIu64, cancelled[i]);
    }
    mu_text_add(text, "],\"skipped\":[");
    const muster_skipped *skipped = muster_committed_skipped(done, &count);
    for (uint32_t i = 0; i < count; ++i) write_skipped(text, &skipped[i]);
    mu_text_add(text, "]}");
}

static void answer_commit(const mu_request *request, mu_reply *reply) {
    static const char *const KNOWN[] = {"id", "author", "authority", NULL};
    mu_desk                 *desk    = request->desk;
    muster_commit            commit  = MUSTER_COMMIT_INIT;
    mu_kept_plan            *kept    = find(desk, mu_request_part(request, "id"), reply);
    json_t                  *body    = kept ? mu_body_read(request, KNOWN, reply) : NULL;
    if (body && read_commit(&commit, request, body, reply)) {
        muster_committed   *done = NULL;
        const muster_status status =
            muster_session_commit(&done, desk->session, kept->plan, &commit);
        if (status == MUSTER_OK) {
            ++desk->commits;
            write_committed(&reply->body, done);
        } else {
            mu_desk_refuse(reply, status);
        }
        muster_committed_free(done);
    }
    json_decref(body);
    mu_shelf_let_go(&desk->shelf, kept);
}

/* ---- explaining ------------------------------------------------------------------------ */

static muster_status write_why(mu_text *text, const muster_problem *p,
                               const muster_reasons *reasons, uint32_t need,
                               muster_language language) {
    muster_why         *why;
    const muster_status status = muster_why_new(&why, reasons, need);
    if (status != MUSTER_OK) return status;
    mu_next(text);
    mu_text_add(text, "{");
    mu_member_string(text, "need", p->kind[p->need[need].kind].code);
    mu_member_number(text, "missing", muster_why_shortage(why)->missing);
    mu_member_string(text, "why_unmet", muster_why_text_in(why, MUSTER_WHY_UNMET, language));
    mu_member_string(text, "why_not_nearest",
                     muster_why_text_in(why, MUSTER_WHY_NOT_NEAREST, language));
    mu_member_string(text, "what_would_help",
                     muster_why_text_in(why, MUSTER_WHAT_WOULD_HELP, language));
    mu_text_add(text, "}");
    muster_why_free(why);
    return MUSTER_OK;
}

static muster_status write_needs(mu_text *text, const muster_plan *plan, muster_reasons *reasons,
                                 const muster_problem *p, uint32_t incident,
                                 muster_language language) {
    uint32_t            count;
    const muster_unmet *unmet  = muster_plan_unmet(plan, &count);
    muster_status       status = muster_reasons_tell(reasons, count, unmet);
    for (uint32_t n = 0; n < p->need_count && status == MUSTER_OK; ++n) {
        if (p->need[n].incident == incident) status = write_why(text, p, reasons, n, language);
    }
    return status;
}

static muster_status write_reasons(mu_text *text, const mu_kept_plan *kept, uint32_t incident,
                                   muster_language language) {
    const muster_problem    *p    = muster_session_plan_problem(kept->plan);
    const muster_plan       *plan = muster_session_plan_plan(kept->plan);
    muster_reasons          *reasons;
    uint32_t                 sent, trips;
    const muster_assignment *assignment = muster_plan_assignments(plan, &sent);
    const muster_shipment   *shipment   = muster_plan_shipments(plan, &trips);
    muster_status status = muster_reasons_new(&reasons, p, sent, assignment, trips, shipment, 1);
    mu_text_add(text, "{\"code\":\"Ok\"");
    mu_member_string(text, "plan", kept->id);
    mu_member_string(text, "incident", p->incident[incident].code);
    mu_member(text, "needs");
    mu_text_add(text, "[");
    if (status == MUSTER_OK) status = write_needs(text, plan, reasons, p, incident, language);
    mu_text_add(text, "]}");
    muster_reasons_free(reasons);
    return status;
}

static void explain(const mu_kept_plan *kept, const char *code, muster_language language,
                    mu_reply *reply) {
    const muster_problem *p = muster_session_plan_problem(kept->plan);
    uint32_t              i = 0;
    while (i < p->incident_count && strcmp(p->incident[i].code, code) != 0) ++i;
    if (i == p->incident_count) {
        mu_reply_refuse(reply, MU_STATUS_NOT_FOUND, "NotFound",
                        "the last plan has no incident \"%.200s\"; expected one that was open, and "
                        "asked for something",
                        code);
        return;
    }
    const muster_status status = write_reasons(&reply->body, kept, i, language);
    if (status != MUSTER_OK) mu_reply_refuse_status(reply, status);
}

static void answer_explain(const mu_request *request, mu_reply *reply) {
    mu_desk      *desk = request->desk;
    const char   *code = mu_request_option(request, "incident");
    mu_kept_plan *kept = NULL;
    if (!code) {
        mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "InvalidOptions",
                        "no incident is given; expected incident=CODE");
        return;
    }
    kept = find(desk, NULL, reply);
    if (kept) explain(kept, code, language_of(request), reply);
    mu_shelf_let_go(&desk->shelf, kept);
}

/* ---- the list -------------------------------------------------------------------------- */

static bool always(const mu_request *request) {
    (void)request;
    return true;
}

const mu_resource mu_resource_plan_make = {
    .name        = "plan_make",
    .method      = "POST",
    .path        = "/v1/plan",
    .needs       = MU_ROLE_DISPATCH,
    .takes_body  = true,
    .description = mu_api_plan_make,
    .is_slow     = true,
    .answer      = answer_make,
};

const mu_resource mu_resource_plan_last = {
    .name        = "plan_last",
    .method      = "GET",
    .path        = "/v1/plan",
    .needs       = MU_ROLE_READ,
    .description = mu_api_plan_last,
    .is_long     = always,
    .answer      = answer_last,
};

const mu_resource mu_resource_commit = {
    .name        = "commit",
    .method      = "POST",
    .path        = "/v1/plan/{id}/commit",
    .needs       = MU_ROLE_DISPATCH,
    .takes_body  = true,
    .description = mu_api_commit,
    .is_long     = always,
    .answer      = answer_commit,
};

const mu_resource mu_resource_explain = {
    .name        = "explain",
    .method      = "GET",
    .path        = "/v1/explain",
    .needs       = MU_ROLE_READ,
    .description = mu_api_explain,
    .is_slow     = true,
    .answer      = answer_explain,
};
