/* A results folder for other programs. */
#ifndef CLI_RESULTS_EXPORT_H
#define CLI_RESULTS_EXPORT_H

#include "cli/results_page.h"

/* Is it a name that can be written to: .gpkg, .geojson or .csv? */
bool results_export_knows(const char *path);

/* Write incidents, moves, hazards and places to a GeoPackage or GeoJSON, or the measures of each replication
 * to CSV, as the name ends. Returns the exit code. */
int results_export(const results_data *data, const char *path);

#endif
