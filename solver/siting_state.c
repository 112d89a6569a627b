/* Greedy and exchange on any model: gains and losses are found for all places at once, by going through
 * the lists of demand as far as they matter.
 *
 * What a unit saves where it comes to and what it costs where it leaves are added as if they did not
 * touch; together they cost less, never more, so what seems to save something does. */
#include "solver/siting_state.h"

#include <string.h>

#include "core/alloc.h"

muster_status mu_siting_state_init(mu_siting_state *s, const mu_siting_model *m) {
    muster_status status;
    *s = (mu_siting_state){.model = m};
    MU_TRY_GOTO(status, mu_alloc_zeroed(&s->taken, m->option_count, sizeof *s->taken), done);
    MU_TRY_GOTO(status, mu_alloc_zeroed(&s->units, m->place_count, sizeof *s->units), done);
    MU_TRY_GOTO(status, mu_alloc_zeroed(&s->class_left, m->class_count, sizeof *s->class_left),
                done);
    MU_TRY_GOTO(status, mu_alloc_zeroed(&s->gain, m->place_count, sizeof *s->gain), done);
    MU_TRY_GOTO(status, mu_alloc_zeroed(&s->loss, m->place_count, sizeof *s->loss), done);
    mu_siting_state_set(s, NULL);
done:
    if (status != MUSTER_OK) mu_siting_state_fini(s);
    return status;
}

void mu_siting_state_fini(mu_siting_state *s) {
    mu_free(s->taken);
    mu_free(s->units);
    mu_free(s->class_left);
    mu_free(s->gain);
    mu_free(s->loss);
    *s = (mu_siting_state){0};
}

/* NULL: nothing of any. */
void mu_siting_state_set(mu_siting_state *s, const uint32_t *taken) {
    const mu_siting_model *m = s->model;
    s->budget_left           = m->budget;
    for (uint32_t c = 0; c < m->class_count; ++c) s->class_left[c] = m->class_of[c].size;
    for (uint32_t o = 0; o < m->option_count; ++o) {
        s->taken[o] = taken ? taken[o] : 0;
        s->budget_left -= s->taken[o];
        s->class_left[m->option[o].class_index] -= s->taken[o];
    }
    mu_siting_units(m, s->taken, s->units);
}

static uint32_t home_of(const mu_siting_state *s, uint32_t o) {
    return s->model->class_of[s->model->option[o].class_index].home;
}

void mu_siting_state_take(mu_siting_state *s, uint32_t o) {
    const uint32_t home = home_of(s, o);
    ++s->taken[o];
    ++s->units[s->model->option[o].place];
    --s->budget_left;
    --s->class_left[s->model->option[o].class_index];
    if (home != MUSTER_NONE) --s->units[home];
}

void mu_siting_state_drop(mu_siting_state *s, uint32_t o) {
    const uint32_t home = home_of(s, o);
    --s->taken[o];
    --s->units[s->model->option[o].place];
    ++s->budget_left;
    ++s->class_left[s->model->option[o].class_index];
    if (home != MUSTER_NONE) ++s->units[home];
}

bool mu_siting_state_has_room(const mu_siting_state *s, uint32_t o) {
    const mu_siting_model *m     = s->model;
    const uint32_t         place = m->option[o].place;
    return s->budget_left > 0 && s->taken[o] < m->option[o].room &&
           s->class_left[m->option[o].class_index] > 0 &&
           (!m->capacity || s->units[place] < m->capacity[place]);
}

/* ---- gains and losses ---------------------------------------------------------------------- */

static void measure_nearest(mu_siting_state *s, uint32_t d) {
    const mu_siting_model *m   = s->model;
    const size_t           end = m->first[d + 1];
    size_t                 at  = m->first[d], first_open, second_open;
    while (at < end && s->units[m->place[at]] == 0) ++at;
    first_open = at;
    for (at += at < end; at < end && s->units[m->place[at]] == 0;) ++at;
    second_open           = at;
    const int64_t without = m->outside[d] < MU_SITING_NEVER
                                ? m->outside[d]
                                : (int64_t)m->time_ms[end - 1] + m->price + 1;
    const int64_t nearest = first_open < end ? m->time_ms[first_open] : without;
    const int64_t next    = second_open < end ? m->time_ms[second_open] : without;
    for (size_t e = m->first[d]; e < first_open; ++e) {
        s->gain[m->place[e]] += m->weight[d] * (nearest - m->time_ms[e]);
    }
    if (first_open < end && s->units[m->place[first_open]] == 1) {
        s->loss[m->place[first_open]] += m->weight[d] * (next - nearest);
    }
    s->work += second_open - m->first[d] + 1;
}

static void measure_levels(mu_siting_state *s, uint32_t d) {
    const mu_siting_model *m       = s->model;
    uint64_t               reached = m->start[d];
    for (size_t e = m->first[d]; e < m->first[d + 1]; ++e) reached += s->units[m->place[e]];
    const int64_t more = reached < m->level_count ? m->weight[d] * m->level[reached] : 0;
    const int64_t less =
        reached > 0 && reached <= m->level_count ? m->weight[d] * m->level[reached - 1] : 0;
    for (size_t e = m->first[d]; e < m->first[d + 1]; ++e) {
        s->gain[m->place[e]] += more;
        if (s->units[m->place[e]] > 0) s->loss[m->place[e]] += less;
    }
    s->work += 2 * (m->first[d + 1] - m->first[d]) + 1;
}

void mu_siting_state_measure(mu_siting_state *s) {
    const mu_siting_model *m = s->model;
    memset(s->gain, 0, m->place_count * sizeof *s->gain);
    memset(s->loss, 0, m->place_count * sizeof *s->loss);
    for (uint32_t d = 0; d < m->demand_count; ++d) {
        if (m->level_count > 0) {
            measure_levels(s, d);
        } else {
            measure_nearest(s, d);
        }
    }
}

int64_t mu_siting_state_saves(const mu_siting_state *s, uint32_t o) {
    const uint32_t home = home_of(s, o);
    return s->gain[s->model->option[o].place] - s->model->price -
           (home != MUSTER_NONE ? s->loss[home] : 0);
}

int64_t mu_siting_state_cost(const mu_siting_state *s) {
    const mu_siting_model *m     = s->model;
    const int64_t          cost  = mu_siting_cost(m, s->units);
    const int64_t          count = m->budget - s->budget_left;
    return cost == MU_SITING_NEVER ? cost : cost + m->price * count;
}

/* ---- greedy and exchange ------------------------------------------------------------------- */

/* The option that saves most of those that leave `home`, MUSTER_NONE: of all; MUSTER_NONE: none saves
 * more than `least`. */
static uint32_t find_best(const mu_siting_state *s, int64_t least, uint32_t home) {
    uint32_t best = MUSTER_NONE;
    for (uint32_t o = 0; o < s->model->option_count; ++o) {
        if (!mu_siting_state_has_room(s, o)) continue;
        if (home != MUSTER_NONE && home_of(s, o) != home) continue;
        const int64_t saved = mu_siting_state_saves(s, o);
        if (saved <= least) continue;
        least = saved;
        best  = o;
    }
    return best;
}

void mu_siting_state_fill(mu_siting_state *s) {
    while (s->budget_left > 0) {
        mu_siting_state_measure(s);
        const uint32_t best = find_best(s, 0, MUSTER_NONE);
        s->work += s->model->option_count;
        if (best == MUSTER_NONE) return;
        mu_siting_state_take(s, best);
    }
}

/* Would it be worth taking again? */
void mu_siting_state_thin(mu_siting_state *s) {
    for (uint32_t o = s->model->option_count; o-- > 0;) {
        while (s->taken[o] > 0) {
            mu_siting_state_drop(s, o);
            mu_siting_state_measure(s);
            if (mu_siting_state_saves(s, o) > 0) {
                mu_siting_state_take(s, o);
                break;
            }
        }
    }
}

/* Where somebody has come to a home that is left, it has no room for one who is back: another has to
 * leave it. */
static uint32_t must_leave(const mu_siting_state *s, uint32_t o) {
    const uint32_t home = home_of(s, o);
    const bool     is_full =
        home != MUSTER_NONE && s->model->capacity && s->units[home] > s->model->capacity[home];
    return is_full ? home : MUSTER_NONE;
}

/* What the option saves. Where it has a home that is not what it seems to: it would save more than that,
 * and one exchange undo the other for ever. */
static int64_t drop_and_measure(mu_siting_state *s, uint32_t o) {
    const bool    has_home = home_of(s, o) != MUSTER_NONE;
    const int64_t before   = has_home ? mu_siting_state_cost(s) : 0;
    mu_siting_state_drop(s, o);
    mu_siting_state_measure(s);
    return has_home ? mu_siting_state_cost(s) - before : mu_siting_state_saves(s, o);
}

/* Until every option has been asked since the last exchange, the one that gave a unit away again: it may
 * have more of them. */
void mu_siting_state_exchange(mu_siting_state *s, mu_siting_is_over *is_over, void *user) {
    const mu_siting_model *m     = s->model;
    uint32_t               since = 0;
    for (uint32_t o = 0; since < m->option_count && !is_over(user); o = (o + 1) % m->option_count) {
        ++since;
        if (s->taken[o] == 0) continue;
        const int64_t  kept   = drop_and_measure(s, o);
        const uint32_t better = find_best(s, kept, must_leave(s, o));
        s->work += m->option_count;
        mu_siting_state_take(s, better == MUSTER_NONE ? o : better);
        if (better != MUSTER_NONE) since = 0;
    }
}
