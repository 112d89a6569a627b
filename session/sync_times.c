#include "session/sync_times.h"

#include <time.h>

uint64_t mu_sync_times_now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

void mu_sync_times_add(muster_session_syncs *times, uint64_t took_us) {
    int bucket = 0;
    while (bucket + 1 < MUSTER_SYNC_BUCKETS && took_us > (uint64_t)MUSTER_SYNC_FIRST_US << bucket) {
        ++bucket;
    }
    ++times->count[bucket];
    times->sum_us += took_us;
    if (took_us > times->most_us) times->most_us = took_us;
}
