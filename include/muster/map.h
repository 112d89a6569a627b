/** @file muster/map.h
 *  What lies under the roads of a map: water, and the floods of a scenario. For drawing, so
 *  simplified; nothing here bears on a plan. Part of libmuster_gis. */
#ifndef MUSTER_MAP_H
#define MUSTER_MAP_H

#include <stdint.h>

#include <muster/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The tables of a store (muster/store.h) that a map is made of (docs/schema.md). */
typedef enum muster_map_layer {
    MUSTER_MAP_WATER_AREA, /**< Polygons: `lake`, `sea`. */
    MUSTER_MAP_WATERWAY,   /**< Lines: `river`, `canal`, `ditch`. */
    MUSTER_MAP_HAZARD,     /**< Polygons: `flood`, `wind`, `plume`, `closure`, `alert`. */
    MUSTER_MAP_LAYER_COUNT
} muster_map_layer;

/** One row of a table, or one polygon of a row that has several: a line, which is one part, or a
 *  polygon, whose parts are its rings, the outer one first and then its holes. */
typedef struct muster_map_shape {
    uint8_t     layer; /**< A muster_map_layer. */
    const char *class_name;
    float       width_m; /**< Of a waterway; of others 0. */
    float       depth_m; /**< Of a flood that states it; of others 0. */
    uint32_t    first_part, part_count;
} muster_map_shape;

/** Shapes by layer and, within it, in the order of the table. Points of part p are those from
 *  part_first_point[p] up to part_first_point[p + 1]; a ring ends with the point that it
 *  starts with. */
typedef struct muster_map_data {
    uint32_t                shape_count;
    const muster_map_shape *shape;
    uint32_t                part_count;
    const uint32_t         *part_first_point; /**< [part_count + 1] */
    const double           *point_lon_deg;
    const double           *point_lat_deg;
} muster_map_data;

typedef struct muster_map muster_map;

/** Read the map of a store. Tables that are absent are layers without shapes. The store is
 *  only read, and not trusted.
 *  @param out            receives the map, yours: muster_map_free
 *  @param place          a path or a connection
 *  @param scenario_code  whose hazards; NULL: none
 *  @param tolerance_m    lines move by no more than this, and what is smaller is left out; 0:
 *                        everything as it is. A polygon that crosses itself may stay as it is.
 *  @return as muster_network_load; MUSTER_E_INVALID also for a tolerance that is negative or
 *          not a number. */
MUSTER_API muster_status muster_map_load(muster_map **out, const char *place,
                                         const char *scenario_code, double tolerance_m);
MUSTER_API void          muster_map_free(muster_map *map);
/** What was read. It lives as long as the map. */
MUSTER_API const muster_map_data *muster_map_view(const muster_map *map);

#ifdef __cplusplus
}
#endif
#endif
