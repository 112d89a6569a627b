/* The lines on the report's map, as JSON that its script decodes. */
#ifndef CLI_REPORT_MAP_H
#define CLI_REPORT_MAP_H

#include <jansson.h>
#include <muster/network.h>

#include "cli/plan_routes.h"
#include "cli/plan_view.h"

/* The roads by class: {"motorway": base64, ...}, classes without roads left out. NULL
 * without memory. */
json_t *report_roads_new(const muster_network *network);

/* {"lines": base64, "of_assignment": [number of the line, or null, ...]}, and where the
 * assignments start: {"start": [[lon, lat], ...]}. NULL without memory. */
json_t *report_routes_new(const plan_view *view, const plan_routes *routes);

#endif
