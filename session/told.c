/* Two rings, each with a hash table of its entries: open addressing, and what is taken out lets those
 * behind it move up (Knuth, TAOCP 3, 6.4, algorithm R), so that no tombstones gather. A ring grows until
 * it has its full length, and goes round only then.
 *
 * Whoever may draw ids can draw many whose hashes begin or end alike, in seconds. So that they do not all
 * go to the same place, where each would have to be passed by whoever looks for another, the place is
 * told by a multiplication with an odd number that each process draws for itself (Dietzfelbinger et al.,
 * "A Reliable Randomized Algorithm for the Closest-Pair Problem", J. Algorithms 25, 1997: of any two keys
 * the odds to meet are 2 in the number of slots). Nothing that is kept depends on it. */
#include "session/told.h"

#include <string.h>
#include <sys/random.h>

#include "core/alloc.h"
#include "session/hash.h"

typedef struct told_entry {
    mu_told_key key;
    uint64_t    sequence;
} told_entry;

typedef struct ring {
    uint32_t    most, capacity, count, first;
    uint32_t    slot_bits;
    uint64_t    multiplier;
    told_entry *entry;
    uint32_t   *slot; /* [2^slot_bits], twice the capacity: 1 + an entry, or 0 */
} ring;

struct mu_told {
    ring list[MU_TOLD_LIST_COUNT];
};

enum { LEAST_BITS = 6 };

/* ---- keys ---------------------------------------------------------------------------------- */

mu_told_key mu_told_key_of(const char *id) {
    uint8_t     whole[MU_HASH_BYTES];
    mu_told_key key;
    mu_hash_two(whole, id, strlen(id), NULL, 0);
    memcpy(key.byte, whole, sizeof key.byte);
    return key;
}

static bool is_same(const mu_told_key *a, const mu_told_key *b) {
    return memcmp(a->byte, b->byte, sizeof a->byte) == 0;
}

/* ---- the table ----------------------------------------------------------------------------- */

static uint32_t slot_mask(const ring *r) {
    return ((uint32_t)1 << r->slot_bits) - 1;
}

static uint32_t home_of(const ring *r, const mu_told_key *key) {
    uint64_t word;
    memcpy(&word, key->byte, sizeof word);
    return (uint32_t)((word * r->multiplier) >> (64 - r->slot_bits));
}

/* The slot that has it, or the free one where it would go. */
static uint32_t slot_of(const ring *r, const mu_told_key *key) {
    uint32_t at = home_of(r, key);
    while (r->slot[at] != 0 && !is_same(&r->entry[r->slot[at] - 1].key, key)) {
        at = (at + 1) & slot_mask(r);
    }
    return at;
}

/* Each behind the gap that may stand in it, for its home is not between the two, moves there. */
static void empty_slot(ring *r, uint32_t gap) {
    const uint32_t mask = slot_mask(r);
    for (uint32_t at = (gap + 1) & mask; r->slot[at] != 0; at = (at + 1) & mask) {
        const uint32_t home = home_of(r, &r->entry[r->slot[at] - 1].key);
        if (((at - home) & mask) < ((at - gap) & mask)) continue;
        r->slot[gap] = r->slot[at];
        gap          = at;
    }
    r->slot[gap] = 0;
}

/* ---- the ring ------------------------------------------------------------------------------ */

/* It has not gone round yet: entries are in order from 0 on. */
static muster_status enlarge(ring *r) {
    ring larger      = *r;
    larger.slot_bits = r->capacity == 0 ? LEAST_BITS + 1 : r->slot_bits + 1;
    larger.capacity  = (uint32_t)1 << (larger.slot_bits - 1);
    MU_TRY(mu_alloc(&larger.entry, larger.capacity, sizeof *larger.entry));
    const muster_status status =
        mu_alloc_zeroed(&larger.slot, (size_t)1 << larger.slot_bits, sizeof *larger.slot);
    if (status != MUSTER_OK) {
        mu_free(larger.entry);
        return status;
    }
    if (r->count > 0) memcpy(larger.entry, r->entry, r->count * sizeof *r->entry);
    for (uint32_t i = 0; i < r->count; ++i) {
        larger.slot[slot_of(&larger, &larger.entry[i].key)] = i + 1;
    }
    mu_free(r->entry);
    mu_free(r->slot);
    *r = larger;
    return MUSTER_OK;
}

static void add(ring *r, const mu_told_key *key, uint64_t sequence) {
    uint32_t at = r->count;
    if (r->count == r->most) {
        at       = r->first;
        r->first = (r->first + 1) % r->most;
        empty_slot(r, slot_of(r, &r->entry[at].key));
    } else {
        ++r->count;
    }
    r->entry[at]             = (told_entry){.key = *key, .sequence = sequence};
    r->slot[slot_of(r, key)] = at + 1;
}

/* ---- both ---------------------------------------------------------------------------------- */

muster_status mu_told_new(mu_told **out) {
    uint64_t drawn = 0;
    MU_TRY(mu_alloc_zeroed(out, 1, sizeof **out));
    /* A system that has no random numbers yet gives none: then it is always the same number. */
    if (getrandom(&drawn, sizeof drawn, GRND_NONBLOCK) != (ssize_t)sizeof drawn) {
        drawn = UINT64_C(0x9E3779B97F4A7C15);
    }
    (*out)->list[MU_TOLD_EVENTS] = (ring){.most = MU_TOLD_MOST, .multiplier = drawn | 1};
    (*out)->list[MU_TOLD_MOVES]  = (ring){.most = MU_TOLD_MOVES_MOST, .multiplier = drawn | 1};
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

bool mu_told_find(const mu_told *told, const mu_told_key *key, uint64_t *out_sequence) {
    for (int l = 0; l < MU_TOLD_LIST_COUNT; ++l) {
        const ring    *r    = &told->list[l];
        const uint32_t slot = r->count > 0 ? r->slot[slot_of(r, key)] : 0;
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

void mu_told_add(mu_told *told, mu_told_list list, const mu_told_key *key, uint64_t sequence) {
    add(&told->list[list], key, sequence);
}

uint32_t mu_told_count(const mu_told *told, mu_told_list list) {
    return told->list[list].count;
}

void mu_told_get(const mu_told *told, mu_told_list list, uint32_t index, mu_told_key *out_key,
                 uint64_t *out_sequence) {
    const ring       *r = &told->list[list];
    const told_entry *e = &r->entry[(r->first + index) % r->most];
    *out_key            = e->key;
    *out_sequence       = e->sequence;
}
