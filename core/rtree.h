/* A packed Hilbert R-tree: built once, read by any number of threads. */
#ifndef MU_CORE_RTREE_H
#define MU_CORE_RTREE_H

#include "core/error.h"

typedef struct mu_box {
    double min_x, min_y, max_x, max_y;
} mu_box;

/* How far from each side of a node's box an item's begins, in 255ths of the node's, rounded down:
 * a box that holds the item's, in an eighth of its memory. */
typedef struct mu_inset {
    uint8_t left, bottom, right, top;
} mu_inset;

enum { MU_RTREE_MAX_LEVELS = 8 }; /* 16^8 = 2^32 items */

typedef struct mu_rtree {
    uint32_t  item_count;
    uint32_t  node_count; /* in all levels; those of level 0 hold items, in Hilbert order */
    uint32_t  level_count;
    uint32_t  level_start[MU_RTREE_MAX_LEVELS + 1]; /* of level l in box[] */
    mu_box   *box;                                  /* [node_count] */
    mu_inset *inset; /* [item_count] of the item at each place, in the box of its node */
    uint32_t *item;  /* [item_count] the caller's item at each place */
} mu_rtree;

/* Sets the counts and levels of a tree of `item_count` items, and nothing else. */
void mu_rtree_lay_out(mu_rtree *tree, uint32_t item_count);

/* The box of an item, which must be finite; asked for three times. */
typedef mu_box (*mu_rtree_box)(const void *user, uint32_t item);
muster_status mu_rtree_init(mu_rtree *tree, uint32_t item_count, mu_rtree_box box,
                            const void *user);
void          mu_rtree_fini(mu_rtree *tree);

/* Visits items from the nearest on. The distance to an item is the caller's business, who is asked
 * for it only where the box comes near enough; it must never be less than that to the item's box,
 * as `scale` measures it: sqrt((dx * scale_x)^2 + (dy * scale_y)^2), but for rounding. */
typedef struct mu_rtree_query {
    double x, y, scale_x, scale_y;
} mu_rtree_query;

/* Exact distance to an item, or infinity to pass it over. */
typedef double (*mu_rtree_distance)(void *user, uint32_t item);
/* Called in order of distance, then item; return false to stop. */
typedef bool (*mu_rtree_visit)(void *user, uint32_t item, double distance);

muster_status mu_rtree_nearest(const mu_rtree *tree, const mu_rtree_query *query,
                               double max_distance, mu_rtree_distance distance,
                               mu_rtree_visit visit, void *user);

/* Every item whose box has a point in common with `box`, in no particular order, and some whose box
 * comes near it; its sides may be infinite. Return false to stop. */
typedef bool (*mu_rtree_found)(void *user, uint32_t item);
void mu_rtree_search(const mu_rtree *tree, const mu_box *box, mu_rtree_found found, void *user);

/* How much of a box some shape covers. */
typedef enum mu_cover { MU_COVERS_NOTHING, MU_COVERS_PART, MU_COVERS_ALL } mu_cover;

/* MU_COVERS_PART where it is not known. */
typedef mu_cover (*mu_rtree_judge)(void *user, const mu_box *box);
typedef bool (*mu_rtree_covered)(void *user, uint32_t item, mu_cover cover);
/* Every item but those in a box of which nothing is covered, in the order of mu_rtree_search. A box that is
 * covered, or is not, is not looked into: what is in it is as it is. Return false to stop. */
void mu_rtree_cover(const mu_rtree *tree, mu_rtree_judge judge, mu_rtree_covered found, void *user);

#endif
