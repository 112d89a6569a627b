/* The sites of a CSV file, moved to the road. */
#ifndef CLI_SITES_SNAP_H
#define CLI_SITES_SNAP_H

#include <muster/snap.h>

#include "cli/sites_csv.h"

/* Snap all sites of the file `path` into a new array, which is the caller's to free; islands are
 * those of `before`, the metric without closures. Those with no road in reach are an answer, and
 * one that is easily overlooked: they are counted on standard error, with the `consequence` ("their
 * cells are empty"); where it is NULL they are a failure. Returns COMMAND_DONE, or the exit code
 * after saying why; *out is then NULL. */
int sites_snap(muster_snap **out, const sites *s, const char *path, const muster_metric *metric,
               const muster_metric *before, const char *consequence);

#endif
