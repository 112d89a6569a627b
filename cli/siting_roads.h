/* The tables of travel times that `muster site` decides by. */
#ifndef CLI_SITING_ROADS_H
#define CLI_SITING_ROADS_H

#include "cli/closed_roads.h"
#include "cli/siting_answer.h"

/* Fill answer->travel_ms, and for move-up answer->move_ms. Who is inside a hazard sets out by the way
 * out of it. Returns the exit code. */
int siting_roads_measure(siting_answer *answer, const muster_metric *metric,
                         const closed_roads *closed);

#endif
