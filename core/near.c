/* Where a place is on the road depends on the metric, and so on all that is closed. How far it is from each
 * road does not. Units, stocks and incidents stay where they are while roads are closed and opened round
 * them, so the nearest roads of each place are kept with the network, whoever may use them, in the order in
 * which the R-tree hands them out. A metric goes along that row as it would along the R-tree's (snap.c), which
 * gives the same to the last bit. Most are content with the first road; who needs more than there are in the row
 * has a longer one made: four times as long.
 *
 * Who lives on an island, which closures make of whole quarters, has hundreds of roads to look at until it is certain
 * that none leads out. That depends on the metric; but planner, judge and whoever asks for ways ask the same metrics
 * for the same places, so the last of such answers are kept beside the row.
 *
 * What is kept has a limit. When there is more, places that nobody has asked for lately are forgotten. */
#include "core/near.h"

#include <pthread.h>
#include <string.h>

#include "core/alloc.h"
#include "core/foot.h"
#include "core/network.h"

/* On the home scenario a search for two roads takes a fifth longer than one for the nearest, for six, three fifths. */
enum { FIRST_ROADS = 2, GROWTH = 4 };
/* 8 MB, and 100,000 rows at most that are half as much again. Where there are more all the same, since all of them are
 * asked for, none gets longer than that. */
enum { MOST_ROADS = 200000, LONG_ROW = 128 };
/* Questions in a turn. What was asked for in neither this turn nor the last is what nobody asks for lately: a plan
 * of the home scenario asks for some thousand places. */
enum { TURN = 1 << 15 };

/* Metrics of one moment, of which a session has one a profile. */
enum { MOST_ANSWERS = 8 };

/* The last that were hard to find, in a ring; metric_id is 0 where there is none yet. */
typedef struct answers {
    uint32_t    next;
    uint64_t    metric_id[MOST_ANSWERS];
    muster_snap snap[MOST_ANSWERS];
} answers;

typedef struct row {
    double      lon_deg, lat_deg;
    uint64_t    turn;    /* it was last asked for */
    answers    *answers; /* NULL: none was hard */
    uint32_t    count;
    bool        is_all;
    muster_snap road[]; /* [count] */
} row;

static void row_free(row *r) {
    if (r) mu_free(r->answers);
    mu_free(r);
}

struct mu_near {
    pthread_mutex_t       lock;
    const muster_network *network;
    uint64_t              asked; /* questions so far */
    row                 **slot;  /* [mask + 1] open addressing, at most half full; NULL: free */
    size_t                mask, row_count, road_count;
};

/* ---- slots --------------------------------------------------------------------------------- */

static size_t first_slot(double lon_deg, double lat_deg, size_t mask) {
    uint64_t lon, lat;
    memcpy(&lon, &lon_deg, sizeof lon);
    memcpy(&lat, &lat_deg, sizeof lat);
    const uint64_t mixed = (lon ^ (lat << 32 | lat >> 32)) * 0x9E3779B97F4A7C15u;
    return (size_t)(mixed >> 32) & mask;
}

/* Where the row of a place is, or is to be. */
static row **find_slot(row **slot, size_t mask, double lon_deg, double lat_deg) {
    size_t at = first_slot(lon_deg, lat_deg, mask);
    while (slot[at] && (slot[at]->lon_deg != lon_deg || slot[at]->lat_deg != lat_deg)) {
        at = (at + 1) & mask;
    }
    return &slot[at];
}

static uint64_t turn_of(const mu_near *n) {
    return n->asked / TURN;
}

/* Room for `rows`; those not asked for since the turn `since` are given back. */
static muster_status lay_out(mu_near *n, size_t rows, uint64_t since) {
    size_t slots = 64;
    row  **slot;
    while (slots < 2 * rows) slots *= 2;
    MU_TRY(mu_alloc_zeroed(&slot, slots, sizeof(void *)));
    const size_t last = n->slot ? n->mask + 1 : 0;
    n->row_count = n->road_count = 0;
    for (size_t s = 0; s < last; ++s) {
        row *r = n->slot[s];
        if (!r) continue;
        if (r->turn < since) {
            row_free(r);
            continue;
        }
        *find_slot(slot, slots - 1, r->lon_deg, r->lat_deg) = r;
        ++n->row_count;
        n->road_count += r->count;
    }
    mu_free(n->slot);
    n->slot = slot;
    n->mask = slots - 1;
    return MUSTER_OK;
}

/* ---- life ---------------------------------------------------------------------------------- */

muster_status mu_near_new(mu_near **out, const muster_network *network) {
    mu_near *n;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&n, 1, sizeof *n));
    n->network                 = network;
    const muster_status status = lay_out(n, 0, 0);
    if (status != MUSTER_OK) {
        mu_free(n);
        return status;
    }
    pthread_mutex_init(&n->lock, NULL);
    *out = n;
    return MUSTER_OK;
}

void mu_near_free(mu_near *n) {
    if (!n) return;
    for (size_t s = 0; s <= n->mask; ++s) row_free(n->slot[s]);
    mu_free(n->slot);
    pthread_mutex_destroy(&n->lock);
    mu_free(n);
}

void mu_near_lock(mu_near *n) {
    pthread_mutex_lock(&n->lock);
}

void mu_near_unlock(mu_near *n) {
    pthread_mutex_unlock(&n->lock);
}

size_t mu_near_road_count(const mu_near *n) {
    return n->road_count;
}

/* ---- a search ------------------------------------------------------------------------------ */

typedef struct search {
    const muster_network *network;
    mu_stand              stand;
    uint32_t              most;
    row                  *row;
} search;

/* What nobody may use, no metric does. */
static double distance_to(void *user, uint32_t edge) {
    const search              *s = user;
    const muster_network_data *v = &s->network->view;
    if ((v->edge_access_forward[edge] | v->edge_access_backward[edge]) == 0) return INFINITY;
    return mu_foot_on(&s->stand, s->network, edge).distance_m;
}

static bool add_road(void *user, uint32_t edge, double distance_m) {
    search *s = user;
    (void)distance_m;
    s->row->road[s->row->count++] = mu_foot_on(&s->stand, s->network, edge);
    s->row->is_all                = s->row->count < s->most;
    return s->row->is_all;
}

static muster_status search_roads(const mu_near *n, double lon_deg, double lat_deg, uint32_t most,
                                  row **out) {
    search s = {.network = n->network, .stand = mu_stand_at(lon_deg, lat_deg), .most = most};
    const mu_rtree_query query = {lon_deg, lat_deg, s.stand.plane.x_m_per_deg,
                                  s.stand.plane.y_m_per_deg};
    MU_TRY(mu_alloc(&s.row, 1, sizeof *s.row + most * sizeof *s.row->road));
    *s.row = (row){.lon_deg = lon_deg, .lat_deg = lat_deg, .is_all = true};
    const muster_status status =
        mu_rtree_nearest(&n->network->edges, &query, INFINITY, distance_to, add_road, &s);
    if (status == MUSTER_OK) {
        *out = s.row;
    } else {
        row_free(s.row);
    }
    return status;
}

/* ---- rows ---------------------------------------------------------------------------------- */

void mu_near_recall(mu_near *n, double lon_deg, double lat_deg, uint32_t count, mu_near_row *out) {
    row *r = *find_slot(n->slot, n->mask, lon_deg, lat_deg);
    ++n->asked;
    *out = (mu_near_row){0};
    if (!r) return;
    r->turn = turn_of(n);
    if (r->count > count || r->is_all) *out = (mu_near_row){r->count, r->is_all, r->road};
}

/* All there are may be no more than are known already, of which nobody knew that. */
static bool says_as_much(const row *a, const row *b) {
    return a->count > b->count || (a->count == b->count && a->is_all >= b->is_all);
}

/* Where the table is full, or what is kept too much. */
static muster_status make_room(mu_near *n) {
    const uint64_t turn = turn_of(n);
    if (n->road_count > MOST_ROADS) return lay_out(n, n->row_count + 1, turn > 0 ? turn - 1 : 0);
    if (2 * (n->row_count + 1) <= n->mask + 1) return MUSTER_OK;
    return lay_out(n, 2 * (n->row_count + 1), 0);
}

/* Another thread may have been faster: then its row stays, if it says as much. */
static muster_status put_down(mu_near *n, row *r) {
    MU_TRY(make_room(n));
    row **slot = find_slot(n->slot, n->mask, r->lon_deg, r->lat_deg);
    if (*slot && says_as_much(*slot, r)) {
        row_free(r);
        return MUSTER_OK;
    }
    if (*slot) {
        n->road_count -= (*slot)->count;
        --n->row_count;
        r->answers       = (*slot)->answers;
        (*slot)->answers = NULL;
        row_free(*slot);
    }
    r->turn = turn_of(n);
    *slot   = r;
    ++n->row_count;
    n->road_count += r->count;
    return MUSTER_OK;
}

static bool is_full(mu_near *n) {
    mu_near_lock(n);
    const bool is_full = n->road_count > MOST_ROADS;
    mu_near_unlock(n);
    return is_full;
}

muster_status mu_near_learn(mu_near *n, double lon_deg, double lat_deg, uint32_t count) {
    const uint32_t most = count < FIRST_ROADS ? FIRST_ROADS : GROWTH * count;
    row           *r;
    if (most > LONG_ROW && is_full(n)) return MUSTER_OK;
    MU_TRY(search_roads(n, lon_deg, lat_deg, most, &r));
    mu_near_lock(n);
    const muster_status status = put_down(n, r);
    mu_near_unlock(n);
    if (status != MUSTER_OK) row_free(r);
    return status;
}

/* ---- answers ------------------------------------------------------------------------------- */

bool mu_near_recall_snap(const mu_near *n, double lon_deg, double lat_deg, uint64_t metric_id,
                         muster_snap *out) {
    const row     *r = *find_slot(n->slot, n->mask, lon_deg, lat_deg);
    const answers *a = r ? r->answers : NULL;
    for (uint32_t i = 0; a && i < MOST_ANSWERS; ++i) {
        if (a->metric_id[i] != metric_id) continue;
        *out = a->snap[i];
        return true;
    }
    return false;
}

muster_status mu_near_keep_snap(mu_near *n, double lon_deg, double lat_deg, uint64_t metric_id,
                                const muster_snap *snap) {
    row        *r = *find_slot(n->slot, n->mask, lon_deg, lat_deg);
    muster_snap known;
    if (!r || mu_near_recall_snap(n, lon_deg, lat_deg, metric_id, &known)) return MUSTER_OK;
    if (!r->answers) MU_TRY(mu_alloc_zeroed(&r->answers, 1, sizeof *r->answers));
    answers *a            = r->answers;
    a->metric_id[a->next] = metric_id;
    a->snap[a->next]      = *snap;
    a->next               = (a->next + 1) % MOST_ANSWERS;
    return MUSTER_OK;
}
