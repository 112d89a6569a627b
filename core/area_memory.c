/* A hazard's area is asked for by each profile, each time that roads are made while it lasts, and in a
 * simulation by each replication and policy. Whether it is the same is told by its points, compared one by
 * one; a sum over them only says where that is worth while. What has not been asked for longest is forgotten
 * first, unless somebody is reading it.
 *
 * An area that somebody is looking for has its place in the list already, so that whoever asks for it
 * meanwhile, the other profiles of the same moment above all, waits instead of looking for it too. */
#include "core/area_memory.h"

#include <pthread.h>
#include <string.h>

#include "core/alloc.h"
#include "core/polygon.h"
#include "core/stir.h"

/* More are not gone through: sums of so many are compared in microseconds. */
enum { MOST_AREAS = 4096 };

struct mu_known_area {
    uint64_t      sum;
    uint32_t      ring_count, point_count;
    uint32_t     *ring_size;         /* [ring_count] */
    double       *lon_deg, *lat_deg; /* [point_count] */
    mu_area_edges edges;
    size_t        bytes;
    uint64_t      asked;     /* when it was last asked for */
    uint32_t      readers;   /* and waiters */
    bool          is_found;  /* else somebody is looking for it */
    bool          is_listed; /* else it is freed by its last reader */
};

struct muster_area_memory {
    const muster_network *network;
    size_t                most_bytes;
    pthread_mutex_t lock; /* of what follows, and of what is said of its areas but their edges */
    pthread_cond_t  change;
    size_t          bytes;
    uint64_t        asked, searches;
    uint32_t        count;
    size_t          capacity;
    mu_known_area **area;
};

/* ---- the same area? ------------------------------------------------------------------------ */

static uint64_t sum_of(const muster_polygon *a) {
    uint64_t sum = a->ring_count;
    for (uint32_t r = 0; r < a->ring_count; ++r) {
        sum = mu_stir(sum, a->first_point[r + 1] - a->first_point[r]);
        for (uint32_t p = a->first_point[r]; p < a->first_point[r + 1]; ++p) {
            sum = mu_stir_double(mu_stir_double(sum, a->lon_deg[p]), a->lat_deg[p]);
        }
    }
    return sum;
}

static uint32_t points_of(const muster_polygon *a) {
    return a->first_point[a->ring_count] - a->first_point[0];
}

static bool is_same(const mu_known_area *known, const muster_polygon *a) {
    if (known->ring_count != a->ring_count || known->point_count != points_of(a)) return false;
    for (uint32_t r = 0; r < a->ring_count; ++r) {
        if (known->ring_size[r] != a->first_point[r + 1] - a->first_point[r]) return false;
    }
    const size_t   bytes = known->point_count * sizeof(double);
    const uint32_t first = a->first_point[0];
    return memcmp(known->lon_deg, a->lon_deg + first, bytes) == 0 &&
           memcmp(known->lat_deg, a->lat_deg + first, bytes) == 0;
}

/* ---- one area ------------------------------------------------------------------------------ */

static void free_area(mu_known_area *known) {
    mu_area_edges_fini(&known->edges);
    mu_free(known->ring_size);
    mu_free(known->lon_deg);
    mu_free(known->lat_deg);
    mu_free(known);
}

static muster_status copy_shape(mu_known_area *known, const muster_polygon *a) {
    const uint32_t first = a->first_point[0];
    known->ring_count    = a->ring_count;
    known->point_count   = points_of(a);
    MU_TRY(mu_alloc(&known->ring_size, a->ring_count, sizeof *known->ring_size));
    for (uint32_t r = 0; r < a->ring_count; ++r) {
        known->ring_size[r] = a->first_point[r + 1] - a->first_point[r];
    }
    MU_TRY(mu_alloc_copy(&known->lon_deg, a->lon_deg + first, known->point_count, sizeof(double)));
    return mu_alloc_copy(&known->lat_deg, a->lat_deg + first, known->point_count, sizeof(double));
}

static muster_status new_area(mu_known_area **out, const muster_polygon *a, uint64_t sum) {
    MU_TRY(mu_alloc_zeroed(out, 1, sizeof **out));
    (*out)->sum                = sum;
    const muster_status status = copy_shape(*out, a);
    if (status == MUSTER_OK) return MUSTER_OK;
    free_area(*out);
    *out = NULL;
    return status;
}

static size_t bytes_of(const mu_known_area *known) {
    return sizeof *known + known->ring_count * sizeof(uint32_t) +
           (size_t)known->point_count * 2 * sizeof(double) +
           known->edges.capacity * sizeof(uint32_t);
}

/* ---- the list, under the lock -------------------------------------------------------------- */

static void take_off_list(muster_area_memory *m, uint32_t at) {
    mu_known_area *known = m->area[at];
    m->area[at]          = m->area[--m->count];
    m->bytes -= known->bytes;
    known->is_listed = false;
    if (known->readers == 0) free_area(known);
}

static uint32_t place_of(const muster_area_memory *m, const mu_known_area *known) {
    uint32_t at = 0;
    while (m->area[at] != known) ++at;
    return at;
}

/* What nobody reads, asked for longest ago; MUSTER_NONE: all are being read. */
static uint32_t oldest(const muster_area_memory *m) {
    uint32_t best = MUSTER_NONE;
    for (uint32_t i = 0; i < m->count; ++i) {
        if (m->area[i]->readers > 0) continue;
        if (best == MUSTER_NONE || m->area[i]->asked < m->area[best]->asked) best = i;
    }
    return best;
}

static void forget_some(muster_area_memory *m) {
    while (m->bytes > m->most_bytes || m->count > MOST_AREAS) {
        const uint32_t at = oldest(m);
        if (at == MUSTER_NONE) return;
        take_off_list(m, at);
    }
}

static mu_known_area *find(const muster_area_memory *m, const muster_polygon *a, uint64_t sum) {
    for (uint32_t i = 0; i < m->count; ++i) {
        if (m->area[i]->sum == sum && is_same(m->area[i], a)) return m->area[i];
    }
    return NULL;
}

static void drop(mu_known_area *known) {
    --known->readers;
    if (!known->is_listed && known->readers == 0) free_area(known);
}

static muster_status add(muster_area_memory *m, const muster_polygon *a, uint64_t sum,
                         mu_known_area **out) {
    MU_TRY(mu_grow(&m->area, &m->capacity, m->count, sizeof(mu_known_area *)));
    MU_TRY(new_area(out, a, sum));
    (*out)->is_listed   = true;
    m->area[m->count++] = *out;
    return MUSTER_OK;
}

/* ---- asking -------------------------------------------------------------------------------- */

/* It is in the list, and the caller reads it; nobody else looks at its edges before it is found. */
static muster_status look_for(muster_area_memory *m, const muster_polygon *a,
                              mu_known_area *known) {
    ++m->searches;
    pthread_mutex_unlock(&m->lock);
    const muster_status status = mu_area_edges_find(&known->edges, m->network, a);
    pthread_mutex_lock(&m->lock);
    if (status == MUSTER_OK) {
        known->is_found = true;
        known->bytes    = bytes_of(known);
        m->bytes += known->bytes;
    }
    if (known->bytes > m->most_bytes || !known->is_found) take_off_list(m, place_of(m, known));
    forget_some(m);
    pthread_cond_broadcast(&m->change);
    return status;
}

/* Not found: whoever looked for it has failed. */
static bool wait_for(muster_area_memory *m, const mu_known_area *known) {
    while (!known->is_found && known->is_listed) pthread_cond_wait(&m->change, &m->lock);
    return known->is_found;
}

static muster_status ask(muster_area_memory *m, const muster_polygon *a, uint64_t sum,
                         mu_known_area **out) {
    muster_status status = MUSTER_OK;
    for (bool is_there = false; !is_there;) {
        *out              = find(m, a, sum);
        const bool is_new = !*out;
        if (is_new) MU_TRY(add(m, a, sum, out));
        ++(*out)->readers;
        (*out)->asked = ++m->asked;
        if (is_new) status = look_for(m, a, *out);
        is_there = is_new || wait_for(m, *out);
        if (status == MUSTER_OK && is_there) return MUSTER_OK;
        drop(*out);
        *out = NULL;
    }
    return status;
}

muster_status mu_area_memory_ask(muster_area_memory *m, const muster_polygon *area,
                                 mu_known_area **out) {
    *out = NULL;
    MU_TRY(mu_polygon_check(area));
    const uint64_t sum = sum_of(area);
    pthread_mutex_lock(&m->lock);
    const muster_status status = ask(m, area, sum, out);
    pthread_mutex_unlock(&m->lock);
    return status;
}

const mu_area_edges *mu_known_area_edges(const mu_known_area *known) {
    return &known->edges;
}

void mu_area_memory_give_back(muster_area_memory *m, mu_known_area *known) {
    pthread_mutex_lock(&m->lock);
    drop(known);
    forget_some(m);
    pthread_mutex_unlock(&m->lock);
}

/* ---- life ---------------------------------------------------------------------------------- */

muster_status muster_area_memory_new(muster_area_memory **out, const muster_network *network,
                                     size_t most_bytes) {
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(out, 1, sizeof **out));
    (*out)->network    = network;
    (*out)->most_bytes = most_bytes;
    pthread_mutex_init(&(*out)->lock, NULL);
    pthread_cond_init(&(*out)->change, NULL);
    return MUSTER_OK;
}

void muster_area_memory_free(muster_area_memory *m) {
    if (!m) return;
    while (m->count > 0) take_off_list(m, m->count - 1);
    pthread_cond_destroy(&m->change);
    pthread_mutex_destroy(&m->lock);
    mu_free(m->area);
    mu_free(m);
}

const muster_network *mu_area_memory_network(const muster_area_memory *m) {
    return m->network;
}

void mu_area_memory_count(muster_area_memory *m, uint32_t *out_areas, uint64_t *out_searches) {
    pthread_mutex_lock(&m->lock);
    *out_areas    = m->count;
    *out_searches = m->searches;
    pthread_mutex_unlock(&m->lock);
}
