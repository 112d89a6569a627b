/* The planning desk: it follows what happens in the journal's order, shows it, and plans and orders
 * whenever something has happened that may change who should go where. */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "desk.h"

enum {
    NEWS_MOST     = 256,
    NEWS_WAIT_MS  = 50, /* so long at most until the end of the night is seen */
    PLAN_LIMIT_MS = 60, /* a first plan is there at once; this is for making it better */
    GAPS_MOST     = 64
};

typedef struct planner {
    desk    *desk;
    uint64_t heard; /* the last record that was shown */
    /* Orders that were declined or expired, and for which nobody has been sent since. */
    uint32_t gap_count;
    uint64_t gap[GAPS_MOST];
    /* Of this process: */
    uint32_t plan_count;
    double   slowest_ms;
} planner;

/* ---- showing -------------------------------------------------------------------------------- */

static const muster_order *order_in(const muster_view *view, uint64_t number) {
    uint32_t            count;
    const muster_order *order = muster_view_orders(view, &count);
    for (uint32_t i = 0; i < count; ++i) {
        if (order[i].number == number) return &order[i];
    }
    return NULL;
}

static bool is_same_text(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* The order that @p o makes up for; 0: none. */
static uint64_t take_gap(planner *p, const muster_view *view, const muster_order *o) {
    for (uint32_t i = 0; i < p->gap_count; ++i) {
        const muster_order *gap = order_in(view, p->gap[i]);
        if (!gap || strcmp(gap->incident, o->incident) != 0 || !is_same_text(gap->need, o->need)) {
            continue;
        }
        p->gap[i] = p->gap[--p->gap_count];
        return gap->number;
    }
    return 0;
}

/* All orders that were issued with one record. What a vehicle carries is shown with its trip. */
static void show_orders(planner *p, const muster_view *view, uint64_t sequence) {
    uint32_t            count;
    const muster_order *order = muster_view_orders(view, &count);
    for (uint32_t i = 0; i < count; ++i) {
        const muster_order *o = &order[i];
        char                issued[8], eta[8];
        if (o->sequence != sequence) continue;
        if (o->trip != 0) {
            printf("                    with %" PRId64 " %s\n", o->quantity, o->kind);
            continue;
        }
        printf("%s  sent       order %" PRIu64 ": %s to %s, there at %s, %.1f km",
               clock_text(issued, o->issued_at_ms), o->number, o->unit, o->incident,
               clock_text(eta, o->eta_at_ms), o->distance_m / 1000);
        if (o->need) printf(", %" PRId64 " for %s", o->quantity, o->need);
        if (o->warehouse) printf(", by way of %s", o->warehouse);
        const uint64_t gap = take_gap(p, view, o);
        if (gap != 0) printf(", in place of order %" PRIu64, gap);
        printf("\n");
    }
}

static void show_needs(const muster_event *e) {
    for (uint32_t i = 0; i < e->need_count; ++i) {
        printf("%s %" PRId64 " %s", i == 0 ? ":" : ",", e->need[i].quantity, e->need[i].kind);
    }
    printf("\n");
}

static void show_order_event(const muster_view *view, const muster_event *e) {
    const muster_order *o = order_in(view, e->order);
    printf("order %" PRIu64, e->order);
    if (o) printf(": %s to %s", o->unit, o->incident);
    printf("%s%s\n", e->reason ? ", " : "", e->reason ? e->reason : "");
}

static void show_event(const muster_view *view, const muster_event *e) {
    char at[8];
    clock_text(at, e->time_ms);
    switch (e->type) {
    case MUSTER_EVENT_INCIDENT_REPORTED:
        printf("%s  REPORTED   %s, %s, %s", at, e->incident.code, e->incident.name,
               muster_severity_name(e->incident.severity));
        show_needs(e);
        break;
    case MUSTER_EVENT_NEED_CHANGED:
        printf("%s  needs now  %s", at, e->incident.code);
        show_needs(e);
        break;
    case MUSTER_EVENT_INCIDENT_CLOSED:
        printf("%s  closed     %s, says %s\n", at, e->incident.code, e->author);
        break;
    case MUSTER_EVENT_ROAD_CLOSED:
        printf("%s  road cut   %s, %s\n", at, e->road.code, e->reason ? e->reason : "");
        break;
    case MUSTER_EVENT_ROAD_OPENED:
        printf("%s  road open  %s\n", at, e->road.code);
        break;
    case MUSTER_EVENT_HAZARD_GROWN:
        printf("%s  flood      %s is %.2f m deep\n", at, e->hazard->code, e->hazard->depth_m);
        break;
    case MUSTER_EVENT_ORDER_DECLINED:
        printf("%s  DECLINED   ", at);
        show_order_event(view, e);
        break;
    case MUSTER_EVENT_ORDER_EXPIRED:
        printf("%s  NO ANSWER  ", at);
        show_order_event(view, e);
        break;
    case MUSTER_EVENT_ORDER_ON_SCENE:
        printf("%s  on scene   ", at);
        show_order_event(view, e);
        break;
    default:
        break; /* positions and the like */
    }
}

/* ---- following ------------------------------------------------------------------------------ */

/* Does it change who should go where? Positions and progress do not by themselves: the next plan
 * knows them. */
static bool calls_for_plan(uint8_t type) {
    switch (type) {
    case MUSTER_EVENT_UNIT_MOVED:
    case MUSTER_EVENT_ORDER_ACCEPTED:
    case MUSTER_EVENT_ORDER_EN_ROUTE:
    case MUSTER_EVENT_ORDER_LOADED:
    case MUSTER_EVENT_ORDER_ON_SCENE:
        return false;
    default:
        return true;
    }
}

/* One record of the journal. What is no event is a commit, or the beginning. */
static bool hear(planner *p, const muster_view *view, const muster_news *news, uint32_t i) {
    size_t             size;
    muster_event_text *text;
    const char        *json = muster_news_json(news, i, &size);
    p->heard                = muster_news_sequence(news, i);
    if (muster_event_read(&text, json, size)) {
        flockfile(stdout); /* the other thread may have something to say in the middle of a line */
        show_orders(p, view, p->heard);
        funlockfile(stdout);
        return false;
    }
    const muster_event *e     = muster_event_of(text);
    const bool          calls = calls_for_plan(e->type);
    if ((e->type == MUSTER_EVENT_ORDER_DECLINED || e->type == MUSTER_EVENT_ORDER_EXPIRED) &&
        p->gap_count < GAPS_MOST) {
        p->gap[p->gap_count++] = e->order;
    }
    flockfile(stdout);
    show_event(view, e);
    funlockfile(stdout);
    muster_event_text_free(text);
    return calls;
}

/* Show all that has happened since the last time. @p out_calls becomes true where some of it calls for
 * a plan, @p out_is_quiet says that nothing has happened. */
static bool follow(planner *p, bool *out_calls, bool *out_is_quiet) {
    uint32_t     count;
    muster_news *news;
    muster_view *view;
    *out_is_quiet = true;
    do {
        if (muster_session_news(&news, p->desk->session, p->heard, NEWS_MOST,
                                *out_is_quiet ? NEWS_WAIT_MS : 0, &count)) {
            return desk_failed(p->desk, "the journal cannot be followed");
        }
        /* Looked at after the news, so it knows at least as much. */
        if (count > 0 && muster_session_look(&view, p->desk->session, NULL)) {
            muster_news_free(news);
            return desk_failed(p->desk, "the session cannot be looked at");
        }
        for (uint32_t i = 0; i < count; ++i) *out_calls = hear(p, view, news, i) || *out_calls;
        if (count > 0) {
            *out_is_quiet = false;
            muster_view_free(view);
        }
        muster_news_free(news);
    } while (count == NEWS_MOST);
    return true;
}

/* ---- planning and ordering ------------------------------------------------------------------ */

/* A plan in a fraction of a second, whatever happens. To improve may fail where to keep does not (out
 * of memory, say), and a plan that keeps what is ordered and sends who is nearest is much better than
 * none. */
static bool make_plan(planner *p, muster_session_plan **out) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    const int64_t        now     = atomic_load(&p->desk->now_ms);
    options.time_limit_ms        = PLAN_LIMIT_MS;
    if (muster_session_plan_make(out, p->desk->session, now, &options, MUSTER_REPLAN_IMPROVE) ==
        MUSTER_OK) {
        return true;
    }
    fprintf(stderr, "%s; keeping to what is ordered\n", muster_error_message());
    return muster_session_plan_make(out, p->desk->session, now, &options, MUSTER_REPLAN_KEEP) ==
           MUSTER_OK;
}

static bool keep_in_mind(planner *p, const muster_committed *committed) {
    uint32_t              order_count, cancelled_count, skipped_count;
    const muster_order   *order     = muster_committed_orders(committed, &order_count);
    const uint64_t       *cancelled = muster_committed_cancelled(committed, &cancelled_count);
    const muster_skipped *skipped   = muster_committed_skipped(committed, &skipped_count);
    char                  at[8];
    clock_text(at, atomic_load(&p->desk->now_ms));
    for (uint32_t i = 0; i < order_count; ++i) {
        if (!ledger_sent(p->desk->ledger, &order[i])) {
            return desk_failed(p->desk, "the ledger cannot be written");
        }
    }
    for (uint32_t i = 0; i < cancelled_count; ++i) {
        printf("%s  taken back order %" PRIu64 "\n", at, cancelled[i]);
    }
    for (uint32_t i = 0; i < skipped_count; ++i) {
        if (skipped[i].skip == MUSTER_SKIP_CARRIED_ON) continue; /* most of a plan, each time */
        printf("%s  not sent   %s\n", at, skipped[i].message);
    }
    return true;
}

/* The id names the state that the plan was made from: to commit it again, because the disk was full or
 * because the answer was lost, sends nobody twice. */
static bool order_plan(planner *p, const muster_session_plan *plan) {
    char              id[64];
    muster_committed *committed;
    muster_status     status;
    int               tries  = 0;
    muster_commit     commit = MUSTER_COMMIT_INIT;
    snprintf(id, sizeof id, "plan-%" PRIu64, muster_session_plan_sequence(plan));
    commit.id     = id;
    commit.author = AUTHOR;
    commit.now_ms = atomic_load(&p->desk->now_ms);
    do status = muster_session_commit(&committed, p->desk->session, plan, &commit);
    while (desk_tries_again(status, &tries));
    if (status) return desk_failed(p->desk, "orders cannot be issued");
    const bool is_kept = keep_in_mind(p, committed);
    muster_committed_free(committed);
    return is_kept;
}

static double seconds_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool plan_and_order(planner *p) {
    muster_session_plan *plan;
    const double         begin = seconds_now();
    if (!make_plan(p, &plan)) return desk_failed(p->desk, "no plan can be made");
    const bool is_ordered = order_plan(p, plan);
    muster_session_plan_free(plan);
    const double took_ms = (seconds_now() - begin) * 1000;
    if (took_ms > p->slowest_ms) p->slowest_ms = took_ms;
    ++p->plan_count;
    return is_ordered;
}

void *plan_night(void *of_desk) {
    planner p = {.desk = of_desk};
    /* What was acknowledged was heard as well, most of it; what came after that was not. */
    p.heard    = ledger_last_sequence(p.desk->ledger);
    bool calls = true; /* a plan may have been about to be made when the last process died */
    while (!atomic_load(&p.desk->has_failed)) {
        const bool is_last = atomic_load(&p.desk->feed_is_over);
        bool       is_quiet;
        if (!follow(&p, &calls, &is_quiet)) break;
        if (calls && !plan_and_order(&p)) break;
        if (!calls && is_quiet && is_last) break;
        calls = false;
    }
    printf("       planned    %" PRIu32 " times since the last start, the slowest %.0f ms from the "
           "question to the orders\n",
           p.plan_count, p.slowest_ms);
    return NULL;
}
