/* A binary heap (Williams, "Algorithm 232: Heapsort", 1964). No two entries are equal, for each has a number
 * of its own, so what comes out does not depend on how the heap lies. */
#include "simulation/agenda.h"

#include "core/alloc.h"

static bool is_before(const mu_due *a, const mu_due *b) {
    if (a->at_ms != b->at_ms) return a->at_ms < b->at_ms;
    if (a->kind != b->kind) return a->kind < b->kind;
    return a->number < b->number;
}

static void swap(mu_due *a, mu_due *b) {
    const mu_due kept = *a;
    *a                = *b;
    *b                = kept;
}

muster_status mu_agenda_add(mu_agenda *q, int64_t at_ms, mu_due_kind kind, uint32_t subject,
                            uint32_t stamp) {
    MU_TRY(mu_grow(&q->due, &q->capacity, q->count, sizeof *q->due));
    uint32_t at = q->count++;
    q->due[at]  = (mu_due){at_ms, (uint8_t)kind, subject, stamp, q->asked++};
    for (; at > 0 && is_before(&q->due[at], &q->due[(at - 1) / 2]); at = (at - 1) / 2) {
        swap(&q->due[at], &q->due[(at - 1) / 2]);
    }
    return MUSTER_OK;
}

static void sink(mu_agenda *q) {
    for (uint32_t at = 0;;) {
        const uint32_t left = 2 * at + 1, right = left + 1;
        uint32_t       first = at;
        if (left < q->count && is_before(&q->due[left], &q->due[first])) first = left;
        if (right < q->count && is_before(&q->due[right], &q->due[first])) first = right;
        if (first == at) return;
        swap(&q->due[at], &q->due[first]);
        at = first;
    }
}

bool mu_agenda_next(mu_agenda *q, mu_due *out) {
    if (q->count == 0) return false;
    *out      = q->due[0];
    q->due[0] = q->due[--q->count];
    sink(q);
    return true;
}

void mu_agenda_fini(mu_agenda *q) {
    mu_free(q->due);
    *q = (mu_agenda){0};
}
