/* Reads OpenStreetMap files object by object. Behind it stands libosmium, which is C++;
 * no exception passes this header. */
#ifndef MU_GIS_OSM_READER_H
#define MU_GIS_OSM_READER_H

#include <muster/error.h>

#include "gis/osm_object.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where objects go. A NULL callback means that such objects are not decoded at all. A
 * callback that does not return MUSTER_OK ends the reading with that status; the message
 * is then the callback's. */
typedef struct mu_osm_handler {
    void *user;
    muster_status (*node)(void *user, const mu_osm_node *node);
    muster_status (*way)(void *user, const mu_osm_way *way);
    muster_status (*relation)(void *user, const mu_osm_relation *relation);
    const char     *phase;    /* what to call this reading in `progress` */
    muster_progress progress; /* may be NULL */
    void           *progress_user;
} mu_osm_handler;

/* Read all of `path`: PBF or XML, the latter plain, gzipped or bzipped, told apart by
 * their first bytes and not by the name. Objects marked as deleted are left out.
 * Fails with MUSTER_E_IO, MUSTER_E_FORMAT, MUSTER_E_NOMEM or MUSTER_E_CANCELLED. */
muster_status mu_osm_read(const char *path, const mu_osm_handler *handler);

#ifdef __cplusplus
}
#endif
#endif
