/* A trial closes one road, all of its edges, in every metric that drives it and measures again, to the
 * few places that can lose, from those rows alone that could matter there: nobody is nearer than before
 * when a road is closed, so who took longer than the latest that a place can be complete still does. But for those who
 * stood on the road itself: they are moved, and then they are measured, whatever they took before. */
#include "solver/critical_trial.h"

#include <string.h>

#include <muster/closure.h>
#include <muster/matrix.h>

#include "core/alloc.h"
#include "core/metric.h"

muster_status mu_trial_init(mu_trial *t, const muster_readiness *r) {
    const size_t cells   = (size_t)r->row_count * r->place_count;
    *t                   = (mu_trial){0};
    muster_status status = mu_queue_init(&t->queue, r);
    if (status == MUSTER_OK) status = mu_alloc(&t->site, r->place_count, sizeof *t->site);
    if (status == MUSTER_OK) status = mu_alloc(&t->to, r->place_count, sizeof *t->to);
    if (status == MUSTER_OK) status = mu_alloc(&t->old, r->place_count, sizeof *t->old);
    if (status == MUSTER_OK) status = mu_alloc(&t->row, r->row_count, sizeof *t->row);
    if (status == MUSTER_OK) status = mu_alloc(&t->from, r->row_count, sizeof *t->from);
    if (status == MUSTER_OK) status = mu_alloc(&t->measured, cells, sizeof *t->measured);
    if (status == MUSTER_OK) status = mu_alloc(&t->row_ms, cells, sizeof *t->row_ms);
    return status;
}

void mu_trial_fini(mu_trial *t) {
    mu_queue_fini(&t->queue);
    mu_free(t->site);
    mu_free(t->to);
    mu_free(t->old);
    mu_free(t->row);
    mu_free(t->from);
    mu_free(t->measured);
    mu_free(t->row_ms);
    *t = (mu_trial){0};
}

/* The road that is closed, and what can lose by it. */
typedef struct asked {
    const muster_readiness *r;
    const mu_doubts        *doubts;
    const mu_road_groups   *groups;
    uint32_t                group;
} asked;

static bool is_closed(const asked *a, uint32_t edge) {
    return edge != MUSTER_NONE && a->groups->of_edge[edge] == a->group;
}

/* ---- which rows ----------------------------------------------------------------------------------- */

static bool is_any_place_moved(const asked *a, uint32_t metric) {
    const size_t       first  = (size_t)metric * a->r->place_count;
    const muster_snap *snap   = a->r->place_snap + first;
    const uint32_t    *anchor = a->r->place_anchor + first;
    uint32_t           i      = 0;
    while (i < a->doubts->place_count && !is_closed(a, snap[a->doubts->place[i]].edge) &&
           !is_closed(a, anchor[a->doubts->place[i]])) {
        ++i;
    }
    return i < a->doubts->place_count;
}

static bool could_matter(const asked *a, uint32_t row) {
    const muster_readiness *r = a->r;
    uint32_t                i = 0;
    if (is_closed(a, r->row_snap[row].edge) || is_closed(a, r->row_anchor[row])) return true;
    while (i < a->doubts->place_count &&
           r->travel_ms[(size_t)a->doubts->place[i] * r->row_count + row] >=
               a->doubts->limit_ms[i]) {
        ++i;
    }
    return i < a->doubts->place_count;
}

static uint32_t list_rows(mu_trial *t, const asked *a, uint32_t metric) {
    const muster_readiness *r      = a->r;
    const bool              is_all = is_any_place_moved(a, metric);
    uint32_t                count  = 0;
    for (uint32_t row = r->first_row[metric]; row < r->first_row[metric + 1]; ++row) {
        if (is_all || could_matter(a, row)) t->row[count++] = row;
    }
    return count;
}

/* ---- measuring again -------------------------------------------------------------------------------- */

static muster_status snap_places(mu_trial *t, const asked *a, uint32_t metric,
                                 const muster_metric *closed) {
    const muster_readiness *r = a->r;
    for (uint32_t i = 0; i < a->doubts->place_count; ++i) {
        t->site[i] = r->place[a->doubts->place[i]].site;
        t->old[i]  = r->place_snap[(size_t)metric * r->place_count + a->doubts->place[i]];
    }
    return mu_readiness_snap(closed, r->island[metric], a->doubts->place_count, t->site,
                             r->metric[metric], t->old, t->to, NULL);
}

static muster_status measure_rows(mu_trial *t, const asked *a, uint32_t metric, uint32_t rows,
                                  const muster_metric *closed) {
    const muster_readiness *r = a->r;
    MU_TRY(snap_places(t, a, metric, closed));
    for (uint32_t i = 0; i < rows; ++i) {
        MU_TRY(mu_readiness_snap(closed, r->island[metric], 1, &r->row_site[t->row[i]],
                                 r->metric[metric], &r->row_snap[t->row[i]], &t->from[i], NULL));
    }
    MU_TRY(
        muster_matrix(closed, rows, t->from, a->doubts->place_count, t->to, 1, t->measured, NULL));
    for (uint32_t i = 0; i < rows; ++i) {
        for (uint32_t p = 0; p < a->doubts->place_count; ++p) {
            t->row_ms[(size_t)p * r->row_count + t->row[i]] =
                t->measured[(size_t)i * a->doubts->place_count + p];
        }
    }
    return MUSTER_OK;
}

static bool is_used(const asked *a, const muster_metric *metric) {
    uint32_t i = a->groups->first[a->group];
    while (i < a->groups->first[a->group + 1] && !mu_metric_uses(metric, a->groups->edge[i])) ++i;
    return i < a->groups->first[a->group + 1];
}

static muster_status close_all(const asked *a, const muster_metric *open, muster_metric **out) {
    const uint32_t     first = a->groups->first[a->group];
    const uint32_t     count = a->groups->first[a->group + 1] - first;
    muster_arc_change *change;
    MU_TRY(mu_alloc(&change, 2 * (size_t)count, sizeof *change));
    for (uint32_t i = 0; i < 2 * count; ++i) {
        change[i] =
            (muster_arc_change){2 * a->groups->edge[first + i / 2] + i % 2, MUSTER_UNREACHABLE_MS};
    }
    const muster_status status = muster_metric_change(out, open, 2 * count, change);
    mu_free(change);
    return status;
}

static muster_status measure_metric(mu_trial *t, const asked *a, uint32_t metric) {
    const muster_metric *open = a->r->metric[metric];
    muster_metric       *closed;
    if (!mu_readiness_has_row(a->r, metric) || muster_metric_flies(open)) return MUSTER_OK;
    if (!is_used(a, open)) return MUSTER_OK;
    const uint32_t rows = list_rows(t, a, metric);
    if (rows == 0) return MUSTER_OK;
    MU_TRY(close_all(a, open, &closed));
    const muster_status status = measure_rows(t, a, metric, rows, closed);
    muster_metric_free(closed);
    return status;
}

/* ---- judging ------------------------------------------------------------------------------------------ */

/* Of one place doubts first .. end - 1. */
static void judge_place(mu_trial *t, const asked *a, uint32_t first, uint32_t end,
                        muster_readiness_loss *out) {
    const muster_readiness      *r    = a->r;
    const uint32_t               i    = a->doubts->doubt[first].place;
    const uint32_t               p    = a->doubts->place[i];
    const muster_readiness_cell *cell = r->cell + (size_t)p * r->standard_count;
    mu_place_loss                loss = {0};
    for (uint32_t d = first; d < end; ++d) {
        const uint32_t              s = a->doubts->doubt[d].standard;
        const muster_readiness_cell now =
            mu_readiness_judge(r, t->row_ms + (size_t)i * r->row_count, s, MUSTER_NONE, &t->queue);
        mu_lose_time(&loss, r, s, cell[s].complete_ms, now.complete_ms);
    }
    mu_lose_place(out, &loss, r->place[p].weight);
}

static void judge_all(mu_trial *t, const asked *a, muster_readiness_loss *out) {
    const mu_doubt *doubt = a->doubts->doubt;
    for (uint32_t first = 0, next; first < a->doubts->count; first = next) {
        for (next = first + 1;
             next < a->doubts->count && doubt[next].place == doubt[first].place;) {
            ++next;
        }
        judge_place(t, a, first, next, out);
    }
}

muster_status mu_trial_run(mu_trial *t, const muster_readiness *r, const mu_road_groups *groups,
                           uint32_t group, const mu_doubts *doubts, muster_readiness_loss *out) {
    const asked a = {r, doubts, groups, group};
    *out          = (muster_readiness_loss){0};
    for (uint32_t i = 0; i < doubts->place_count; ++i) {
        memcpy(t->row_ms + (size_t)i * r->row_count,
               r->travel_ms + (size_t)doubts->place[i] * r->row_count,
               r->row_count * sizeof *t->row_ms);
    }
    for (uint32_t m = 0; m < r->problem->metric_count; ++m) MU_TRY(measure_metric(t, &a, m));
    judge_all(t, &a, out);
    return MUSTER_OK;
}
