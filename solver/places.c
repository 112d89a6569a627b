/* A place is independent of all others, and the only thing that can fail is memory: each thread
 * takes a batch of sites at a time. */
#include "solver/places.h"

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

/* A message belongs to the thread that it arose on, hence a new one for the caller's. */
muster_status mu_places_snap(const muster_metric *metric, uint32_t count, const muster_site *site,
                             uint32_t thread_count, muster_snap *out) {
    const uint32_t batches = count / BATCH + (count % BATCH > 0);
    const uint32_t threads = mu_thread_count(thread_count, batches);
    muster_status  all     = MUSTER_OK;
    (void)threads; /* without OpenMP */
#pragma omp        parallel for schedule(dynamic) num_threads(threads)
    for (uint32_t b = 0; b < batches; ++b) {
               const uint32_t      first = b * BATCH, rest = count - first;
               const muster_status status =
                   snap_batch(metric, rest < BATCH ? rest : BATCH, &site[first], &out[first]);
               if (status == MUSTER_OK) continue;
#pragma omp atomic write
        all = status;
    }
    if (all == MUSTER_OK) return MUSTER_OK;
    return muster_fail(all, "out of memory for the places of %u sites", count);
}
