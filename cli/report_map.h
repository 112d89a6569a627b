/* What the report's map is made of, as JSON that its script decodes. Lines are base64 of
 * cli/polyline.h. Each function returns NULL without memory. */
#ifndef CLI_REPORT_MAP_H
#define CLI_REPORT_MAP_H

#include <jansson.h>
#include <muster/hazard.h>
#include <muster/map.h>
#include <muster/network.h>

#include "cli/plan_routes.h"
#include "cli/plan_view.h"

/* The roads by class: {"motorway": lines, ...}, classes without roads left out. */
json_t *report_roads_new(const muster_network *network);

/* The same of the roads that a map of a whole region shows: tertiary ones and above. */
json_t *report_main_roads_new(const muster_network *network);

/* {"areas": polygons, "floods": polygons, "ways": [{"width_m": 20, "lines": lines}, ...]}, the
 * narrowest first. Polygons are {"lines": all rings, "rings": [how many of them are the
 * polygon's, ...], "depth_m": [...]}, the shallowest first. */
json_t *report_water_new(const muster_map *map);

/* What holds at the moment of the plan: [{"kind", "code", "name", "severity", "depth_m", "wind_force",
 * "speed_factor", "starts_at", "ends_at", "areas": all rings, "rings": [how many of them are the
 * polygon's, ...], "lines": closed lines and edges, "points": [[lon, lat], ...]}, ...]; what is not
 * known is null. No hazards (NULL) are an empty list. */
json_t *report_hazards_new(const muster_hazards *hazards, const muster_network *network);

/* {"lines": lines, "of_assignment": [number of the line, or null, ...]}, and where the
 * assignments start: {"start": [[lon, lat], ...]}. */
json_t *report_routes_new(const plan_view *view, const plan_routes *routes);

#endif
