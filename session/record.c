#include "session/record.h"

#include <inttypes.h>

#include "core/alloc.h"
#include "session/issue_text.h"

muster_status mu_record_of_event(char **out, size_t *out_size, const muster_event *event) {
    return muster_event_write(out, out_size, event);
}

muster_status mu_record_of_issue(char **out, size_t *out_size, const mu_issue *issue,
                                 const mu_world *world) {
    return mu_issue_write(out, out_size, world, issue);
}

muster_status mu_record_read_world(mu_world **out, const char *json, size_t size) {
    MU_TRY(mu_world_read(out, json, size));
    (*out)->sequence = 1;
    return MUSTER_OK;
}

/* ---- doing it again ------------------------------------------------------------------------ */

/* It was applied once, so it would be now, unless the record is not what was written. */
static muster_status require_applied(const muster_event_answer *answer) {
    if (answer->outcome == MUSTER_EVENT_APPLIED) return MUSTER_OK;
    return muster_fail(MUSTER_E_FORMAT, "it is %s: %s", muster_event_outcome_name(answer->outcome),
                       answer->message);
}

static muster_status apply_event(mu_world *world, uint64_t sequence, const char *json,
                                 size_t size) {
    muster_event_text  *text;
    muster_event_answer answer;
    MU_TRY(muster_event_read(&text, json, size));
    const muster_event *event  = muster_event_of(text);
    muster_status       status = mu_world_check(world, event, &answer);
    if (status == MUSTER_OK) status = require_applied(&answer);
    if (status == MUSTER_OK) status = mu_world_apply(world, event, sequence);
    muster_event_text_free(text);
    return status;
}

static muster_status apply_issue(mu_world *world, uint64_t sequence, const char *json,
                                 size_t size) {
    mu_issue_text      *text;
    muster_event_answer answer;
    uint32_t            order;
    MU_TRY(mu_issue_read(&text, world, json, size));
    const mu_issue *issue  = mu_issue_of(text);
    muster_status   status = mu_world_check_issue(world, issue, &answer, &order);
    if (status == MUSTER_OK) status = require_applied(&answer);
    if (status == MUSTER_OK) status = mu_world_apply_issue(world, issue, sequence);
    mu_issue_text_free(text);
    return status;
}

muster_status mu_record_apply(mu_world *world, uint64_t sequence, const char *json, size_t size) {
    const muster_status status = mu_issue_is(json, size) ? apply_issue(world, sequence, json, size)
                                                         : apply_event(world, sequence, json, size);
    if (status == MUSTER_OK || status == MUSTER_E_NOMEM) return status;
    return muster_fail(MUSTER_E_FORMAT, "record %" PRIu64 " of the journal cannot be applied: %s",
                       sequence, muster_error_message());
}
