#include "session/claims.h"

#include <string.h>

#include "core/alloc.h"

void mu_claims_fini(mu_claims *c) {
    mu_free(c->claim);
    mu_free(c->spare);
    mu_free(c->late);
    *c = (mu_claims){0};
}

/* The first of an order that is not before `order`. */
static size_t place_of(const mu_claims *c, uint64_t order) {
    size_t low = 0, high = c->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (c->claim[middle].order < order) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const mu_claim *mu_claims_find(const mu_claims *c, uint64_t order) {
    const size_t at = place_of(c, order);
    return at < c->count && c->claim[at].order == order ? &c->claim[at] : NULL;
}

muster_status mu_claims_reserve(mu_claims *c, size_t more) {
    if (c->capacity - c->count < more) {
        MU_TRY(mu_realloc(&c->claim, 2 * c->count + more, sizeof *c->claim));
        c->capacity = 2 * c->count + more;
    }
    if (c->spare_capacity - c->spare_count >= more) return MUSTER_OK;
    MU_TRY(mu_realloc(&c->spare, 2 * c->spare_count + more, sizeof *c->spare));
    c->spare_capacity = 2 * c->spare_count + more;
    return MUSTER_OK;
}

void mu_claims_add(mu_claims *c, uint64_t order, int64_t claim, int64_t dispatch_order) {
    const size_t at = place_of(c, order);
    memmove(c->claim + at + 1, c->claim + at, (c->count - at) * sizeof *c->claim);
    c->claim[at] = (mu_claim){order, claim, dispatch_order, MUSTER_ORDER_ISSUED};
    ++c->count;
}

void mu_claims_add_spare(mu_claims *c, int64_t claim) {
    c->spare[c->spare_count++] = claim;
}

muster_status mu_claims_add_late(mu_claims *c, uint64_t order) {
    MU_TRY(mu_grow(&c->late, &c->late_capacity, c->late_count, sizeof *c->late));
    c->late[c->late_count++] = order;
    return MUSTER_OK;
}

static bool is_one_of(int64_t claim, size_t count, const int64_t *list) {
    for (size_t i = 0; i < count; ++i) {
        if (list[i] == claim) return true;
    }
    return false;
}

void mu_claims_remove(mu_claims *c, size_t count, const int64_t *claim) {
    size_t kept = 0, spare_kept = 0;
    if (count == 0) return;
    for (size_t i = 0; i < c->count; ++i) {
        if (!is_one_of(c->claim[i].claim, count, claim)) c->claim[kept++] = c->claim[i];
    }
    for (size_t i = 0; i < c->spare_count; ++i) {
        if (!is_one_of(c->spare[i], count, claim)) c->spare[spare_kept++] = c->spare[i];
    }
    c->count       = kept;
    c->spare_count = spare_kept;
}

/* ---- what the database says ---------------------------------------------------------------- */

/* In a list that is ordered by claim. */
static bool is_held(int64_t claim, uint32_t count, const muster_held *held) {
    uint32_t low = 0, high = count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (held[middle].claim < claim) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && held[low].claim == claim;
}

uint64_t mu_claims_forget_gone(mu_claims *c, uint32_t held_count, const muster_held *held) {
    uint64_t first = 0;
    size_t   kept = 0, spare_kept = 0;
    for (size_t i = 0; i < c->count; ++i) {
        if (is_held(c->claim[i].claim, held_count, held)) {
            c->claim[kept++] = c->claim[i];
        } else if (first == 0) {
            first = c->claim[i].order;
        }
    }
    for (size_t i = 0; i < c->spare_count; ++i) {
        if (is_held(c->spare[i], held_count, held)) c->spare[spare_kept++] = c->spare[i];
    }
    c->count       = kept;
    c->spare_count = spare_kept;
    return first;
}

/* ---- the beginning ------------------------------------------------------------------------- */

static const mu_world_order *find_held(const mu_world *w, int64_t claim) {
    for (uint32_t o = 0; o < w->order_count; ++o) {
        if (w->order[o].claim_number == claim) return &w->order[o];
    }
    return NULL;
}

muster_status mu_claims_begin(mu_claims *c, const mu_world *w, const char *own, uint32_t held_count,
                              const muster_held *held) {
    mu_claims_fini(c);
    MU_TRY(mu_claims_reserve(c, held_count));
    for (uint32_t i = 0; i < held_count; ++i) {
        if (strcmp(held[i].dispatcher, own) != 0) continue;
        const mu_world_order *o = find_held(w, held[i].claim);
        if (o) {
            mu_claims_add(c, o->number, o->claim_number, o->dispatch_order);
        } else {
            mu_claims_add_spare(c, held[i].claim);
        }
    }
    return MUSTER_OK;
}

/* ---- what is to be done -------------------------------------------------------------------- */

static bool is_over(const mu_world_order *o) {
    return muster_order_is_over((muster_order_state)o->state);
}

/* Items that have left the books; what is over keeps its claim only then. */
static bool has_handed_over(const mu_world_order *o) {
    if (o->resource != MUSTER_ITEM) return false;
    return is_over(o) ? o->claim != MUSTER_CLAIM_STATE_NONE : o->state == MUSTER_ORDER_ON_SCENE;
}

/* What was handed over and is not promised any more has been used up. */
static bool wants_claim(const mu_world_order *o) {
    return has_handed_over(o) ? o->claim_number == 0 : !is_over(o);
}

static bool is_late(const mu_claims *c, uint64_t order) {
    for (size_t i = 0; i < c->late_count; ++i) {
        if (c->late[i] == order) return true;
    }
    return false;
}

uint32_t mu_claims_next_open(const mu_claims *c, const mu_world *w, uint32_t at) {
    for (; at < w->order_count; ++at) {
        const mu_world_order *o     = &w->order[at];
        const uint64_t        whole = o->trip != 0 ? o->trip : o->number;
        if (wants_claim(o) && !mu_claims_find(c, o->number) && !is_late(c, whole)) return at;
    }
    return MUSTER_NONE;
}

const mu_claim *mu_claims_next_unwritten(const mu_claims *c, const mu_world *w) {
    for (size_t i = 0; i < c->count; ++i) {
        const mu_world_order *o = mu_world_find_order(w, c->claim[i].order);
        if (!o || (is_over(o) && o->claim != MUSTER_CLAIM_STATE_PENDING)) continue;
        const bool is_known =
            o->claim == MUSTER_CLAIM_STATE_HELD && o->claim_number == c->claim[i].claim;
        if (!is_known) return &c->claim[i];
    }
    return NULL;
}

/* The state in which the database is to know an order, in its words: it has no loading. */
static uint8_t state_there(const mu_world_order *o) {
    return o->state == MUSTER_ORDER_LOADED ? MUSTER_ORDER_EN_ROUTE : o->state;
}

/* There each state follows the one before. */
static uint8_t state_after(uint8_t told) {
    if (told == MUSTER_ORDER_ISSUED) return MUSTER_ORDER_ACCEPTED;
    return told == MUSTER_ORDER_ACCEPTED ? MUSTER_ORDER_EN_ROUTE : MUSTER_ORDER_ON_SCENE;
}

static bool ends_declined(const mu_claim *claim, const mu_world_order *o) {
    return o && o->state == MUSTER_ORDER_DECLINED && claim->told <= MUSTER_ORDER_ACCEPTED;
}

mu_claim *mu_claims_next_state(mu_claims *c, const mu_world *w, const char **out_state) {
    for (size_t i = 0; i < c->count; ++i) {
        mu_claim             *claim = &c->claim[i];
        const mu_world_order *o     = mu_world_find_order(w, claim->order);
        if (!o || (is_over(o) && !ends_declined(claim, o))) continue;
        if (!is_over(o) && state_there(o) <= claim->told) continue;
        const uint8_t next = is_over(o) ? MUSTER_ORDER_DECLINED : state_after(claim->told);
        *out_state         = muster_order_state_name((muster_order_state)next);
        return claim;
    }
    return NULL;
}

void mu_claims_said(mu_claims *c, uint64_t order) {
    const size_t at = place_of(c, order);
    if (at < c->count && c->claim[at].order == order) {
        c->claim[at].told = state_after(c->claim[at].told);
    }
}

int64_t mu_claims_unsettled(const mu_world *w, uint32_t stock, uint32_t held_count,
                            const muster_held *held) {
    int64_t quantity = 0;
    for (uint32_t i = 0; i < w->order_count; ++i) {
        const mu_world_order *o = &w->order[i];
        if (o->resource != MUSTER_ITEM || o->unit != stock || !has_handed_over(o)) continue;
        const bool is_settled = o->claim_number != 0 && !is_held(o->claim_number, held_count, held);
        if (!is_settled) quantity += o->quantity;
    }
    return quantity;
}

size_t mu_claims_list_used(const mu_claims *c, const mu_world *w, int64_t *out) {
    size_t count = 0;
    for (size_t i = 0; i < c->count; ++i) {
        const mu_world_order *o = mu_world_find_order(w, c->claim[i].order);
        if (o && has_handed_over(o)) out[count++] = c->claim[i].claim;
    }
    return count;
}

size_t mu_claims_list_over(const mu_claims *c, const mu_world *w, int64_t *out) {
    size_t count = 0;
    for (size_t i = 0; i < c->count; ++i) {
        const mu_world_order *o = mu_world_find_order(w, c->claim[i].order);
        if (o && (!is_over(o) || ends_declined(&c->claim[i], o) || has_handed_over(o))) continue;
        out[count++] = c->claim[i].claim;
    }
    for (size_t i = 0; i < c->spare_count; ++i) out[count++] = c->spare[i];
    return count;
}
