/* A packed Hilbert R-tree (Kamel and Faloutsos, "On packing R-trees", CIKM 1993).
 *
 * Items are sorted along a Hilbert curve and packed sixteen to a node, bottom up; the tree
 * is three arrays and never changes. Nearest-first order comes from a priority queue that
 * holds nodes and items together (Hjaltason and Samet, "Distance browsing in spatial
 * databases", TODS 1999): what leaves the queue as an item is the nearest of all that are
 * left, since no box can hold anything nearer than itself. */
#include "core/rtree.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "core/alloc.h"

enum { FAN_OUT = 16 };

/* ---- building ------------------------------------------------------------------------ */

/* Position of (x, y) along a Hilbert curve of order 16 (Warren, Hacker's Delight, 16-2). */
static uint32_t hilbert(uint32_t x, uint32_t y) {
    uint32_t state = 0, position = 0;
    for (int bit = 15; bit >= 0; --bit) {
        const uint32_t row = 4 * state + 2 * ((x >> bit) & 1) + ((y >> bit) & 1);
        position           = (position << 2) | ((0x361E9CB4u >> (2 * row)) & 3);
        state              = (0x8FE65831u >> (2 * row)) & 3;
    }
    return position;
}

typedef struct keyed_item {
    uint32_t key, item;
} keyed_item;

static int by_key(const void *a, const void *b) {
    const keyed_item *p = a, *q = b;
    if (p->key != q->key) return p->key < q->key ? -1 : 1;
    return p->item < q->item ? -1 : p->item > q->item;
}

static mu_box empty_box(void) {
    return (mu_box){INFINITY, INFINITY, -INFINITY, -INFINITY};
}

static void extend(mu_box *box, const mu_box *with) {
    box->min_x = fmin(box->min_x, with->min_x);
    box->min_y = fmin(box->min_y, with->min_y);
    box->max_x = fmax(box->max_x, with->max_x);
    box->max_y = fmax(box->max_y, with->max_y);
}

static uint32_t grid(double value, double low, double high) {
    return high > low ? (uint32_t)((value - low) / (high - low) * 65535.0) : 0;
}

static void key_items(keyed_item *order, uint32_t count, const mu_box *boxes) {
    mu_box all = empty_box();
    for (uint32_t i = 0; i < count; ++i) extend(&all, &boxes[i]);
    for (uint32_t i = 0; i < count; ++i) {
        const double x = (boxes[i].min_x + boxes[i].max_x) / 2;
        const double y = (boxes[i].min_y + boxes[i].max_y) / 2;
        order[i] =
            (keyed_item){hilbert(grid(x, all.min_x, all.max_x), grid(y, all.min_y, all.max_y)), i};
    }
    qsort(order, count, sizeof *order, by_key);
}

void mu_rtree_lay_out(mu_rtree *tree, uint32_t item_count) {
    uint32_t width = item_count, start = 0, level = 0;
    tree->item_count = item_count;
    while (true) {
        tree->level_start[level++] = start;
        start += width;
        if (width <= 1) break;
        width = (width + FAN_OUT - 1) / FAN_OUT;
    }
    assert(level <= MU_RTREE_MAX_LEVELS);
    tree->level_start[level] = start;
    tree->level_count        = level;
    tree->node_count         = start;
}

static uint32_t level_width(const mu_rtree *tree, uint32_t level) {
    return tree->level_start[level + 1] - tree->level_start[level];
}

static void fill_boxes(mu_rtree *tree, const mu_box *boxes) {
    for (uint32_t i = 0; i < tree->item_count; ++i) tree->box[i] = boxes[tree->item[i]];
    for (uint32_t level = 1; level < tree->level_count; ++level) {
        mu_box *parents = tree->box + tree->level_start[level];
        for (uint32_t p = 0; p < level_width(tree, level); ++p) parents[p] = empty_box();
        const mu_box *children = tree->box + tree->level_start[level - 1];
        for (uint32_t c = 0; c < level_width(tree, level - 1); ++c) {
            extend(&parents[c / FAN_OUT], &children[c]);
        }
    }
}

muster_status mu_rtree_init(mu_rtree *tree, uint32_t item_count, const mu_box *boxes) {
    *tree = (mu_rtree){0};
    mu_rtree_lay_out(tree, item_count);
    keyed_item *order;
    MU_TRY(mu_alloc(&order, item_count, sizeof *order));
    muster_status status = MUSTER_OK;
    MU_TRY_GOTO(status, mu_alloc(&tree->box, tree->node_count, sizeof *tree->box), done);
    MU_TRY_GOTO(status, mu_alloc(&tree->item, item_count, sizeof *tree->item), done);
    key_items(order, item_count, boxes);
    for (uint32_t i = 0; i < item_count; ++i) tree->item[i] = order[i].item;
    fill_boxes(tree, boxes);
done:
    mu_free(order);
    if (status != MUSTER_OK) mu_rtree_fini(tree);
    return status;
}

void mu_rtree_fini(mu_rtree *tree) {
    mu_free(tree->box);
    mu_free(tree->item);
    *tree = (mu_rtree){0};
}

/* ---- nearest first ------------------------------------------------------------------- */

/* A node (level >= 0, index in its level) or an item (level -1) that waits its turn. */
typedef struct waiting {
    double   distance;
    int32_t  level;
    uint32_t index;
} waiting;

typedef struct queue {
    waiting *entry;
    size_t   size, capacity;
} queue;

/* Nodes before items at the same distance: they may hold an item as near with a lower id. */
static bool goes_first(const waiting *a, const waiting *b) {
    if (a->distance != b->distance) return a->distance < b->distance;
    if (a->level != b->level) return a->level > b->level;
    return a->index < b->index;
}

static muster_status push(queue *q, waiting fresh) {
    MU_TRY(mu_grow(&q->entry, &q->capacity, q->size, sizeof *q->entry));
    size_t hole = q->size++;
    while (hole > 0 && goes_first(&fresh, &q->entry[(hole - 1) / 2])) {
        q->entry[hole] = q->entry[(hole - 1) / 2];
        hole           = (hole - 1) / 2;
    }
    q->entry[hole] = fresh;
    return MUSTER_OK;
}

static waiting pop(queue *q) {
    const waiting top  = q->entry[0];
    const waiting last = q->entry[--q->size];
    size_t        hole = 0;
    for (size_t child; (child = 2 * hole + 1) < q->size; hole = child) {
        if (child + 1 < q->size && goes_first(&q->entry[child + 1], &q->entry[child])) ++child;
        if (!goes_first(&q->entry[child], &last)) break;
        q->entry[hole] = q->entry[child];
    }
    q->entry[hole] = last;
    return top;
}

static double box_distance(const mu_rtree_query *query, const mu_box *box) {
    const double dx = fmax(0, fmax(box->min_x - query->x, query->x - box->max_x));
    const double dy = fmax(0, fmax(box->min_y - query->y, query->y - box->max_y));
    return hypot(dx * query->scale_x, dy * query->scale_y);
}

typedef struct browse {
    const mu_rtree       *tree;
    const mu_rtree_query *query;
    double                max_distance;
    mu_rtree_distance     distance;
    void                 *user;
    queue                 queue;
} browse;

static muster_status push_item(browse *b, uint32_t place) {
    const uint32_t item     = b->tree->item[place];
    const double   distance = b->distance(b->user, item);
    if (!(distance <= b->max_distance) || isinf(distance)) return MUSTER_OK;
    return push(&b->queue, (waiting){distance, -1, item});
}

/* Queue the children of a node; those of level 0 stand for the items themselves. */
static muster_status open_node(browse *b, const waiting *node) {
    const mu_rtree *tree  = b->tree;
    const uint32_t  below = (uint32_t)node->level - 1;
    const uint32_t  width = level_width(tree, below);
    const uint32_t  first = node->index * FAN_OUT;
    for (uint32_t c = first; c < width && c < first + FAN_OUT; ++c) {
        const double distance = box_distance(b->query, &tree->box[tree->level_start[below] + c]);
        if (distance > b->max_distance) continue;
        if (below == 0) {
            MU_TRY(push_item(b, c));
        } else {
            MU_TRY(push(&b->queue, (waiting){distance, (int32_t)below, c}));
        }
    }
    return MUSTER_OK;
}

muster_status mu_rtree_nearest(const mu_rtree *tree, const mu_rtree_query *query,
                               double max_distance, mu_rtree_distance distance,
                               mu_rtree_visit visit, void *user) {
    if (tree->item_count == 0) return MUSTER_OK;
    browse        b      = {tree, query, max_distance, distance, user, {NULL, 0, 0}};
    muster_status status = MUSTER_OK;
    if (tree->level_count == 1) {
        MU_TRY_GOTO(status, push_item(&b, 0), done);
    } else {
        MU_TRY_GOTO(status, push(&b.queue, (waiting){0, (int32_t)tree->level_count - 1, 0}), done);
    }
    while (b.queue.size > 0) {
        const waiting next = pop(&b.queue);
        if (next.level < 0) {
            if (!visit(user, next.index, next.distance)) break;
        } else {
            MU_TRY_GOTO(status, open_node(&b, &next), done);
        }
    }
done:
    mu_free(b.queue.entry);
    return status;
}

/* ---- all in a box -------------------------------------------------------------------- */

static bool boxes_touch(const mu_box *a, const mu_box *b) {
    return a->min_x <= b->max_x && b->min_x <= a->max_x && a->min_y <= b->max_y &&
           b->min_y <= a->max_y;
}

/* The children of node `index` of `level`, or that node itself where it is an item. */
static bool search_below(const mu_rtree *tree, uint32_t level, uint32_t index, const mu_box *box,
                         mu_rtree_found found, void *user) {
    if (!boxes_touch(box, &tree->box[tree->level_start[level] + index])) return true;
    if (level == 0) return found(user, tree->item[index]);
    const uint32_t width = level_width(tree, level - 1);
    for (uint32_t c = index * FAN_OUT; c < width && c < (index + 1) * FAN_OUT; ++c) {
        if (!search_below(tree, level - 1, c, box, found, user)) return false;
    }
    return true;
}

void mu_rtree_search(const mu_rtree *tree, const mu_box *box, mu_rtree_found found, void *user) {
    if (tree->item_count > 0) search_below(tree, tree->level_count - 1, 0, box, found, user);
}
