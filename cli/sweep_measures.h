/* The measures of a replication that has just been played. */
#ifndef CLI_SWEEP_MEASURES_H
#define CLI_SWEEP_MEASURES_H

#include <muster/simulation.h>

#include "cli/measures.h"

/* They are those that measures.h reads of a results folder. False where memory ran out. */
bool sweep_measure(double value[MEASURE_COUNT], const muster_replication *r);

#endif
