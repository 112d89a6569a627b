/* What closures do to a network: which roads they close, slow and spare, and what they cut off. */
#ifndef CLI_CLOSURES_ANSWER_H
#define CLI_CLOSURES_ANSWER_H

#include <jansson.h>
#include <stdio.h>

#include <muster/explain.h>

#include "cli/closures_file.h"

typedef enum road_state {
    ROAD_AS_BEFORE,
    ROAD_CLOSED,
    ROAD_SLOWED,
    ROAD_SPARED,
    ROAD_OPENED /* to boats, where nobody drove or driving took longer */
} road_state;
enum { ROAD_STATES = 5 };

typedef struct closed_road {
    uint32_t   edge;
    road_state state;
    double     speed_share; /* of the speed before; of the slower way */
} closed_road;

/* Nodes that could reach, and be reached from, the rest and no longer do. */
typedef struct cut_part {
    uint32_t node_count;
    uint32_t node; /* the lowest of them */
    uint32_t rest; /* a node of what is left of the component that they were of */
    /* From the rest and back to it: why there is no way, as text and as data. */
    char   *no_way_in, *no_way_out; /* NULL: there is one */
    json_t *json_in, *json_out;     /* null: there is one; NULL: it is not known */
} cut_part;

enum { MOST_PARTS_IN_TEXT = 10 };

typedef struct closures_answer {
    const muster_network *network;
    const char           *profile;
    uint32_t              road_count;
    closed_road          *road; /* by rising edge */
    uint32_t              part_count;
    cut_part             *part; /* largest first */
} closures_answer;

/* `changed` is the target's metric with the closure in it. Why parts are cut off is found for all
 * of them where `explains_all`, else for those in the text: in a large flood every junction is a
 * part. Returns the exit code; then, too, there may be something to free. */
int  closures_answer_init(closures_answer *answer, const closures_target *target,
                          const muster_metric *changed, bool explains_all);
void closures_answer_fini(closures_answer *answer);

const char *road_state_name(road_state state);
void        closures_answer_print(const closures_answer *answer, FILE *stream);
/* A FeatureCollection: a LineString a road, a Point a part; NULL without memory. */
json_t *closures_answer_geojson(const closures_answer *answer);

#endif
