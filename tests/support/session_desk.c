/* A desk that dispatches from a session with a database beside it, so that tests can start several, kill
 * them and stop the database.
 *
 * usage: session_desk JOURNAL STORE CONNECTION SCHEMA DISPATCHER write|take_over|standby
 *
 * Commands come by standard input, a line each, words separated by tabs; each is answered by one line:
 *   commit ID TIMEOUT_MS    plan for what is open and commit it: orders and what was skipped
 *   crowd ID ROUNDS         several threads at once: session_crowd.h; how many orders there were
 *   memory N                from here on N allocations, of whatever thread, and then one that fails; negative:
 *                           all succeed; how many there were since it was asked last
 *   tell TYPE ORDER         an event of an order
 *   status RESOURCE CODE 0|1    whether a unit can be sent
 *   unavailable             the units that cannot: resource,code,reason
 *   move RESOURCE CODE LON_DEG,LAT_DEG
 *   stock WAREHOUSE KIND QUANTITY
 *                           that has come, or gone
 *   need INCIDENT KIND QUANTITY
 *   orders                  all orders that are known
 *   units                   all units: resource,code,kind,quantity,available,lon_deg,lat_deg,reason
 *   state                   what is said of the database
 *   follow | promote        of a standby
 * An order is number,state,claim,claim number,resource,unit,kind,quantity. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/alloc.h"
#include "tests/support/session_crowd.h"

enum { LINE_BYTES = 4096, WORDS = 4 };

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void fail(void) {
    printf("error\t%s", muster_error_message());
}

static void print_orders(uint32_t count, const muster_order *order) {
    for (uint32_t i = 0; i < count; ++i) {
        const muster_order *o = &order[i];
        printf("\t%" PRIu64 ",%s,%s,%" PRId64 ",%s,%s,%s,%" PRId64, o->number,
               muster_order_state_name((muster_order_state)o->state),
               muster_claim_state_name(o->claim), o->claim_number,
               muster_resource_name(o->resource), o->unit, o->kind ? o->kind : "", o->quantity);
    }
}

static void print_committed(const muster_committed *committed) {
    uint32_t              count;
    const muster_order   *order = muster_committed_orders(committed, &count);
    const muster_skipped *skipped;
    printf("committed\t%" PRIu64 "\t%u", muster_committed_sequence(committed), count);
    print_orders(count, order);
    skipped = muster_committed_skipped(committed, &count);
    for (uint32_t i = 0; i < count; ++i) {
        printf("\t%s: %s", muster_skip_name((muster_skip)skipped[i].skip), skipped[i].message);
    }
}

static void commit(muster_session *session, char **word) {
    muster_session_plan *plan;
    muster_committed    *committed;
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_commit        what    = MUSTER_COMMIT_INIT;
    options.time_limit_ms        = 20;
    what.id                      = word[1];
    what.author                  = "desk";
    what.claim_timeout_ms        = (uint32_t)atoi(word[2]);
    if (muster_session_plan_make(&plan, session, now_ms(), &options, MUSTER_REPLAN_IMPROVE)) {
        fail();
        return;
    }
    what.now_ms = now_ms();
    if (muster_session_commit(&committed, session, plan, &what) == MUSTER_OK) {
        print_committed(committed);
        muster_committed_free(committed);
    } else {
        fail();
    }
    muster_session_plan_free(plan);
}

static void crowd(muster_session *session, char **word) {
    const int64_t orders = session_crowd(session, word[1], (uint32_t)atoi(word[2]));
    if (orders < 0) {
        fail();
    } else {
        printf("crowd\t%" PRId64, orders);
    }
}

static void tell(muster_session *session, muster_event *event) {
    static unsigned     told;
    char                id[64];
    muster_event_answer answer;
    snprintf(id, sizeof id, "%" PRId64 "-%u", now_ms(), ++told);
    event->id      = id;
    event->time_ms = now_ms();
    event->author  = "crew";
    if (muster_session_tell(session, 1, event, &answer) != MUSTER_OK) {
        fail();
        return;
    }
    printf("%s\t%s", muster_event_outcome_name((muster_event_outcome)answer.outcome),
           answer.message);
}

static void tell_of_order(muster_session *session, char **word) {
    muster_event event = MUSTER_EVENT_INIT;
    event.type         = (uint8_t)muster_event_type_from_name(word[1]);
    event.order        = (uint64_t)atoll(word[2]);
    tell(session, &event);
}

static void tell_status(muster_session *session, char **word) {
    muster_event event  = MUSTER_EVENT_INIT;
    event.type          = MUSTER_EVENT_UNIT_STATUS;
    event.unit.resource = (uint8_t)muster_resource_from_name(word[1]);
    event.unit.code     = word[2];
    event.is_available  = word[3][0] == '1';
    tell(session, &event);
}

static void move(muster_session *session, char **word) {
    muster_event event = MUSTER_EVENT_INIT;
    event.type         = MUSTER_EVENT_UNIT_MOVED;
    event.unit    = (muster_event_unit){.resource = (uint8_t)muster_resource_from_name(word[1]),
                                        .code     = word[2]};
    event.lon_deg = atof(word[3]);
    event.lat_deg = atof(strchr(word[3], ',') + 1);
    tell(session, &event);
}

static void move_stock(muster_session *session, char **word) {
    muster_event event = MUSTER_EVENT_INIT;
    event.type         = MUSTER_EVENT_STOCK_MOVED;
    event.unit     = (muster_event_unit){.resource = MUSTER_ITEM, .code = word[1], .kind = word[2]};
    event.quantity = atoll(word[3]);
    tell(session, &event);
}

static void print_unavailable(muster_session *session) {
    muster_view *view;
    uint32_t     count;
    if (muster_session_look(&view, session, NULL) != MUSTER_OK) {
        fail();
        return;
    }
    const muster_view_unit *unit = muster_view_units(view, &count);
    printf("unavailable");
    for (uint32_t i = 0; i < count; ++i) {
        if (unit[i].is_available) continue;
        printf("\t%s,%s,%s", muster_resource_name(unit[i].resource), unit[i].code,
               unit[i].reason ? unit[i].reason : "");
    }
    muster_view_free(view);
}

static void change_need(muster_session *session, char **word) {
    muster_event            event = MUSTER_EVENT_INIT;
    const muster_event_need need  = {.kind = word[2], .quantity = atoll(word[3])};
    event.type                    = MUSTER_EVENT_NEED_CHANGED;
    event.incident.code           = word[1];
    event.need_count              = 1;
    event.need                    = &need;
    tell(session, &event);
}

static void print_all(muster_session *session) {
    muster_view *view;
    uint32_t     count;
    if (muster_session_look(&view, session, NULL) != MUSTER_OK) {
        fail();
        return;
    }
    const muster_order *order = muster_view_orders(view, &count);
    printf("orders");
    print_orders(count, order);
    muster_view_free(view);
}

static void print_units(muster_session *session) {
    muster_view *view;
    uint32_t     count;
    if (muster_session_look(&view, session, NULL) != MUSTER_OK) {
        fail();
        return;
    }
    const muster_view_unit *u = muster_view_units(view, &count);
    printf("units");
    for (uint32_t i = 0; i < count; ++i) {
        printf("\t%s,%s,%s,%" PRId64 ",%u,%.17g,%.17g,%s",
               muster_resource_name((muster_resource)u[i].resource), u[i].code,
               u[i].kind ? u[i].kind : "", u[i].quantity, u[i].is_available, u[i].lon_deg,
               u[i].lat_deg, u[i].reason ? u[i].reason : "");
    }
    muster_view_free(view);
}

static void print_state(muster_session *session) {
    const muster_session_state s = muster_session_get_state(session);
    printf("state\t%s\t%s\t%u\t%" PRId64 "\t%s", s.central_is_away ? "away" : "there",
           s.central_is_fenced ? "fenced" : "ours", s.claim_pending_count,
           s.central_age_ms == UINT64_MAX ? -1 : (int64_t)s.central_age_ms, s.trouble);
}

static void change_role(muster_session *session, bool is_promoted) {
    const muster_status status = is_promoted ? muster_session_promote(session, now_ms())
                                             : muster_session_follow(session, NULL);
    if (status == MUSTER_OK) {
        printf("done");
    } else {
        fail();
    }
}

static void obey(muster_session *session, char *line) {
    char *word[WORDS] = {line, NULL, NULL, NULL}, *at = line;
    for (int w = 1; w < WORDS && (at = strchr(at, '\t')); ++w) {
        *at++   = 0;
        word[w] = at;
    }
    if (strcmp(word[0], "commit") == 0 && word[2]) commit(session, word);
    if (strcmp(word[0], "crowd") == 0 && word[2]) crowd(session, word);
    if (strcmp(word[0], "tell") == 0 && word[2]) tell_of_order(session, word);
    if (strcmp(word[0], "status") == 0 && word[3]) tell_status(session, word);
    if (strcmp(word[0], "unavailable") == 0) print_unavailable(session);
    if (strcmp(word[0], "move") == 0 && word[3]) move(session, word);
    if (strcmp(word[0], "stock") == 0 && word[3]) move_stock(session, word);
    if (strcmp(word[0], "need") == 0 && word[3]) change_need(session, word);
    if (strcmp(word[0], "memory") == 0 && word[1]) {
        printf("memory\t%" PRId64, mu_alloc_fail_once_after(atoll(word[1])));
    }
    if (strcmp(word[0], "orders") == 0) print_all(session);
    if (strcmp(word[0], "units") == 0) print_units(session);
    if (strcmp(word[0], "state") == 0) print_state(session);
    if (strcmp(word[0], "follow") == 0) change_role(session, false);
    if (strcmp(word[0], "promote") == 0) change_role(session, true);
    puts("");
    fflush(stdout);
}

static uint8_t role_of(const char *name) {
    uint8_t role = MUSTER_SESSION_WRITE;
    while (role < MUSTER_SESSION_ROLE_COUNT &&
           strcmp(muster_session_role_name((muster_session_role)role), name) != 0) {
        ++role;
    }
    return role;
}

int main(int count, char **argument) {
    static char            line[LINE_BYTES];
    muster_session        *session;
    muster_session_options o    = MUSTER_SESSION_OPTIONS_INIT;
    muster_link_options    link = MUSTER_LINK_OPTIONS_INIT;
    if (count != 7) return 2;
    link.connection         = argument[3];
    link.schema             = argument[4];
    link.connect_timeout_ms = link.answer_timeout_ms = 2000;
    link.backoff_first_ms                            = 10;
    link.backoff_most_ms                             = 100;
    o.journal                                        = argument[1];
    o.store                                          = argument[2];
    o.central                                        = &link;
    o.dispatcher                                     = argument[5];
    o.role                                           = role_of(argument[6]);
    o.with_incidents                                 = 1;
    o.author                                         = "session_desk";
    o.now_ms                                         = now_ms();
    o.thread_count                                   = 1;
    if (muster_session_open(&session, &o) != MUSTER_OK) {
        printf("error\t%s\n", muster_error_message());
        return 1;
    }
    puts("open");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        obey(session, line);
    }
    muster_session_close(session);
    return 0;
}
