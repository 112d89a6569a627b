/* See sites_extent.h. */
#include "cli/sites_extent.h"

#include <math.h>

#include "cli/command.h"

enum { MOST_SAID = 20 };

static int say(int exit_code, const sites *s, uint32_t site, const char *path,
               const muster_extent *extent) {
    char expected[EXTENT_TEXT_BYTES];
    return command_fail(
        exit_code,
        "%s: row %u: longitude %.10g, latitude %.10g looks swapped: %s; give --swap, "
        "or fix the file",
        path, s->row[site], s->lon_deg[site], s->lat_deg[site], extent_text(expected, extent));
}

int sites_check_extent(sites *s, const char *path, const muster_network *network,
                       bool keeps_going) {
    const muster_extent extent = muster_network_extent(network);
    uint32_t            count  = 0;
    for (uint32_t i = 0; i < s->count; ++i) {
        if (muster_extent_look(&extent, s->lon_deg[i], s->lat_deg[i]) != MUSTER_POSITION_SWAPPED) {
            continue;
        }
        if (!keeps_going) return say(COMMAND_BAD_INPUT, s, i, path, &extent);
        if (++count <= MOST_SAID) say(COMMAND_DONE, s, i, path, &extent);
        s->lon_deg[i] = s->lat_deg[i] = (double)NAN;
    }
    if (count > MOST_SAID) {
        command_fail(COMMAND_DONE, "%s: %u rows look swapped; the first %d are named above", path,
                     count, MOST_SAID);
    }
    return COMMAND_DONE;
}
