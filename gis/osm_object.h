/* What an OpenStreetMap file is made of, as plain structs: nodes with a place, ways that
 * list nodes, relations that list anything, and tags on all of them. Everything is
 * borrowed from the reader and gone when the callback returns. */
#ifndef MU_GIS_OSM_OBJECT_H
#define MU_GIS_OSM_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct mu_osm_tag {
    const char *key, *value;
} mu_osm_tag;

typedef struct mu_osm_tags {
    const mu_osm_tag *tag;
    size_t            count;
} mu_osm_tags;

/* Coordinates as the formats store them: whole numbers of 1e-7 degrees. */
enum { MU_OSM_UNITS_PER_DEGREE = 10000000 };

typedef struct mu_osm_node {
    int64_t     id;
    bool        located; /* false: no coordinates, or some off the globe */
    int32_t     lon_e7, lat_e7;
    mu_osm_tags tags;
} mu_osm_node;

typedef struct mu_osm_way {
    int64_t        id;
    const int64_t *node_id;
    size_t         node_count;
    mu_osm_tags    tags;
} mu_osm_way;

typedef struct mu_osm_member {
    char        type; /* 'n', 'w' or 'r' */
    int64_t     id;
    const char *role;
} mu_osm_member;

typedef struct mu_osm_relation {
    int64_t              id;
    const mu_osm_member *member;
    size_t               member_count;
    mu_osm_tags          tags;
} mu_osm_relation;

#endif
