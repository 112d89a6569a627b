/* What has become of a plan, as sentences: a file each for English and Chinese. */
#ifndef MU_SOLVER_CHANGES_TEXT_H
#define MU_SOLVER_CHANGES_TEXT_H

#include "solver/changes.h"
#include "solver/sentence.h"

/* What a change's codes are called; NULL where that has no name. */
typedef struct mu_change_names {
    const char *unit, *incident_before, *kind_before, *incident, *kind, *vehicle_before, *vehicle,
        *replaced;
} mu_change_names;

/* What happens, then why. */
typedef void (*mu_change_sayer)(mu_sentence *out, const muster_change *change,
                                const mu_change_names *name);

void mu_change_say_english(mu_sentence *out, const muster_change *change,
                           const mu_change_names *name);
void mu_change_say_chinese(mu_sentence *out, const muster_change *change,
                           const mu_change_names *name);

/* Write the sentences; `names` is by change. They lie in the order of the changes. */
muster_status mu_changes_write(mu_changes *changes, const mu_change_names *names);

#endif
