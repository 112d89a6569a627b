/* Places of a scenario that no road is near: what stands there is never sent, and help never
 * gets there. There is a plan all the same, but hardly the one that was meant. */
#ifndef CLI_PLAN_SITES_H
#define CLI_PLAN_SITES_H

#include <muster/problem.h>

/* Say in a line for each table of the file `path` how many there are, and which is the first.
 * Returns COMMAND_DONE, or the exit code after saying why. */
int plan_sites_warn(const muster_problem *problem, const char *path);

#endif
