/** @file muster/leave.h
 *  Out of a hazard: who stands on a road that is closed by it may leave, at a penalty. */
#ifndef MUSTER_LEAVE_H
#define MUSTER_LEAVE_H

#include <muster/closure.h>
#include <muster/snap.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What leaving costs. The defaults are a convention, not a measurement: walking pace where 60 km/h
 *  are driven when it is dry, and five minutes to find out how. */
typedef struct muster_leave_options {
    size_t   struct_size;
    double   slowdown; /**< Times the duration in the base, on what is closed; 1 or more. */
    uint32_t delay_ms; /**< Once, on top. */
    /** The way out leads to a component of so many nodes of the changed metric, or to one as large
     *  as its largest where that is smaller: a dry bridge in the water is no way out. */
    uint32_t island_node_count;
} muster_leave_options;

#define MUSTER_LEAVE_OPTIONS_INIT                                                                  \
    { sizeof(muster_leave_options), 10.0, 300000, 100 }

typedef enum muster_leave_outcome {
    MUSTER_LEAVE_NOT_NEEDED, /**< It stands on a road that is open, at an open junction, or flies. */
    MUSTER_LEAVE_BY_ROAD,
    MUSTER_LEAVE_NO_WAY /**< Every way out is closed to those who leave too, or it is on no road. */
} muster_leave_outcome;

/** What has become of one site. */
typedef struct muster_leave {
    uint8_t outcome; /**< A muster_leave_outcome. */
    /** Where it goes on, in the changed metric: the junction at which the way out ends; the place
     *  itself where it need not leave; on no road where there is no way. */
    muster_snap place;
    uint32_t    duration_ms; /**< Of the way out, the delay included; 0 where it need not leave. */
    double      distance_m;
} muster_leave;

/** Whether who is inside what is closed from now on may drive out over it: false at first. A flood,
 *  a storm, a cloud can be left; a landslide or a cordon cannot, though it lie in one that can. */
MUSTER_API void muster_closure_set_leaving(muster_closure *closure, bool may_leave);

/** The way out of each site, by the fastest way that ends in a component large enough; of ways equally
 *  fast the shortest, then the one to the junction of the lowest index. It may lead over what is
 *  closed, where that may be left, in `slowdown` times what it takes in the base, and over what is
 *  open as it is; nobody may drive in again. So it is the soonest out of danger, and the same
 *  whatever the site goes on to.
 *  @param closure  what is closed, with its base
 *  @param changed  the base with the closure's changes
 *  @param count    how many sites
 *  @param from     [count] snapped with the base
 *  @param options  may be NULL: MUSTER_LEAVE_OPTIONS_INIT
 *  @param out      [count]
 *  Dijkstra's algorithm (1959) from each: O(a log a) in the arcs nearer than the way out, and
 *  O(nodes + arcs) once.
 *  @return MUSTER_E_INVALID for a snap that is not the base's, metrics of different networks,
 *          a slowdown below 1 or a closure that is noted alone (muster_closure_new_noted);
 *          MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_leave_sites(const muster_closure *closure,
                                            const muster_metric *changed, uint32_t count,
                                            const muster_snap          *from,
                                            const muster_leave_options *options, muster_leave *out);

#ifdef __cplusplus
}
#endif
#endif
