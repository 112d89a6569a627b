/* A packed Hilbert R-tree (Kamel and Faloutsos, "On packing R-trees", CIKM 1993).
 *
 * Items are sorted along a Hilbert curve and packed sixteen to a node, bottom up; the tree
 * is three arrays and never changes. Nine boxes in ten would be those of items, so these are kept
 * in four bytes, as parts of the box of their node. Nearest-first order comes from a priority queue
 * that holds nodes, items by their box and items by their distance together (Hjaltason and Samet,
 * "Distance browsing in spatial databases", TODS 1999): what leaves the queue by its distance is
 * the nearest of all that are left, since no box can hold anything nearer than itself. An item's
 * own distance is only worked out when its box is next. */
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

/* Boxes as the caller tells them. */
typedef struct source {
    mu_rtree_box box;
    const void  *user;
} source;

static mu_box box_of(const source *from, uint32_t item) {
    return from->box(from->user, item);
}

static void key_items(keyed_item *order, uint32_t count, const source *from) {
    mu_box all = empty_box();
    for (uint32_t i = 0; i < count; ++i) {
        const mu_box box = box_of(from, i);
        extend(&all, &box);
    }
    for (uint32_t i = 0; i < count; ++i) {
        const mu_box box = box_of(from, i);
        const double x = (box.min_x + box.max_x) / 2, y = (box.min_y + box.max_y) / 2;
        order[i] =
            (keyed_item){hilbert(grid(x, all.min_x, all.max_x), grid(y, all.min_y, all.max_y)), i};
    }
    qsort(order, count, sizeof *order, by_key);
}

void mu_rtree_lay_out(mu_rtree *tree, uint32_t item_count) {
    uint32_t width = item_count, start = 0, level = 0;
    tree->item_count = item_count;
    do {
        assert(level < MU_RTREE_MAX_LEVELS);
        width                      = width / FAN_OUT + (width % FAN_OUT > 0);
        tree->level_start[level++] = start;
        start += width;
    } while (width > 1);
    tree->level_start[level] = start;
    tree->level_count        = level;
    tree->node_count         = start;
}

static uint32_t level_width(const mu_rtree *tree, uint32_t level) {
    return tree->level_start[level + 1] - tree->level_start[level];
}

/* ---- insets -------------------------------------------------------------------------- */

enum { STEPS = 255 };

static double step(double low, double high) {
    return (high - low) / STEPS;
}

/* Whole steps from a side of the node up to one of the item. A quotient may be rounded up; the side
 * that is told by it must not be. */
static uint8_t count_steps(double side, double step, double item_side) {
    const double quotient = step > 0 ? (item_side - side) / step : 0;
    uint8_t      count    = quotient < STEPS ? (uint8_t)quotient : STEPS;
    while (count > 0 && side + count * step > item_side) --count;
    return count;
}

static mu_inset inset_of(const mu_box *node, const mu_box *item) {
    const double x = step(node->min_x, node->max_x), y = step(node->min_y, node->max_y);
    return (mu_inset){
        count_steps(node->min_x, x, item->min_x), count_steps(node->min_y, y, item->min_y),
        count_steps(-node->max_x, x, -item->max_x), count_steps(-node->max_y, y, -item->max_y)};
}

/* The box that an inset tells, which holds the item's. */
static mu_box inset_box(const mu_box *node, mu_inset inset) {
    const double x = step(node->min_x, node->max_x), y = step(node->min_y, node->max_y);
    return (mu_box){node->min_x + inset.left * x, node->min_y + inset.bottom * y,
                    node->max_x - inset.right * x, node->max_y - inset.top * y};
}

/* ---- building, bottom up ------------------------------------------------------------- */

/* The box of a node of level 0, and where its items lie in it. */
static void fill_node(mu_rtree *tree, uint32_t node, const source *from) {
    mu_box         box[FAN_OUT], *all = &tree->box[node];
    const uint32_t first = node * FAN_OUT, rest = tree->item_count - first;
    const uint32_t count = rest < FAN_OUT ? rest : FAN_OUT;
    *all                 = empty_box();
    for (uint32_t i = 0; i < count; ++i) {
        box[i] = box_of(from, tree->item[first + i]);
        extend(all, &box[i]);
    }
    for (uint32_t i = 0; i < count; ++i) tree->inset[first + i] = inset_of(all, &box[i]);
}

static void fill_boxes(mu_rtree *tree, const source *from) {
    for (uint32_t node = 0; node < level_width(tree, 0); ++node) fill_node(tree, node, from);
    for (uint32_t level = 1; level < tree->level_count; ++level) {
        mu_box *parents = tree->box + tree->level_start[level];
        for (uint32_t p = 0; p < level_width(tree, level); ++p) parents[p] = empty_box();
        const mu_box *children = tree->box + tree->level_start[level - 1];
        for (uint32_t c = 0; c < level_width(tree, level - 1); ++c) {
            extend(&parents[c / FAN_OUT], &children[c]);
        }
    }
}

muster_status mu_rtree_init(mu_rtree *tree, uint32_t item_count, mu_rtree_box box,
                            const void *user) {
    const source from = {box, user};
    keyed_item  *order;
    *tree = (mu_rtree){0};
    mu_rtree_lay_out(tree, item_count);
    MU_TRY(mu_alloc(&order, item_count, sizeof *order));
    muster_status status = MUSTER_OK;
    MU_TRY_GOTO(status, mu_alloc(&tree->box, tree->node_count, sizeof *tree->box), done);
    MU_TRY_GOTO(status, mu_alloc(&tree->inset, item_count, sizeof *tree->inset), done);
    MU_TRY_GOTO(status, mu_alloc(&tree->item, item_count, sizeof *tree->item), done);
    key_items(order, item_count, &from);
    for (uint32_t i = 0; i < item_count; ++i) tree->item[i] = order[i].item;
    fill_boxes(tree, &from);
done:
    mu_free(order);
    if (status != MUSTER_OK) mu_rtree_fini(tree);
    return status;
}

void mu_rtree_fini(mu_rtree *tree) {
    mu_free(tree->box);
    mu_free(tree->inset);
    mu_free(tree->item);
    *tree = (mu_rtree){0};
}

/* ---- nearest first ------------------------------------------------------------------- */

/* Beside a node's level: */
enum { BY_BOX = -1, BY_DISTANCE = -2 };

/* A node (by its index in its level), an item by its box (by its place), or an item by its own
 * distance that waits its turn. */
typedef struct waiting {
    double   distance;
    int32_t  level;
    uint32_t index;
} waiting;

typedef struct queue {
    waiting *entry;
    size_t   size, capacity;
} queue;

/* Boxes before items at the same distance: they may hold an item as near with a lower id. */
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

/* How far a value is outside of a range. Of the functions of the library this is one that compilers
 * do not write out, and it is asked for every box. */
static double outside(double value, double low, double high) {
    if (value < low) return low - value;
    return value > high ? value - high : 0;
}

/* Of what lies at the side of its box nothing is nearer than the box, but for rounding: the two are
 * worked out in different ways. So boxes are taken to be a little nearer than they are. */
static double box_distance(const mu_rtree_query *query, const mu_box *box) {
    static const double LESS = 1 - 1e-9;
    const double        x    = outside(query->x, box->min_x, box->max_x) * query->scale_x;
    const double        y    = outside(query->y, box->min_y, box->max_y) * query->scale_y;
    return sqrt(x * x + y * y) * LESS;
}

typedef struct browse {
    const mu_rtree       *tree;
    const mu_rtree_query *query;
    double                max_distance;
    mu_rtree_distance     distance;
    void                 *user;
    queue                 queue;
} browse;

static muster_status push_box(browse *b, const mu_box *box, int32_t level, uint32_t index) {
    const double distance = box_distance(b->query, box);
    if (distance > b->max_distance) return MUSTER_OK;
    return push(&b->queue, (waiting){distance, level, index});
}

static muster_status open_items(browse *b, uint32_t node) {
    const mu_rtree *tree  = b->tree;
    const mu_box    whole = tree->box[node];
    const uint32_t  first = node * FAN_OUT;
    for (uint32_t p = first; p < tree->item_count && p < first + FAN_OUT; ++p) {
        const mu_box box = inset_box(&whole, tree->inset[p]);
        MU_TRY(push_box(b, &box, BY_BOX, p));
    }
    return MUSTER_OK;
}

static muster_status open_node(browse *b, const waiting *node) {
    const mu_rtree *tree  = b->tree;
    const uint32_t  first = node->index * FAN_OUT;
    if (node->level == 0) return open_items(b, node->index);
    const uint32_t below = (uint32_t)node->level - 1, width = level_width(tree, below);
    for (uint32_t c = first; c < width && c < first + FAN_OUT; ++c) {
        MU_TRY(push_box(b, &tree->box[tree->level_start[below] + c], (int32_t)below, c));
    }
    return MUSTER_OK;
}

static muster_status measure_item(browse *b, uint32_t place) {
    const uint32_t item     = b->tree->item[place];
    const double   distance = b->distance(b->user, item);
    if (!(distance <= b->max_distance) || isinf(distance)) return MUSTER_OK;
    return push(&b->queue, (waiting){distance, BY_DISTANCE, item});
}

/* A search for the nearest on the home scenario leaves 104 entries in its queue on average. */
enum { USUAL_ENTRIES = 128 };

static muster_status run(browse *b, mu_rtree_visit visit) {
    MU_TRY(mu_alloc(&b->queue.entry, USUAL_ENTRIES, sizeof *b->queue.entry));
    b->queue.capacity = USUAL_ENTRIES;
    MU_TRY(push(&b->queue, (waiting){0, (int32_t)b->tree->level_count - 1, 0}));
    while (b->queue.size > 0) {
        const waiting next = pop(&b->queue);
        if (next.level == BY_DISTANCE) {
            if (!visit(b->user, next.index, next.distance)) break;
        } else if (next.level == BY_BOX) {
            MU_TRY(measure_item(b, next.index));
        } else {
            MU_TRY(open_node(b, &next));
        }
    }
    return MUSTER_OK;
}

muster_status mu_rtree_nearest(const mu_rtree *tree, const mu_rtree_query *query,
                               double max_distance, mu_rtree_distance distance,
                               mu_rtree_visit visit, void *user) {
    if (tree->item_count == 0) return MUSTER_OK;
    browse              b      = {tree, query, max_distance, distance, user, {NULL, 0, 0}};
    const muster_status status = run(&b, visit);
    mu_free(b.queue.entry);
    return status;
}

/* ---- all in a box -------------------------------------------------------------------- */

static bool boxes_touch(const mu_box *a, const mu_box *b) {
    return a->min_x <= b->max_x && b->min_x <= a->max_x && a->min_y <= b->max_y &&
           b->min_y <= a->max_y;
}

static bool search_items(const mu_rtree *tree, uint32_t node, const mu_box *box,
                         mu_rtree_found found, void *user) {
    const uint32_t first = node * FAN_OUT;
    for (uint32_t p = first; p < tree->item_count && p < first + FAN_OUT; ++p) {
        const mu_box own = inset_box(&tree->box[node], tree->inset[p]);
        if (boxes_touch(box, &own) && !found(user, tree->item[p])) return false;
    }
    return true;
}

static bool search_node(const mu_rtree *tree, uint32_t level, uint32_t index, const mu_box *box,
                        mu_rtree_found found, void *user) {
    if (!boxes_touch(box, &tree->box[tree->level_start[level] + index])) return true;
    if (level == 0) return search_items(tree, index, box, found, user);
    const uint32_t width = level_width(tree, level - 1);
    for (uint32_t c = index * FAN_OUT; c < width && c < (index + 1) * FAN_OUT; ++c) {
        if (!search_node(tree, level - 1, c, box, found, user)) return false;
    }
    return true;
}

void mu_rtree_search(const mu_rtree *tree, const mu_box *box, mu_rtree_found found, void *user) {
    if (tree->item_count > 0) search_node(tree, tree->level_count - 1, 0, box, found, user);
}

/* ---- all under a shape ------------------------------------------------------------------- */

typedef struct covering {
    const mu_rtree  *tree;
    mu_rtree_judge   judge;
    mu_rtree_covered found;
    void            *user;
} covering;

/* Of what lies in a box of which `outer` is covered. */
static mu_cover cover_of(const covering *c, mu_cover outer, const mu_box *box) {
    return outer == MU_COVERS_PART ? c->judge(c->user, box) : outer;
}

static bool cover_items(const covering *c, uint32_t node, mu_cover outer) {
    const mu_rtree *tree  = c->tree;
    const uint32_t  first = node * FAN_OUT;
    for (uint32_t p = first; p < tree->item_count && p < first + FAN_OUT; ++p) {
        const mu_box   own   = inset_box(&tree->box[node], tree->inset[p]);
        const mu_cover cover = cover_of(c, outer, &own);
        if (cover != MU_COVERS_NOTHING && !c->found(c->user, tree->item[p], cover)) return false;
    }
    return true;
}

static bool cover_node(const covering *c, uint32_t level, uint32_t index, mu_cover outer) {
    const mu_rtree *tree  = c->tree;
    const mu_cover  cover = cover_of(c, outer, &tree->box[tree->level_start[level] + index]);
    if (cover == MU_COVERS_NOTHING) return true;
    if (level == 0) return cover_items(c, index, cover);
    const uint32_t width = level_width(tree, level - 1);
    for (uint32_t i = index * FAN_OUT; i < width && i < (index + 1) * FAN_OUT; ++i) {
        if (!cover_node(c, level - 1, i, cover)) return false;
    }
    return true;
}

void mu_rtree_cover(const mu_rtree *tree, mu_rtree_judge judge, mu_rtree_covered found,
                    void *user) {
    const covering c = {tree, judge, found, user};
    if (tree->item_count > 0) cover_node(&c, tree->level_count - 1, 0, MU_COVERS_PART);
}
