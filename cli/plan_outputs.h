/* The outputs of `muster plan`. All of them read the same plan_view. */
#ifndef CLI_PLAN_OUTPUTS_H
#define CLI_PLAN_OUTPUTS_H

#include <jansson.h>
#include <stdio.h>

#include <muster/coordinates.h>
#include <muster/hazard.h>

#include "cli/output.h"
#include "cli/plan_routes.h"
#include "cli/plan_view.h"

/* What a duty officer reads on the terminal, 80 columns wide. */
int plan_summary_print(FILE *stream, const plan_view *view);

/* The plan as a JSON value (docs/cli.md), or NULL without memory. */
json_t *plan_json_new(const plan_view *view);

/* Each writes one whole file. They return COMMAND_DONE, or the exit code after saying why;
 * what the disk refuses is said by output_publish. */
int plan_json_write(output *out, const plan_view *view);
/* In `crs`; NULL: WGS 84. */
int plan_geojson_write(output *out, const plan_view *view, const plan_routes *routes,
                       muster_crs *crs);
/* `scenario_path` is the store whose water lies under the roads, and its floods, unless the plan heeds
 * hazards: these then, which may be NULL. */
int report_write(output *out, const plan_view *view, const plan_routes *routes,
                 const char *scenario_path, const muster_hazards *hazards);

#endif
