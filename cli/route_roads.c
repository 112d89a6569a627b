/* See route_roads.h. The first and the last arc are driven in part: from the snap on, and up
 * to the snap. */
#include "cli/route_roads.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"

/* Where along an arc, by its own direction, a snap on its edge lies. */
static double share_on(uint32_t arc, const muster_snap *snap) {
    return arc % 2 == 0 ? snap->fraction : 1 - snap->fraction;
}

static double driven_share(const uint32_t *arc, uint32_t arc_count, uint32_t i,
                           const muster_snap *from, const muster_snap *to) {
    const double start = i == 0 ? share_on(arc[i], from) : 0;
    const double end   = i + 1 == arc_count ? share_on(arc[i], to) : 1;
    return fmax(0, end - start);
}

static route_road road_of(const muster_network_data *net, uint32_t edge, double share) {
    const uint32_t name = net->edge_name[edge];
    return (route_road){.name = name == MUSTER_NONE ? NULL : net->names + name,
                        .class_name =
                            muster_road_class_name((muster_road_class)net->edge_class[edge]),
                        .distance_m = share * net->edge_length_m[edge]};
}

static bool is_same_road(const route_road *a, const route_road *b) {
    if (a->name && b->name) return strcmp(a->name, b->name) == 0;
    return !a->name && !b->name && strcmp(a->class_name, b->class_name) == 0;
}

int route_roads_list(route_road **out, uint32_t *out_count, const muster_network *network,
                     const muster_route *route, const muster_snap *from, const muster_snap *to) {
    const muster_network_data *net = muster_network_view(network);
    uint32_t                   arc_count, count = 0;
    const uint32_t            *arc = muster_route_arcs(route, &arc_count);
    *out                           = malloc((arc_count + 1) * sizeof **out);
    if (!*out) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    for (uint32_t i = 0; i < arc_count; ++i) {
        const double     share = driven_share(arc, arc_count, i, from, to);
        const route_road road  = road_of(net, arc[i] / 2, share);
        /* A snap at an edge's end: the arc is on the route, but not under a wheel. */
        if (share == 0 && arc_count > 1) continue;
        if (count > 0 && is_same_road(&(*out)[count - 1], &road)) {
            (*out)[count - 1].distance_m += road.distance_m;
        } else {
            (*out)[count++] = road;
        }
    }
    *out_count = count;
    return COMMAND_DONE;
}
