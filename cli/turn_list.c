/* See turn_list.h: a counting sort. */
#include "cli/turn_list.h"

#include <stdlib.h>

#include "cli/command.h"

static uint32_t last_arc(const muster_metric *metric, uint32_t index) {
    const muster_turn turn = muster_metric_turn(metric, index);
    return turn.arc[turn.arc_count - 1];
}

int turn_list_init(turn_list *list, const muster_metric *metric) {
    const uint32_t arcs  = 2 * muster_network_view(muster_metric_network(metric))->edge_count;
    const uint32_t turns = muster_metric_turn_count(metric);
    list->metric         = metric;
    list->first          = calloc((size_t)arcs + 2, sizeof *list->first);
    list->turn           = malloc((turns + (size_t)1) * sizeof *list->turn);
    if (!list->first || !list->turn) {
        turn_list_fini(list);
        return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    }
    for (uint32_t t = 0; t < turns; ++t) ++list->first[last_arc(metric, t) + 2];
    for (uint32_t a = 0; a < arcs; ++a) list->first[a + 2] += list->first[a + 1];
    for (uint32_t t = 0; t < turns; ++t) list->turn[list->first[last_arc(metric, t) + 1]++] = t;
    return COMMAND_DONE;
}

void turn_list_fini(turn_list *list) {
    free(list->first);
    free(list->turn);
    *list = (turn_list){0};
}

static bool is_end_of(const muster_turn *turn, const uint32_t *arc, uint32_t count) {
    if (turn->arc_count > count) return false;
    const uint32_t *end = arc + (count - turn->arc_count);
    for (uint32_t i = 0; i < turn->arc_count; ++i) {
        if (turn->arc[i] != end[i]) return false;
    }
    return true;
}

uint32_t turn_list_ms(const turn_list *list, const uint32_t *arc, uint32_t count) {
    const uint32_t into    = arc[count - 1];
    uint32_t       longest = 0, ms = 0;
    for (uint32_t i = list->first[into]; i < list->first[into + 1]; ++i) {
        const muster_turn turn = muster_metric_turn(list->metric, list->turn[i]);
        if (turn.arc_count <= longest || !is_end_of(&turn, arc, count)) continue;
        longest = turn.arc_count;
        ms      = turn.duration_ms;
    }
    return ms;
}
