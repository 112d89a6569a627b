/* What the report says of all replications together, as JSON for its script. All functions return NULL
 * without memory. */
#ifndef CLI_REPORT_SUMMARY_H
#define CLI_REPORT_SUMMARY_H

#include <jansson.h>

#include "cli/measures.h"

/* Response times: [{"standard_ms": a standard, or null: of all incidents, "policies": [{"count", "reached",
 * "within", "mean_min", "p50_min", "p90_min", "quantile_min": [of 0, 1, ... 100 % of all incidents, null where
 * nobody came]}, ...]}, ...], the standards rising. */
json_t *report_responses_new(const results *r, const outcomes *o);

/* Response by place: {"cells": [{"west", "south", "east", "north", "policies": [{"count", "median_min" (null:
 * to half or more nobody came), "within"}, ...]}, ...], "size_km"}. */
json_t *report_places_new(const results *r, const outcomes *o);

/* [{"name", "unit", "better", "policies": [{"mean", "low", "high"}, ...]}, ...]: the mean over the
 * replications, and between what nine of ten lie. */
json_t *report_measures_new(const results *r, const measures *m);

#endif
