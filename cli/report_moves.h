/* Who drove where when, for the moving map of the report. */
#ifndef CLI_REPORT_MOVES_H
#define CLI_REPORT_MOVES_H

#include <jansson.h>

#include "cli/results.h"

/* {"lines": base64 of cli/polyline.h, "moves": [{"policy", "unit", "resource", "leg", "at_s": [when at each
 * point of its line], ...}, ...]} of one replication (from 0), in the order of the file. Returns the exit
 * code. */
int report_moves_new(json_t **out, const results *r, uint32_t replication);

#endif
