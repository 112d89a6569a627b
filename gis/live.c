/* Following the database takes five questions, each a statement:
 *
 *   LISTEN   once a connection, so that the server wakes us from then on;
 *   CURSOR   where the events of now end, if it is not known or of no use any more;
 *   HELD     all claims, after each CURSOR;
 *   UNITS    what has been changed of units, after that, if anybody wants to know;
 *   EVENTS   what has become visible since the cursor, and the next one: after each LISTEN, whenever
 *            we are woken, and now and then.
 *
 * LISTEN before EVENTS, so that nothing falls between them. CURSOR before HELD and UNITS: what is
 * claimed in between is seen twice, which does no harm, because an event only says which claim has
 * changed, and what the claim is comes from the claim itself, in the same statement. So do the units
 * that events speak of, in rows behind them: after each EVENTS claims and units are of one moment.
 *
 * The cursor moves on only when all that came with it has been taken. */
#include <muster/live.h>

#include <stdio.h>
#include <string.h>

#include "gis/change_queue.h"
#include "gis/changed_units.h"
#include "gis/decimal.h"
#include "gis/held.h"
#include "gis/link.h"

typedef enum live_question { NOTHING, LISTEN, CURSOR, HELD, UNITS, EVENTS } live_question;

enum {
    HELD_COLUMNS  = 10,
    EVENT_COLUMNS = 21 + MU_CHANGED_COLUMNS,
    CURSOR_BYTES  = 1 << 16,
    NUMBER_BYTES  = 12
};

struct muster_live {
    mu_link            *link;
    muster_live_options options;
    char                most[NUMBER_BYTES]; /* options.queue_most, to be bound */

    live_question asked;
    uint64_t      asked_at_ms;
    uint64_t      session;     /* that LISTEN was said to */
    bool          needs_held;  /* the claims are not those of the cursor */
    bool          needs_units; /* nor are the units */
    bool          is_woken;    /* there may be events */
    bool          is_following;
    bool          is_known;
    uint64_t      known_at_ms; /* all that we know was so at that time, or later */

    uint64_t event_count, known_event_count; /* of EVENTS that were asked; that it is from */

    char           *cursor, *next_cursor; /* [CURSOR_BYTES] "": none */
    mu_texts        texts;                /* of the options */
    mu_held_list    held;
    mu_changed_list units;
    mu_changes      changes;
};

/* Claims of before say it by their assignments alone. */
#define MU_WHAT_FOR "coalesce(c.incident, a.incident), coalesce(c.need, a.need)"

static const char *const QUESTION[] = {
    [LISTEN] = "LISTEN muster_event",
    [CURSOR] = MU_FRAMED("c.next_cursor", "event_cursor() AS c (next_cursor)", "1"),
    [HELD]   = MU_FRAMED("c.id, c.resource, c.code, c.kind, c.quantity, c.dispatcher, "
                           "(extract(epoch FROM c.since) * 1000)::bigint, a.scenario, " MU_WHAT_FOR,
                         "claim AS c LEFT JOIN assignment AS a ON a.id = c.assignment "
                           "WHERE c.released_at IS NULL",
                         "c.id"),
    [UNITS] =
        MU_FRAMED(MU_CHANGED_SQL, "changed_units($1) AS u", "u.resource, u.code, u.kind, u.aspect"),
    [EVENTS] = MU_FRAMED(
        "e.next_cursor, e.is_gap, e.number, (extract(epoch FROM e.at) * 1000)::bigint, "
        "e.subject, e.operation, e.actor, e.scenario, e.resource, e.code, e.claim, "
        "c.id, c.resource, c.code, c.kind, c.quantity, c.dispatcher, "
        "(extract(epoch FROM c.since) * 1000)::bigint, a.scenario, " MU_WHAT_FOR
        ", " MU_CHANGED_SQL,
        "(WITH new AS MATERIALIZED (SELECT * FROM events_after($1, $2::integer)) "
        "SELECT n.*, NULL::changed_unit AS unit FROM new AS n UNION ALL "
        "SELECT (SELECT n.next_cursor FROM new AS n LIMIT 1), false, NULL, NULL, NULL, NULL, NULL, "
        "NULL, NULL, NULL, NULL, u "
        "FROM (SELECT array_agg(DISTINCT n.resource || '/' || n.code) AS units FROM new AS n "
        "WHERE n.subject IN ('team', 'vehicle', 'machine', 'warehouse', 'stock')) AS w "
        "CROSS JOIN LATERAL changed_units($3, w.units) AS u "
        "WHERE w.units IS NOT NULL AND $3 IS NOT NULL) AS e CROSS JOIN LATERAL (SELECT (e.unit).*) AS u "
        "LEFT JOIN claim AS c ON c.id = e.claim AND c.released_at IS NULL "
        "LEFT JOIN assignment AS a ON a.id = c.assignment",
        "e.number"),
};

/* ---- rows ---------------------------------------------------------------------------- */

static const char *optional(const char *text) {
    return *text ? text : NULL;
}

/* The columns of a claim; false: they make no sense. */
static bool read_held(const char *const *column, muster_held *out) {
    const muster_resource resource = muster_resource_from_name(column[1]);
    *out                           = (muster_held){.resource   = (uint8_t)resource,
                                                   .code       = column[2],
                                                   .kind       = optional(column[3]),
                                                   .dispatcher = column[5],
                                                   .scenario   = optional(column[7]),
                                                   .incident   = optional(column[8]),
                                                   .need       = optional(column[9])};
    return resource < MUSTER_RESOURCE_COUNT && mu_whole_parse(column[0], &out->claim) &&
           mu_whole_parse(column[4], &out->quantity) && mu_whole_parse(column[6], &out->since_ms);
}

static bool read_change(const char *const *column, muster_live_change *out) {
    *out = (muster_live_change){.subject   = column[4],
                                .operation = column[5],
                                .actor     = column[6],
                                .scenario  = optional(column[7]),
                                .resource  = optional(column[8]),
                                .code      = optional(column[9])};
    return mu_whole_parse(column[2], &out->number) && mu_whole_parse(column[3], &out->at_ms);
}

/* Into the next cursor; false: it makes no sense. */
static bool read_cursor(muster_live *l, const char *text) {
    const size_t size = strlen(text) + 1;
    if (size == 1 || size > CURSOR_BYTES) return false;
    memcpy(l->next_cursor, text, size);
    return true;
}

static void move_on(muster_live *l) {
    char *old      = l->cursor;
    l->cursor      = l->next_cursor;
    l->next_cursor = old;
}

/* ---- answers ------------------------------------------------------------------------- */

static muster_status put_reload(muster_live *l) {
    const muster_live_change reload = {.is_reload = true};
    mu_changes               queue  = {0};
    MU_TRY(mu_changes_put(&queue, &reload));
    while (l->changes.first) mu_changes_take(&l->changes); /* it says what they say, and more */
    mu_changes_append(&l->changes, &queue);
    return MUSTER_OK;
}

static muster_status take_answer_cursor(muster_live *l, bool *is_ok) {
    const char *column;
    bool        is_row;
    *is_ok = mu_link_next_row(l->link, 1, &column, &is_row) && is_row && read_cursor(l, column);
    if (*is_ok) move_on(l);
    l->needs_held = true;
    return MUSTER_OK;
}

static muster_status read_all_held(muster_live *l, mu_held_list *list, bool *is_ok) {
    const char *column[HELD_COLUMNS];
    bool        is_row = true;
    muster_held held;
    while ((*is_ok = mu_link_next_row(l->link, HELD_COLUMNS, column, &is_row)) && is_row) {
        *is_ok = read_held(column, &held);
        if (!*is_ok) break;
        MU_TRY(mu_held_put(list, &held));
    }
    return MUSTER_OK;
}

/* With what is asked last everything has been read. */
static muster_status end_reload(muster_live *l) {
    MU_TRY(put_reload(l));
    l->is_woken = true; /* events since the cursor */
    return MUSTER_OK;
}

static muster_status take_answer_held(muster_live *l, bool *is_ok) {
    mu_held_list  list   = {0};
    muster_status status = read_all_held(l, &list, is_ok);
    if (status == MUSTER_OK && *is_ok && !l->options.dispatcher) status = end_reload(l);
    if (status != MUSTER_OK || !*is_ok) {
        mu_held_fini(&list);
        return status;
    }
    mu_held_fini(&l->held);
    l->held        = list;
    l->needs_held  = false;
    l->needs_units = l->options.dispatcher != NULL;
    return MUSTER_OK;
}

static muster_status read_all_units(muster_live *l, mu_changed_list *list, bool *is_ok) {
    const char         *column[MU_CHANGED_COLUMNS];
    bool                is_row = true;
    muster_changed_unit unit;
    while ((*is_ok = mu_link_next_row(l->link, MU_CHANGED_COLUMNS, column, &is_row)) && is_row) {
        *is_ok = mu_changed_read(column, &unit);
        if (!*is_ok) break;
        MU_TRY(mu_changed_put(list, &unit));
    }
    return MUSTER_OK;
}

static muster_status take_answer_units(muster_live *l, bool *is_ok) {
    mu_changed_list list   = {0};
    muster_status   status = read_all_units(l, &list, is_ok);
    if (status == MUSTER_OK && *is_ok) status = end_reload(l);
    if (status != MUSTER_OK || !*is_ok) {
        mu_changed_fini(&list);
        return status;
    }
    mu_changed_fini(&l->units);
    l->units       = list;
    l->needs_units = false;
    return MUSTER_OK;
}

/* What a claim is now, after an event about it. All claims of a table that was emptied are gone. */
static muster_status follow_claim(muster_live *l, const char *const *column, bool *is_ok) {
    muster_held held;
    int64_t     claim;
    if (strcmp(column[4], "claim") == 0 && strcmp(column[5], "truncate") == 0) {
        mu_held_clear(&l->held);
    }
    if (!*column[10]) return MUSTER_OK;
    *is_ok = mu_whole_parse(column[10], &claim);
    if (!*is_ok) return MUSTER_OK;
    if (!*column[11]) {
        mu_held_remove(&l->held, claim);
        return MUSTER_OK;
    }
    *is_ok = read_held(column + 11, &held);
    return *is_ok ? mu_held_put(&l->held, &held) : MUSTER_OK;
}

/* A row behind the events: how a unit is that they speak of. */
static muster_status follow_unit(muster_live *l, const char *const *column, bool *is_ok) {
    muster_changed_unit unit;
    if (!*column[EVENT_COLUMNS - MU_CHANGED_COLUMNS]) return MUSTER_OK;
    *is_ok = mu_changed_read(column + EVENT_COLUMNS - MU_CHANGED_COLUMNS, &unit);
    return *is_ok ? mu_changed_put(&l->units, &unit) : MUSTER_OK;
}

/* All rows have the same cursor; one without a number has a unit, or nothing else. */
static muster_status read_events(muster_live *l, mu_changes *changes, bool *is_gap, bool *is_ok) {
    const char        *column[EVENT_COLUMNS];
    bool               is_row;
    muster_live_change change;
    while ((*is_ok = mu_link_next_row(l->link, EVENT_COLUMNS, column, &is_row)) && is_row) {
        *is_ok = read_cursor(l, column[0]);
        if (!*is_ok) break;
        *is_gap = *is_gap || strcmp(column[1], "true") == 0;
        if (!*column[2]) MU_TRY(follow_unit(l, column, is_ok));
        if (!*is_ok) break;
        if (!*column[2]) continue;
        *is_ok = read_change(column, &change);
        if (!*is_ok) break;
        MU_TRY(mu_changes_put(changes, &change));
        MU_TRY(follow_claim(l, column, is_ok));
        if (!*is_ok) break;
    }
    *is_ok = *is_ok && *l->next_cursor;
    return MUSTER_OK;
}

static muster_status take_answer_events(muster_live *l, bool *is_ok) {
    mu_changes changes         = {0};
    bool       is_gap          = false;
    l->next_cursor[0]          = 0;
    const muster_status status = read_events(l, &changes, &is_gap, is_ok);
    if (status != MUSTER_OK || !*is_ok) {
        mu_changes_clear(&changes);
        return status;
    }
    move_on(l);
    if (is_gap || l->changes.count + changes.count > l->options.queue_most) {
        mu_changes_clear(&changes);
        l->needs_held   = true;
        l->is_following = false;
        return MUSTER_OK;
    }
    mu_changes_append(&l->changes, &changes);
    l->is_following = l->is_known = true;
    l->known_at_ms                = l->asked_at_ms;
    l->known_event_count          = l->event_count;
    return MUSTER_OK;
}

static muster_status take_answer(muster_live *l, bool *is_ok) {
    switch (l->asked) {
    case CURSOR:
        return take_answer_cursor(l, is_ok);
    case HELD:
        return take_answer_held(l, is_ok);
    case UNITS:
        return take_answer_units(l, is_ok);
    case EVENTS:
        return take_answer_events(l, is_ok);
    default:
        *is_ok      = true;
        l->session  = mu_link_session(l->link);
        l->is_woken = true;
        return MUSTER_OK;
    }
}

/* ---- steps --------------------------------------------------------------------------- */

static void begin_anew(muster_live *l, const char *why) {
    l->is_following = false;
    l->asked        = NOTHING;
    mu_link_forget(l->link);
    mu_link_hang_up(l->link, why);
}

static muster_status take_outcome(muster_live *l) {
    bool                  is_ok   = false;
    muster_status         status  = MUSTER_OK;
    const mu_link_outcome outcome = mu_link_get_outcome(l->link);
    if (outcome == MU_LINK_NOTHING) return MUSTER_OK;
    if (outcome != MU_LINK_ROWS) {
        begin_anew(l, NULL);
        return MUSTER_OK;
    }
    status = take_answer(l, &is_ok);
    if (status != MUSTER_OK) {
        l->is_woken = true; /* ask the same again: nothing has been moved on */
    } else if (!is_ok) {
        begin_anew(l, "the answer makes no sense");
    }
    l->asked = NOTHING;
    mu_link_forget(l->link);
    return status;
}

static bool is_due(const muster_live *l) {
    return l->is_woken || mu_link_now_ms(l->link) >= l->known_at_ms + l->options.heartbeat_ms;
}

static live_question next_question(const muster_live *l) {
    if (l->session != mu_link_session(l->link)) return LISTEN;
    if (!*l->cursor) return CURSOR;
    if (l->needs_held) return HELD;
    if (l->needs_units) return UNITS;
    return is_due(l) ? EVENTS : NOTHING;
}

static void ask(muster_live *l, live_question question) {
    const char *const event[] = {l->cursor, l->most, l->options.dispatcher};
    l->asked                  = question;
    l->asked_at_ms            = mu_link_now_ms(l->link);
    if (question == EVENTS) {
        l->is_woken = false;
        ++l->event_count;
        mu_link_ask(l->link, QUESTION[question], 3, event);
    } else {
        mu_link_ask(l->link, QUESTION[question], question == UNITS ? 1 : 0, &l->options.dispatcher);
    }
}

muster_status muster_live_step(muster_live *l) {
    const muster_status status = mu_link_step(l->link);
    if (mu_link_take_notice(l->link)) l->is_woken = true;
    if (l->asked != NOTHING) MU_TRY(take_outcome(l));
    MU_TRY(status);
    if (!mu_link_is_ready(l->link)) {
        l->is_following = l->is_following && l->asked != NOTHING; /* busy, or gone */
        return MUSTER_OK;
    }
    const live_question next = l->asked == NOTHING ? next_question(l) : NOTHING;
    if (next != NOTHING) ask(l, next);
    return MUSTER_OK;
}

muster_wait muster_live_wait(const muster_live *l) {
    muster_wait wait = mu_link_wait(l->link);
    if (!mu_link_is_ready(l->link) || l->asked != NOTHING) return wait;
    const uint64_t now = mu_link_now_ms(l->link), due = l->known_at_ms + l->options.heartbeat_ms;
    const uint64_t left = next_question(l) == NOTHING && due > now ? due - now : 0;
    if (left < wait.timeout_ms) wait.timeout_ms = (uint32_t)left;
    return wait;
}

muster_status muster_live_run(muster_live *l, uint32_t timeout_ms) {
    const uint64_t end = mu_link_now_ms(l->link) + timeout_ms;
    MU_TRY(muster_live_step(l));
    while (l->changes.count == 0) {
        const uint64_t    now  = mu_link_now_ms(l->link);
        const muster_wait wait = muster_live_wait(l);
        if (now >= end) return MUSTER_OK;
        MU_TRY(mu_wait_for(&wait, (uint32_t)(end - now)));
        MU_TRY(muster_live_step(l));
    }
    return MUSTER_OK;
}

/* ---- what is known ------------------------------------------------------------------- */

muster_live_state muster_live_get_state(const muster_live *l) {
    muster_live_state state = {.is_known = l->is_known,
                               .age_ms   = UINT64_MAX,
                               .attempt  = mu_link_attempt(l->link),
                               .trouble  = mu_link_trouble(l->link),
                               .asked    = l->event_count,
                               .known    = l->known_event_count};
    state.phase             = mu_link_is_away(l->link) ? MUSTER_LIVE_AWAY
                              : l->is_following        ? MUSTER_LIVE_FOLLOWING
                                                       : MUSTER_LIVE_CONNECTING;
    if (l->is_known) state.age_ms = mu_link_now_ms(l->link) - l->known_at_ms;
    state.is_stale =
        state.phase != MUSTER_LIVE_FOLLOWING || state.age_ms > l->options.stale_after_ms;
    return state;
}

const muster_live_change *muster_live_take_change(muster_live *l) {
    return mu_changes_take(&l->changes);
}

const muster_held *muster_live_held(const muster_live *l, uint32_t *out_count) {
    *out_count = (uint32_t)l->held.count;
    return l->held.held;
}

const muster_changed_unit *muster_live_changed_units(const muster_live *l, uint32_t *out_count) {
    *out_count = (uint32_t)l->units.count;
    return l->units.unit;
}

/* ---- life ---------------------------------------------------------------------------- */

static muster_status check_options(const muster_live_options *o) {
    if (o->struct_size != sizeof *o) {
        return muster_fail(MUSTER_E_INVALID, "live options have struct_size %zu; expected %zu",
                           o->struct_size, sizeof *o);
    }
    if (o->heartbeat_ms == 0 || o->queue_most == 0 || o->queue_most > 1000000) {
        return muster_fail(MUSTER_E_INVALID,
                           "heartbeat %u ms, at most %u changes; expected 1 or more, "
                           "and 1 to 1000000",
                           o->heartbeat_ms, o->queue_most);
    }
    return MUSTER_OK;
}

muster_status muster_live_new(muster_live **out, const muster_link_options *link,
                              const muster_live_options *options) {
    const muster_live_options defaults = MUSTER_LIVE_OPTIONS_INIT;
    muster_live              *l;
    *out = NULL;
    MU_TRY(check_options(options ? options : &defaults));
    MU_TRY(mu_gis_alloc_zeroed(&l, 1, sizeof *l));
    l->options            = options ? *options : defaults;
    l->options.dispatcher = NULL;
    snprintf(l->most, sizeof l->most, "%u", l->options.queue_most);
    muster_status status = mu_link_new(&l->link, link);
    if (status == MUSTER_OK) status = mu_gis_alloc_zeroed(&l->cursor, CURSOR_BYTES, 1);
    if (status == MUSTER_OK) status = mu_gis_alloc_zeroed(&l->next_cursor, CURSOR_BYTES, 1);
    if (status == MUSTER_OK && options && options->dispatcher) {
        status = mu_texts_keep(&l->texts, options->dispatcher, &l->options.dispatcher);
    }
    if (status != MUSTER_OK) {
        muster_live_free(l);
        return status;
    }
    *out = l;
    return MUSTER_OK;
}

void muster_live_free(muster_live *l) {
    if (!l) return;
    mu_link_free(l->link);
    mu_gis_free(l->cursor);
    mu_gis_free(l->next_cursor);
    mu_held_fini(&l->held);
    mu_changed_fini(&l->units);
    mu_changes_clear(&l->changes);
    mu_texts_fini(&l->texts);
    mu_gis_free(l);
}
