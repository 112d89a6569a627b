/* A knapsack with two capacities and few kinds of things. Lines are loaded by value for room,
 * where room is the share of the mass and of the volume together (Dobson's surrogate). What is
 * lost against the best load is less than one unit of each line that did not fit, and units are
 * small; where there are few units, all loads are tried.
 *
 * Trying: depth first, line by line in that order, most first, until even the surrogate's
 * relaxation of the lines behind would not lift the whole above the best: less of a line, whose
 * value for room is the highest of those left, would be worse still. */
#include "solver/shipment_load.h"

enum { MOST_LINES = 32, MOST_TRIES = 400 };

static int64_t fits(mu_bulk unit, mu_bulk room, int64_t most) {
    if (unit.g > 0 && room.g / unit.g < most) most = room.g / unit.g;
    if (unit.cm3 > 0 && room.cm3 / unit.cm3 < most) most = room.cm3 / unit.cm3;
    return most;
}

static mu_bulk less(mu_bulk room, mu_bulk unit, int64_t quantity) {
    return (mu_bulk){room.g - quantity * unit.g, room.cm3 - quantity * unit.cm3};
}

static double share_of(mu_bulk unit, mu_bulk room) {
    const mu_bulk whole = {room.g > 0 ? room.g : 1, room.cm3 > 0 ? room.cm3 : 1};
    return (double)unit.g / (double)whole.g + (double)unit.cm3 / (double)whole.cm3;
}

typedef struct search {
    mu_load_line *line;
    uint32_t      count, order[MOST_LINES];
    double        share[MOST_LINES]; /* of one unit, by order; the room is 2 */
    int64_t       chosen[MOST_LINES], best_value;
    uint32_t      tries;
} search;

/* By value for room, best first; what takes no room before all. Ties keep their order. */
static void sort_lines(search *s, mu_bulk room) {
    for (uint32_t i = 0; i < s->count; ++i) {
        const double share = share_of(s->line[i].unit, room);
        uint32_t     at    = i;
        for (; at > 0; --at) {
            const mu_load_line *before = &s->line[s->order[at - 1]];
            if ((double)s->line[i].value * s->share[at - 1] <= (double)before->value * share) break;
            s->order[at] = s->order[at - 1];
            s->share[at] = s->share[at - 1];
        }
        s->order[at] = i;
        s->share[at] = share;
    }
}

static int64_t load_in_order(search *s, mu_bulk room) {
    int64_t value = 0;
    for (uint32_t i = 0; i < s->count; ++i) {
        mu_load_line *l = &s->line[s->order[i]];
        l->quantity     = fits(l->unit, room, l->most);
        room            = less(room, l->unit, l->quantity);
        value += l->quantity * l->value;
    }
    return value;
}

/* Could the lines from `at` on be worth more than `lacking`? By the surrogate's relaxation. */
static bool may_bring(const search *s, uint32_t at, double room, double lacking) {
    for (; at < s->count && lacking >= 0; ++at) {
        const mu_load_line *l     = &s->line[s->order[at]];
        const double        whole = (double)l->most * s->share[at];
        if (whole > room) return (double)l->value * (room / s->share[at]) > lacking;
        room -= whole;
        lacking -= (double)l->most * (double)l->value;
    }
    return lacking < 0;
}

static void try_all(search *s, uint32_t at, mu_bulk room, double room_share, int64_t value) {
    if (value > s->best_value) {
        s->best_value = value;
        for (uint32_t i = 0; i < s->count; ++i) {
            s->line[s->order[i]].quantity = i < at ? s->chosen[i] : 0;
        }
    }
    if (at == s->count || ++s->tries > MOST_TRIES) return;
    const mu_load_line *l = &s->line[s->order[at]];
    for (int64_t q = fits(l->unit, room, l->most); q >= 0 && s->tries <= MOST_TRIES; --q) {
        const double  left = room_share - (double)q * s->share[at];
        const int64_t with = value + q * l->value;
        s->chosen[at]      = q;
        if (!may_bring(s, at + 1, left, (double)(s->best_value - with))) break;
        try_all(s, at + 1, less(room, l->unit, q), left, with);
    }
}

int64_t mu_shipment_load(mu_load_line *line, uint32_t count, mu_bulk room) {
    search  s     = {.line = line, .count = count < MOST_LINES ? count : MOST_LINES};
    int64_t whole = 0;
    for (uint32_t i = 0; i < count; ++i) {
        line[i].quantity = 0;
        whole += line[i].most * line[i].value;
    }
    sort_lines(&s, room);
    s.best_value = load_in_order(&s, room);
    if (s.best_value < whole) try_all(&s, 0, room, 2, 0);
    return s.best_value;
}
