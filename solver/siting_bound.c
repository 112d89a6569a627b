/* See siting_bound.h. Integers all the way: a bound that is rounded by nobody is one. */
#include "solver/siting_bound.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"

muster_status mu_siting_bound_init(mu_siting_bound *b, const mu_siting_model *m) {
    muster_status status;
    *b = (mu_siting_bound){.model = m};
    MU_TRY_GOTO(status, mu_alloc_zeroed(&b->price, m->demand_count, sizeof *b->price), done);
    MU_TRY_GOTO(status, mu_alloc_zeroed(&b->toll, m->place_count, sizeof *b->toll), done);
    MU_TRY_GOTO(status, mu_alloc_zeroed(&b->worth, m->place_count, sizeof *b->worth), done);
    MU_TRY_GOTO(status, mu_alloc_zeroed(&b->units, m->place_count, sizeof *b->units), done);
    MU_TRY_GOTO(status, mu_alloc_zeroed(&b->served, m->place_count, sizeof *b->served), done);
    MU_TRY_GOTO(status, mu_alloc_zeroed(&b->gain, m->option_count, sizeof *b->gain), done);
    MU_TRY_GOTO(status, mu_alloc_zeroed(&b->taken, m->option_count, sizeof *b->taken), done);
    MU_TRY_GOTO(status, mu_alloc_zeroed(&b->offer, m->option_count, sizeof *b->offer), done);
    MU_TRY_GOTO(status, mu_alloc_zeroed(&b->class_last, m->class_count, sizeof *b->class_last),
                done);
    MU_TRY_GOTO(status, mu_alloc_zeroed(&b->class_left, m->class_count, sizeof *b->class_left),
                done);
done:
    if (status != MUSTER_OK) mu_siting_bound_fini(b);
    return status;
}

void mu_siting_bound_fini(mu_siting_bound *b) {
    mu_free(b->price);
    mu_free(b->toll);
    mu_free(b->worth);
    mu_free(b->units);
    mu_free(b->served);
    mu_free(b->gain);
    mu_free(b->taken);
    mu_free(b->offer);
    mu_free(b->class_last);
    mu_free(b->class_left);
    *b = (mu_siting_bound){0};
}

/* ---- what places are worth ----------------------------------------------------------------- */

/* A cost per unit of weight, as a price of the whole demand. */
static int64_t in_whole(const mu_siting_model *m, uint32_t d, int64_t cost) {
    return cost < MU_SITING_NEVER ? (m->weight[d] * cost) << m->shift : MU_SITING_NEVER;
}

int64_t mu_siting_most_price(const mu_siting_model *m, uint32_t d) {
    uint32_t       count;
    const int64_t *step = mu_siting_steps(m, d, &count);
    /* Past the longest way every place is paid, past the price of an option it pays by itself. */
    const int64_t most =
        step[0] < MU_SITING_NEVER ? step[0] : m->time_ms[m->first[d + 1] - 1] + m->price;
    return in_whole(m, d, most);
}

static mu_siting_sum pay(mu_siting_bound *b) {
    const mu_siting_model *m   = b->model;
    mu_siting_sum          sum = (mu_siting_sum)m->fixed_cost << m->shift;
    memset(b->worth, 0, m->place_count * sizeof *b->worth);
    for (uint32_t d = 0; d < m->demand_count; ++d) {
        const int64_t  price = b->price[d], a_ms = m->weight[d] << m->shift;
        uint32_t       count;
        const int64_t *step = mu_siting_steps(m, d, &count);
        int64_t        paid = 0;
        for (uint32_t l = 0; l < count; ++l) {
            const int64_t most = in_whole(m, d, step[l]);
            paid += most < price ? most : price;
        }
        sum += paid;
        size_t e = m->first[d];
        for (; e < m->first[d + 1]; ++e) {
            const int64_t left = price - a_ms * m->time_ms[e];
            if (left <= 0) break;
            b->worth[m->place[e]] += left;
        }
        b->work += e - m->first[d] + 1;
    }
    return sum;
}

static int64_t toll_at(const mu_siting_bound *b, uint32_t place) {
    return b->toll[place] < b->worth[place] ? b->toll[place] : b->worth[place];
}

/* Those at home are paid there, and the tolls. */
static mu_siting_sum pay_homes(const mu_siting_bound *b) {
    const mu_siting_model *m   = b->model;
    mu_siting_sum          sum = 0;
    for (uint32_t c = 0; c < m->class_count; ++c) {
        const uint32_t home = m->class_of[c].home;
        if (home == MUSTER_NONE) continue;
        sum += (mu_siting_sum)(b->worth[home] - toll_at(b, home)) * m->class_of[c].size;
    }
    for (uint32_t i = 0; m->capacity && i < m->place_count; ++i) {
        sum += (mu_siting_sum)toll_at(b, i) * mu_siting_mattering(m, i);
    }
    return sum;
}

/* ---- which options are taken --------------------------------------------------------------- */

static void find_gains(mu_siting_bound *b) {
    const mu_siting_model *m = b->model;
    for (uint32_t o = 0; o < m->option_count; ++o) {
        const mu_siting_option option = m->option[o];
        const uint32_t         home   = m->class_of[option.class_index].home;
        b->gain[o] = b->worth[option.place] - toll_at(b, option.place) - (m->price << m->shift);
        if (home != MUSTER_NONE) b->gain[o] -= b->worth[home] - toll_at(b, home);
    }
}

/* What has to be taken first; false where that is too much. */
static bool take_lows(mu_siting_bound *b, const mu_siting_range *range, mu_siting_sum *sum) {
    const mu_siting_model *m = b->model;
    b->budget_left           = m->budget;
    for (uint32_t c = 0; c < m->class_count; ++c) b->class_left[c] = m->class_of[c].size;
    for (uint32_t o = 0; o < m->option_count; ++o) {
        const uint32_t low = range[o].low, class = m->option[o].class_index;
        if (low > range[o].high || low > b->budget_left || low > b->class_left[class]) return false;
        b->taken[o] = low;
        b->budget_left -= low;
        b->class_left[class] -= low;
        *sum += (mu_siting_sum)b->gain[o] * low;
    }
    return true;
}

static int by_gain(const void *a, const void *b) {
    const mu_siting_offer *left = a, *right = b;
    if (left->gain != right->gain) return left->gain > right->gain ? -1 : 1;
    return left->option < right->option ? -1 : left->option > right->option;
}

static void sift_down(mu_siting_offer *heap, uint32_t count, uint32_t at) {
    for (;;) {
        uint32_t best = at;
        for (uint32_t child = 2 * at + 1; child <= 2 * at + 2 && child < count; ++child) {
            if (by_gain(&heap[child], &heap[best]) < 0) best = child;
        }
        if (best == at) return;
        const mu_siting_offer moved = heap[at];
        heap[at]                    = heap[best];
        heap[best]                  = moved;
        at                          = best;
    }
}

/* Options that gain something, the greatest at the head of a heap: only so many are looked at as are
 * taken. */
static uint32_t heap_offers(mu_siting_bound *b, const mu_siting_range *range) {
    const mu_siting_model *m     = b->model;
    uint32_t               count = 0;
    for (uint32_t o = 0; o < m->option_count; ++o) {
        if (b->gain[o] <= 0 || b->taken[o] >= range[o].high) continue;
        b->offer[count++] = (mu_siting_offer){b->gain[o], o};
    }
    for (uint32_t at = count / 2; at-- > 0;) sift_down(b->offer, count, at);
    return count;
}

static void take_best(mu_siting_bound *b, const mu_siting_range *range, mu_siting_sum *sum) {
    const mu_siting_model *m     = b->model;
    uint32_t               count = heap_offers(b, range);
    b->budget_last               = INT64_MAX;
    b->best_left                 = 0;
    for (uint32_t c = 0; c < m->class_count; ++c) b->class_last[c] = INT64_MAX;
    while (count > 0) {
        const mu_siting_offer head = b->offer[0];
        const uint32_t class       = m->option[head.option].class_index;
        uint32_t copies            = range[head.option].high - b->taken[head.option];
        b->offer[0]                = b->offer[--count];
        sift_down(b->offer, count, 0);
        if (copies > b->class_left[class]) copies = b->class_left[class];
        if (copies > b->budget_left) copies = b->budget_left;
        b->taken[head.option] += copies;
        b->class_left[class] -= copies;
        b->budget_left -= copies;
        *sum += (mu_siting_sum)head.gain * copies;
        if (copies > 0) b->class_last[class] = b->budget_last = head.gain;
        if (b->best_left == 0 && b->taken[head.option] < range[head.option].high) {
            b->best_left = head.gain;
        }
        if (b->budget_left == 0 && b->best_left > 0) break;
        if (b->budget_left == 0) {
            if (count > 0) b->best_left = b->offer[0].gain;
            break;
        }
    }
}

/* ---- the bound ----------------------------------------------------------------------------- */

static void count_served(mu_siting_bound *b) {
    const mu_siting_model *m = b->model;
    memset(b->units, 0, m->place_count * sizeof *b->units);
    for (uint32_t c = 0; c < m->class_count; ++c) {
        const uint32_t home = m->class_of[c].home;
        if (home != MUSTER_NONE) b->units[home] += m->class_of[c].size;
    }
    for (uint32_t o = 0; o < m->option_count; ++o) {
        const uint32_t home = m->class_of[m->option[o].class_index].home;
        b->units[m->option[o].place] += b->taken[o];
        if (home != MUSTER_NONE) b->units[home] -= b->taken[o];
    }
    for (uint32_t i = 0; i < m->place_count; ++i) {
        const bool is_tolled = m->capacity && b->toll[i] > 0 && b->toll[i] >= b->worth[i];
        b->served[i]         = is_tolled ? mu_siting_mattering(m, i) : b->units[i];
    }
}

void mu_siting_bound_find(mu_siting_bound *b, const mu_siting_range *range) {
    mu_siting_sum paid = 0;
    b->sum             = pay(b);
    paid               = pay_homes(b);
    find_gains(b);
    b->is_empty = !take_lows(b, range, &paid);
    if (b->is_empty) return;
    take_best(b, range, &paid);
    b->sum -= paid;
    count_served(b);
    b->work += b->model->option_count + b->model->place_count;
}

/* Rounded up: costs are whole. */
static int64_t cost_of(const mu_siting_bound *b, mu_siting_sum sum) {
    const mu_siting_sum one = (mu_siting_sum)1 << b->model->shift;
    if (sum <= 0) return 0;
    const mu_siting_sum cost = (sum + one - 1) / one;
    return cost < MU_SITING_NEVER ? (int64_t)cost : MU_SITING_NEVER;
}

int64_t mu_siting_bound_cost(const mu_siting_bound *b) {
    return b->is_empty ? MU_SITING_NEVER : cost_of(b, b->sum);
}

/* It takes the place of the last of its class, or, where that is not full, of the last of all; INT64_MAX
 * as the last: nobody can make way. */
int64_t mu_siting_bound_with_more(const mu_siting_bound *b, uint32_t o) {
    const uint32_t class = b->model->option[o].class_index;
    int64_t last         = 0;
    if (b->class_left[class] == 0) {
        last = b->class_last[class];
    } else if (b->budget_left == 0) {
        last = b->budget_last;
    }
    if (last == INT64_MAX) return MU_SITING_NEVER;
    const int64_t loss = last - b->gain[o];
    return cost_of(b, b->sum + (loss > 0 ? loss : 0));
}

int64_t mu_siting_bound_with_less(const mu_siting_bound *b, uint32_t o) {
    const int64_t loss = b->gain[o] - b->best_left;
    return cost_of(b, b->sum + (loss > 0 ? loss : 0));
}

/* ---- which way it grows -------------------------------------------------------------------- */

int64_t mu_siting_bound_lack(const mu_siting_bound *b, uint32_t d) {
    const mu_siting_model *m     = b->model;
    const int64_t          price = b->price[d];
    uint32_t               count;
    const int64_t         *step = mu_siting_steps(m, d, &count);
    int64_t                lack = 0;
    while (lack < count && in_whole(m, d, step[lack]) > price) ++lack;
    for (size_t e = m->first[d]; e < m->first[d + 1]; ++e) {
        if (in_whole(m, d, m->time_ms[e]) >= price) break;
        lack -= b->served[m->place[e]];
    }
    return lack;
}

int64_t mu_siting_bound_excess(const mu_siting_bound *b, uint32_t place) {
    return b->units[place] - mu_siting_mattering(b->model, place);
}
