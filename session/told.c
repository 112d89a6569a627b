/* Two rings of ids, each with a hash table of its entries: open addressing, and what is taken out lets
 * those behind it move up (Knuth, TAOCP 3, 6.4, algorithm R), so that no tombstones gather. A ring
 * grows until it has its full length, and goes round only then. */
#include "session/told.h"

#include <string.h>

#include "core/alloc.h"
#include "session/code_index.h"

typedef struct told_entry {
    uint64_t sequence;
    uint32_t hash;                      /* of the whole id */
    char     id[MUSTER_EVENT_ID_BYTES]; /* filled up with zeros */
} told_entry;

typedef struct ring {
    uint32_t    most, capacity, count, first;
    told_entry *entry;
    uint32_t   *slot; /* [2 * capacity] 1 + an entry, or 0 */
} ring;

struct mu_told {
    ring list[MU_TOLD_LIST_COUNT];
};

enum { LEAST = 64 };

/* ---- the table ----------------------------------------------------------------------------- */

static void fill_id(char out[MUSTER_EVENT_ID_BYTES], const char *id) {
    const size_t size = strnlen(id, MUSTER_EVENT_ID_BYTES);
    memcpy(out, id, size);
    memset(out + size, 0, MUSTER_EVENT_ID_BYTES - size);
}

static uint32_t slot_mask(const ring *r) {
    return 2 * r->capacity - 1;
}

static uint32_t hash_of(const char id[MUSTER_EVENT_ID_BYTES]) {
    return (uint32_t)mu_hash_bytes(id, MUSTER_EVENT_ID_BYTES);
}

/* The slot that has the id, or the free one where it would go. */
static uint32_t slot_of(const ring *r, const char id[MUSTER_EVENT_ID_BYTES], uint32_t hash) {
    uint32_t at = hash & slot_mask(r);
    for (; r->slot[at] != 0; at = (at + 1) & slot_mask(r)) {
        const told_entry *e = &r->entry[r->slot[at] - 1];
        if (e->hash == hash && memcmp(e->id, id, MUSTER_EVENT_ID_BYTES) == 0) break;
    }
    return at;
}

/* Each behind the gap that may stand in it, for its home is not between the two, moves there. */
static void empty_slot(ring *r, uint32_t gap) {
    const uint32_t mask = slot_mask(r);
    for (uint32_t at = (gap + 1) & mask; r->slot[at] != 0; at = (at + 1) & mask) {
        const uint32_t home = r->entry[r->slot[at] - 1].hash & mask;
        if (((at - home) & mask) < ((at - gap) & mask)) continue;
        r->slot[gap] = r->slot[at];
        gap          = at;
    }
    r->slot[gap] = 0;
}

/* ---- the ring ------------------------------------------------------------------------------ */

/* It has not gone round yet: entries are in order from 0 on. */
static muster_status enlarge(ring *r) {
    ring larger     = *r;
    larger.capacity = r->capacity == 0 ? LEAST : 2 * r->capacity;
    MU_TRY(mu_alloc(&larger.entry, larger.capacity, sizeof *larger.entry));
    const muster_status status =
        mu_alloc_zeroed(&larger.slot, 2 * (size_t)larger.capacity, sizeof *larger.slot);
    if (status != MUSTER_OK) {
        mu_free(larger.entry);
        return status;
    }
    if (r->count > 0) memcpy(larger.entry, r->entry, r->count * sizeof *r->entry);
    for (uint32_t i = 0; i < r->count; ++i) {
        const told_entry *e                           = &larger.entry[i];
        larger.slot[slot_of(&larger, e->id, e->hash)] = i + 1;
    }
    mu_free(r->entry);
    mu_free(r->slot);
    *r = larger;
    return MUSTER_OK;
}

static void add(ring *r, const char *id, uint64_t sequence) {
    uint32_t at = r->count;
    if (r->count == r->most) {
        at       = r->first;
        r->first = (r->first + 1) % r->most;
        empty_slot(r, slot_of(r, r->entry[at].id, r->entry[at].hash));
    } else {
        ++r->count;
    }
    told_entry *e = &r->entry[at];
    e->sequence   = sequence;
    fill_id(e->id, id);
    e->hash                             = hash_of(e->id);
    r->slot[slot_of(r, e->id, e->hash)] = at + 1;
}

/* ---- both ---------------------------------------------------------------------------------- */

muster_status mu_told_new(mu_told **out) {
    MU_TRY(mu_alloc_zeroed(out, 1, sizeof **out));
    (*out)->list[MU_TOLD_EVENTS].most = MU_TOLD_MOST;
    (*out)->list[MU_TOLD_MOVES].most  = MU_TOLD_MOVES_MOST;
    return MUSTER_OK;
}

void mu_told_free(mu_told *told) {
    if (!told) return;
    for (int l = 0; l < MU_TOLD_LIST_COUNT; ++l) {
        mu_free(told->list[l].entry);
        mu_free(told->list[l].slot);
    }
    mu_free(told);
}

bool mu_told_find(const mu_told *told, const char *id, uint64_t *out_sequence) {
    char whole[MUSTER_EVENT_ID_BYTES];
    fill_id(whole, id);
    const uint32_t hash = hash_of(whole);
    for (int l = 0; l < MU_TOLD_LIST_COUNT; ++l) {
        const ring    *r    = &told->list[l];
        const uint32_t slot = r->count > 0 ? r->slot[slot_of(r, whole, hash)] : 0;
        if (slot == 0) continue;
        *out_sequence = r->entry[slot - 1].sequence;
        return true;
    }
    return false;
}

muster_status mu_told_reserve(mu_told *told, mu_told_list list) {
    ring *r = &told->list[list];
    return r->count < r->capacity || r->count == r->most ? MUSTER_OK : enlarge(r);
}

void mu_told_add(mu_told *told, mu_told_list list, const char *id, uint64_t sequence) {
    add(&told->list[list], id, sequence);
}

uint32_t mu_told_count(const mu_told *told, mu_told_list list) {
    return told->list[list].count;
}

void mu_told_get(const mu_told *told, mu_told_list list, uint32_t index,
                 char out_id[MUSTER_EVENT_ID_BYTES + 1], uint64_t *out_sequence) {
    const ring       *r = &told->list[list];
    const told_entry *e = &r->entry[(r->first + index) % r->most];
    memcpy(out_id, e->id, MUSTER_EVENT_ID_BYTES);
    out_id[MUSTER_EVENT_ID_BYTES] = 0;
    *out_sequence                 = e->sequence;
}
