/* Areas as they come, made fit for use: valid, and cut at the 180th meridian. */
#ifndef MU_GIS_VALID_AREA_H
#define MU_GIS_VALID_AREA_H

#include "gis/area.h"
#include "gis/rings.h"

enum { MU_REPAIR_BYTES = 160 };

/* What had to be done. */
typedef struct mu_repair {
    bool   is_repaired, is_cut;
    char   reason[MU_REPAIR_BYTES]; /* of the first fault: "Self-intersection at 120.75,30.75" */
    double before_m2; /* what the rings enclose as they stand; loops that turn either way cancel */
} mu_repair;

/* Rings need not be closed, may turn either way, cross themselves, touch and overlap each other: what
 * some outer ring encloses, however often, and no hole of its polygon is inside. One of fewer than 3
 * points encloses nothing. A side that goes more than half the way round the earth goes the other way,
 * over the 180th meridian. Latitudes are from -90 to 90.
 *
 * Add to `area`, which has no polygon yet; none afterwards where nothing is enclosed.
 * MUSTER_E_INVALID for a ring around a pole, MUSTER_E_NOMEM. */
muster_status mu_valid_area(mu_area *area, const mu_rings *rings, mu_repair *repair);

#endif
