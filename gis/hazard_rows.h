/* Hazards and closed roads as rows of the tables `hazard` and `closure`. */
#ifndef MU_GIS_HAZARD_ROWS_H
#define MU_GIS_HAZARD_ROWS_H

#include <muster/hazard.h>

#include "gis/store.h"

/* Add those of a scenario, from whichever of the two tables is there. */
muster_status mu_hazard_rows_read(muster_hazards *hazards, mu_store *store,
                                  const char *scenario_code);

#endif
