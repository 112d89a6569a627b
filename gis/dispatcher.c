/* One request after the other, each asked until there is an answer.
 *
 * What is asked again is the same document with the same id, byte for byte, so the database can tell
 * that it has answered it already. Of its errors some pass (a lock that was waited for too long, a
 * server that is shutting down): it is asked again. Some are ours to explain (SQLSTATE MU...): they
 * are the answer. Any other may come from a question that was damaged on its way, so it is the
 * answer only if it comes several times, each on a connection of its own. */
#include <muster/claim.h>

#include <string.h>

#include "gis/claim_request.h"
#include "gis/decimal.h"
#include "gis/link.h"
#include "gis/sha256.h"

enum { DEFINITE_ERRORS = 3, MESSAGE_BYTES = 512, COMMIT_COLUMNS = 9 };

typedef enum request_type { NONE, TAKE_OVER, COMMIT, RELEASE, USE, SET_ORDER_STATE } request_type;

struct muster_dispatcher {
    mu_link    *link;
    mu_texts    names;
    const char *code, *holder; /* in names */
    int64_t     token;

    request_type type; /* that is going on */
    bool         is_asked;
    mu_json      document;
    char         sum[MU_SHA256_HEX_BYTES];
    uint32_t     line_count;  /* of a commit */
    uint32_t     error_count; /* that may be definite */

    bool                   has_answer;
    muster_claim_answer    answer;
    muster_claimed        *claimed;
    muster_claim_conflict *conflict;
    mu_texts               texts; /* of the conflicts */
    char                   message[MESSAGE_BYTES];
};

static const char *const QUESTION[] = {
    [TAKE_OVER] = MU_FRAMED("t.token", "take_over($1::json, $2) AS t (token)", "1"),
    [COMMIT] =
        MU_FRAMED("c.position, c.plan, c.claim, c.dispatch_order, c.reason, c.remaining, c.holder, "
                  "(extract(epoch FROM c.since) * 1000)::bigint, c.incident",
                  "commit_plan($1::json, $2) AS c", "c.position"),
    [RELEASE]         = MU_FRAMED("'done'", "release_claims($1::json, $2) AS r", "1"),
    [USE]             = MU_FRAMED("'done'", "release_claims($1::json, $2) AS r", "1"),
    [SET_ORDER_STATE] = MU_FRAMED("'done'", "set_order_state($1::json, $2) AS s", "1"),
};

/* The same, answered the same, but followers are woken by a transaction behind the one that counts:
 * so many dispatchers' can be committed together (migrations/0003_wake_after_commit.sql). An error may
 * come from waking, when all is done; so whoever was told one asks as above. */
static const char        CARRY_OUT[] = "CALL carry_out($1, $2::json, $3, NULL, NULL)";
static const char *const FUNCTION[]  = {[COMMIT]          = "commit_plan",
                                        [RELEASE]         = "release_claims",
                                        [USE]             = "release_claims",
                                        [SET_ORDER_STATE] = "set_order_state"};

/* ---- names --------------------------------------------------------------------------- */

static const char *const REASON[MUSTER_CLAIM_REASON_COUNT] = {"held", "short", "unavailable",
                                                              "unknown"};

const char *muster_claim_reason_name(muster_claim_reason reason) {
    return (unsigned)reason < MUSTER_CLAIM_REASON_COUNT ? REASON[reason] : NULL;
}

const char *muster_claim_outcome_name(muster_claim_outcome outcome) {
    static const char *const NAME[] = {"done", "lost", "fenced", "refused"};
    return (unsigned)outcome < sizeof NAME / sizeof *NAME ? NAME[outcome] : NULL;
}

/* ---- answers ------------------------------------------------------------------------- */

static void drop_answer(muster_dispatcher *d) {
    mu_gis_free(d->claimed);
    mu_gis_free(d->conflict);
    mu_texts_fini(&d->texts);
    d->claimed    = NULL;
    d->conflict   = NULL;
    d->has_answer = false;
    d->message[0] = 0;
}

static void drop_request(muster_dispatcher *d) {
    mu_json_fini(&d->document);
    memset(&d->document, 0, sizeof d->document);
    d->type     = NONE;
    d->is_asked = false;
    mu_link_forget(d->link);
}

static void answer(muster_dispatcher *d, muster_claim_outcome outcome) {
    d->answer.outcome  = outcome;
    d->answer.claimed  = d->claimed;
    d->answer.conflict = d->conflict;
    d->answer.message  = d->message;
    d->has_answer      = true;
    drop_request(d);
}

static void answer_no(muster_dispatcher *d, muster_claim_outcome outcome) {
    const char  *text   = mu_link_trouble(d->link);
    const size_t length = strlen(text) < MESSAGE_BYTES ? strlen(text) : MESSAGE_BYTES - 1;
    memcpy(d->message, text, length);
    d->message[length] = 0;
    answer(d, outcome);
}

static bool read_line(const muster_dispatcher *d, const char *text, uint32_t *out) {
    int64_t position;
    if (!mu_whole_parse(text, &position) || position < 1 || position > d->line_count) return false;
    *out = (uint32_t)(position - 1);
    return true;
}

static bool read_reason(const char *text, uint8_t *out) {
    for (*out = 0; *out < MUSTER_CLAIM_REASON_COUNT; ++*out) {
        if (strcmp(text, REASON[*out]) == 0) return true;
    }
    return false;
}

static muster_status keep_optional(mu_texts *texts, const char *text, const char **out) {
    *out = NULL;
    return *text ? mu_texts_keep(texts, text, out) : MUSTER_OK;
}

/* One row of a commit's answer; *is_ok: it makes sense. */
static muster_status take_row(muster_dispatcher *d, const char *const *column, bool *is_ok) {
    uint32_t             line;
    muster_claim_answer *a = &d->answer;
    *is_ok                 = false;
    if (!read_line(d, column[0], &line)) return MUSTER_OK;
    if (*column[1]) { /* a plan: committed */
        muster_claimed *c = &d->claimed[line];
        if (line != a->claimed_count++) return MUSTER_OK;
        *is_ok = mu_whole_parse(column[1], &a->plan) && mu_whole_parse(column[2], &c->claim) &&
                 mu_whole_parse(column[3], &c->order);
        return MUSTER_OK;
    }
    muster_claim_conflict *k = &d->conflict[a->conflict_count];
    if (++a->conflict_count > d->line_count) return MUSTER_OK;
    *k     = (muster_claim_conflict){.line = line};
    *is_ok = read_reason(column[4], &k->reason) && mu_whole_parse(column[5], &k->remaining) &&
             (!*column[7] || mu_whole_parse(column[7], &k->since_ms));
    MU_TRY(keep_optional(&d->texts, column[6], &k->holder));
    return keep_optional(&d->texts, column[8], &k->incident);
}

static muster_status take_commit(muster_dispatcher *d, bool *is_ok) {
    const char *column[COMMIT_COLUMNS];
    bool        is_row      = true;
    d->answer.claimed_count = d->answer.conflict_count = 0;
    MU_TRY(mu_gis_alloc_zeroed(&d->claimed, d->line_count, sizeof *d->claimed));
    MU_TRY(mu_gis_alloc_zeroed(&d->conflict, (size_t)d->line_count + 1, sizeof *d->conflict));
    for (*is_ok = true; *is_ok;) {
        *is_ok = mu_link_next_row(d->link, COMMIT_COLUMNS, column, &is_row);
        if (!*is_ok || !is_row) break;
        MU_TRY(take_row(d, column, is_ok));
    }
    const muster_claim_answer *a = &d->answer;
    *is_ok                       = *is_ok &&
             (a->claimed_count == d->line_count ? a->conflict_count == 0
                                                : a->claimed_count == 0 && a->conflict_count > 0);
    return MUSTER_OK;
}

static muster_status take_rows(muster_dispatcher *d, bool *is_ok) {
    const char *column;
    bool        is_row;
    if (d->type == COMMIT) return take_commit(d, is_ok);
    *is_ok = mu_link_next_row(d->link, 1, &column, &is_row) && is_row &&
             (d->type != TAKE_OVER || (mu_whole_parse(column, &d->token) && d->token > 0));
    return MUSTER_OK;
}

/* ---- errors -------------------------------------------------------------------------- */

/* Those that pass (PostgreSQL manual, appendix A): connections, deadlocks, resources, somebody else's
 * lock, timeouts and shutdowns, the system; and a request that was damaged on its way. */
static bool passes(const char *sqlstate) {
    static const char *const CLASS[] = {"08", "40", "53", "55P03", "57", "58", "MUSUM"};
    for (size_t i = 0; i < sizeof CLASS / sizeof *CLASS; ++i) {
        if (strncmp(sqlstate, CLASS[i], strlen(CLASS[i])) == 0) return true;
    }
    return false;
}

static bool is_ours(const char *sqlstate) {
    return strcmp(sqlstate, "MUBAD") == 0 || strcmp(sqlstate, "MUREQ") == 0;
}

static void ask_again(muster_dispatcher *d, const char *why) {
    d->is_asked = false;
    mu_link_forget(d->link);
    mu_link_hang_up(d->link, why);
}

static void take_error(muster_dispatcher *d) {
    const char *sqlstate = mu_link_sqlstate(d->link);
    if (strcmp(sqlstate, "MUFNC") == 0) {
        answer_no(d, MUSTER_CLAIM_FENCED);
        return;
    }
    if (!passes(sqlstate)) d->error_count += is_ours(sqlstate) ? DEFINITE_ERRORS : 1;
    if (d->error_count >= DEFINITE_ERRORS) {
        answer_no(d, MUSTER_CLAIM_REFUSED);
    } else {
        ask_again(d, NULL);
    }
}

/* ---- steps --------------------------------------------------------------------------- */

static void ask(muster_dispatcher *d) {
    const bool        is_told_later = d->type != TAKE_OVER && d->error_count == 0;
    const char *const value[]       = {FUNCTION[d->type], d->document.text, d->sum};
    d->is_asked                     = true;
    if (d->answer.attempt_count < UINT32_MAX) ++d->answer.attempt_count;
    if (is_told_later) {
        mu_link_ask(d->link, CARRY_OUT, 3, value);
    } else {
        mu_link_ask(d->link, QUESTION[d->type], 2, value + 1);
    }
}

static muster_status take_outcome(muster_dispatcher *d) {
    bool          is_ok  = false;
    muster_status status = MUSTER_OK;
    switch (mu_link_get_outcome(d->link)) {
    case MU_LINK_ROWS:
        drop_answer(d);
        status = take_rows(d, &is_ok);
        if (status != MUSTER_OK || !is_ok) {
            drop_answer(d);
            ask_again(d, "the answer makes no sense");
        } else {
            answer(d, d->answer.conflict_count > 0 ? MUSTER_CLAIM_LOST : MUSTER_CLAIM_DONE);
        }
        return status;
    case MU_LINK_ERROR:
        take_error(d);
        return MUSTER_OK;
    case MU_LINK_LOST:
        ask_again(d, NULL);
        return MUSTER_OK;
    default:
        return MUSTER_OK;
    }
}

muster_status muster_dispatcher_step(muster_dispatcher *d) {
    const muster_status status = mu_link_step(d->link);
    if (d->is_asked) MU_TRY(take_outcome(d));
    MU_TRY(status);
    if (d->type != NONE && !d->is_asked && mu_link_is_ready(d->link)) ask(d);
    return MUSTER_OK;
}

muster_wait muster_dispatcher_wait(const muster_dispatcher *d) {
    muster_wait wait = mu_link_wait(d->link);
    if (d->type != NONE && !d->is_asked && mu_link_is_ready(d->link)) wait.timeout_ms = 0;
    return wait;
}

const muster_claim_answer *muster_dispatcher_answer(const muster_dispatcher *d) {
    return d->has_answer ? &d->answer : NULL;
}

void muster_dispatcher_give_up(muster_dispatcher *d) {
    if (d->type == NONE) return;
    if (d->is_asked) mu_link_hang_up(d->link, "given up by the caller");
    drop_request(d);
}

muster_status muster_dispatcher_run(muster_dispatcher *d, uint32_t timeout_ms,
                                    const muster_claim_answer **out_answer) {
    const uint64_t end = mu_link_now_ms(d->link) + timeout_ms;
    *out_answer        = NULL;
    MU_TRY(muster_dispatcher_step(d));
    while (!d->has_answer && d->type != NONE) {
        const uint64_t    now  = mu_link_now_ms(d->link);
        const muster_wait wait = muster_dispatcher_wait(d);
        if (now >= end) return MUSTER_OK;
        MU_TRY(mu_wait_for(&wait, (uint32_t)(end - now)));
        MU_TRY(muster_dispatcher_step(d));
    }
    *out_answer = muster_dispatcher_answer(d);
    return MUSTER_OK;
}

/* ---- requests ------------------------------------------------------------------------ */

static mu_claimant claimant(const muster_dispatcher *d) {
    return (mu_claimant){d->code, d->token};
}

static muster_status check_idle(const muster_dispatcher *d) {
    if (d->type == NONE) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "dispatcher \"%s\" has a request that is going on",
                       d->code);
}

/* The document becomes the handle's, or goes with the failure that it was written with. */
static muster_status begin(muster_dispatcher *d, request_type type, mu_json *document,
                           muster_status status) {
    if (status != MUSTER_OK) {
        mu_json_fini(document);
        return status;
    }
    drop_answer(d);
    memset(&d->answer, 0, sizeof d->answer);
    d->type        = type;
    d->document    = *document;
    d->error_count = 0;
    mu_sha256_hex(d->sum, document->text, strlen(document->text));
    return MUSTER_OK;
}

muster_status muster_dispatcher_take_over(muster_dispatcher *d) {
    mu_json           document = {0};
    const mu_claimant who      = {d->code, 0};
    MU_TRY(check_idle(d));
    return begin(d, TAKE_OVER, &document, mu_claim_request_take_over(&document, &who, d->holder));
}

muster_status muster_dispatcher_commit(muster_dispatcher *d, const char *request,
                                       const muster_claim_plan *plan) {
    mu_json           document = {0};
    const mu_claimant who      = claimant(d);
    MU_TRY(check_idle(d));
    MU_TRY(begin(d, COMMIT, &document, mu_claim_request_commit(&document, &who, request, plan)));
    d->line_count = plan->line_count;
    return MUSTER_OK;
}

muster_status muster_dispatcher_release(muster_dispatcher *d, const char *request,
                                        uint32_t claim_count, const int64_t *claim) {
    mu_json           document = {0};
    const mu_claimant who      = claimant(d);
    MU_TRY(check_idle(d));
    return begin(d, RELEASE, &document,
                 mu_claim_request_release(&document, &who, request, claim_count, claim));
}

muster_status muster_dispatcher_use(muster_dispatcher *d, const char *request, uint32_t claim_count,
                                    const int64_t *claim) {
    mu_json           document = {0};
    const mu_claimant who      = claimant(d);
    MU_TRY(check_idle(d));
    return begin(d, USE, &document,
                 mu_claim_request_use(&document, &who, request, claim_count, claim));
}

muster_status muster_dispatcher_set_order_state(muster_dispatcher *d, int64_t order,
                                                const char *state) {
    mu_json           document = {0};
    const mu_claimant who      = claimant(d);
    MU_TRY(check_idle(d));
    return begin(d, SET_ORDER_STATE, &document,
                 mu_claim_request_state(&document, &who, order, state));
}

/* ---- life ---------------------------------------------------------------------------- */

int64_t muster_dispatcher_token(const muster_dispatcher *d) {
    return d->token;
}

void muster_dispatcher_set_token(muster_dispatcher *d, int64_t token) {
    d->token = token;
}

const char *muster_dispatcher_trouble(const muster_dispatcher *d) {
    return mu_link_trouble(d->link);
}

static muster_status fill(muster_dispatcher *d, const char *code, const char *holder,
                          const muster_link_options *options) {
    MU_TRY(mu_link_new(&d->link, options));
    MU_TRY(mu_texts_keep(&d->names, code, &d->code));
    return mu_texts_keep(&d->names, holder, &d->holder);
}

muster_status muster_dispatcher_new(muster_dispatcher **out, const char *code, const char *holder,
                                    const muster_link_options *options) {
    muster_dispatcher *d;
    *out = NULL;
    MU_TRY(mu_claim_request_check_text("dispatcher", code));
    MU_TRY(mu_claim_request_check_text("holder", holder));
    MU_TRY(mu_gis_alloc_zeroed(&d, 1, sizeof *d));
    const muster_status status = fill(d, code, holder, options);
    if (status != MUSTER_OK) {
        muster_dispatcher_free(d);
        return status;
    }
    *out = d;
    return MUSTER_OK;
}

void muster_dispatcher_free(muster_dispatcher *d) {
    if (!d) return;
    drop_answer(d);
    mu_json_fini(&d->document);
    mu_link_free(d->link);
    mu_texts_fini(&d->names);
    mu_gis_free(d);
}
