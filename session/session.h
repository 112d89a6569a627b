/* What a session is made of, for the files that are its parts.
 *
 * There are two worlds. `world` is what is acknowledged, and what everybody reads; `ahead` belongs to
 * whoever has the turn, who tries events on it and adds them to the journal. When they are on the disk
 * the two change places, which takes no time, and the same is done to the one that is left behind
 * (Ramalhete and Correia, "Left-Right: A Concurrency Control Technique with Wait-Free Population
 * Oblivious Reads", 2015; with a lock around the moment of reading). So nobody who reads waits for the
 * disk, and when the disk refuses, `ahead` is thrown away and copied anew: nothing has to be undone.
 *
 * Locks, in the order in which they may be taken: the turn, planning's, central's, `lock`; those of news
 * alone. */
#ifndef MU_SESSION_SESSION_H
#define MU_SESSION_SESSION_H

#include <pthread.h>
#include <sys/types.h>

#include <muster/session.h>

#include "session/central.h"
#include "session/elsewhere.h"
#include "session/journal_writer.h"
#include "session/news.h"
#include "session/options.h"
#include "session/planning.h"
#include "session/roads.h"
#include "session/snapshots.h"
#include "session/turn.h"
#include "session/world.h"

enum { MU_TROUBLE_BYTES = 512 };

/* What ids of the session's own events begin with. */
#define MU_OWN_ID "session:"

/* What has been added to the journal since the last sync. */
typedef struct mu_written {
    uint64_t            sequence;
    const muster_event *event; /* or */
    const mu_issue     *issue;
    char               *json;
    size_t              size;
} mu_written;

struct muster_session {
    mu_options     options;
    mu_disk_source source;
    pid_t         process; /* that opened it: a fork has none of its threads, and not its journal */
    bool          is_replay;
    mu_road_base *road_base;
    mu_news       news;

    pthread_mutex_t lock;  /* of what follows; held for moments, not while anything is waited for */
    mu_world       *world; /* what is acknowledged */
    int64_t         now_ms; /* the latest moment of a plan or a tick */
    uint8_t         role;
    uint64_t        term;
    bool            is_journal_lost;
    muster_view    *view;      /* the last that was looked at, or NULL */
    mu_elsewhere   *elsewhere; /* what other dispatchers have; NULL: there are none */
    char            trouble[MU_TROUBLE_BYTES];
    muster_session_syncs syncs;

    mu_turn                turn;    /* of what follows */
    muster_journal        *journal; /* NULL: a standby */
    mu_world              *ahead;   /* NULL: to be copied from `world` */
    mu_written            *written;
    size_t                 written_count, written_capacity;
    mu_snapshots           snapshots;
    int64_t                ticked_at_ms; /* 0: never */
    int64_t                tick_at_ms;   /* of this turn, which may be taken back; 0: none */
    muster_journal_reader *reader;       /* of a standby; NULL: to be opened behind `world` */

    mu_planning *planning; /* has locks of its own */
    mu_central  *central;  /* likewise; NULL: there is none, or it is a standby */
};

/* A session with parts of its own choosing. */
typedef struct mu_session_parts {
    mu_disk_source        disk;
    mu_road_base         *road_base; /* NULL: from the store; else it is held */
    const muster_problem *problem;   /* of a new journal, with `road_base` */
    const char           *scenario;  /* likewise: its code; NULL: "default" */
    uint64_t              last;      /* of a replay: the record up to which it goes; else 0 */
} mu_session_parts;

muster_status mu_session_start(muster_session **out, const muster_session_options *options,
                               const mu_session_parts *parts);

muster_status mu_session_replay(muster_session **out, const muster_session_options *options,
                                const mu_session_parts *parts, uint64_t sequence, int64_t at_ms);

/* Is this process the one that opened it? MUSTER_E_INVALID. */
muster_status mu_session_check(const muster_session *session);

/* Can it be now? MUSTER_E_INVALID. What follows from a moment of no clock would stay. */
muster_status mu_session_check_moment(int64_t now_ms);

/* The latest moment that anybody has spoken of. */
int64_t mu_session_latest_moment(muster_session *session);

/* Become the writer of a journal that was read, and speak with the database from then on. In a turn, or
 * while nobody else knows the session. On failure it is as it was, and nobody was shut out for want of a
 * connection or a thread. */
muster_status mu_session_take_over(muster_session *session, const mu_session_parts *parts,
                                   int64_t now_ms);
/* NULL: there is none, or it does not write yet. */
mu_central *mu_session_central(muster_session *session);

/* The failure that this thread has just met, for muster_session_get_state. */
void mu_session_keep_trouble(muster_session *session);

#endif
