/* Resources are listed by kind once, so that a need looks only at those of its kind. */
#include "solver/candidates.h"

#include <stdlib.h>

#include "core/alloc.h"

int64_t mu_supply(const muster_problem *p, muster_resource resource, uint32_t index) {
    switch (resource) {
    case MUSTER_PEOPLE:
        return p->team[index].people;
    case MUSTER_VEHICLE:
        return 1;
    case MUSTER_MACHINE:
        return p->machine[index].count;
    default:
        return p->stock[index].quantity;
    }
}

/* ---- resources by kind --------------------------------------------------------------- */

typedef struct by_kind {
    size_t   *first; /* [kind_count + 1] */
    uint32_t *index;
} by_kind;

/* Call `visit` for each kind of each resource that has some. A team that names a
 * capability twice has it once. */
static void visit_kinds(const muster_problem *p, void (*visit)(void *, uint32_t, uint32_t),
                        void                 *user) {
    for (uint32_t t = 0; t < p->team_count; ++t) {
        const muster_team *team = &p->team[t];
        for (uint32_t c = 0; c < team->capability_count; ++c) {
            uint32_t before = 0;
            while (team->capability[before] != team->capability[c]) ++before;
            if (before == c) visit(user, team->capability[c], t);
        }
    }
    for (uint32_t v = 0; v < p->vehicle_count; ++v) visit(user, p->vehicle[v].kind, v);
    for (uint32_t m = 0; m < p->machine_count; ++m) {
        if (p->machine[m].count > 0) visit(user, p->machine[m].kind, m);
    }
    for (uint32_t s = 0; s < p->stock_count; ++s) {
        if (p->stock[s].quantity > 0) visit(user, p->stock[s].kind, s);
    }
}

static void count_one(void *user, uint32_t kind, uint32_t index) {
    (void)index;
    ++((by_kind *)user)->first[kind + 1];
}

/* Fills from the front: first[kind] runs ahead and is set back afterwards. */
static void place_one(void *user, uint32_t kind, uint32_t index) {
    by_kind *k                 = user;
    k->index[k->first[kind]++] = index;
}

static muster_status group_by_kind(by_kind *k, const muster_problem *p) {
    MU_TRY(mu_alloc_zeroed(&k->first, (size_t)p->kind_count + 1, sizeof *k->first));
    visit_kinds(p, count_one, k);
    for (uint32_t i = 0; i < p->kind_count; ++i) k->first[i + 1] += k->first[i];
    MU_TRY(mu_alloc(&k->index, k->first[p->kind_count], sizeof *k->index));
    visit_kinds(p, place_one, k);
    for (uint32_t i = p->kind_count; i > 0; --i) k->first[i] = k->first[i - 1];
    k->first[0] = 0;
    return MUSTER_OK;
}

/* ---- candidates ---------------------------------------------------------------------- */

static int nearest_first(const void *a, const void *b) {
    const mu_candidate *c = a, *d = b;
    if (c->eta_ms != d->eta_ms) return c->eta_ms < d->eta_ms ? -1 : 1;
    return c->index < d->index ? -1 : c->index > d->index;
}

static size_t list_candidates(const mu_travel *t, const by_kind *k, uint32_t need,
                              mu_candidate *out) {
    const muster_need    *n        = &t->problem->need[need];
    const muster_resource resource = mu_need_resource(t->problem, need);
    size_t                count    = 0;
    if (mu_is_shipped(t->problem, need)) return 0;
    for (size_t i = k->first[n->kind]; i < k->first[n->kind + 1]; ++i) {
        const uint32_t eta_ms = mu_travel_eta_ms(t, resource, k->index[i], n->incident);
        if (eta_ms < MUSTER_UNREACHABLE_MS) out[count++] = (mu_candidate){k->index[i], eta_ms};
    }
    qsort(out, count, sizeof *out, nearest_first);
    return count;
}

static muster_status list_all(mu_candidates *c, const by_kind *k) {
    const muster_problem *p    = c->travel->problem;
    size_t                most = 0;
    for (uint32_t n = 0; n < p->need_count; ++n) {
        most += k->first[p->need[n].kind + 1] - k->first[p->need[n].kind];
    }
    MU_TRY(mu_alloc(&c->first, (size_t)p->need_count + 1, sizeof *c->first));
    MU_TRY(mu_alloc(&c->candidate, most, sizeof *c->candidate));
    MU_TRY(mu_alloc(&c->kind_exists, p->kind_count, sizeof *c->kind_exists));
    for (uint32_t i = 0; i < p->kind_count; ++i) c->kind_exists[i] = k->first[i + 1] > k->first[i];
    c->first[0] = 0;
    for (uint32_t n = 0; n < p->need_count; ++n) {
        c->first[n + 1] =
            c->first[n] + list_candidates(c->travel, k, n, c->candidate + c->first[n]);
    }
    return MUSTER_OK;
}

muster_status mu_candidates_init(mu_candidates *c, const mu_travel *travel) {
    by_kind k            = {0};
    *c                   = (mu_candidates){.travel = travel};
    muster_status status = group_by_kind(&k, travel->problem);
    if (status == MUSTER_OK) status = list_all(c, &k);
    mu_free(k.first);
    mu_free(k.index);
    if (status != MUSTER_OK) mu_candidates_fini(c);
    return status;
}

void mu_candidates_fini(mu_candidates *c) {
    mu_free(c->first);
    mu_free(c->candidate);
    mu_free(c->kind_exists);
    *c = (mu_candidates){0};
}
