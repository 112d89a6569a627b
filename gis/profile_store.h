/* Profiles of a store. */
#ifndef MU_GIS_PROFILE_STORE_H
#define MU_GIS_PROFILE_STORE_H

#include <muster/profile_file.h>

#include "gis/store.h"

/* Those of the table `profile`, if there is one, and the built-in ones. */
muster_status mu_profiles_of_store(muster_profiles **out, mu_store *store);

#endif
