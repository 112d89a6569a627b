/* How those are called who go elsewhere than in an earlier plan, for the report's list of changes. */
#ifndef CLI_REPORT_CHANGES_H
#define CLI_REPORT_CHANGES_H

#include <jansson.h>

#include "cli/plan_view.h"

/* [{"unit", "incident_before"}, ...] by change, null where that has no name; NULL without memory. What
 * is not there any more is named as the earlier plan's problem has it. */
json_t *report_change_names_new(const plan_view *view);

#endif
