/* Who comes to a place, in order. */
#include <stdlib.h>

#include "core/alloc.h"
#include "solver/readiness.h"

static int by_key(const void *a, const void *b) {
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

muster_status muster_readiness_units(const muster_readiness *r, uint32_t place, uint32_t standard,
                                     uint32_t most, uint32_t *out_count,
                                     muster_readiness_unit *out) {
    mu_queue queue;
    *out_count = 0;
    if (place >= r->place_count) {
        return muster_fail(MUSTER_E_INVALID, "place is %u, but there are %u", place,
                           r->place_count);
    }
    if (standard >= r->standard_count) {
        return muster_fail(MUSTER_E_INVALID, "standard is %u, but there are %u", standard,
                           r->standard_count);
    }
    MU_TRY(mu_queue_init(&queue, r));
    (void)mu_readiness_judge(r, r->travel_ms + (size_t)place * r->row_count, standard, MUSTER_NONE,
                             &queue);
    qsort(queue.key, queue.count, sizeof *queue.key, by_key);
    const mu_supplier *of_kind = r->supplier + r->first_supplier[r->standard[standard].kind];
    for (; *out_count < most && *out_count < queue.count; ++*out_count) {
        const mu_supplier *s = &of_kind[mu_queue_supplier(queue.key[*out_count])];
        out[*out_count]      = (muster_readiness_unit){
                 s->resource, s->index, mu_queue_arrival_ms(queue.key[*out_count]), s->quantity};
    }
    mu_queue_fini(&queue);
    return MUSTER_OK;
}
