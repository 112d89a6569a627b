/** @file muster/closure.h
 *  Roads that are closed or slow today: a new metric from an existing one and changes. */
#ifndef MUSTER_CLOSURE_H
#define MUSTER_CLOSURE_H

#include <muster/metric.h>

#ifdef __cplusplus
extern "C" {
#endif

/** An arc and its new travel time. MUSTER_UNREACHABLE_MS closes it; the time it has in another
 *  metric (muster_metric_duration_ms) restores it. */
typedef struct muster_arc_change {
    uint32_t arc;
    uint32_t duration_ms;
} muster_arc_change;

/** A metric that is like @p base but for some arcs. The base is not touched: it may be searched
 *  meanwhile, be freed before or after, and be the base of any number of what-ifs. Of several
 *  changes of one arc the last counts. The result is the same, bit for bit, whatever sequence of
 *  changes led to the same durations.
 *  On a network with a hierarchy only those shortcuts are worked out again that the changes can
 *  reach (Dibbelt, Strasser and Wagner, JEA 2016, section 6.3): the rest is copied, 16 bytes a
 *  shortcut. Where over a quarter of all arcs change, it is a customization from the start.
 *  @return MUSTER_E_INVALID naming the change (an arc that is not there, a time over
 *          MUSTER_UNREACHABLE_MS, opening an arc that has no access bit at all), MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_metric_change(muster_metric **out, const muster_metric *base,
                                              uint32_t                 change_count,
                                              const muster_arc_change *change);

#ifdef __cplusplus
}
#endif
#endif
