/* Stock against people, along the tree of command: what a village keeps, what lies below a town, what a
 * county could hand down. Sums climb from each authority to its parents, which are of a higher level. */
#include <muster/readiness.h>

#include "core/alloc.h"
#include "core/error.h"

/* Of one item, by authority. */
typedef struct shelves {
    int64_t *own, *below;
} shelves;

static muster_status check(const muster_problem *p, const int64_t *people,
                           const int64_t *per_thousand) {
    MU_TRY(muster_problem_check(p));
    for (uint32_t a = 0; a < p->authority_count; ++a) {
        if (people[a] >= 0 && people[a] <= MUSTER_MAX_QUANTITY * 10) continue;
        return muster_fail(
            MUSTER_E_INVALID, "authority %u (\"%s\") has %lld people; expected 0 to %lld", a,
            p->authority[a].code, (long long)people[a], (long long)MUSTER_MAX_QUANTITY * 10);
    }
    for (uint32_t k = 0; k < p->kind_count; ++k) {
        if (per_thousand[k] < 0 || per_thousand[k] > 1000000) {
            return muster_fail(MUSTER_E_INVALID,
                               "a thousand people need %lld of kind %u (\"%s\"); expected 0 to "
                               "1000000",
                               (long long)per_thousand[k], k, p->kind[k].code);
        }
        if (per_thousand[k] == 0 || p->kind[k].resource == MUSTER_ITEM) continue;
        return muster_fail(MUSTER_E_INVALID, "kind %u (\"%s\") is of %s; expected an item", k,
                           p->kind[k].code,
                           muster_resource_name((muster_resource)p->kind[k].resource));
    }
    return MUSTER_OK;
}

static void stack(const muster_problem *p, uint32_t kind, const shelves *shelf) {
    for (uint32_t a = 0; a < p->authority_count; ++a) shelf->own[a] = shelf->below[a] = 0;
    for (uint32_t s = 0; s < p->stock_count; ++s) {
        const uint32_t of = p->stock[s].unit.authority;
        if (p->stock[s].kind != kind || of == MUSTER_NONE) continue;
        shelf->own[of] += p->stock[s].quantity;
        for (uint32_t a = p->authority[of].parent; a != MUSTER_NONE; a = p->authority[a].parent) {
            shelf->below[a] += p->stock[s].quantity;
        }
    }
}

/* Is held_a of required_a a lesser share than held_b of required_b? Both are required. */
static bool is_lesser(int64_t held_a, int64_t required_a, int64_t held_b, int64_t required_b) {
    __extension__ typedef __int128 wide; /* a hundred trillion times as many */
    return (wide)held_a * required_b < (wide)held_b * required_a;
}

/* Of one level: the tier, and what its weakest has and needs. */
typedef struct tally {
    muster_stock_tier tier;
    int64_t           held, required;
} tally;

static void add_place(tally *t, uint32_t authority, const shelves *shelf, int64_t required) {
    const int64_t own = shelf->own[authority], held = own + shelf->below[authority];
    ++t->tier.place_count;
    t->tier.required += required;
    t->tier.own += own;
    t->tier.below += shelf->below[authority];
    t->tier.short_count += held < required;
    if (required == 0) return;
    if (t->tier.weakest != MUSTER_NONE && !is_lesser(held, required, t->held, t->required)) return;
    t->tier.weakest = authority;
    t->held         = held;
    t->required     = required;
}

static void count_kind(const muster_problem *p, const int64_t *people, int64_t per_thousand,
                       const shelves *shelf, muster_stock_tier *out) {
    tally t[MUSTER_LEVEL_COUNT];
    for (unsigned level = 0; level < MUSTER_LEVEL_COUNT; ++level) {
        t[level] = (tally){.tier.weakest = MUSTER_NONE};
    }
    for (uint32_t a = 0; a < p->authority_count; ++a) {
        add_place(&t[p->authority[a].level], a, shelf, (people[a] * per_thousand + 999) / 1000);
    }
    int64_t above = 0;
    for (unsigned level = MUSTER_LEVEL_COUNT; level-- > 0;) {
        out[level]       = t[level].tier;
        out[level].above = above;
        above += t[level].tier.own;
    }
}

muster_status muster_stock_tiers(const muster_problem *p, const int64_t *people,
                                 const int64_t *per_thousand, muster_stock_tier *out) {
    shelves shelf = {0};
    MU_TRY(check(p, people, per_thousand));
    MU_TRY(mu_alloc(&shelf.own, 2 * (size_t)p->authority_count, sizeof *shelf.own));
    shelf.below = shelf.own + p->authority_count;
    for (uint32_t k = 0; k < p->kind_count; ++k) {
        muster_stock_tier *of_kind = &out[(size_t)k * MUSTER_LEVEL_COUNT];
        if (per_thousand[k] > 0) {
            stack(p, k, &shelf);
            count_kind(p, people, per_thousand[k], &shelf, of_kind);
        } else {
            for (unsigned level = 0; level < MUSTER_LEVEL_COUNT; ++level) {
                of_kind[level] = (muster_stock_tier){.weakest = MUSTER_NONE};
            }
        }
    }
    mu_free(shelf.own);
    return MUSTER_OK;
}
