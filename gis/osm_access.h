/* Who may drive where: the access and one-way tags of ways, and barriers on nodes. */
#ifndef MU_GIS_OSM_ACCESS_H
#define MU_GIS_OSM_ACCESS_H

#include <muster/network.h>

#include "gis/osm_object.h"

/* The value of a tag, or NULL. */
const char *mu_osm_tag_value(const mu_osm_tags *tags, const char *key);
bool        mu_osm_tag_is(const mu_osm_tags *tags, const char *key, const char *value);

/* muster_access bits by direction of a way, where `open` may use it if no tag says
 * otherwise. */
typedef struct mu_osm_access {
    uint8_t forward, backward;
} mu_osm_access;

mu_osm_access mu_osm_way_access(const mu_osm_tags *tags, muster_road_class road_class,
                                uint8_t open);

/* The bits that a node with these tags lets through: MUSTER_ACCESS_ALL unless it has a
 * barrier that stops somebody. */
uint8_t mu_osm_barrier_access(const mu_osm_tags *tags);

#endif
