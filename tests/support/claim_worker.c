/* The API of claims and of live following as a program, so that tests can start several, kill them
 * and put faults between them and the server.
 *
 * usage: claim_worker dispatch CONNECTION SCHEMA CODE HOLDER [ANSWER_TIMEOUT_MS]
 *        claim_worker follow CONNECTION SCHEMA [HEARTBEAT_MS [DISPATCHER]]
 *
 * Commands come by standard input, a line each, words separated by tabs; answers likewise.
 * dispatch: take | token N | commit REQUEST SCENARIO RELEASED LINE... (SCENARIO may begin with '?': by
 *           code) | release REQUEST CLAIM... | use REQUEST CLAIM... |
 *           state ORDER STATE | starve N (allocations succeed in the next request, then fail once)
 * follow:   state | held | units (those that others have changed) | starve N (in the next step); changes are written as they come. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <muster/claim.h>
#include <muster/live.h>

#include "gis/memory.h"

enum { LINE_BYTES = 1 << 20, MAX_WORDS = 4096, LINE_PARTS = 7, PATIENCE_MS = 60000 };

static muster_link_options link_options(char **argument) {
    muster_link_options o = MUSTER_LINK_OPTIONS_INIT;
    o.connection          = argument[0];
    o.schema              = argument[1];
    o.backoff_first_ms    = 5;
    o.backoff_most_ms     = 200;
    return o;
}

static int split(char *line, char mark, char **word, int most) {
    int count     = 0;
    word[count++] = line;
    for (char *at = line; *at && count < most; ++at) {
        if (*at != mark) continue;
        *at           = 0;
        word[count++] = at + 1;
    }
    return count;
}

static const char *or_null(const char *text) {
    return *text ? text : NULL;
}

/* ---- dispatch ------------------------------------------------------------------------ */

/* resource:code:kind:incident:need:quantity:vehicle */
static muster_claim_line line_of(char *text) {
    char *part[LINE_PARTS];
    for (int count = split(text, ':', part, LINE_PARTS); count < LINE_PARTS; ++count)
        part[count] = "";
    return (muster_claim_line){.resource   = (uint8_t)muster_resource_from_name(part[0]),
                               .code       = part[1],
                               .kind       = or_null(part[2]),
                               .incident   = or_null(part[3]),
                               .need       = or_null(part[4]),
                               .quantity   = atoll(part[5]),
                               .vehicle    = or_null(part[6]),
                               .depart_ms  = 60000,
                               .eta_ms     = 360000,
                               .distance_m = 1234.5};
}

static muster_status start_commit(muster_dispatcher *d, char **word, int count) {
    static muster_claim_line line[MAX_WORDS];
    static int64_t           released[MAX_WORDS];
    char                    *part[MAX_WORDS];
    muster_claim_plan        plan = MUSTER_CLAIM_PLAN_INIT;
    plan.by_code                  = *word[2] == '?';
    plan.scenario                 = or_null(word[2] + plan.by_code);
    plan.line                     = line;
    plan.release                  = released;
    if (*word[3]) {
        plan.release_count = (uint32_t)split(word[3], ',', part, MAX_WORDS);
        for (uint32_t i = 0; i < plan.release_count; ++i) released[i] = atoll(part[i]);
    }
    for (int i = 4; i < count; ++i) line[plan.line_count++] = line_of(word[i]);
    return muster_dispatcher_commit(d, word[1], &plan);
}

static muster_status start(muster_dispatcher *d, const char *line) {
    static int64_t claim[MAX_WORDS];
    static char    copy[LINE_BYTES];
    char          *word[MAX_WORDS] = {NULL};
    const int      count           = split(strcpy(copy, line), '\t', word, MAX_WORDS);
    if (strcmp(word[0], "take") == 0) return muster_dispatcher_take_over(d);
    if (strcmp(word[0], "commit") == 0 && count > 3) return start_commit(d, word, count);
    if (strcmp(word[0], "state") == 0 && count > 2) {
        return muster_dispatcher_set_order_state(d, atoll(word[1]), word[2]);
    }
    for (int i = 2; i < count; ++i) claim[i - 2] = atoll(word[i]);
    if (strcmp(word[0], "use") == 0) {
        return muster_dispatcher_use(d, word[1], (uint32_t)(count - 2), claim);
    }
    return muster_dispatcher_release(d, word[1], (uint32_t)(count - 2), claim);
}

static void print_answer(const muster_dispatcher *d, const muster_claim_answer *a) {
    if (!a) {
        printf("pending\t%s\n", muster_dispatcher_trouble(d));
        return;
    }
    printf("%s\t%" PRId64 "\t%u\t%" PRId64 "\t%s", muster_claim_outcome_name(a->outcome), a->plan,
           a->attempt_count, muster_dispatcher_token(d), a->message);
    for (uint32_t i = 0; i < a->claimed_count; ++i) {
        printf("\t%" PRId64 ",%" PRId64, a->claimed[i].claim, a->claimed[i].order);
    }
    for (uint32_t i = 0; i < a->conflict_count; ++i) {
        const muster_claim_conflict *c = &a->conflict[i];
        printf("\t%u,%s,%" PRId64 ",%s,%" PRId64 ",%s", c->line,
               muster_claim_reason_name((muster_claim_reason)c->reason), c->remaining,
               c->holder ? c->holder : "", c->since_ms, c->incident ? c->incident : "");
    }
    puts("");
}

static void dispatch_one(muster_dispatcher *d, const char *line, int64_t *starve) {
    if (strncmp(line, "token\t", 6) == 0) {
        muster_dispatcher_set_token(d, atoll(line + 6));
        return;
    }
    if (strncmp(line, "starve\t", 7) == 0) {
        *starve = atoll(line + 7);
        return;
    }
    const muster_claim_answer *answer = NULL;
    mu_gis_alloc_fail_after(*starve);
    muster_status status = start(d, line);
    if (status == MUSTER_E_NOMEM) {
        mu_gis_alloc_fail_after(-1);
        status = start(d, line);
    }
    if (status == MUSTER_OK) status = muster_dispatcher_run(d, PATIENCE_MS, &answer);
    mu_gis_alloc_fail_after(-1);
    if (status == MUSTER_E_NOMEM) status = muster_dispatcher_run(d, PATIENCE_MS, &answer);
    *starve = -1;
    if (status == MUSTER_OK) {
        print_answer(d, answer);
        if (!answer) muster_dispatcher_give_up(d);
    } else {
        printf("error\t%s\t%s\n", muster_status_name(status), muster_error_message());
    }
}

static int dispatch(int count, char **argument) {
    static char         line[LINE_BYTES];
    muster_dispatcher  *d;
    muster_link_options options = link_options(argument);
    int64_t             starve  = -1;
    if (count > 4)
        options.answer_timeout_ms = options.connect_timeout_ms = (uint32_t)atoi(argument[4]);
    if (muster_dispatcher_new(&d, argument[2], argument[3], &options) != MUSTER_OK) {
        fprintf(stderr, "%s\n", muster_error_message());
        return 3;
    }
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        dispatch_one(d, line, &starve);
        fflush(stdout);
    }
    muster_dispatcher_free(d);
    return 0;
}

/* ---- follow -------------------------------------------------------------------------- */

static int64_t now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static const char *word_or(const char *text) {
    return text ? text : "";
}

static void print_changes(muster_live *live) {
    for (const muster_live_change *c; (c = muster_live_take_change(live));) {
        printf("change\t%" PRId64 "\t%s\t%" PRId64 "\t%s\t%s\t%s\t%s\t%s\n", now_us(),
               c->is_reload ? "reload" : "row", c->number, word_or(c->subject),
               word_or(c->operation), word_or(c->scenario), word_or(c->resource), word_or(c->code));
    }
}

static void print_state(const muster_live *live) {
    static const char *const PHASE[] = {"away", "connecting", "following"};
    const muster_live_state  s       = muster_live_get_state(live);
    printf("state\t%s\t%s\t%" PRId64 "\t%s\n", PHASE[s.phase], s.is_stale ? "stale" : "fresh",
           s.is_known ? (int64_t)s.age_ms : -1, s.trouble);
}

static void print_held(const muster_live *live) {
    uint32_t           count;
    const muster_held *held = muster_live_held(live, &count);
    printf("held\t%u", count);
    for (uint32_t i = 0; i < count; ++i) {
        printf("\t%" PRId64 ",%s,%s,%s,%" PRId64 ",%s,%s,%s", held[i].claim,
               muster_resource_name((muster_resource)held[i].resource), held[i].code,
               word_or(held[i].kind), held[i].quantity, held[i].dispatcher,
               word_or(held[i].incident), word_or(held[i].need));
    }
    puts("");
}

/* What does not belong to the aspect is not said. */
static void print_unit(const muster_changed_unit *u) {
    printf("\t%s,%s,%s,%s,%" PRId64 ",%s,%s", muster_resource_name((muster_resource)u->resource),
           u->code, word_or(u->kind), muster_aspect_name((muster_aspect)u->aspect), u->at_us,
           u->actor, u->is_there ? "there" : "gone");
    if (u->aspect == MUSTER_ASPECT_POSITION) printf(",%.17g,%.17g", u->lon_deg, u->lat_deg);
    if (u->aspect == MUSTER_ASPECT_STATUS) printf(",%u", u->is_available);
    if (u->aspect == MUSTER_ASPECT_CREW || u->aspect == MUSTER_ASPECT_STOCK) {
        printf(",%" PRId64, u->quantity);
    }
    if (u->aspect == MUSTER_ASPECT_SHIFT) {
        printf(",%" PRId64 ",%" PRId64 ",%" PRId64, u->ready_ms, u->shift_end_ms, u->duty_ms);
    }
}

static void print_units(const muster_live *live) {
    uint32_t                   count;
    const muster_changed_unit *unit = muster_live_changed_units(live, &count);
    printf("units");
    for (uint32_t i = 0; i < count; ++i) print_unit(&unit[i]);
    puts("");
}

/* False: standard input has ended. */
static bool obey(const muster_live *live, int64_t *starve) {
    char command[64];
    if (!fgets(command, sizeof command, stdin)) return false;
    if (strncmp(command, "starve\t", 7) == 0) *starve = atoll(command + 7);
    if (strcmp(command, "state\n") == 0) print_state(live);
    if (strcmp(command, "held\n") == 0) print_held(live);
    if (strcmp(command, "units\n") == 0) print_units(live);
    return true;
}

/* An event loop of the caller's own: its input, and what the handle waits for. */
static int follow(int count, char **argument) {
    muster_live        *live;
    muster_live_options options = MUSTER_LIVE_OPTIONS_INIT;
    muster_link_options link    = link_options(argument);
    int64_t             starve  = -1;
    if (count > 2) options.heartbeat_ms = (uint32_t)atoi(argument[2]);
    if (count > 3) options.dispatcher = argument[3];
    link.connect_timeout_ms = link.answer_timeout_ms = 1000;
    if (muster_live_new(&live, &link, &options) != MUSTER_OK) {
        fprintf(stderr, "%s\n", muster_error_message());
        return 3;
    }
    setvbuf(stdin, NULL, _IONBF, 0); /* poll sees what has not been read into a buffer */
    for (bool goes_on = true; goes_on;) {
        const muster_wait wait       = muster_live_wait(live);
        struct pollfd     waiting[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = wait.fd}};
        if (wait.for_read) waiting[1].events |= POLLIN;
        if (wait.for_write) waiting[1].events |= POLLOUT;
        if (poll(waiting, wait.fd >= 0 ? 2 : 1, (int)wait.timeout_ms) < 0 && errno != EINTR) break;
        mu_gis_alloc_fail_after(starve);
        const muster_status status = muster_live_step(live);
        mu_gis_alloc_fail_after(-1);
        if (status != MUSTER_OK) {
            printf("error\t%s\n", muster_error_message());
            starve = -1;
        }
        print_changes(live);
        if (waiting[0].revents) goes_on = obey(live, &starve);
        fflush(stdout);
    }
    muster_live_free(live);
    return 0;
}

int main(int count, char **argument) {
    if (count > 5 && strcmp(argument[1], "dispatch") == 0) return dispatch(count - 2, argument + 2);
    if (count > 3 && strcmp(argument[1], "follow") == 0) return follow(count - 2, argument + 2);
    fprintf(stderr, "usage: claim_worker dispatch|follow CONNECTION SCHEMA ...\n");
    return 2;
}
