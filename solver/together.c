/* Repairing only takes away, so it ends; what is free afterwards is for others to fill in. Of
 * the machines that nobody operates, those go that count least, the farthest first. */
#include "solver/together.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "solver/transport.h"
#include "solver/weights.h"

bool mu_together_matters(const muster_problem *p) {
    for (uint32_t i = 0; i < p->incident_count; ++i) {
        if (p->incident[i].all_or_nothing) return true;
    }
    for (uint32_t k = 0; k < p->kind_count; ++k) {
        if (p->kind[k].operator_count > 0) return true;
    }
    return false;
}

/* ---- operators ----------------------------------------------------------------------- */

static int64_t *spare_at(const mu_operators *o, uint32_t incident, uint32_t kind) {
    return &o->spare[(size_t)incident * o->problem->kind_count + kind];
}

void mu_operators_count(mu_operators *o, const mu_dispatch *d, int sign) {
    const muster_problem *p        = o->problem;
    const uint32_t        incident = p->need[d->need].incident;
    const muster_kind    *kind     = &p->kind[p->need[d->need].kind];
    if (d->resource == MUSTER_PEOPLE) {
        const muster_team *team = &p->team[d->index];
        for (uint32_t c = 0; c < team->capability_count; ++c) {
            uint32_t before = 0; /* a capability that is named twice is had once */
            while (team->capability[before] != team->capability[c]) ++before;
            if (before == c) *spare_at(o, incident, team->capability[c]) += sign * d->quantity;
        }
    } else if (kind->operator_count > 0) {
        *spare_at(o, incident, kind->operator_kind) -= sign * d->quantity * kind->operator_count;
    }
}

int64_t mu_operators_room(const mu_operators *o, uint32_t need) {
    const muster_need *n    = &o->problem->need[need];
    const muster_kind *kind = &o->problem->kind[n->kind];
    if (kind->operator_count == 0) return INT64_MAX;
    const int64_t spare = *spare_at(o, n->incident, kind->operator_kind);
    return spare > 0 ? spare / kind->operator_count : 0;
}

muster_status mu_operators_init(mu_operators *o, const mu_candidates *c) {
    const muster_problem *p     = c->travel->problem;
    const size_t          cells = (size_t)p->incident_count * p->kind_count;
    *o                          = (mu_operators){.problem = p};
    MU_TRY(mu_alloc_zeroed(&o->spare, cells, sizeof *o->spare));
    for (uint32_t i = 0; i < c->rules->lock_count; ++i) {
        mu_operators_count(o, &c->rules->lock[i], 1);
    }
    return MUSTER_OK;
}

void mu_operators_fini(mu_operators *o) {
    mu_free(o->spare);
    *o = (mu_operators){0};
}

/* ---- room ---------------------------------------------------------------------------- */

static bool has_capability(const muster_team *team, uint32_t kind) {
    uint32_t c = 0;
    while (c < team->capability_count && team->capability[c] != kind) ++c;
    return c < team->capability_count;
}

/* The most people with capability `kind` that can be sent to a need of people: all who could
 * go; but those before the last to arrive are fewer than what is asked for. */
static int64_t most_people(const mu_candidates *c, uint32_t need, uint32_t kind) {
    const muster_problem *p       = c->travel->problem;
    int64_t               largest = 0, sum = 0;
    for (size_t i = c->first[need]; i < c->first[need + 1]; ++i) {
        const muster_team *team = &p->team[c->candidate[i].index];
        if (!has_capability(team, kind)) continue;
        sum += team->people;
        if (team->people > largest) largest = team->people;
    }
    if (sum == 0) return 0;
    const int64_t most = c->demand[need] - 1 + largest;
    return sum < most ? sum : most;
}

muster_status mu_together_room(int64_t *out_room, const mu_candidates *c) {
    const muster_problem *p = c->travel->problem;
    mu_operators          o;
    for (uint32_t n = 0; n < p->need_count; ++n) out_room[n] = INT64_MAX;
    if (!mu_together_matters(p)) return MUSTER_OK;
    MU_TRY(mu_operators_init(&o, c));
    for (uint32_t n = 0; n < p->need_count; ++n) {
        const muster_kind *kind = &p->kind[p->need[n].kind];
        if (kind->operator_count == 0) continue;
        int64_t *spare = spare_at(&o, p->need[n].incident, kind->operator_kind);
        int64_t  most  = *spare;
        for (uint32_t k = 0; k < p->need_count; ++k) {
            if (p->need[k].incident != p->need[n].incident) continue;
            if (mu_need_resource(p, k) == MUSTER_PEOPLE) {
                most += most_people(c, k, kind->operator_kind);
            }
        }
        out_room[n] = most > 0 ? most / kind->operator_count : 0;
    }
    mu_operators_fini(&o);
    return MUSTER_OK;
}

/* ---- machines for the people who are there --------------------------------------------- */

static void take_away_kind(mu_draft *draft, mu_operators *o, uint32_t kind) {
    size_t kept = 0;
    for (size_t i = 0; i < draft->count; ++i) {
        const mu_dispatch *d = &draft->dispatch[i];
        if (o->problem->need[d->need].kind == kind) {
            mu_operators_count(o, d, -1);
        } else {
            draft->dispatch[kept++] = *d;
        }
    }
    draft->count = kept;
}

/* Kinds with the same operators share them: who comes first in the problem takes first. Of an
 * incident's needs for one kind, so does the first. */
static muster_status send_kind(mu_draft *draft, const mu_candidates *c, mu_operators *o,
                               uint32_t kind, int64_t *room, const mu_watch *watch) {
    const muster_problem *p        = c->travel->problem;
    mu_bound              no_bound = {0};
    take_away_kind(draft, o, kind);
    for (uint32_t n = 0; n < p->need_count; ++n) {
        const muster_kind *k = &p->kind[kind];
        room[n]              = 0;
        if (p->need[n].kind != kind) continue;
        int64_t *spare = spare_at(o, p->need[n].incident, k->operator_kind);
        room[n]        = mu_operators_room(o, n);
        if (room[n] > c->demand[n]) room[n] = c->demand[n];
        *spare -= room[n] * k->operator_count;
    }
    for (uint32_t n = 0; n < p->need_count; ++n) {
        const muster_kind *k = &p->kind[kind];
        if (p->need[n].kind != kind) continue;
        *spare_at(o, p->need[n].incident, k->operator_kind) += room[n] * k->operator_count;
    }
    const size_t before = draft->count;
    MU_TRY(mu_transport_kind(draft, &no_bound, c, kind, room, watch));
    for (size_t i = before; i < draft->count; ++i) mu_operators_count(o, &draft->dispatch[i], 1);
    return MUSTER_OK;
}

static muster_status send_all(mu_draft *draft, const mu_candidates *c, mu_operators *o,
                              int64_t *room, const mu_watch *watch) {
    const muster_problem *p = c->travel->problem;
    MU_TRY(mu_operators_init(o, c));
    for (size_t i = 0; i < draft->count; ++i) mu_operators_count(o, &draft->dispatch[i], 1);
    for (uint32_t k = 0; k < p->kind_count; ++k) {
        if (p->kind[k].operator_count > 0) MU_TRY(send_kind(draft, c, o, k, room, watch));
    }
    return MUSTER_OK;
}

muster_status mu_together_send_machines(mu_draft *draft, const mu_candidates *c,
                                        const mu_watch *watch) {
    mu_operators o = {0};
    int64_t     *room;
    if (!mu_together_matters(c->travel->problem)) return MUSTER_OK;
    MU_TRY(mu_alloc(&room, c->travel->problem->need_count, sizeof *room));
    const muster_status status = send_all(draft, c, &o, room, watch);
    mu_operators_fini(&o);
    mu_free(room);
    return status;
}

/* ---- repair -------------------------------------------------------------------------- */

typedef struct repair {
    mu_draft            *draft;
    const mu_candidates *candidates;
    mu_operators         operators;
    int64_t             *sent;        /* by need, beside what is locked */
    bool                *is_complete; /* by incident */
    bool                 is_changed;
} repair;

/* Send home `quantity` of a dispatch. */
static void reduce(repair *r, mu_dispatch *d, int64_t quantity) {
    mu_dispatch part = *d;
    part.quantity    = quantity;
    mu_operators_count(&r->operators, &part, -1);
    r->sent[d->need] -= quantity;
    d->quantity -= quantity;
    r->is_changed |= quantity > 0;
}

static bool is_worth_less(const muster_problem *p, const mu_dispatch *d, const mu_dispatch *e) {
    const int64_t x = mu_price(p, d->need), y = mu_price(p, e->need);
    if (x != y) return x < y;
    if (d->eta_ms != e->eta_ms) return d->eta_ms > e->eta_ms;
    return d->need != e->need ? d->need > e->need : d->index > e->index;
}

/* The dispatch of a machine too many that is worth least; NULL: there is none. */
static mu_dispatch *find_idle_machine(const repair *r) {
    const muster_problem *p     = r->candidates->travel->problem;
    mu_dispatch          *worst = NULL;
    for (size_t i = 0; i < r->draft->count; ++i) {
        mu_dispatch       *d    = &r->draft->dispatch[i];
        const muster_need *need = &p->need[d->need];
        const muster_kind *kind = &p->kind[need->kind];
        if (d->quantity == 0 || kind->operator_count == 0) continue;
        if (*spare_at(&r->operators, need->incident, kind->operator_kind) >= 0) continue;
        if (!worst || is_worth_less(p, d, worst)) worst = d;
    }
    return worst;
}

static void send_machines_home(repair *r) {
    const muster_problem *p = r->candidates->travel->problem;
    mu_dispatch          *d;
    while ((d = find_idle_machine(r))) {
        const muster_need *need    = &p->need[d->need];
        const muster_kind *kind    = &p->kind[need->kind];
        const int64_t      lacking = -*spare_at(&r->operators, need->incident, kind->operator_kind);
        const int64_t      idle    = (lacking + kind->operator_count - 1) / kind->operator_count;
        reduce(r, d, idle < d->quantity ? idle : d->quantity);
    }
}

static void judge_completeness(repair *r) {
    const muster_problem *p = r->candidates->travel->problem;
    for (uint32_t i = 0; i < p->incident_count; ++i) r->is_complete[i] = true;
    for (uint32_t n = 0; n < p->need_count; ++n) {
        if (r->sent[n] < r->candidates->minimum[n]) r->is_complete[p->need[n].incident] = false;
    }
}

static void send_useless_home(repair *r) {
    const muster_problem *p = r->candidates->travel->problem;
    judge_completeness(r);
    for (size_t i = 0; i < r->draft->count; ++i) {
        mu_dispatch   *d        = &r->draft->dispatch[i];
        const uint32_t incident = p->need[d->need].incident;
        if (d->is_locked) continue;
        const bool is_part = p->incident[incident].all_or_nothing && !r->is_complete[incident];
        if (is_part || r->sent[d->need] < r->candidates->minimum[d->need])
            reduce(r, d, d->quantity);
    }
}

static void sweep_up(mu_draft *draft) {
    size_t kept = 0;
    for (size_t i = 0; i < draft->count; ++i) {
        if (draft->dispatch[i].quantity > 0) draft->dispatch[kept++] = draft->dispatch[i];
    }
    draft->count = kept;
}

static muster_status run(repair *r, bool *out_is_changed) {
    const muster_problem *p = r->candidates->travel->problem;
    MU_TRY(mu_operators_init(&r->operators, r->candidates));
    MU_TRY(mu_alloc_zeroed(&r->sent, p->need_count, sizeof *r->sent));
    MU_TRY(mu_alloc(&r->is_complete, p->incident_count, sizeof *r->is_complete));
    for (size_t i = 0; i < r->draft->count; ++i) {
        const mu_dispatch *d = &r->draft->dispatch[i];
        mu_operators_count(&r->operators, d, 1);
        if (!d->is_locked) r->sent[d->need] += d->quantity;
    }
    do {
        r->is_changed = false;
        send_machines_home(r);
        send_useless_home(r);
        *out_is_changed |= r->is_changed;
    } while (r->is_changed);
    sweep_up(r->draft);
    return MUSTER_OK;
}

muster_status mu_together_repair(mu_draft *draft, const mu_candidates *candidates,
                                 bool *out_is_changed) {
    repair r        = {.draft = draft, .candidates = candidates};
    *out_is_changed = false;
    if (!mu_together_matters(candidates->travel->problem)) return MUSTER_OK;
    const muster_status status = run(&r, out_is_changed);
    mu_operators_fini(&r.operators);
    mu_free(r.sent);
    mu_free(r.is_complete);
    return status;
}
