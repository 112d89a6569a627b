/* Lines name incidents by their codes: one that a session was told of may be in its journal alone. */
#include "session/claim_ask.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/alloc.h"

enum { MESSAGE_BYTES = 400, MOMENT_BYTES = 32 };

static uint32_t ms_after(int64_t from_ms, int64_t at_ms) {
    if (at_ms <= from_ms) return 0;
    return at_ms - from_ms < MUSTER_NONE ? (uint32_t)(at_ms - from_ms) : MUSTER_NONE - 1;
}

static muster_claim_line line_of(const mu_base *base, int64_t made_at_ms,
                                 const mu_world_order *order, const mu_world_order *all,
                                 const char *incident) {
    const mu_base_unit *unit = &base->unit[order->resource][order->unit];
    muster_claim_line   line = {.resource   = order->resource,
                                .code       = unit->code,
                                .incident   = incident,
                                .quantity   = order->quantity,
                                .depart_ms  = ms_after(made_at_ms, order->depart_at_ms),
                                .eta_ms     = ms_after(made_at_ms, order->eta_at_ms),
                                .distance_m = order->distance_m};
    if (line.eta_ms < line.depart_ms) line.eta_ms = line.depart_ms;
    if (order->need != MUSTER_NONE) line.need = base->kind[order->need].code;
    if (order->resource == MUSTER_ITEM) line.kind = base->kind[unit->kind].code;
    if (order->trip != 0) {
        line.vehicle = base->unit[MUSTER_VEHICLE][all[order->trip - 1].unit].code;
    }
    return line;
}

static muster_status fill(mu_claim_ask *ask, const mu_base *base, const mu_world_order *order,
                          const char *const *incident, const uint64_t *cancelled) {
    mu_arena *arena = &ask->arena;
    MU_TRY(mu_arena_take(arena, &ask->line, ask->line_count, sizeof *ask->line));
    MU_TRY(mu_arena_take(arena, &ask->order, ask->line_count, sizeof *ask->order));
    MU_TRY(mu_arena_take(arena, &ask->claimed, ask->line_count, sizeof *ask->claimed));
    MU_TRY(mu_arena_take(arena, &ask->refusal, ask->line_count, sizeof *ask->refusal));
    MU_TRY(mu_arena_copy(arena, &ask->wanted, order, ask->line_count, sizeof *order));
    MU_TRY(
        mu_arena_copy(arena, &ask->cancelled, cancelled, ask->cancelled_count, sizeof *cancelled));
    for (uint32_t i = 0; i < ask->line_count; ++i) {
        const char *code;
        MU_TRY(mu_arena_text(arena, &code, incident[i]));
        ask->line[i] = line_of(base, ask->made_at_ms, &order[i], order, code);
    }
    return MUSTER_OK;
}

muster_status mu_claim_ask_new(mu_claim_ask **out, const mu_base *base, int64_t made_at_ms,
                               uint32_t count, const mu_world_order *order,
                               const char *const *incident, uint32_t cancelled_count,
                               const uint64_t *cancelled) {
    mu_claim_ask *ask;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&ask, 1, sizeof *ask));
    ask->made_at_ms            = made_at_ms;
    ask->line_count            = count;
    ask->cancelled_count       = cancelled_count;
    ask->scenario              = base->scenario;
    const muster_status status = fill(ask, base, order, incident, cancelled);
    if (status != MUSTER_OK) {
        mu_claim_ask_free(ask);
        return status;
    }
    *out = ask;
    return MUSTER_OK;
}

void mu_claim_ask_free(mu_claim_ask *ask) {
    if (!ask) return;
    mu_arena_fini(&ask->arena);
    mu_free(ask);
}

/* ---- asking -------------------------------------------------------------------------------- */

static bool is_of_unit(const mu_world_order *a, const mu_world_order *b) {
    return a->resource == b->resource && a->unit == b->unit;
}

static bool is_claimed_anew(const mu_claim_ask *ask, const mu_world_order *order) {
    for (uint32_t i = 0; i < ask->line_count; ++i) {
        if (is_of_unit(&ask->wanted[i], order)) return true;
    }
    return false;
}

/* Orders that stand until the commit is written, and give their promises back with the request. */
typedef struct giving {
    uint32_t               count;
    const mu_world_order **order;
} giving;

static void give_back(mu_claim_ask *ask, giving *g, const mu_claims *claims,
                      const mu_world_order *order) {
    const mu_claim *claim = mu_claims_find(claims, order->number);
    if (!claim || !is_claimed_anew(ask, order)) return;
    for (size_t i = 0; i < ask->release_count; ++i) {
        if (ask->release[i] == claim->claim) return;
    }
    ask->release[ask->release_count++] = claim->claim;
    g->order[g->count++]               = order;
}

static bool is_taken_back(const mu_claim_ask *ask, const mu_world_order *order) {
    for (uint32_t i = 0; i < ask->cancelled_count; ++i) {
        if (order->number == ask->cancelled[i] || order->trip == ask->cancelled[i]) return true;
    }
    return false;
}

/* So much of the unit of an order is given back and not claimed anew. A team and a vehicle go whole. */
static int64_t surplus(const mu_claim_ask *ask, const giving *g, const mu_world_order *order) {
    int64_t quantity = 0;
    if (order->resource == MUSTER_PEOPLE || order->resource == MUSTER_VEHICLE) return 0;
    for (uint32_t i = 0; i < g->count; ++i) {
        if (is_of_unit(g->order[i], order)) quantity += g->order[i]->quantity;
    }
    for (uint32_t i = 0; i < ask->line_count; ++i) {
        if (is_of_unit(&ask->wanted[i], order)) quantity -= ask->wanted[i].quantity;
    }
    return quantity;
}

static bool is_first_of_unit(const giving *g, uint32_t at) {
    for (uint32_t i = 0; i < at; ++i) {
        if (is_of_unit(g->order[i], g->order[at])) return false;
    }
    return true;
}

/* Behind the lines, what of the same units is kept for now. */
static muster_status add_kept(mu_claim_ask *ask, const giving *g, const mu_base *base) {
    MU_TRY(mu_arena_take(&ask->arena, &ask->asked, (size_t)ask->line_count + g->count,
                         sizeof *ask->asked));
    memcpy(ask->asked, ask->line, ask->line_count * sizeof *ask->line);
    ask->asked_count = ask->line_count;
    for (uint32_t i = 0; i < g->count; ++i) {
        const mu_world_order *order = g->order[i];
        const int64_t         kept  = is_first_of_unit(g, i) ? surplus(ask, g, order) : 0;
        if (kept <= 0) continue;
        const mu_base_unit *unit = &base->unit[order->resource][order->unit];
        muster_claim_line  *line = &ask->asked[ask->asked_count++];
        *line                    = (muster_claim_line){.resource   = order->resource,
                                                       .code       = unit->code,
                                                       .quantity   = kept,
                                                       .depart_ms  = MUSTER_NONE,
                                                       .eta_ms     = MUSTER_NONE,
                                                       .distance_m = -1};
        if (order->resource == MUSTER_ITEM) line->kind = base->kind[unit->kind].code;
    }
    return mu_arena_take(&ask->arena, &ask->claimed, ask->asked_count, sizeof *ask->claimed);
}

muster_status mu_claim_ask_release(mu_claim_ask *ask, const mu_claims *claims, const mu_world *w) {
    giving g = {0};
    MU_TRY(mu_arena_take(&ask->arena, &ask->release, claims->count + claims->spare_count,
                         sizeof *ask->release));
    MU_TRY(mu_arena_take(&ask->arena, &g.order, w->order_count, sizeof(mu_world_order *)));
    ask->release_count = mu_claims_list_over(claims, w, ask->release);
    for (uint32_t o = 0; ask->cancelled_count > 0 && o < w->order_count; ++o) {
        if (is_taken_back(ask, &w->order[o])) give_back(ask, &g, claims, &w->order[o]);
    }
    return add_kept(ask, &g, w->base);
}

muster_claim_plan mu_claim_ask_plan(const mu_claim_ask *ask) {
    muster_claim_plan plan = MUSTER_CLAIM_PLAN_INIT;
    plan.scenario          = ask->scenario;
    plan.by_code           = 1;
    plan.made_at_ms        = ask->made_at_ms;
    plan.line_count        = ask->asked_count;
    plan.line              = ask->asked;
    plan.release_count     = (uint32_t)ask->release_count;
    plan.release           = ask->release;
    return plan;
}

/* ---- the answer ---------------------------------------------------------------------------- */

static void write_moment(char out[MOMENT_BYTES], int64_t ms) {
    const time_t second = (time_t)(ms / 1000);
    struct tm    utc;
    out[0] = 0;
    if (gmtime_r(&second, &utc)) strftime(out, MOMENT_BYTES, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

static void describe(char out[MESSAGE_BYTES], const muster_claim_line *l,
                     const muster_claim_conflict *k) {
    char        since[MOMENT_BYTES];
    const char *resource = muster_resource_name(l->resource);
    write_moment(since, k->since_ms);
    if (k->reason == MUSTER_CLAIM_UNKNOWN) {
        snprintf(out, MESSAGE_BYTES, "the database has no %s \"%.100s\"", resource, l->code);
    } else if (k->reason == MUSTER_CLAIM_UNAVAILABLE) {
        snprintf(out, MESSAGE_BYTES, "the database says that %s \"%.100s\" is not available",
                 resource, l->code);
    } else if (!k->holder) {
        snprintf(out, MESSAGE_BYTES,
                 "%s \"%.100s\": %" PRId64 " were to be claimed, but the database has %" PRId64,
                 resource, l->code, l->quantity, k->remaining);
    } else if (k->reason == MUSTER_CLAIM_SHORT) {
        snprintf(out, MESSAGE_BYTES,
                 "%s \"%.100s\": %" PRId64 " were to be claimed, %" PRId64
                 " are left; dispatcher \"%.100s\" has the latest part since %s",
                 resource, l->code, l->quantity, k->remaining, k->holder, since);
    } else {
        snprintf(out, MESSAGE_BYTES, "dispatcher \"%.100s\" has %s \"%.100s\" since %s", k->holder,
                 resource, l->code, since);
    }
}

muster_status mu_claim_ask_take(mu_claim_ask *ask, const muster_claim_answer *answer) {
    ask->refusal_count = 0;
    for (uint32_t i = 0; i < answer->conflict_count; ++i) {
        char                         text[MESSAGE_BYTES];
        const muster_claim_conflict *k = &answer->conflict[i];
        if (k->line >= ask->line_count) continue; /* nobody has asked for what is only kept */
        mu_claim_refusal *r = &ask->refusal[ask->refusal_count++];
        *r = (mu_claim_refusal){.line = k->line, .reason = k->reason, .remaining = k->remaining};
        describe(text, &ask->line[k->line], k);
        MU_TRY(mu_arena_text(&ask->arena, &r->message, text));
    }
    for (uint32_t i = 0; i < answer->claimed_count; ++i) ask->claimed[i] = answer->claimed[i];
    ask->outcome = answer->outcome;
    ask->stage   = MU_ASK_ANSWERED;
    return MUSTER_OK;
}

void mu_claim_ask_keep(const mu_claim_ask *ask, mu_claims *claims) {
    if (ask->outcome != MUSTER_CLAIM_DONE) return;
    mu_claims_remove(claims, ask->release_count, ask->release);
    for (uint32_t i = 0; i < ask->asked_count; ++i) {
        if (i < ask->line_count && ask->order[i] != 0) {
            mu_claims_add(claims, ask->order[i], ask->claimed[i].claim, ask->claimed[i].order);
        } else {
            mu_claims_add_spare(claims, ask->claimed[i].claim);
        }
    }
}

uint32_t mu_claim_ask_match(const mu_claim_ask *ask, const mu_world_order *order,
                            const bool *taken) {
    for (uint32_t i = 0; i < ask->line_count; ++i) {
        const mu_world_order *w = &ask->wanted[i];
        if (!taken[i] && w->resource == order->resource && w->unit == order->unit &&
            w->quantity == order->quantity) {
            return i;
        }
    }
    return MUSTER_NONE;
}
