/* Which events have been told already, and the records that they became. What is told again is answered
 * from here. So that memory does not grow for ever only the last ones are remembered; positions, which
 * come by the thousand a second and do no harm when they come twice, apart from the others.
 *
 * An id is remembered by 128 bits of its SHA-256, a third of the room that its text would take. Two ids
 * of the same would make the second a repetition of the first, and what it says would be lost. By chance
 * that is one in 10^28 for all that is remembered at a time (n^2 / 2^129). Who looks for two such ids needs
 * 2^64 tries, and has done harm to his own events alone; for one that stands in the way of somebody
 * else's id, 2^128, while anybody may use that id itself. */
#ifndef MU_SESSION_TOLD_H
#define MU_SESSION_TOLD_H

#include <muster/event.h>

#include "core/error.h"

enum { MU_TOLD_MOST = 1 << 17, MU_TOLD_MOVES_MOST = 1 << 14, MU_TOLD_KEY_BYTES = 16 };

typedef enum mu_told_list { MU_TOLD_EVENTS, MU_TOLD_MOVES, MU_TOLD_LIST_COUNT } mu_told_list;

typedef struct mu_told_key {
    uint8_t byte[MU_TOLD_KEY_BYTES];
} mu_told_key;

typedef struct mu_told mu_told;

muster_status mu_told_new(mu_told **out);
void          mu_told_free(mu_told *told);

/* What an id is remembered by: the same on every machine. */
mu_told_key mu_told_key_of(const char *id);

/* False: it was not told, or so long ago that it is forgotten. O(1). */
bool mu_told_find(const mu_told *told, const mu_told_key *key, uint64_t *out_sequence);
/* Room for one more, so that mu_told_add cannot fail. */
muster_status mu_told_reserve(mu_told *told, mu_told_list list);
/* One that is not there yet. The oldest of a full list is forgotten. O(1). */
void mu_told_add(mu_told *told, mu_told_list list, const mu_told_key *key, uint64_t sequence);

/* What is remembered, the oldest first. */
uint32_t mu_told_count(const mu_told *told, mu_told_list list);
void     mu_told_get(const mu_told *told, mu_told_list list, uint32_t index, mu_told_key *out_key,
                     uint64_t *out_sequence);

#endif
