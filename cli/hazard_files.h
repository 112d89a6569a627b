/* Where hazards come from: GeoJSON, CAP messages, GeoPackages, databases. */
#ifndef CLI_HAZARD_FILES_H
#define CLI_HAZARD_FILES_H

#include <muster/alert.h>

#include "cli/hazard_choice.h"

typedef struct hazard_files {
    muster_alerts  *alerts;
    muster_hazards *hazards;
} hazard_files;

/* Read them all, told apart by how they begin. `scenario` is whose hazards of a store; NULL: its
 * default one's. Returns the exit code; then, too, there may be something to free. */
int  hazard_files_read(hazard_files *out, const hazard_choice *choice, const char *scenario,
                       const muster_alert_options *options);
void hazard_files_free(hazard_files *files);

/* What had to be done to them, a line each on standard error. */
void hazard_files_say_notes(const hazard_files *files);

/* What holds at the choice's moment, with the notes said, and that nothing does. *out is to be given to
 * muster_hazards_free. Returns the exit code. */
int hazards_at_moment(muster_hazards **out, const hazard_choice *choice, const char *scenario);

#endif
