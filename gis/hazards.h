/* The inside of a set of hazards: how areas that are not yet valid get in. */
#ifndef MU_GIS_HAZARDS_H
#define MU_GIS_HAZARDS_H

#include <muster/hazard.h>

#include "gis/rings.h"

/* MUSTER_E_INVALID: hazard 'H-7' from "floods.geojson", feature 3 <what the format says>. */
muster_status mu_hazard_refuse(const char *code, const char *source, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Like muster_hazards_add, with this area instead of the hazard's: longitudes may go on past 180
 * degrees, as those of a ring round a place do. */
muster_status mu_hazards_add_rings(muster_hazards *hazards, const muster_hazard *hazard,
                                   const mu_rings *rings);

/* The hazard is not added, and a note says why: "has no area". */
muster_status mu_hazards_note_left_out(muster_hazards *hazards, const muster_hazard *hazard,
                                       const char *why);

/* Is there a hazard or a track of that code? */
bool mu_hazards_has_code(const muster_hazards *hazards, const char *code);

#endif
