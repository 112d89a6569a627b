/* How good an order is, for people or as JSON: what import, order and snapshot end with. */
#ifndef CLI_HIERARCHY_SUMMARY_H
#define CLI_HIERARCHY_SUMMARY_H

#include <jansson.h>

#include <muster/hierarchy.h>

#include "cli/progress.h"

typedef struct hierarchy_summary {
    muster_hierarchy_info info;
    uint64_t              estimate_bytes; /* of building it, said before; 0: not known */
    int64_t               build_ms;       /* negative: not known */
} hierarchy_summary;

/* Build the network's hierarchy and measure it; shows the phase and an estimate of its memory. */
muster_status hierarchy_summary_build(hierarchy_summary *out, muster_network *network,
                                      progress *bar);

void    hierarchy_summary_print(const hierarchy_summary *summary);
json_t *hierarchy_summary_json(const hierarchy_summary *summary);

#endif
