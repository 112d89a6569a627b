/* What the command of a scenario says: who is over whom, what cover is to be kept, what has been
 * decided, and what things are worth. */
#ifndef MU_GIS_SCENARIO_COMMAND_H
#define MU_GIS_SCENARIO_COMMAND_H

#include "gis/scenario_columns.h"

/* Places as authorities: ask for them, and read them before everything that is at a place. */
muster_status mu_scenario_ask_authorities(mu_scenario_reader *reader);
muster_status mu_scenario_read_authorities(mu_scenario_reader *reader);
/* Zones, weights, and the rules of `scenario`: read after everything that they refer to. */
muster_status mu_scenario_ask_command(mu_scenario_reader *reader, const char *scenario);
muster_status mu_scenario_read_command(mu_scenario_reader *reader);

#endif
