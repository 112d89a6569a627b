#include "session/obstacle.h"

#include <stdatomic.h>
#include <string.h>

#include "core/alloc.h"
#include "core/stir.h"
#include "session/road_base.h"

struct mu_obstacle {
    atomic_uint      references;
    mu_obstacle_key  key;
    uint32_t         profile_count;
    muster_closure **noted; /* [profile_count] */
};

/* ---- keys ---------------------------------------------------------------------------------------- */

static muster_status put(mu_obstacle_key *k, const void *bytes, size_t count) {
    if (count == 0) return MUSTER_OK;
    if (count > k->capacity - k->count) {
        const size_t larger = 2 * k->capacity + count + 256;
        MU_TRY(mu_realloc(&k->byte, larger, 1));
        k->capacity = larger;
    }
    memcpy(k->byte + k->count, bytes, count);
    k->count += count;
    return MUSTER_OK;
}

static muster_status put_count(mu_obstacle_key *k, uint32_t count) {
    return put(k, &count, sizeof count);
}

static muster_status put_number(mu_obstacle_key *k, double number) {
    return put(k, &number, sizeof number);
}

static muster_status put_places(mu_obstacle_key *k, uint32_t first, uint32_t end,
                                const double *lon_deg, const double *lat_deg) {
    MU_TRY(put_count(k, end - first));
    if (end == first) return MUSTER_OK;
    MU_TRY(put(k, lon_deg + first, (end - first) * sizeof *lon_deg));
    return put(k, lat_deg + first, (end - first) * sizeof *lat_deg);
}

/* Parts one after the other: how long each is, and all their places. */
static muster_status put_parts(mu_obstacle_key *k, uint32_t count, const uint32_t *first_point,
                               const double *lon_deg, const double *lat_deg) {
    MU_TRY(put_count(k, count));
    for (uint32_t i = 0; i < count; ++i) {
        MU_TRY(put_count(k, first_point[i + 1] - first_point[i]));
    }
    return count == 0 ? MUSTER_OK
                      : put_places(k, first_point[0], first_point[count], lon_deg, lat_deg);
}

static muster_status put_area(mu_obstacle_key *k, const muster_multipolygon *a) {
    MU_TRY(put_count(k, a->polygon_count));
    for (uint32_t p = 0; p < a->polygon_count; ++p) {
        MU_TRY(put_parts(k, a->first_ring[p + 1] - a->first_ring[p],
                         a->first_point + a->first_ring[p], a->lon_deg, a->lat_deg));
    }
    return MUSTER_OK;
}

static muster_status put_edges(mu_obstacle_key *k, uint32_t count, const int64_t *edge_id) {
    MU_TRY(put_count(k, count));
    return put(k, edge_id, count * sizeof *edge_id);
}

static muster_status put_road(mu_obstacle_key *k, const muster_event_road *r) {
    MU_TRY(put_number(k, r->speed_factor));
    MU_TRY(put_edges(k, r->edge_count, r->edge_id));
    MU_TRY(put_places(k, 0, r->point_count, r->lon_deg, r->lat_deg));
    MU_TRY(put_places(k, 0, r->points.point_count, r->points.lon_deg, r->points.lat_deg));
    return put_parts(k, r->area.ring_count, r->area.first_point, r->area.lon_deg, r->area.lat_deg);
}

static muster_status put_hazard(mu_obstacle_key *k, const muster_hazard *h) {
    MU_TRY(put(k, &h->kind, sizeof h->kind));
    MU_TRY(put(k, &h->wind_force, sizeof h->wind_force));
    MU_TRY(put_number(k, h->depth_m));
    MU_TRY(put_number(k, h->speed_factor));
    MU_TRY(put_edges(k, h->edge_count, h->edge_id));
    MU_TRY(put_area(k, &h->area));
    MU_TRY(put_parts(k, h->lines.line_count, h->lines.first_point, h->lines.lon_deg,
                     h->lines.lat_deg));
    return put_places(k, 0, h->points.point_count, h->points.lon_deg, h->points.lat_deg);
}

/* Eight bytes at a time; the last may be fewer. */
static uint64_t sum_of(const mu_obstacle_key *k) {
    uint64_t sum = k->count;
    for (size_t i = 0; i < k->count; i += sizeof sum) {
        uint64_t     word = 0;
        const size_t left = k->count - i;
        memcpy(&word, k->byte + i, left < sizeof word ? left : sizeof word);
        sum = mu_stir(sum, word);
    }
    return sum;
}

enum { ROAD = 'R', HAZARD = 'H' };

static muster_status begin(mu_obstacle_key *k, uint8_t what) {
    k->count = 0;
    return put(k, &what, sizeof what);
}

muster_status mu_obstacle_key_of_road(mu_obstacle_key *k, const muster_event_road *road) {
    MU_TRY(begin(k, ROAD));
    MU_TRY(put_road(k, road));
    k->sum = sum_of(k);
    return MUSTER_OK;
}

muster_status mu_obstacle_key_of_hazard(mu_obstacle_key *k, const muster_hazard *hazard) {
    MU_TRY(begin(k, HAZARD));
    MU_TRY(put_hazard(k, hazard));
    k->sum = sum_of(k);
    return MUSTER_OK;
}

void mu_obstacle_key_fini(mu_obstacle_key *k) {
    mu_free(k->byte);
    *k = (mu_obstacle_key){0};
}

bool mu_obstacle_is(const mu_obstacle *o, const mu_obstacle_key *key) {
    return o->key.sum == key->sum && o->key.count == key->count &&
           memcmp(o->key.byte, key->byte, key->count) == 0;
}

/* ---- life ---------------------------------------------------------------------------------------- */

static muster_status new_obstacle(mu_obstacle **out, const mu_road_base *base,
                                  const mu_obstacle_key *key) {
    mu_obstacle *o;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&o, 1, sizeof *o));
    atomic_init(&o->references, 1);
    *out             = o;
    o->profile_count = base->profile_count;
    o->key.sum       = key->sum;
    o->key.count     = key->count;
    MU_TRY(mu_alloc_copy(&o->key.byte, key->byte, key->count, 1));
    return mu_alloc_zeroed(&o->noted, base->profile_count, sizeof(muster_closure *));
}

static muster_status give(mu_obstacle **out, muster_status status) {
    if (status == MUSTER_OK) return MUSTER_OK;
    mu_obstacle_release(*out);
    *out = NULL;
    return status;
}

static muster_status note_road(mu_obstacle *o, const mu_road_base *base,
                               const muster_event_road *road) {
    for (uint32_t p = 0; p < base->profile_count; ++p) {
        if (muster_metric_flies(base->metric[p])) continue;
        MU_TRY(mu_road_base_note_road(&o->noted[p], base, p, road, road->speed_factor));
    }
    return MUSTER_OK;
}

muster_status mu_obstacle_of_road(mu_obstacle **out, const mu_road_base *base,
                                  const mu_obstacle_key *key, const muster_event_road *road) {
    muster_status status = new_obstacle(out, base, key);
    if (status == MUSTER_OK) status = note_road(*out, base, road);
    return give(out, status);
}

static muster_status note_valid(mu_obstacle *o, const mu_road_base *base,
                                const muster_hazards *set) {
    uint32_t             count;
    const muster_hazard *valid = muster_hazards_list(set, &count);
    for (uint32_t p = 0; p < base->profile_count && count > 0; ++p) {
        if (muster_metric_flies(base->metric[p])) continue;
        MU_TRY(mu_road_base_note_hazard(&o->noted[p], base, p, &valid[0]));
    }
    return MUSTER_OK;
}

static muster_status note_hazard(mu_obstacle *o, const mu_road_base *base,
                                 const muster_hazard *hazard) {
    muster_hazards *set;
    MU_TRY(muster_hazards_new(&set));
    muster_status status = muster_hazards_add(set, hazard);
    if (status == MUSTER_OK) status = note_valid(o, base, set);
    muster_hazards_free(set);
    return status;
}

muster_status mu_obstacle_of_hazard(mu_obstacle **out, const mu_road_base *base,
                                    const mu_obstacle_key *key, const muster_hazard *hazard) {
    muster_status status = new_obstacle(out, base, key);
    if (status == MUSTER_OK) status = note_hazard(*out, base, hazard);
    return give(out, status);
}

mu_obstacle *mu_obstacle_hold(mu_obstacle *o) {
    atomic_fetch_add_explicit(&o->references, 1, memory_order_relaxed);
    return o;
}

void mu_obstacle_release(mu_obstacle *o) {
    if (!o || atomic_fetch_sub_explicit(&o->references, 1, memory_order_acq_rel) > 1) return;
    for (uint32_t p = 0; o->noted && p < o->profile_count; ++p) muster_closure_free(o->noted[p]);
    mu_free(o->noted);
    mu_obstacle_key_fini(&o->key);
    mu_free(o);
}

const muster_closure *mu_obstacle_noted(const mu_obstacle *o, uint32_t profile) {
    return o->noted[profile];
}
