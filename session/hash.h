/* SHA-256, which the journal and its snapshots are chained and checked by. */
#ifndef MU_SESSION_HASH_H
#define MU_SESSION_HASH_H

#include <stddef.h>
#include <stdint.h>

#include <muster/journal.h>

enum { MU_HASH_BYTES = MUSTER_JOURNAL_HASH_BYTES };

/* Of two pieces, one behind the other. `hash` may be one of them. */
void mu_hash_two(uint8_t hash[MU_HASH_BYTES], const void *one, size_t one_size, const void *two,
                 size_t two_size);

#endif
