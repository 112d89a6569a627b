/* Which events have been told already: their ids, and the records that they became. What is told again
 * is answered from here. So that memory does not grow for ever only the last ones are remembered;
 * positions, which come by the thousand a second and do no harm when they come twice, apart from the
 * others. */
#ifndef MU_SESSION_TOLD_H
#define MU_SESSION_TOLD_H

#include <muster/event.h>

#include "core/error.h"

enum { MU_TOLD_MOST = 1 << 17, MU_TOLD_MOVES_MOST = 1 << 14 };

typedef enum mu_told_list { MU_TOLD_EVENTS, MU_TOLD_MOVES, MU_TOLD_LIST_COUNT } mu_told_list;

typedef struct mu_told mu_told;

muster_status mu_told_new(mu_told **out);
void          mu_told_free(mu_told *told);

/* False: it was not told, or so long ago that it is forgotten. O(1). */
bool mu_told_find(const mu_told *told, const char *id, uint64_t *out_sequence);
/* Room for one more, so that mu_told_add cannot fail. */
muster_status mu_told_reserve(mu_told *told, mu_told_list list);
/* An id of at most MUSTER_EVENT_ID_BYTES that is not there yet. The oldest of a full list is forgotten.
 * O(1). */
void mu_told_add(mu_told *told, mu_told_list list, const char *id, uint64_t sequence);

/* What is remembered, the oldest first. */
uint32_t mu_told_count(const mu_told *told, mu_told_list list);
void     mu_told_get(const mu_told *told, mu_told_list list, uint32_t index,
                     char out_id[MUSTER_EVENT_ID_BYTES + 1], uint64_t *out_sequence);

#endif
