/* Work on all nodes of a hierarchy, on several threads, where a node depends on its descendants
 * in the elimination tree, or on its ancestors, and on nothing else. */
#ifndef MU_CORE_SUBTREES_H
#define MU_CORE_SUBTREES_H

#include "core/hierarchy.h"

/* Do the nodes of ranks `first` to `last`: upwards when ascending, downwards when descending. */
typedef void mu_do_ranks(void *user, uint32_t first, uint32_t last);

/* `asked` threads (0: one per core), but no more than there is work for. */
uint32_t mu_subtrees_threads(const mu_hierarchy *hierarchy, uint32_t asked);

/* Every node once, on that many threads; its descendants before it. */
void mu_subtrees_ascend(const mu_hierarchy *hierarchy, uint32_t thread_count, mu_do_ranks *work,
                        void *user);
/* The same with its ancestors before it. */
void mu_subtrees_descend(const mu_hierarchy *hierarchy, uint32_t thread_count, mu_do_ranks *work,
                         void *user);

#endif
