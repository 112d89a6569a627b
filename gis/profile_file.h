/* Profiles one by one, for those that do not come as a file. */
#ifndef MU_GIS_PROFILE_FILE_H
#define MU_GIS_PROFILE_FILE_H

#include <muster/profile_file.h>

#include <stddef.h>

#include "core/error.h"

/* None yet; to be ended by mu_profiles_end. */
muster_status mu_profiles_new(muster_profiles **out);
/* One more, as it stands in the list of a profile file. `source` is for messages; *out_name, the
 * profile's, lives as long as the set. */
muster_status mu_profiles_add(muster_profiles *profiles, const char *source, const char *text,
                              const char **out_name);
/* The built-in ones that are not there yet. */
muster_status mu_profiles_end(muster_profiles *profiles);

#endif
