/** @file muster/network.h
 *  The road network: nodes, edges and what the road allows. Immutable once built,
 *  shared by every thread.
 *
 *  An **edge** is a piece of road between two junctions, with its shape. An **arc** is
 *  an edge in one direction: arc `2 * e` runs from edge_source[e] to edge_target[e], arc
 *  `2 * e + 1` back. Whether, and how fast, a traveller may use an arc is the business of
 *  a metric (muster/metric.h). */
#ifndef MUSTER_NETWORK_H
#define MUSTER_NETWORK_H

#include <muster/api.h>
#include <muster/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Road classes, as OpenStreetMap names them (`highway=*`, `route=ferry`). */
typedef enum muster_road_class {
    MUSTER_ROAD_MOTORWAY,
    MUSTER_ROAD_MOTORWAY_LINK,
    MUSTER_ROAD_TRUNK,
    MUSTER_ROAD_TRUNK_LINK,
    MUSTER_ROAD_PRIMARY,
    MUSTER_ROAD_PRIMARY_LINK,
    MUSTER_ROAD_SECONDARY,
    MUSTER_ROAD_SECONDARY_LINK,
    MUSTER_ROAD_TERTIARY,
    MUSTER_ROAD_TERTIARY_LINK,
    MUSTER_ROAD_UNCLASSIFIED,
    MUSTER_ROAD_RESIDENTIAL,
    MUSTER_ROAD_LIVING_STREET,
    MUSTER_ROAD_SERVICE,
    MUSTER_ROAD_TRACK,
    MUSTER_ROAD_ROAD, /**< `highway=road`: class not yet surveyed. */
    MUSTER_ROAD_FERRY,
    MUSTER_ROAD_CLASS_COUNT
} muster_road_class;

/** "motorway", "motorway_link", ... ; NULL for a number outside the enum. */
MUSTER_API const char *muster_road_class_name(muster_road_class road_class);
/** The class of that name, or MUSTER_ROAD_CLASS_COUNT where there is none. */
MUSTER_API muster_road_class muster_road_class_from_name(const char *name);

/** Who may drive a direction of an edge: a set of bits. An arc with none of them is
 *  not there for anybody. */
typedef enum muster_access {
    MUSTER_ACCESS_LIGHT     = 1, /**< Cars, vans, small rescue vehicles. */
    MUSTER_ACCESS_HEAVY     = 2, /**< Lorries, fire engines, low loaders. */
    MUSTER_ACCESS_EMERGENCY = 4, /**< Vehicles with blue lights. */
    MUSTER_ACCESS_CONTRAFLOW =
        8, /**< Against a one-way street: only profiles that allow it, at a penalty. */
    MUSTER_ACCESS_ALL = 7 /**< Open to all, in the legal direction. */
} muster_access;

/** What stands under or over an edge. */
typedef enum muster_edge_flag { MUSTER_EDGE_BRIDGE = 1, MUSTER_EDGE_TUNNEL = 2 } muster_edge_flag;

typedef enum muster_restriction_kind {
    MUSTER_RESTRICTION_NO,     /**< This turn is forbidden. */
    MUSTER_RESTRICTION_ONLY,   /**< Of all turns from here, only this one is allowed. */
    MUSTER_RESTRICTION_PENALTY /**< This turn takes penalty_ms. */
} muster_restriction_kind;

/** A turn restriction as the map states it: whoever has driven from_edge to via_node, and from
 *  there all of its via edges if it has some, may not turn into to_edge, must, or waits for it.
 *  The three `_way`/`_id` fields are the map's own identifiers; the three indices are
 *  MUSTER_NONE where the member is not in the network.
 *
 *  Every search obeys the restrictions that are complete and whose edges follow each other, each
 *  open to somebody in that direction (muster_network_applied_restriction_count); others have no
 *  effect. Restrictions may overlap: a turn is forbidden where one forbids it, and penalties add
 *  up; of several ONLY after the same edges, any may be followed, and all other turns there are
 *  forbidden, turning round too. An edge that is a loop counts in both directions as the first or
 *  the last one, and leaves the restriction without effect in between. A trip that begins or ends
 *  at a junction makes no turn there, and one that begins on an edge has driven nothing before. */
typedef struct muster_turn_restriction {
    int64_t  id; /**< The relation's identifier. */
    int64_t  from_way, to_way;
    int64_t  via_id; /**< A node's or a way's identifier, by via_is_way. */
    uint32_t from_edge, to_edge;
    uint32_t via_node;   /**< Where from_edge is left: to to_edge, or to the first via edge. */
    uint32_t penalty_ms; /**< Of MUSTER_RESTRICTION_PENALTY, less than MUSTER_UNREACHABLE_MS. */
    uint8_t  kind;       /**< A muster_restriction_kind. */
    uint8_t  via_is_way;
    uint8_t  except; /**< muster_access bits: a profile with one of them need not obey. */
    uint8_t  reserved[5];
} muster_turn_restriction;

/** A network as plain arrays, both to build one from and to look into one. Start from
 *  `MUSTER_NETWORK_DATA_INIT`. Arrays marked "may be NULL" default as stated when
 *  building; in the view of a built network no array with entries is NULL. */
typedef struct muster_network_data {
    size_t struct_size;

    uint32_t       node_count;
    const double  *node_lon_deg; /**< [node_count] -180..180. */
    const double  *node_lat_deg; /**< [node_count] -90..90. */
    const int64_t *node_id;      /**< [node_count] Unique; may be NULL: 1, 2, 3... */

    /** [node_count] In which order a hierarchy eliminates the nodes, a permutation of 0 ..
     *  node_count - 1; may be NULL: not known, and NULL in a view until
     *  muster_network_build_hierarchy has been called. */
    const uint32_t *node_rank;

    uint32_t        edge_count;
    const int64_t  *edge_id;     /**< [edge_count] Unique; may be NULL: 1, 2, 3... */
    const int64_t  *edge_way_id; /**< [edge_count] The map's way; may be NULL: all 0. */
    const uint32_t *edge_source; /**< [edge_count] Node index. Loops and parallels welcome. */
    const uint32_t *edge_target;
    const double   *edge_length_m; /**< [edge_count] 0 or more, under 10,000 km. Kept to the cm. */
    const uint8_t  *edge_class;    /**< [edge_count] muster_road_class; may be NULL: all ROAD. */
    const uint8_t  *edge_access_forward;     /**< [edge_count] muster_access bits; */
    const uint8_t  *edge_access_backward;    /**< may be NULL: all MUSTER_ACCESS_ALL. */
    const float    *edge_speed_forward_kmh;  /**< [edge_count] Legal speed, 0: not stated; */
    const float    *edge_speed_backward_kmh; /**< may be NULL: none stated. */
    /** [edge_count] A stated duration, which then holds for every profile that may use
     *  the arc, whatever its speed; MUSTER_NONE: not stated; may be NULL: none stated. */
    const uint32_t *edge_duration_forward_ms;
    const uint32_t *edge_duration_backward_ms;
    const uint8_t  *edge_flags;       /**< [edge_count] muster_edge_flag bits; may be NULL: 0. */
    const int8_t   *edge_layer;       /**< [edge_count] may be NULL: 0. */
    const float    *edge_maxheight_m; /**< [edge_count] 0: no limit; may be NULL: none. */
    const float    *edge_maxwidth_m;  /**< [edge_count] 0: no limit; may be NULL: none. */
    const float    *edge_maxweight_t; /**< [edge_count] 0: no limit; may be NULL: none. */
    const uint32_t
               *edge_name; /**< [edge_count] Offset into names, MUSTER_NONE: none; may be NULL. */
    const char *names;     /**< [names_size] UTF-8 strings, each ended by NUL; may be NULL. */
    uint32_t    names_size;

    /** Interior shape points of edge e, from source to target, ends not included:
     *  edge_first_point[e] .. edge_first_point[e + 1] - 1. May be NULL: straight lines. */
    const uint32_t *edge_first_point; /**< [edge_count + 1] */
    const double   *point_lon_deg;
    const double   *point_lat_deg;

    uint32_t                       restriction_count;
    const muster_turn_restriction *restriction;
    /** Edges between from_edge and to_edge of restriction r, in driving order:
     *  restriction_first_via[r] .. restriction_first_via[r + 1] - 1. May be NULL: none. */
    const uint32_t *restriction_first_via; /**< [restriction_count + 1] */
    const uint32_t *restriction_via_edge;
} muster_network_data;

#define MUSTER_NETWORK_DATA_INIT                                                                   \
    { .struct_size = sizeof(muster_network_data) }

typedef struct muster_network muster_network;

/** Build a network. Everything is copied. O(n log n) in nodes plus shape points, for the
 *  spatial index (a packed Hilbert R-tree, Kamel and Faloutsos 1993).
 *  @return MUSTER_E_INVALID with the first wrong item named ("edge 17 runs from node 9,
 *          but the network has 5 nodes"), MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_network_new(muster_network **out, const muster_network_data *data);
MUSTER_API void          muster_network_free(muster_network *network);

/** Build the contraction hierarchy that makes tables fast (Dibbelt, Strasser and Wagner,
 *  "Customizable Contraction Hierarchies", JEA 2016); metrics made afterwards use it. The
 *  answers are the same with and without, to the millisecond and the centimetre. Takes
 *  node_rank if the network has a usable one, else orders the nodes by nested dissection
 *  (METIS, with a fixed seed), which takes most of the time: about 6 s a million nodes.
 *  Call it before the network is shared between threads; a second call does nothing.
 *  @return MUSTER_E_NOMEM, MUSTER_E_INTERNAL; the network is as it was then. */
MUSTER_API muster_status muster_network_build_hierarchy(muster_network *network);

/** The arrays of a built network. They live as long as the network. */
MUSTER_API const muster_network_data *muster_network_view(const muster_network *network);

/** How many turn restrictions have an effect on searches. */
MUSTER_API uint32_t muster_network_applied_restriction_count(const muster_network *network);

/** Sizes of the strongly connected components that count every arc open to anybody in
 *  its legal direction, and every turn. Component ids run from 0, largest first.
 *  @param network      only read
 *  @param out_count    receives the number of components
 *  @param out_largest  receives the number of nodes in the largest (0 if none) */
MUSTER_API muster_status muster_network_components(const muster_network *network,
                                                   uint32_t *out_count, uint32_t *out_largest);

#ifdef __cplusplus
}
#endif
#endif
