/* A place is independent of all others, and the only thing that can fail is memory: each thread
 * takes a batch of sites at a time. */
#include "solver/places.h"

#include <stdatomic.h>

#include "core/threads.h"

enum { BATCH = 32 };

static muster_status snap_batch(const muster_metric *metric, uint32_t count,
                                const muster_site *site, muster_snap *out) {
    double lon[BATCH], lat[BATCH];
    for (uint32_t i = 0; i < count; ++i) {
        lon[i] = site[i].lon_deg;
        lat[i] = site[i].lat_deg;
    }
    return muster_snap_sites(metric, count, lon, lat, NULL, out);
}

typedef struct sharing {
    const muster_metric *metric;
    uint32_t             count;
    const muster_site   *site;
    muster_snap         *out;
    atomic_int           status; /* of a batch that failed */
} sharing;

static void do_batch(void *user, uint32_t job, uint32_t worker) {
    sharing            *s     = user;
    const uint32_t      first = job * BATCH, rest = s->count - first;
    const muster_status status =
        snap_batch(s->metric, rest < BATCH ? rest : BATCH, &s->site[first], &s->out[first]);
    (void)worker;
    if (status != MUSTER_OK) atomic_store(&s->status, status);
}

/* A message belongs to the thread that it arose on, hence a new one for the caller's. */
muster_status mu_places_snap(const muster_metric *metric, uint32_t count, const muster_site *site,
                             uint32_t thread_count, muster_snap *out) {
    const uint32_t batches = count / BATCH + (count % BATCH > 0);
    sharing        s       = {.metric = metric, .count = count, .site = site, .out = out};
    mu_share_jobs(batches, thread_count, do_batch, &s);
    const muster_status status = (muster_status)atomic_load(&s.status);
    if (status == MUSTER_OK) return MUSTER_OK;
    return muster_fail(status, "out of memory for the places of %u sites", count);
}
