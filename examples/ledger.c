#define _DEFAULT_SOURCE /* flock */
#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* One line each:
 *   told SEQUENCE TIME TYPE ORDER ID    an event was acknowledged, as this record of the journal
 *   sent SEQUENCE NUMBER UNIT INCIDENT  an order was issued with this record */
enum { LINE_BYTES = 600, CODE_BYTES = MUSTER_EVENT_CODE_BYTES + 1 };

struct ledger {
    int             file;
    pthread_mutex_t lock; /* of what follows, and of the order of lines */
    uint32_t        count;
    int64_t         last_ms;
    uint64_t        last_sequence;
};

/* ---- the file ------------------------------------------------------------------------------- */

static void count_line(ledger *l, uint64_t sequence, int64_t at_ms) {
    ++l->count;
    if (at_ms > l->last_ms) l->last_ms = at_ms;
    if (sequence > l->last_sequence) l->last_sequence = sequence;
}

/* Whole lines are counted; what a crash has left of another one goes. */
static bool take_stock(ledger *l) {
    FILE *in = fdopen(dup(l->file), "r");
    char  line[LINE_BYTES];
    off_t whole = 0;
    if (!in) return false;
    while (fgets(line, sizeof line, in)) {
        int64_t      at_ms = 0;
        uint64_t     sequence;
        const size_t length = strlen(line);
        if (line[length - 1] != '\n') break;
        if (sscanf(line, "%*s %" SCNu64, &sequence) == 1) {
            (void)sscanf(line, "told %*u %" SCNd64, &at_ms);
            count_line(l, sequence, at_ms);
        }
        whole += (off_t)length;
    }
    const bool is_read = !ferror(in);
    fclose(in);
    return is_read && ftruncate(l->file, whole) == 0;
}

/* One process at a time: what another one is about to write must not be taken for what a crash has
 * left. */
static bool is_open(ledger *l, const char *path) {
    l->file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (l->file >= 0 && flock(l->file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        (void)muster_fail(MUSTER_E_IO, "%s is in use by another process", path);
        return false;
    }
    if (l->file >= 0 && take_stock(l)) return true;
    (void)muster_fail(MUSTER_E_IO, "%s: %s", path, strerror(errno));
    return false;
}

ledger *ledger_open(const char *path) {
    ledger *l = calloc(1, sizeof *l);
    if (!l) {
        (void)muster_fail(MUSTER_E_NOMEM, "no memory for the ledger");
        return NULL;
    }
    if (!is_open(l, path)) {
        if (l->file >= 0) close(l->file);
        free(l);
        return NULL;
    }
    pthread_mutex_init(&l->lock, NULL);
    return l;
}

void ledger_close(ledger *l) {
    if (!l) return;
    close(l->file);
    pthread_mutex_destroy(&l->lock);
    free(l);
}

/* One line, one write: a process that is killed has written all of it or, at worst, its beginning.
 * (Who wants to survive a power cut as well calls fdatasync here, as the session does in its
 * journal.) */
static bool add(ledger *l, const char *line, int length, uint64_t sequence, int64_t at_ms) {
    pthread_mutex_lock(&l->lock);
    const bool is_written = write(l->file, line, (size_t)length) == length;
    if (is_written) {
        count_line(l, sequence, at_ms);
    } else {
        (void)muster_fail(MUSTER_E_IO, "the ledger: %s", strerror(errno));
    }
    pthread_mutex_unlock(&l->lock);
    return is_written;
}

bool ledger_told(ledger *l, const muster_event *event, uint64_t sequence) {
    char      line[LINE_BYTES];
    const int length =
        snprintf(line, sizeof line, "told %" PRIu64 " %" PRId64 " %s %" PRIu64 " %s\n", sequence,
                 event->time_ms, muster_event_type_name(event->type), event->order, event->id);
    return add(l, line, length, sequence, event->time_ms);
}

bool ledger_sent(ledger *l, const muster_order *order) {
    char      line[LINE_BYTES];
    const int length = snprintf(line, sizeof line, "sent %" PRIu64 " %" PRIu64 " %s %s\n",
                                order->sequence, order->number, order->unit, order->incident);
    return add(l, line, length, order->sequence, 0);
}

uint32_t ledger_count(const ledger *l) {
    return l->count;
}

int64_t ledger_last_ms(const ledger *l) {
    return l->last_ms;
}

uint64_t ledger_last_sequence(const ledger *l) {
    return l->last_sequence;
}

/* ---- the check ------------------------------------------------------------------------------ */

/* The id of each record of the journal, by its number: what has become of the session is one thing,
 * that it remembers each event another. */
typedef struct record_ids {
    uint64_t count;
    char (*id)[MUSTER_EVENT_ID_BYTES + 1];
} record_ids;

static void keep_id(char *out, const muster_news *news, uint32_t i) {
    size_t             size;
    muster_event_text *text;
    const char        *json = muster_news_json(news, i, &size);
    /* Commits, and the beginning, are no events. */
    if (muster_event_read(&text, json, size)) return;
    snprintf(out, MUSTER_EVENT_ID_BYTES + 1, "%s", muster_event_of(text)->id);
    muster_event_text_free(text);
}

static bool read_ids(record_ids *ids, muster_session *session) {
    ids->count = muster_session_get_state(session).sequence + 1;
    ids->id    = calloc(ids->count, sizeof *ids->id);
    if (!ids->id) return false;
    for (uint64_t after = 0; after + 1 < ids->count;) {
        uint32_t     count;
        muster_news *news;
        if (muster_session_news(&news, session, after, 500, 0, &count)) return false;
        for (uint32_t i = 0; i < count; ++i) {
            after = muster_news_sequence(news, i);
            if (after < ids->count) keep_id(ids->id[after], news, i);
        }
        muster_news_free(news);
        if (count == 0) return false; /* the journal ends before the session does */
    }
    return true;
}

static const muster_order *find_order(const muster_order *order, uint32_t count, uint64_t number) {
    uint32_t low = 0, high = count; /* they are sorted by number */
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (order[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && order[low].number == number ? &order[low] : NULL;
}

/* May an order be in this state, after a unit was told that its word (an event of this type) was
 * taken? It may have gone on since, never back; and who has accepted is not passed over in
 * silence. */
static bool may_be_in(uint8_t state, const char *type) {
    switch ((int)muster_event_type_from_name(type)) {
    case MUSTER_EVENT_ORDER_DECLINED:
        return state == MUSTER_ORDER_DECLINED;
    case MUSTER_EVENT_ORDER_RELEASED:
        return state == MUSTER_ORDER_RELEASED;
    case MUSTER_EVENT_ORDER_ON_SCENE:
        return state == MUSTER_ORDER_ON_SCENE || state == MUSTER_ORDER_RELEASED;
    default:
        return state != MUSTER_ORDER_ISSUED && state != MUSTER_ORDER_EXPIRED;
    }
}

/* A session shows all orders that are not over, and the last 1,000 that are. */
static bool may_be_gone(const muster_order *order, uint32_t count, uint64_t number) {
    uint32_t over_count = 0;
    for (uint32_t i = 0; i < count; ++i) over_count += muster_order_is_over(order[i].state);
    return over_count >= 1000 && number < order[count - 1].number;
}

static bool check_line(const char *line, const record_ids *ids, const muster_order *order,
                       uint32_t count) {
    uint64_t sequence, number = 0;
    char     type[32], id[MUSTER_EVENT_ID_BYTES + 1], unit[CODE_BYTES], incident[CODE_BYTES];
    const muster_order *o;
    if (sscanf(line, "told %" SCNu64 " %*d %31s %" SCNu64 " %64s", &sequence, type, &number, id) ==
        4) {
        if (sequence >= ids->count || strcmp(ids->id[sequence], id) != 0) return false;
        if (number == 0) return true;
        o = find_order(order, count, number);
        return o ? may_be_in(o->state, type) : may_be_gone(order, count, number);
    }
    if (sscanf(line, "sent %" SCNu64 " %" SCNu64 " %200s %200s", &sequence, &number, unit,
               incident) != 4) {
        return false;
    }
    o = find_order(order, count, number);
    if (!o) return may_be_gone(order, count, number);
    return o->sequence == sequence && strcmp(o->unit, unit) == 0 &&
           strcmp(o->incident, incident) == 0;
}

static bool check_lines(const ledger *l, muster_session *session, const muster_order *order,
                        uint32_t count) {
    record_ids ids = {0, NULL};
    char       line[LINE_BYTES];
    bool       is_right = read_ids(&ids, session);
    FILE      *in       = fdopen(dup(l->file), "r");
    if (!is_right) fprintf(stderr, "the journal cannot be read: %s\n", muster_error_message());
    if (in) rewind(in);
    while (is_right && in && fgets(line, sizeof line, in)) {
        if (check_line(line, &ids, order, count)) continue;
        fprintf(stderr, "LOST: %s", line);
        is_right = false;
    }
    if (in) fclose(in);
    free(ids.id);
    return is_right && in;
}

static bool is_same_unit(const muster_order *a, const muster_order *b) {
    return a->resource == b->resource && strcmp(a->unit, b->unit) == 0 &&
           (a->kind == b->kind || (a->kind && b->kind && strcmp(a->kind, b->kind) == 0));
}

static bool is_holding(const muster_order *o) {
    if (muster_order_is_over(o->state)) return false;
    /* Items are handed over on scene: the warehouse has nothing more to do with them. */
    return o->resource != MUSTER_ITEM || o->state != MUSTER_ORDER_ON_SCENE;
}

static bool check_unit(const muster_view_unit *unit, const muster_order *order, uint32_t count) {
    const muster_order of_unit = {.resource = unit->resource,
                                  .unit     = unit->code,
                                  .kind     = unit->resource == MUSTER_ITEM ? unit->kind : NULL};
    int64_t            ordered = 0;
    for (uint32_t i = 0; i < count; ++i) {
        if (is_holding(&order[i]) && is_same_unit(&order[i], &of_unit))
            ordered += order[i].quantity;
    }
    if (ordered <= unit->quantity && ordered == unit->under_order) return true;
    fprintf(stderr, "TWICE: %s has %" PRId64 ", orders have %" PRId64 " of them\n", unit->code,
            unit->quantity, ordered);
    return false;
}

bool ledger_check(const ledger *l, muster_session *session) {
    muster_view *view;
    uint32_t     order_count, unit_count;
    if (muster_session_look(&view, session, NULL)) {
        fprintf(stderr, "the session cannot be looked at: %s\n", muster_error_message());
        return false;
    }
    const muster_order     *order    = muster_view_orders(view, &order_count);
    const muster_view_unit *unit     = muster_view_units(view, &unit_count);
    bool                    is_right = check_lines(l, session, order, order_count);
    for (uint32_t i = 0; i < unit_count; ++i) {
        is_right = check_unit(&unit[i], order, order_count) && is_right;
    }
    muster_view_free(view);
    return is_right;
}
