/* muster journal replay: a night as it was at a moment, and why somebody was sent.
 *
 * Why is answered from the moment at which the order was committed: the session is replayed to that
 * record, whose orders are then a plan that is kept, and the books of that plan are opened. So the
 * answer stands on the roads, units and needs that were known then, and on nothing that came later. */
#include <inttypes.h>
#include <muster/journal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/journal_options.h"
#include "cli/json_file.h"
#include "cli/replay_answer.h"
#include "cli/replay_options.h"

typedef struct replaying {
    replay_options       options;
    muster_session      *session;
    muster_view         *view;
    int64_t              at_ms;
    replay_commit        commit;
    const muster_order  *order;
    muster_session      *then; /* as it was when that was committed */
    muster_session_plan *plan;
    muster_assignment   *assignment;
    muster_reasons      *reasons;
    explain_answer       why;
    char                 no_why[512];
} replaying;

/* ---- the journal --------------------------------------------------------------------------- */

static muster_status read_record(const char *folder, uint64_t sequence, int64_t *out_time_ms,
                                 json_t **out_json) {
    muster_journal_reader *reader;
    muster_journal_record  record;
    bool                   is_there;
    muster_status          status = muster_journal_reader_new(&reader, folder, sequence);
    if (status != MUSTER_OK) return status;
    status = muster_journal_next(reader, &record, &is_there);
    if (status == MUSTER_OK && is_there) {
        *out_time_ms = record.time_ms;
        if (out_json) *out_json = json_loadb(record.bytes, record.size, 0, NULL);
    }
    muster_journal_reader_free(reader);
    return status;
}

static bool is_commit(const muster_journal_record *record) {
    static const char BEGINNING[] = "{\"type\":\"plan_committed\"";
    const size_t      size        = sizeof BEGINNING - 1;
    return record->size > size && memcmp(record->bytes, BEGINNING, size) == 0;
}

/* The last commit up to a record; 0: there is none. */
static muster_status find_commit(const char *folder, uint64_t last, uint64_t *out_sequence) {
    muster_journal_reader *reader;
    muster_journal_record  record   = {0};
    bool                   is_there = true;
    *out_sequence                   = 0;
    muster_status status            = muster_journal_reader_new(&reader, folder, 0);
    while (status == MUSTER_OK && is_there && record.sequence < last) {
        status = muster_journal_next(reader, &record, &is_there);
        if (status == MUSTER_OK && is_there && is_commit(&record)) *out_sequence = record.sequence;
    }
    muster_journal_reader_free(reader);
    return status;
}

static muster_status read_commit(replaying *r) {
    const char    *folder = r->options.folder;
    replay_commit *c      = &r->commit;
    muster_status  status = MUSTER_OK;
    if (r->order) {
        c->sequence = r->order->sequence;
    } else {
        status = find_commit(folder, muster_view_sequence(r->view), &c->sequence);
    }
    if (status != MUSTER_OK || c->sequence == 0) return status;
    status = read_record(folder, c->sequence, &c->at_ms, &c->record);
    if (status != MUSTER_OK) return status;
    const json_int_t knew = json_integer_value(json_object_get(c->record, "plan_sequence"));
    return knew > 0 ? read_record(folder, (uint64_t)knew, &c->knew_at_ms, NULL) : MUSTER_OK;
}

/* ---- the night ----------------------------------------------------------------------------- */

static muster_status replay(const replaying *r, muster_session **out, uint64_t sequence,
                            int64_t at_ms) {
    muster_session_options o = MUSTER_SESSION_OPTIONS_INIT;
    o.journal                = r->options.folder;
    o.store                  = r->options.store;
    o.author                 = "muster journal replay";
    return muster_session_replay(out, &o, sequence, at_ms);
}

static int find_order(replaying *r) {
    uint32_t            count;
    const muster_order *order = muster_view_orders(r->view, &count);
    if (r->options.order == 0) return COMMAND_DONE;
    for (uint32_t o = 0; o < count; ++o) {
        if (order[o].number == r->options.order) r->order = &order[o];
    }
    if (r->order) return COMMAND_DONE;
    return command_fail(COMMAND_NO,
                        "order %" PRIu64 " is not known after record %" PRIu64
                        "; expected one that was issued by then, and not long over",
                        r->options.order, muster_view_sequence(r->view));
}

static int read_state(replaying *r) {
    muster_status status = replay(r, &r->session, r->options.sequence, r->options.at_ms);
    if (status == MUSTER_OK) status = muster_session_look(&r->view, r->session, NULL);
    if (status == MUSTER_OK) {
        status = read_record(r->options.folder, muster_view_sequence(r->view), &r->at_ms, NULL);
    }
    if (status != MUSTER_OK) return command_fail_status(status);
    const int code = find_order(r);
    if (code != COMMAND_DONE) return code;
    status = read_commit(r);
    return status == MUSTER_OK ? COMMAND_DONE : command_fail_status(status);
}

/* ---- why ----------------------------------------------------------------------------------- */

static const char *asked_incident(const replaying *r) {
    return r->order ? r->order->incident : r->options.incident;
}

/* MUSTER_NONE: it was not open then. */
static uint32_t find_incident(const muster_problem *p, const char *code) {
    for (uint32_t i = 0; i < p->incident_count; ++i) {
        if (strcmp(p->incident[i].code, code) == 0) return i;
    }
    return MUSTER_NONE;
}

/* What was ordered: the plan that is kept may know of more that could be. False without memory. */
static bool take_ordered(replaying *r) {
    uint32_t                 count;
    const muster_assignment *all =
        muster_plan_assignments(muster_session_plan_plan(r->plan), &count);
    r->assignment     = calloc((size_t)count + 1, sizeof *r->assignment);
    r->why.assignment = r->assignment;
    for (uint32_t a = 0; r->assignment && a < count; ++a) {
        if (muster_session_plan_order(r->plan, a) == 0) continue;
        r->assignment[r->why.assignment_count++] = all[a];
    }
    return r->assignment != NULL;
}

static muster_status open_books(replaying *r) {
    uint32_t               shipments;
    muster_reasons        *reasons;
    const muster_shipment *shipment =
        muster_plan_shipments(muster_session_plan_plan(r->plan), &shipments);
    const muster_status status =
        muster_reasons_new(&reasons, r->why.problem, r->why.assignment_count, r->why.assignment,
                           shipments, shipment, 0);
    r->reasons = status == MUSTER_OK ? reasons : NULL;
    return status;
}

static muster_status ask(replaying *r) {
    const muster_problem *p = r->why.problem;
    for (uint32_t n = 0; n < p->need_count; ++n) {
        const bool is_asked = !r->order || !r->order->need ||
                              strcmp(p->kind[p->need[n].kind].code, r->order->need) == 0;
        if (p->need[n].incident != r->why.incident || !is_asked) continue;
        const muster_status status = muster_why_new(&r->why.why[n], r->reasons, n);
        if (status != MUSTER_OK) return status;
    }
    return MUSTER_OK;
}

static muster_status plan_then(replaying *r, uint64_t sequence, int64_t at_ms) {
    muster_status status = replay(r, &r->then, sequence, 0);
    if (status == MUSTER_OK) {
        status = muster_session_plan_make(&r->plan, r->then, at_ms, NULL, MUSTER_REPLAN_KEEP);
    }
    if (status != MUSTER_OK) return status;
    r->why.problem  = muster_session_plan_problem(r->plan);
    r->why.incident = find_incident(r->why.problem, asked_incident(r));
    return MUSTER_OK;
}

static void forget_plan(replaying *r) {
    muster_session_plan_free(r->plan);
    muster_session_close(r->then);
    r->plan = NULL;
    r->then = NULL;
}

/* As it was when the order was committed; of an incident that was not there by then, as it is. */
static muster_status plan_for_why(replaying *r) {
    r->why.incident = MUSTER_NONE;
    if (r->commit.sequence > 0) {
        const muster_status status = plan_then(r, r->commit.sequence, r->commit.at_ms);
        if (status != MUSTER_OK || r->why.incident != MUSTER_NONE || r->order) return status;
        forget_plan(r);
    }
    return plan_then(r, muster_view_sequence(r->view), r->at_ms);
}

static int find_why(replaying *r) {
    if (!asked_incident(r)) return COMMAND_DONE;
    muster_status status = plan_for_why(r);
    if (status != MUSTER_OK) return command_fail_status(status);
    if (r->why.incident == MUSTER_NONE && !r->order) {
        return command_fail(COMMAND_NO,
                            "incident \"%s\" is not open after record %" PRIu64
                            ", or needs nothing more; expected the code of one that does",
                            r->options.incident, muster_view_sequence(r->view));
    }
    if (r->why.incident == MUSTER_NONE) {
        snprintf(r->no_why, sizeof r->no_why, "%s",
                 replay_answer_nothing_missing(r->options.language));
        return COMMAND_DONE;
    }
    if (!take_ordered(r)) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    status = open_books(r);
    if (status == MUSTER_OK) {
        r->why.why = calloc((size_t)r->why.problem->need_count + 1, sizeof(muster_why *));
        if (!r->why.why) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
        status = ask(r);
    }
    if (status == MUSTER_OK) return COMMAND_DONE;
    if (status != MUSTER_E_INVALID) return command_fail_status(status);
    snprintf(r->no_why, sizeof r->no_why, "%s", muster_error_message());
    return COMMAND_DONE;
}

/* ---- all ----------------------------------------------------------------------------------- */

static int answer(replaying *r) {
    r->why.language             = r->options.language;
    const bool          has_why = asked_incident(r) && r->no_why[0] == 0;
    const replay_answer a       = {.view     = r->view,
                                   .at_ms    = r->at_ms,
                                   .commit   = &r->commit,
                                   .order    = r->order,
                                   .why      = has_why ? &r->why : NULL,
                                   .no_why   = r->no_why[0] ? r->no_why : NULL,
                                   .language = r->options.language};
    if (r->options.is_json) return json_write(replay_answer_json(&a), "-");
    replay_answer_print(stdout, &a);
    return COMMAND_DONE;
}

static void give_back(replaying *r) {
    for (uint32_t n = 0; r->why.why && n < r->why.problem->need_count; ++n) {
        muster_why_free(r->why.why[n]);
    }
    free(r->why.why);
    muster_reasons_free(r->reasons);
    free(r->assignment);
    forget_plan(r);
    muster_view_free(r->view);
    muster_session_close(r->session);
    json_decref(r->commit.record);
}

int journal_replay(int argc, char **argv) {
    replaying r    = {0};
    int       code = replay_options_parse(&r.options, argc, argv);
    if (code == COMMAND_DONE) code = read_state(&r);
    if (code == COMMAND_DONE) code = find_why(&r);
    if (code == COMMAND_DONE) code = answer(&r);
    give_back(&r);
    return code;
}
