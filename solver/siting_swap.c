/* Fast interchange (Whitaker, INFOR 21, 1983) in the form of Resende and Werneck (2007): what it saves to
 * close a and open b is what b saves, less what a loses, and what of that loss b makes good. The last is
 * a table in which a demand only concerns those b that are nearer than its second nearest place: of many
 * open places that is next to nothing, so each round fills it anew. */
#include "solver/siting_swap.h"

#include <string.h>

#include "core/alloc.h"

typedef struct swapper {
    mu_siting_state *state;
    uint32_t         open_count;
    uint32_t        *open;       /* [open_count] options */
    uint32_t        *number;     /* [place_count] in open, or MUSTER_NONE */
    uint32_t        *of;         /* [place_count] the option that opens it */
    int64_t         *makes_good; /* [option_count * open_count] */
} swapper;

typedef struct swap {
    int64_t  saved;
    uint32_t close, open;
} swap;

static void measure(swapper *w) {
    mu_siting_state       *s = w->state;
    const mu_siting_model *m = s->model;
    memset(w->makes_good, 0, (size_t)m->option_count * w->open_count * sizeof *w->makes_good);
    memset(s->gain, 0, m->place_count * sizeof *s->gain);
    memset(s->loss, 0, m->place_count * sizeof *s->loss);
    for (uint32_t d = 0; d < m->demand_count; ++d) {
        const size_t first = m->first[d], end = m->first[d + 1];
        size_t       at = first;
        while (at < end && s->units[m->place[at]] == 0) ++at;
        const size_t nearest = at;
        for (at += at < end; at < end && s->units[m->place[at]] == 0;) ++at;
        const int64_t without =
            m->outside[d] < MU_SITING_NEVER ? m->outside[d] : (int64_t)m->time_ms[end - 1] + 1;
        const int64_t one_ms = nearest < end ? m->time_ms[nearest] : without;
        const int64_t two_ms = at < end ? m->time_ms[at] : without;
        const int64_t weight = m->weight[d];
        for (size_t e = first; e < nearest; ++e) {
            s->gain[m->place[e]] += weight * (one_ms - m->time_ms[e]);
        }
        s->work += at - first + 1;
        if (nearest == end) continue;
        const uint32_t number = w->number[m->place[nearest]];
        s->loss[m->place[nearest]] += weight * (two_ms - one_ms);
        for (size_t e = first; e < at; ++e) {
            if (e == nearest) continue;
            const int64_t near_ms = m->time_ms[e] > one_ms ? m->time_ms[e] : one_ms;
            w->makes_good[(size_t)w->of[m->place[e]] * w->open_count + number] +=
                weight * (two_ms - near_ms);
        }
    }
}

static swap find_best(const swapper *w) {
    const mu_siting_state *s    = w->state;
    const mu_siting_model *m    = s->model;
    swap                   best = {0, MUSTER_NONE, MUSTER_NONE};
    for (uint32_t o = 0; o < m->option_count; ++o) {
        const uint32_t place = m->option[o].place;
        if (s->units[place] > 0) continue;
        const int64_t *makes_good = w->makes_good + (size_t)o * w->open_count;
        for (uint32_t n = 0; n < w->open_count; ++n) {
            const int64_t saved =
                s->gain[place] - s->loss[m->option[w->open[n]].place] + makes_good[n];
            if (saved > best.saved) best = (swap){saved, n, o};
        }
    }
    return best;
}

static void improve(swapper *w, mu_siting_is_over *is_over, void *user) {
    mu_siting_state       *s = w->state;
    const mu_siting_model *m = s->model;
    while (!is_over(user)) {
        measure(w);
        const swap best = find_best(w);
        s->work += (uint64_t)m->option_count * w->open_count;
        if (best.saved <= 0) return;
        w->number[m->option[w->open[best.close]].place] = MUSTER_NONE;
        mu_siting_state_drop(s, w->open[best.close]);
        mu_siting_state_take(s, best.open);
        w->open[best.close]                   = best.open;
        w->number[m->option[best.open].place] = best.close;
    }
}

muster_status mu_siting_swap(mu_siting_state *s, mu_siting_is_over *is_over, void *user) {
    const mu_siting_model *m = s->model;
    swapper                w = {.state = s, .open_count = m->budget - s->budget_left};
    muster_status          status;
    if (w.open_count == 0) return MUSTER_OK;
    MU_TRY_GOTO(status, mu_alloc(&w.open, w.open_count, sizeof *w.open), done);
    MU_TRY_GOTO(status, mu_alloc(&w.number, m->place_count, sizeof *w.number), done);
    MU_TRY_GOTO(status, mu_alloc(&w.of, m->place_count, sizeof *w.of), done);
    MU_TRY_GOTO(
        status,
        mu_alloc(&w.makes_good, (size_t)m->option_count * w.open_count, sizeof *w.makes_good),
        done);
    for (uint32_t i = 0; i < m->place_count; ++i) w.number[i] = MUSTER_NONE;
    w.open_count = 0;
    for (uint32_t o = 0; o < m->option_count; ++o) {
        w.of[m->option[o].place] = o;
        if (s->taken[o] == 0) continue;
        w.number[m->option[o].place] = w.open_count;
        w.open[w.open_count++]       = o;
    }
    improve(&w, is_over, user);
done:
    mu_free(w.open);
    mu_free(w.number);
    mu_free(w.of);
    mu_free(w.makes_good);
    return status;
}
