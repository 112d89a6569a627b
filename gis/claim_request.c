#include "gis/claim_request.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "gis/utf8.h"

static const int64_t QUANTITY_MOST = 1000000000;

/* ---- ids ----------------------------------------------------------------------------- */

/* A UUID of version 4: random but for six bits (RFC 4122, section 4.4). */
muster_status muster_request_draw(char out[MUSTER_REQUEST_BYTES]) {
    unsigned char b[16];
    out[0] = 0;
    if (getrandom(b, sizeof b, 0) != (ssize_t)sizeof b) {
        return muster_fail(MUSTER_E_IO, "the system has no random numbers");
    }
    b[6] = (unsigned char)((b[6] & 0x0F) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3F) | 0x80);
    for (int i = 0, at = 0; i < 16; ++i) {
        const bool is_start = i == 4 || i == 6 || i == 8 || i == 10;
        at += snprintf(out + at, 4, is_start ? "-%02x" : "%02x", b[i]);
    }
    return MUSTER_OK;
}

static muster_status check_request(const char *request) {
    bool is_ok = request && strlen(request) == MUSTER_REQUEST_BYTES - 1;
    for (int i = 0; is_ok && i < MUSTER_REQUEST_BYTES - 1; ++i) {
        const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        is_ok              = is_dash ? request[i] == '-' : isxdigit((unsigned char)request[i]) != 0;
    }
    if (is_ok) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "request \"%.64s\"; expected a UUID",
                       request ? request : "");
}

/* ---- checks -------------------------------------------------------------------------- */

muster_status mu_claim_request_check_text(const char *what, const char *text) {
    bool is_ok = text && *text && mu_is_utf8(text, strlen(text));
    for (const char *at = text; is_ok && *at; ++at) is_ok = (unsigned char)*at >= 0x20;
    if (is_ok) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "%s \"%.64s\"; expected UTF-8 on one line, not empty",
                       what, text ? text : "");
}

static muster_status check_optional_text(uint32_t line, const char *what, const char *text) {
    if (!text || mu_claim_request_check_text(what, text) == MUSTER_OK) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "line %u: %s \"%.64s\"; expected UTF-8 on one line, not empty", line, what,
                       text);
}

static muster_status check_token(const mu_claimant *who) {
    if (who->token > 0) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "dispatcher \"%s\" has not taken over yet", who->code);
}

static muster_status check_line(const muster_claim_plan *plan, uint32_t i) {
    const muster_claim_line *l = &plan->line[i];
    if (l->resource >= MUSTER_RESOURCE_COUNT) {
        return muster_fail(MUSTER_E_INVALID, "line %u: resource %u; expected 0 to %d", i,
                           l->resource, MUSTER_RESOURCE_COUNT - 1);
    }
    if (!l->code) return muster_fail(MUSTER_E_INVALID, "line %u: no code", i);
    MU_TRY(check_optional_text(i, "code", l->code));
    MU_TRY(check_optional_text(i, "kind", l->kind));
    MU_TRY(check_optional_text(i, "incident", l->incident));
    MU_TRY(check_optional_text(i, "need", l->need));
    MU_TRY(check_optional_text(i, "vehicle", l->vehicle));
    if ((l->resource == MUSTER_ITEM) != (l->kind != NULL)) {
        return muster_fail(MUSTER_E_INVALID,
                           "line %u: kind \"%.64s\" of %s \"%.64s\"; expected one "
                           "for items, none for others",
                           i, l->kind ? l->kind : "", muster_resource_name(l->resource), l->code);
    }
    if (l->incident && !plan->scenario && !plan->by_code) {
        return muster_fail(MUSTER_E_INVALID, "line %u: incident \"%.64s\" of no scenario", i,
                           l->incident);
    }
    if (l->quantity < 1 || l->quantity > QUANTITY_MOST) {
        return muster_fail(MUSTER_E_INVALID, "line %u: quantity %lld; expected 1 to %lld", i,
                           (long long)l->quantity, (long long)QUANTITY_MOST);
    }
    if (!isfinite(l->distance_m)) {
        return muster_fail(MUSTER_E_INVALID, "line %u: distance %f m; expected a finite number", i,
                           l->distance_m);
    }
    return MUSTER_OK;
}

static muster_status check_plan(const muster_claim_plan *plan) {
    if (plan && plan->struct_size != sizeof *plan) {
        return muster_fail(MUSTER_E_INVALID, "a plan with struct_size %zu; expected %zu",
                           plan->struct_size, sizeof *plan);
    }
    if (!plan || plan->line_count == 0) {
        return muster_fail(MUSTER_E_INVALID, "a plan without lines; expected one or more");
    }
    if (plan->scenario) MU_TRY(mu_claim_request_check_text("scenario", plan->scenario));
    for (uint32_t i = 0; i < plan->line_count; ++i) MU_TRY(check_line(plan, i));
    return MUSTER_OK;
}

/* ---- documents ----------------------------------------------------------------------- */

static void begin(mu_json *j, const mu_claimant *who, const char *request) {
    mu_json_open(j, NULL, '{');
    mu_json_string(j, "request", request);
    mu_json_string(j, "dispatcher", who->code);
    if (who->token > 0) mu_json_int(j, "token", who->token);
}

static muster_status end(mu_json *j) {
    mu_json_close(j, '}');
    return mu_json_end(j);
}

static void write_claims(mu_json *j, const char *key, uint32_t count, const int64_t *claim) {
    mu_json_open(j, key, '[');
    for (uint32_t i = 0; i < count; ++i) mu_json_int(j, NULL, claim[i]);
    mu_json_close(j, ']');
}

static void write_line(mu_json *j, const muster_claim_line *l) {
    mu_json_open(j, NULL, '{');
    mu_json_string(j, "resource", muster_resource_name(l->resource));
    mu_json_string(j, "code", l->code);
    mu_json_string(j, "kind", l->kind);
    mu_json_string(j, "incident", l->incident);
    mu_json_string(j, "need", l->need);
    mu_json_int(j, "quantity", l->quantity);
    mu_json_string(j, "vehicle", l->vehicle);
    if (l->depart_ms != MUSTER_NONE) mu_json_int(j, "depart_ms", l->depart_ms);
    if (l->eta_ms != MUSTER_NONE) mu_json_int(j, "eta_ms", l->eta_ms);
    if (l->distance_m >= 0) mu_json_real(j, "distance_m", l->distance_m);
    mu_json_close(j, '}');
}

/* "reserve" and "reserve_bound" for each tier. */
static void write_quality(mu_json *j, const muster_plan *plan) {
    mu_json_string(j, "outcome",
                   muster_plan_outcome(plan) == MUSTER_OPTIMAL ? "optimal" : "feasible");
    for (int t = 0; t < MUSTER_TIER_COUNT; ++t) {
        const muster_tier_result result = muster_plan_tier(plan, (muster_tier)t);
        const char              *name   = muster_tier_name((muster_tier)t);
        char                     bound[32];
        snprintf(bound, sizeof bound, "%s_bound", name);
        mu_json_int(j, name, result.value);
        mu_json_int(j, bound, result.bound);
    }
}

muster_status mu_claim_request_commit(mu_json *json, const mu_claimant *who, const char *request,
                                      const muster_claim_plan *plan) {
    MU_TRY(check_token(who));
    MU_TRY(check_request(request));
    MU_TRY(check_plan(plan));
    begin(json, who, request);
    mu_json_string(json, "scenario", plan->scenario);
    if (plan->by_code) mu_json_int(json, "by_code", 1);
    if (plan->made_at_ms != 0) mu_json_int(json, "made_at_ms", plan->made_at_ms);
    if (plan->plan) write_quality(json, plan->plan);
    write_claims(json, "release", plan->release_count, plan->release);
    mu_json_open(json, "lines", '[');
    for (uint32_t i = 0; i < plan->line_count; ++i) write_line(json, &plan->line[i]);
    mu_json_close(json, ']');
    return end(json);
}

muster_status mu_claim_request_use(mu_json *json, const mu_claimant *who, const char *request,
                                   uint32_t claim_count, const int64_t *claim) {
    MU_TRY(check_token(who));
    MU_TRY(check_request(request));
    begin(json, who, request);
    write_claims(json, "used", claim_count, claim);
    return end(json);
}

muster_status mu_claim_request_release(mu_json *json, const mu_claimant *who, const char *request,
                                       uint32_t claim_count, const int64_t *claim) {
    MU_TRY(check_token(who));
    MU_TRY(check_request(request));
    begin(json, who, request);
    write_claims(json, "release", claim_count, claim);
    return end(json);
}

muster_status mu_claim_request_state(mu_json *json, const mu_claimant *who, int64_t order,
                                     const char *state) {
    MU_TRY(check_token(who));
    MU_TRY(mu_claim_request_check_text("state", state));
    begin(json, who, NULL);
    mu_json_int(json, "order", order);
    mu_json_string(json, "state", state);
    return end(json);
}

muster_status mu_claim_request_take_over(mu_json *json, const mu_claimant *who,
                                         const char *holder) {
    begin(json, who, NULL);
    mu_json_string(json, "holder", holder);
    return end(json);
}
