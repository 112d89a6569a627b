/* What subscribers hear: the journal's records, the latest of them from memory. */
#ifndef MU_SESSION_NEWS_H
#define MU_SESSION_NEWS_H

#include <pthread.h>

#include <muster/journal.h>
#include <muster/session.h>

#include "session/disk.h"

enum { MU_NEWS_RING = 4096, MU_NEWS_RING_BYTES = 16 << 20 };

typedef struct mu_news_item {
    uint64_t sequence;
    char    *json;
    size_t   size;
} mu_news_item;

typedef struct mu_news {
    pthread_mutex_t lock;
    pthread_cond_t  grown;
    mu_news_item    ring[MU_NEWS_RING]; /* consecutive, the oldest at `first` */
    uint32_t        first, count;
    size_t          bytes;
    uint64_t        last;       /* record that has happened */
    int             descriptor; /* -1: none */
    /* For those who were away: where the last of them has got to. */
    pthread_mutex_t        reader_lock;
    muster_journal_reader *reader;
    uint64_t               reader_next;
} mu_news;

void mu_news_init(mu_news *news);
void mu_news_fini(mu_news *news);

/* Up to `last` everything has happened before anybody asked. */
void mu_news_begin(mu_news *news, uint64_t last);
/* The next record has happened. Takes over `json`; NULL: whoever wants it reads the journal. */
void mu_news_add(mu_news *news, uint64_t sequence, char *json, size_t size);
/* Tell those who wait. */
void mu_news_tell(mu_news *news);

/* See muster_session_news. `source` and `path` lead to the journal. */
muster_status mu_news_read(muster_news **out, mu_news *news, const mu_disk_source *source,
                           const char *path, uint64_t after, uint32_t most, uint32_t timeout_ms,
                           uint32_t *out_count);

#endif
