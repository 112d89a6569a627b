/* What a route is, written a second time: the parts of the first and the last arc by the rule of
 * muster/snap.h, the rest whole. Shares no code with the engine. */
#include "cli/check_route.h"

#include <inttypes.h>
#include <math.h>

#include "cli/command.h"

typedef struct total {
    int64_t ms, cm;
    bool    is_open; /* no arc is closed, no turn forbidden */
} total;

static uint32_t node_at(const muster_network_data *v, uint32_t arc, bool head) {
    return (arc % 2 == 1) == head ? v->edge_source[arc / 2] : v->edge_target[arc / 2];
}

static double along(uint32_t arc, const muster_snap *place) {
    return arc % 2 ? 1 - place->fraction : place->fraction;
}

/* Add `sign` times the way from the arc's tail to `share` of it. */
static void add(total *sum, const muster_metric *metric, uint32_t arc, double share, int sign) {
    const muster_network_data *v  = muster_network_view(muster_metric_network(metric));
    const uint32_t             ms = muster_metric_duration_ms(metric)[arc];
    sum->is_open                  = sum->is_open && ms != MUSTER_UNREACHABLE_MS;
    sum->ms += sign * (int64_t)floor(ms * share + 0.5);
    sum->cm += sign * (int64_t)floor(floor(v->edge_length_m[arc / 2] * 100 + 0.5) * share + 0.5);
}

/* `driven`: arcs without those at whose far or near end the route begins or ends. */
static void add_turns(total *sum, const turn_list *turns, const uint32_t *driven, uint32_t count) {
    for (uint32_t i = 2; i <= count; ++i) {
        const uint32_t ms = turn_list_ms(turns, driven, i);
        sum->is_open      = sum->is_open && ms != MUSTER_UNREACHABLE_MS;
        sum->ms += ms;
    }
}

/* An end of the route that is a junction drives nothing of its edge, which may then be closed, and
 * makes no turn there. */
static total add_up(const uint32_t *arc, uint32_t count, const turn_list *turns,
                    const muster_snap *from, const muster_snap *to) {
    const muster_metric *metric = turns->metric;
    total                sum    = {0, 0, true};
    const uint32_t       first = arc[0], last = arc[count - 1];
    for (uint32_t i = 1; i + 1 < count; ++i) add(&sum, metric, arc[i], 1, 1);
    if (count == 1) {
        add(&sum, metric, first, along(first, to), 1);
        add(&sum, metric, first, along(first, from), -1);
        return sum;
    }
    const uint32_t skipped = along(first, from) == 1 ? 1 : 0;
    const uint32_t end     = along(last, to) == 0 ? count - 1 : count;
    if (end > skipped) add_turns(&sum, turns, arc + skipped, end - skipped);
    if (along(first, from) != 1) {
        add(&sum, metric, first, 1, 1);
        add(&sum, metric, first, along(first, from), -1);
    }
    if (along(last, to) != 0) add(&sum, metric, last, along(last, to), 1);
    return sum;
}

int check_route_arcs(const muster_route *route, const turn_list *turns, const muster_snap *from,
                     const muster_snap *to) {
    const muster_network_data *v = muster_network_view(muster_metric_network(turns->metric));
    uint32_t                   count;
    const uint32_t            *arc = muster_route_arcs(route, &count);
    if (arc[0] / 2 != from->edge || arc[count - 1] / 2 != to->edge) {
        return command_fail(COMMAND_INTERNAL,
                            "a route from edge %u to edge %u begins with edge %u and ends with %u",
                            from->edge, to->edge, arc[0] / 2, arc[count - 1] / 2);
    }
    for (uint32_t i = 1; i < count; ++i) {
        if (node_at(v, arc[i - 1], true) == node_at(v, arc[i], false)) continue;
        return command_fail(
            COMMAND_INTERNAL,
            "a route from edge %u to edge %u has arc %u, which does not start where "
            "the one before it, arc %u, ends",
            from->edge, to->edge, arc[i], arc[i - 1]);
    }
    const total   sum         = add_up(arc, count, turns, from, to);
    const int64_t expected_cm = llround(muster_route_distance_m(route) * 100);
    if (sum.is_open && sum.ms == muster_route_duration_ms(route) && sum.cm == expected_cm) {
        return COMMAND_DONE;
    }
    return command_fail(COMMAND_INTERNAL,
                        "a route from edge %u to edge %u of %u ms and %" PRId64
                        " cm has arcs and turns that %s, or add up to %" PRId64 " ms and %" PRId64
                        " cm",
                        from->edge, to->edge, muster_route_duration_ms(route), expected_cm,
                        sum.is_open ? "are open" : "are closed or forbidden", sum.ms, sum.cm);
}
