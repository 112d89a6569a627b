/* A Poisson process whose rate is constant in pieces: the sums of exponential times between its events, in
 * units of what is expected, are brought back to the clock through the integral of the rate, which is exact
 * (Çınlar, "Introduction to Stochastic Processes", 1975) and moves moments only a little where the rate is
 * changed a little. So many of them, instead of as many as come: each is drawn by itself, by the same
 * integral, for given their number they are independent. */
#include "simulation/arrivals.h"

#include <math.h>
#include <stdlib.h>

#include "core/alloc.h"

enum { MOST = 1000000 };

static const double HOUR_MS = 3600000, KM2_M2 = 1000000;

/* The rate, and what is expected up to each piece's beginning. */
typedef struct profile {
    uint32_t       count;
    mu_rate_piece *piece;
    double        *before; /* [count + 1] */
    int64_t        end_ms;
} profile;

static void profile_fini(profile *p) {
    mu_free(p->piece);
    mu_free(p->before);
}

/* ---- rates --------------------------------------------------------------------------------- */

static int64_t within(int64_t at_ms, int64_t low_ms, int64_t high_ms) {
    if (at_ms < low_ms) return low_ms;
    return at_ms > high_ms ? high_ms : at_ms;
}

/* Calls that the growth at an epoch brings come evenly until the next one. */
static void add_growth(profile *p, const mu_when *w, const mu_hazard_ground *h, int64_t late_ms) {
    double largest_m2 = 0;
    for (uint32_t e = 0; e < h->epoch_count; ++e) {
        const int64_t next = e + 1 < h->epoch_count ? h->epoch[e + 1].at_ms + late_ms : w->until_ms;
        const int64_t from_ms = h->epoch[e].at_ms + late_ms;
        const double  new_m2  = fmax(h->epoch[e].area_m2 - largest_m2, 0);
        largest_m2            = fmax(largest_m2, h->epoch[e].area_m2);
        if (next <= from_ms) continue;
        p->piece[p->count++] = (mu_rate_piece){from_ms, w->per_km2 * new_m2 / KM2_M2 * HOUR_MS /
                                                            (double)(next - from_ms)};
    }
}

static void integrate(profile *p, const mu_when *w) {
    double sum = 0;
    for (uint32_t i = 0; i < p->count; ++i) {
        const int64_t end = i + 1 < p->count ? p->piece[i + 1].from_ms : w->until_ms;
        const int64_t a   = within(p->piece[i].from_ms, w->from_ms, w->until_ms);
        const int64_t b   = within(end, w->from_ms, w->until_ms);
        p->before[i]      = sum;
        sum += p->piece[i].per_h * (double)(b - a) / HOUR_MS;
        p->piece[i].from_ms = a;
    }
    p->before[p->count] = sum;
    p->end_ms           = w->until_ms;
}

static muster_status profile_of(profile *p, const mu_ground *g, const mu_when *w, int64_t late_ms) {
    const mu_hazard_ground *h    = w->hazard ? &g->hazard[mu_ground_hazard(g, w->hazard)] : NULL;
    const uint32_t          most = h ? h->epoch_count : w->piece_count;
    MU_TRY(mu_alloc(&p->piece, most, sizeof *p->piece));
    MU_TRY(mu_alloc(&p->before, (size_t)most + 1, sizeof *p->before));
    if (h) {
        add_growth(p, w, h, late_ms);
    } else {
        for (; p->count < w->piece_count; ++p->count) p->piece[p->count] = w->piece[p->count];
    }
    integrate(p, w);
    return MUSTER_OK;
}

/* When so much has been expected: less than all. */
static int64_t moment_of(const profile *p, double expected) {
    uint32_t low  = 0,
             high = p->count; /* the last piece before which less is expected, or as much */
    while (high - low > 1) {
        const uint32_t middle = low + (high - low) / 2;
        if (p->before[middle] <= expected) {
            low = middle;
        } else {
            high = middle;
        }
    }
    while (low > 0 && p->piece[low].per_h <= 0) --low; /* rounding may have brought us to the end */
    const int64_t end   = low + 1 < p->count ? p->piece[low + 1].from_ms : p->end_ms;
    const double  part  = expected - p->before[low];
    const int64_t at_ms = p->piece[low].from_ms + (int64_t)(part / p->piece[low].per_h * HOUR_MS);
    return within(at_ms, p->piece[low].from_ms, end - 1);
}

/* ---- drawing ------------------------------------------------------------------------------- */

static int by_time(const void *a, const void *b) {
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void draw_count(const profile *p, uint32_t count, mu_stream stream, int64_t *at_ms) {
    const double all = p->before[p->count];
    for (uint32_t i = 0; i < count; ++i) {
        at_ms[i] = moment_of(p, all * mu_draw_unit(stream, i, 0));
    }
    qsort(at_ms, count, sizeof *at_ms, by_time);
}

static muster_status draw_process(const profile *p, mu_stream stream, int64_t **inout_ms,
                                  uint32_t *out_count) {
    const double all      = p->before[p->count];
    size_t       capacity = 0;
    double       expected = 0;
    for (uint32_t i = 0;; ++i) {
        expected -= log(mu_draw_unit(stream, i, 0));
        if (expected >= all) return MUSTER_OK;
        if (i == MOST) {
            return muster_fail(MUSTER_E_INVALID,
                               "a rate makes more than %d in one course; expected "
                               "fewer",
                               MOST);
        }
        MU_TRY(mu_grow(inout_ms, &capacity, i, sizeof **inout_ms));
        (*inout_ms)[i] = moment_of(p, expected);
        *out_count     = i + 1;
    }
}

static muster_status draw_by_rate(const mu_ground *g, const mu_when *w, mu_stream stream,
                                  int64_t late_ms, int64_t **out_ms, uint32_t *out_count) {
    profile       p      = {0};
    muster_status status = profile_of(&p, g, w, late_ms);
    const bool    is_any = status == MUSTER_OK && p.count > 0 && p.before[p.count] > 0;
    if (is_any && w->count > 0) {
        status = mu_alloc(out_ms, w->count, sizeof **out_ms);
        if (status == MUSTER_OK) {
            draw_count(&p, w->count, stream, *out_ms);
            *out_count = w->count;
        }
    } else if (is_any) {
        status = draw_process(&p, stream, out_ms, out_count);
    }
    profile_fini(&p);
    return status;
}

muster_status mu_arrivals_draw(const mu_ground *g, const mu_when *w, mu_stream stream,
                               int64_t late_ms, int64_t **out_ms, uint32_t *out_count) {
    *out_ms    = NULL;
    *out_count = 0;
    if (w->at_count == 0) {
        const muster_status status = draw_by_rate(g, w, stream, late_ms, out_ms, out_count);
        if (status != MUSTER_OK) {
            mu_free(*out_ms);
            *out_ms    = NULL;
            *out_count = 0;
        }
        return status;
    }
    MU_TRY(mu_alloc_copy(out_ms, w->at_ms, w->at_count, sizeof *w->at_ms));
    *out_count = w->at_count;
    return MUSTER_OK;
}
