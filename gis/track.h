/* Typhoons: tracks, and the winds around them at a moment. */
#ifndef MU_GIS_TRACK_H
#define MU_GIS_TRACK_H

#include <muster/hazard.h>

#include "core/error.h"

/* Points, times and radii; MUSTER_E_INVALID names the point. */
muster_status mu_track_check(const muster_track *track);

/* Add the winds of a moment, one hazard a force that blows at all: its code is the track's and "/7",
 * "/10" or "/12". Nothing where the track has none then. */
muster_status mu_track_add_winds(muster_hazards *hazards, const muster_track *track,
                                 int64_t moment_s);

#endif
