/** @file muster/explain.h
 *  Why is there no way? Which closures cut a place off from another. */
#ifndef MUSTER_EXPLAIN_H
#define MUSTER_EXPLAIN_H

#include <muster/closure.h>
#include <muster/snap.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What stands between two places. A way is a chain of arcs that may be driven, however long it
 *  takes. To lift a cause is to open every arc that it closed and that no other cause closes. */
typedef enum muster_cut {
    /** Nothing: there is a way. */
    MUSTER_CUT_NOT,
    /** Lifting any one of the causes named opens a way. All that do so are named. */
    MUSTER_CUT_BY_EACH,
    /** Lifting one cause is never enough, but lifting all that are named opens a way, and lifting
     *  all of them but one, whichever, does not. Other such sets may exist, and smaller ones: to
     *  find the smallest is NP-hard. */
    MUSTER_CUT_BY_ALL,
    /** No road leads there with everything open either. No cause is named. */
    MUSTER_CUT_ALWAYS
} muster_cut;

typedef struct muster_explanation {
    muster_cut      cut;
    uint32_t        cause_count;
    const uint32_t *cause; /**< Rising; the explainer's, until its next answer. */
    /** Strongly connected components of the base (muster_metric_component_size) in which the
     *  places lie; of a place between two the smaller; MUSTER_NONE for one on no road. */
    uint32_t from_component, to_component;
} muster_explanation;

/** Working memory for such questions: one a thread, used again and again. */
typedef struct muster_explainer muster_explainer;

/** Prepare questions about what @p closure holds now; it may change or be freed afterwards, its
 *  base must outlive the explainer. Roads that are merely slow cut nothing off.
 *  O(nodes + arcs + closed arcs * log closed arcs), about 32 bytes a node and 4 an arc.
 *  @return MUSTER_E_INVALID for a closure that is noted alone (muster_closure_new_noted), MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_explainer_new(muster_explainer    **out,
                                              const muster_closure *closure);
MUSTER_API void          muster_explainer_free(muster_explainer *explainer);

/** Why no way leads from one place to another on the closure's base with its changes. Places may
 *  be snapped to either metric.
 *
 *  MUSTER_CUT_BY_EACH is exact: the causes that close an arc at the border of what can be reached
 *  are lifted one by one. For MUSTER_CUT_BY_ALL a path over few causes is looked for (few changes
 *  from cause to cause, by Dijkstra's algorithm; the fewest causes are the minimum colour path
 *  problem, NP-hard: Yuan, Varma and Jue, INFOCOM 2005), and each of its causes that is not
 *  needed is left out. The same for the same closures, in whatever order they came.
 *  O((1 + causes at the border or on the path) * (nodes + arcs) * log nodes) at worst; a place
 *  in a small part cut off from a large one takes what the small part takes.
 *  @return MUSTER_E_INVALID for a snap that is not on the network. */
MUSTER_API muster_status muster_explainer_ask(muster_explainer *explainer, const muster_snap *from,
                                              const muster_snap *to, muster_explanation *out);

#ifdef __cplusplus
}
#endif
#endif
