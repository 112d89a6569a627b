/* How much of the need was met as time went on. */
#ifndef CLI_REPORT_NEEDS_H
#define CLI_REPORT_NEEDS_H

#include <jansson.h>

#include "cli/outcomes.h"

/* {"time_ms": [...], "policies": [{"asked": [...], "met": [...], "share": [...], "low": [...], "high": [...]},
 * ...]}: of the needs of the incidents reported by then, how many there were and how many were met whole (means
 * over the replications), in percent, and between what nine of ten replications lie. Null before the first.
 * Returns the exit code. */
int report_needs_new(json_t **out, const results *r, const outcomes *o, name_pool *pool);

#endif
