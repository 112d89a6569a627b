/* Places as people type them: "120.7612,30.7534". */
#ifndef CLI_SITE_H
#define CLI_SITE_H

#include <muster/problem.h>
#include <muster/snap.h>

#include "cli/coordinate_system.h"

/* Parse a decimal number that fills `text`, whatever the locale; false for anything else, NaN
 * and infinity included. */
bool number_parse(double *out, const char *text);

/* Parse LON,LAT, or X,Y, as `system` has them, into WGS 84. Returns COMMAND_DONE, or COMMAND_USAGE
 * after saying why; `option` ("--from") is for that. */
int site_parse(muster_site *out, const char *option, const char *text,
               const coordinate_system *system);

/* Is the place far from the metric's network, and would be near it if it were read the other way
 * round? Then `expected` says where the network is. */
bool site_looks_swapped(const muster_site *site, const muster_metric *metric,
                        char expected[EXTENT_TEXT_BYTES]);
/* Say that no road is near the place `text`, as `snap` tells; returns COMMAND_NO. */
int site_fail_far(const char *text, const muster_site *site, const muster_snap *snap,
                  const muster_metric *metric);

/* NULL where the coordinate can be, else what was expected. A latitude is looked at with its
 * longitude, for that is how a swapped pair shows. */
const char *longitude_expected(double lon_deg);
const char *latitude_expected(double lat_deg, double lon_deg);

#endif
