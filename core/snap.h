/* Snapping for several metrics of a network at once. */
#ifndef MU_CORE_SNAP_H
#define MU_CORE_SNAP_H

#include <muster/snap.h>

#include "core/error.h"

/* As muster_snap_sites with its defaults, of one site on the globe for each of several metrics of one
 * network: its roads are gone through once, and what is near is remembered with the network. MUSTER_E_NOMEM.
 *  out  [metric_count] */
muster_status mu_snap_for_each(uint32_t metric_count, const muster_metric *const *metric,
                               double lon_deg, double lat_deg, muster_snap *out);

/* The edge nearest to a place on the globe, of those that anybody may use, whatever the profile; ties go
 * to the smaller index. MUSTER_NONE where none is within `most_m`. MUSTER_E_NOMEM. */
muster_status mu_snap_any_road(const muster_network *network, double lon_deg, double lat_deg,
                               double most_m, uint32_t *out_edge);

#endif
