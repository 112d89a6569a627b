/* What the tags of a way, a node or a relation mean for a road network. Pure functions of
 * the tags. */
#ifndef MU_GIS_OSM_TAGS_H
#define MU_GIS_OSM_TAGS_H

#include <muster/network.h>

#include "gis/osm_object.h"

/* A road's attributes, in the units of muster_network_data. */
typedef struct mu_osm_road {
    uint8_t  road_class; /* a muster_road_class */
    uint8_t  access_forward, access_backward;
    uint8_t  flags;
    int8_t   layer;
    float    speed_forward_kmh, speed_backward_kmh;
    float    maxheight_m, maxwidth_m, maxweight_t;
    uint32_t duration_ms; /* of the whole way, ferries only; MUSTER_NONE: not stated */
} mu_osm_road;

typedef enum mu_osm_way_kind {
    MU_OSM_ROAD,
    MU_OSM_NOT_ROAD,
    MU_OSM_AREA,
    MU_OSM_NO_ACCESS
} mu_osm_way_kind;

/* Fill *out; only with MU_OSM_ROAD is it meaningful. */
mu_osm_way_kind mu_osm_classify_way(const mu_osm_tags *tags, mu_osm_road *out);

/* The way's name, or else its number (ref), or NULL. Text that is not UTF-8 is no name. */
const char *mu_osm_way_name(const mu_osm_tags *tags);

/* The first maxspeed value of the way that nobody could read, or NULL. */
const char *mu_osm_unreadable_speed(const mu_osm_tags *tags);

/* A node that not everybody passes. */
typedef struct mu_osm_barrier {
    uint8_t access; /* the muster_access bits that pass, either way */
    float   maxheight_m, maxwidth_m, maxweight_t;
} mu_osm_barrier;

/* False for nodes that stop nobody. */
bool mu_osm_classify_barrier(const mu_osm_tags *tags, mu_osm_barrier *out);

typedef enum mu_osm_turn_kind {
    MU_OSM_TURN,       /* a turn restriction for motor vehicles */
    MU_OSM_TURN_UNFIT, /* one that we cannot read, or that binds none of our vehicles */
    MU_OSM_NO_TURN     /* another kind of relation */
} mu_osm_turn_kind;

/* @param out_kind    a muster_restriction_kind
 * @param out_except  muster_access bits that need not obey */
mu_osm_turn_kind mu_osm_classify_turn(const mu_osm_tags *tags, uint8_t *out_kind,
                                      uint8_t *out_except);

#endif
