/* What an import made and what it left out, for people or as JSON. */
#ifndef CLI_IMPORT_SUMMARY_H
#define CLI_IMPORT_SUMMARY_H

#include <muster/import.h>

#include "cli/hierarchy_summary.h"

/* Print to standard output; `osm` is NULL for other formats. Returns the exit code. */
int import_summary_print(const muster_network *network, const char *path,
                         const hierarchy_summary *hierarchy, const muster_osm_summary *osm,
                         bool is_json);

#endif
