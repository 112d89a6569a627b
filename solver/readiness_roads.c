/* From units and places to travel times. A change of roads moves few places: whoever's road is still
 * open stays on it, since the nearest of fewer roads is the nearest of them all if it is among them.
 * What is an island is decided by the roads with nothing closed, so whoever is on none is found there
 * again: on the first road, in order of distance, that is of no island. Those who are on one may look
 * farther for something better when their nearest road is closed, and are put on the road anew. */
#include <string.h>

#include <muster/matrix.h>

#include "core/alloc.h"
#include "core/metric.h"
#include "solver/readiness.h"

bool mu_readiness_opens(const muster_metric *before, const muster_metric *after) {
    const uint32_t  arcs  = 2 * muster_network_view(muster_metric_network(before))->edge_count;
    const uint32_t *was   = muster_metric_duration_ms(before);
    const uint32_t *is    = muster_metric_duration_ms(after);
    bool            opens = false;
    if (before == after) return false;
    for (uint32_t a = 0; a < arcs; ++a) {
        opens |= was[a] == MUSTER_UNREACHABLE_MS && is[a] != MUSTER_UNREACHABLE_MS;
    }
    return opens;
}

/* As muster_snap_sites sees it: by the smaller of the components at its ends. */
static bool is_island(const muster_metric *island, uint32_t edge,
                      const muster_snap_options *options) {
    const muster_network_data *v         = muster_network_view(muster_metric_network(island));
    const uint32_t            *component = muster_metric_component(island);
    const uint32_t             source    = component[v->edge_source[edge]];
    const uint32_t             target    = component[v->edge_target[edge]];
    const uint32_t             smaller   = source > target ? source : target;
    return muster_metric_component_size(island)[smaller] < options->island_node_count;
}

static bool stays(const muster_metric *metric, const muster_metric *before, const muster_snap *snap,
                  const muster_snap_options *options) {
    if (metric == before || muster_metric_flies(metric) || snap->edge == MUSTER_NONE) return true;
    return mu_metric_uses(metric, snap->edge) &&
           !is_island(options->island_metric, snap->edge, options);
}

static muster_status find_anchor(const muster_metric *metric, muster_site site,
                                 const muster_snap *snap, const muster_snap_options *options,
                                 uint32_t *out) {
    muster_snap nearest;
    uint32_t    count;
    *out = snap->edge;
    if (muster_metric_flies(metric) || snap->edge == MUSTER_NONE) return MUSTER_OK;
    if (!is_island(options->island_metric, snap->edge, options)) return MUSTER_OK;
    MU_TRY(muster_snap_nearest(metric, site.lon_deg, site.lat_deg, options->max_distance_m, 1,
                               &count, &nearest));
    if (count == 1) *out = nearest.edge;
    return MUSTER_OK;
}

muster_status mu_readiness_snap(const muster_metric *metric, const muster_metric *island,
                                uint32_t count, const muster_site *site,
                                const muster_metric *before, const muster_snap *old,
                                muster_snap *out, uint32_t *out_anchor) {
    muster_snap_options options = MUSTER_SNAP_OPTIONS_INIT;
    options.island_metric       = island;
    for (uint32_t i = 0; i < count; ++i) {
        if (old && stays(metric, before, &old[i], &options)) {
            out[i] = old[i];
        } else {
            MU_TRY(muster_snap_sites(metric, 1, &site[i].lon_deg, &site[i].lat_deg, &options,
                                     &out[i]));
        }
        if (out_anchor) MU_TRY(find_anchor(metric, site[i], &out[i], &options, &out_anchor[i]));
    }
    return MUSTER_OK;
}

/* ---- the table ------------------------------------------------------------------------------ */

typedef struct measuring {
    muster_readiness       *r;
    const muster_readiness *base;
    muster_site            *site; /* [place_count] */
    uint32_t               *ms;   /* [rows of a metric * place_count] */
} measuring;

/* Do rows and places stand to each other as they did? */
static bool is_as_before(const measuring *m, uint32_t metric) {
    const muster_readiness *r = m->r, *base = m->base;
    if (!base || base->metric[metric] != r->metric[metric]) return false;
    const uint32_t first = r->first_row[metric], count = r->first_row[metric + 1] - first;
    return base->row_count == r->row_count && base->first_row[metric] == first &&
           base->first_row[metric + 1] == first + count &&
           (count == 0 ||
            memcmp(r->row_site + first, base->row_site + first, count * sizeof *r->row_site) == 0);
}

static muster_status snap_all(const measuring *m, uint32_t metric) {
    muster_readiness       *r     = m->r;
    const muster_readiness *base  = m->base;
    const uint32_t          first = r->first_row[metric], count = r->first_row[metric + 1] - first;
    const bool   keeps  = base && !mu_readiness_opens(base->metric[metric], r->metric[metric]);
    const size_t places = (size_t)metric * r->place_count;
    if (count == 0) return MUSTER_OK; /* nobody comes by it */
    const bool has_places = keeps && mu_readiness_has_row(base, metric);
    MU_TRY(mu_readiness_snap(r->metric[metric], r->island[metric], r->place_count, m->site,
                             has_places ? base->metric[metric] : NULL,
                             has_places ? base->place_snap + places : NULL, r->place_snap + places,
                             r->place_anchor + places));
    const bool has_rows =
        keeps && base->problem == r->problem && base->row_count == r->row_count &&
        memcmp(base->row_site, r->row_site, r->row_count * sizeof *r->row_site) == 0;
    return mu_readiness_snap(r->metric[metric], r->island[metric], count, r->row_site + first,
                             has_rows ? base->metric[metric] : NULL,
                             has_rows ? base->row_snap + first : NULL, r->row_snap + first,
                             r->row_anchor + first);
}

/* The columns of a block of rows, place by place. Blocks of 16 rows are a cache line of a place. */
static void turn_round(const measuring *m, uint32_t first, uint32_t count) {
    enum { ROWS = 16 };
    const muster_readiness *r = m->r;
    for (uint32_t from = 0; from < count; from += ROWS) {
        const uint32_t end = from + ROWS < count ? from + ROWS : count;
        for (uint32_t p = 0; p < r->place_count; ++p) {
            uint32_t *to = r->travel_ms + (size_t)p * r->row_count + first;
            for (uint32_t i = from; i < end; ++i) to[i] = m->ms[(size_t)i * r->place_count + p];
        }
    }
}

static void copy_columns(const measuring *m, uint32_t first, uint32_t count) {
    const muster_readiness *r = m->r, *base = m->base;
    for (uint32_t p = 0; p < r->place_count; ++p) {
        memcpy(r->travel_ms + (size_t)p * r->row_count + first,
               base->travel_ms + (size_t)p * base->row_count + first, count * sizeof(uint32_t));
    }
}

static muster_status measure_metric(const measuring *m, uint32_t metric) {
    muster_readiness *r     = m->r;
    const uint32_t    first = r->first_row[metric], count = r->first_row[metric + 1] - first;
    MU_TRY(snap_all(m, metric));
    if (count == 0 || r->place_count == 0) return MUSTER_OK;
    if (is_as_before(m, metric)) {
        copy_columns(m, first, count);
        return MUSTER_OK;
    }
    MU_TRY(muster_matrix(r->metric[metric], count, r->row_snap + first, r->place_count,
                         r->place_snap + (size_t)metric * r->place_count, r->thread_count, m->ms,
                         NULL));
    turn_round(m, first, count);
    return MUSTER_OK;
}

static muster_status measure(measuring *m) {
    muster_readiness *r    = m->r;
    uint32_t          most = 0;
    for (uint32_t k = 0; k < r->problem->metric_count; ++k) {
        const uint32_t rows = r->first_row[k + 1] - r->first_row[k];
        if (rows > most) most = rows;
    }
    MU_TRY(mu_alloc(&m->site, r->place_count, sizeof *m->site));
    MU_TRY(mu_alloc(&m->ms, (size_t)most * r->place_count, sizeof *m->ms));
    for (uint32_t p = 0; p < r->place_count; ++p) m->site[p] = r->place[p].site;
    for (uint32_t k = 0; k < r->problem->metric_count; ++k) MU_TRY(measure_metric(m, k));
    return MUSTER_OK;
}

muster_status mu_readiness_measure(muster_readiness *r, const muster_readiness *base) {
    measuring m = {.r = r, .base = base};
    MU_TRY(mu_alloc(&r->place_snap, (size_t)r->problem->metric_count * r->place_count,
                    sizeof *r->place_snap));
    MU_TRY(mu_alloc(&r->place_anchor, (size_t)r->problem->metric_count * r->place_count,
                    sizeof *r->place_anchor));
    MU_TRY(mu_alloc(&r->travel_ms, (size_t)r->place_count * r->row_count, sizeof *r->travel_ms));
    const muster_status status = measure(&m);
    mu_free(m.site);
    mu_free(m.ms);
    return status;
}
