/* The turns that cost a profile something, by the arc that is turned into. */
#ifndef CLI_TURN_LIST_H
#define CLI_TURN_LIST_H

#include <muster/metric.h>

typedef struct turn_list {
    const muster_metric *metric;
    uint32_t            *first; /* [2 * edge_count + 1] by arc: into `turn` */
    uint32_t            *turn;  /* indices for muster_metric_turn */
} turn_list;

/* The metric must outlive the list. Returns COMMAND_DONE, or the exit code after saying why. */
int  turn_list_init(turn_list *list, const muster_metric *metric);
void turn_list_fini(turn_list *list);

/* What it takes to turn into arc[count - 1] for who has driven those before it since the start;
 * MUSTER_UNREACHABLE_MS: it is forbidden. */
uint32_t turn_list_ms(const turn_list *list, const uint32_t *arc, uint32_t count);

#endif
