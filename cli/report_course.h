/* The hazards of a simulation over time, for the moving map of the report. */
#ifndef CLI_REPORT_COURSE_H
#define CLI_REPORT_COURSE_H

#include <jansson.h>

#include "cli/results.h"

/* [{"kind", "code", "from_ms", "until_ms", "depth_m", "force", "areas": base64 of all rings (cli/polyline.h),
 * "rings": [how many of them are the polygon's, ...], "lines": base64 of closed lines, "points": [[lon, lat],
 * ...]}, ...] of hazards.geojson, those of one replication (from 0) or of no told one, in the order of the
 * file; none where there is no such file. Returns the exit code. */
int report_course_new(json_t **out, const results *r, uint32_t replication);

#endif
