/* Records are kept in a ring until newer ones need their place; older ones are read from the journal,
 * which somebody who is far behind does from where the last call has left it. Nothing is told before
 * it is on the disk. */
#define _POSIX_C_SOURCE 200809L /* pthread_condattr_setclock */
#include "session/news.h"

#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "core/alloc.h"
#include "session/recovery.h"

struct muster_news {
    mu_news_item *item;
    size_t        count, capacity;
};

/* ---- life ---------------------------------------------------------------------------------- */

void mu_news_init(mu_news *n) {
    pthread_condattr_t by_clock;
    memset(n, 0, sizeof *n);
    pthread_mutex_init(&n->lock, NULL);
    pthread_mutex_init(&n->reader_lock, NULL);
    pthread_condattr_init(&by_clock);
    pthread_condattr_setclock(&by_clock, CLOCK_MONOTONIC);
    pthread_cond_init(&n->grown, &by_clock);
    pthread_condattr_destroy(&by_clock);
    n->descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

static void forget_oldest(mu_news *n) {
    mu_news_item *oldest = &n->ring[n->first];
    n->bytes -= oldest->size;
    mu_free(oldest->json);
    n->first = (n->first + 1) % MU_NEWS_RING;
    --n->count;
}

void mu_news_fini(mu_news *n) {
    while (n->count > 0) forget_oldest(n);
    muster_journal_reader_free(n->reader);
    if (n->descriptor >= 0) (void)close(n->descriptor);
    pthread_cond_destroy(&n->grown);
    pthread_mutex_destroy(&n->reader_lock);
    pthread_mutex_destroy(&n->lock);
}

/* ---- telling ------------------------------------------------------------------------------- */

void mu_news_begin(mu_news *n, uint64_t last) {
    pthread_mutex_lock(&n->lock);
    while (n->count > 0) forget_oldest(n);
    n->last = last;
    pthread_mutex_unlock(&n->lock);
}

void mu_news_add(mu_news *n, uint64_t sequence, char *json, size_t size) {
    pthread_mutex_lock(&n->lock);
    while (n->count > 0 &&
           (!json || n->count == MU_NEWS_RING || (n->bytes + size > MU_NEWS_RING_BYTES))) {
        forget_oldest(n);
    }
    if (json) {
        n->ring[(n->first + n->count++) % MU_NEWS_RING] = (mu_news_item){sequence, json, size};
        n->bytes += size;
    }
    n->last = sequence;
    pthread_mutex_unlock(&n->lock);
}

void mu_news_tell(mu_news *n) {
    const uint64_t one = 1;
    pthread_mutex_lock(&n->lock);
    pthread_cond_broadcast(&n->grown);
    /* Where it is readable already, there is nothing to add. */
    if (n->descriptor >= 0) (void)!write(n->descriptor, &one, sizeof one);
    pthread_mutex_unlock(&n->lock);
}

/* ---- collecting ---------------------------------------------------------------------------- */

void muster_news_free(muster_news *news) {
    if (!news) return;
    for (size_t i = 0; i < news->count; ++i) mu_free(news->item[i].json);
    mu_free(news->item);
    mu_free(news);
}

static muster_status add_copy(muster_news *news, uint64_t sequence, const void *json, size_t size) {
    char *copy;
    MU_TRY(mu_grow(&news->item, &news->capacity, news->count, sizeof *news->item));
    MU_TRY(mu_alloc(&copy, size + 1, 1));
    memcpy(copy, json, size);
    copy[size]                = 0;
    news->item[news->count++] = (mu_news_item){sequence, copy, size};
    return MUSTER_OK;
}

/* The lock is held. */
static muster_status copy_from_memory(muster_news *news, const mu_news *n, uint64_t after,
                                      uint32_t most) {
    const uint64_t oldest = n->last + 1 - n->count;
    for (uint64_t s = after; s < n->last && news->count < most; ++s) {
        const mu_news_item *item = &n->ring[(n->first + (s + 1 - oldest)) % MU_NEWS_RING];
        MU_TRY(add_copy(news, item->sequence, item->json, item->size));
    }
    return MUSTER_OK;
}

/* ---- from the journal ---------------------------------------------------------------------- */

static muster_status open_reader(mu_news *n, const mu_disk_source *source, const char *path,
                                 uint64_t next) {
    muster_journal_reader *reader;
    muster_journal_reader_free(n->reader);
    n->reader = NULL;
    MU_TRY(mu_recovery_reader(&reader, source, path, next));
    n->reader      = reader;
    n->reader_next = reader->sequence;
    return MUSTER_OK;
}

/* The first record is the world that everything begins with, which is not JSON. */
static muster_status add_record(muster_news *news, const muster_journal_record *record) {
    static const char BEGUN[] = "{\"type\":\"begun\"}";
    if (record->sequence > 1) {
        return add_copy(news, record->sequence, record->bytes, record->size);
    }
    return add_copy(news, record->sequence, BEGUN, sizeof BEGUN - 1);
}

/* The reader's lock is held. Everything up to `last` is on the disk. */
static muster_status copy_from_journal(muster_news *news, mu_news *n, uint64_t after, uint32_t most,
                                       uint64_t last) {
    bool is_there = true;
    while (news->count < most && n->reader_next <= last && is_there) {
        muster_journal_record record;
        MU_TRY(muster_journal_next(n->reader, &record, &is_there));
        if (!is_there) break;
        n->reader_next = record.sequence + 1;
        if (record.sequence > after) MU_TRY(add_record(news, &record));
    }
    return MUSTER_OK;
}

static muster_status read_journal(muster_news *news, mu_news *n, const mu_disk_source *source,
                                  const char *path, uint64_t after, uint32_t most, uint64_t last) {
    muster_status status = MUSTER_OK;
    pthread_mutex_lock(&n->reader_lock);
    if (!n->reader || n->reader_next != after + 1) {
        status = open_reader(n, source, path, after + 1);
    }
    if (status == MUSTER_OK) status = copy_from_journal(news, n, after, most, last);
    if (status != MUSTER_OK || n->reader_next > last) {
        muster_journal_reader_free(n->reader);
        n->reader = NULL;
    }
    pthread_mutex_unlock(&n->reader_lock);
    return status;
}

/* ---- reading ------------------------------------------------------------------------------- */

/* The lock is held. */
static void wait_for_more(mu_news *n, uint64_t after, uint32_t timeout_ms) {
    struct timespec until;
    int             error = 0;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) ++until.tv_sec, until.tv_nsec -= 1000000000;
    while (n->last <= after && error == 0 && timeout_ms > 0) {
        error = pthread_cond_timedwait(&n->grown, &n->lock, &until);
    }
}

static muster_status read_all(muster_news *news, mu_news *n, const mu_disk_source *source,
                              const char *path, uint64_t after, uint32_t most,
                              uint32_t timeout_ms) {
    muster_status status = MUSTER_OK;
    pthread_mutex_lock(&n->lock);
    wait_for_more(n, after, timeout_ms);
    const uint64_t last      = n->last;
    const bool     is_recent = after >= last - n->count;
    if (is_recent) status = copy_from_memory(news, n, after, most);
    /* Who has got to the end has taken note of all that the descriptor tells of. */
    const bool is_end = is_recent && (last <= after || news->count == last - after);
    uint64_t   told;
    if (status == MUSTER_OK && is_end && n->descriptor >= 0) {
        (void)!read(n->descriptor, &told, sizeof told);
    }
    pthread_mutex_unlock(&n->lock);
    return is_recent ? status : read_journal(news, n, source, path, after, most, last);
}

muster_status mu_news_read(muster_news **out, mu_news *n, const mu_disk_source *source,
                           const char *path, uint64_t after, uint32_t most, uint32_t timeout_ms,
                           uint32_t *out_count) {
    muster_news *news;
    *out       = NULL;
    *out_count = 0;
    MU_TRY(mu_alloc_zeroed(&news, 1, sizeof *news));
    const muster_status status = read_all(news, n, source, path, after, most, timeout_ms);
    if (status != MUSTER_OK) {
        muster_news_free(news);
        return status;
    }
    *out       = news;
    *out_count = (uint32_t)news->count;
    return MUSTER_OK;
}

uint64_t muster_news_sequence(const muster_news *news, uint32_t index) {
    return news->item[index].sequence;
}

const char *muster_news_json(const muster_news *news, uint32_t index, size_t *out_size) {
    if (out_size) *out_size = news->item[index].size;
    return news->item[index].json;
}
