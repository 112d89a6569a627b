/* A copy in one arena. What a problem says of the moment (where units are, how many there are) is not
 * the base's affair but the world's. */
#include "session/base.h"

#include <string.h>

#include "core/alloc.h"

/* ---- copying ------------------------------------------------------------------------------- */

static muster_status copy_names(mu_base *b, uint32_t count, const char *const *name) {
    const char **own;
    MU_TRY(mu_arena_take(&b->arena, &own, count, sizeof *own));
    for (uint32_t i = 0; i < count; ++i) MU_TRY(mu_arena_text(&b->arena, &own[i], name[i]));
    b->profile       = own;
    b->profile_count = count;
    return MUSTER_OK;
}

static muster_status copy_kinds(mu_base *b, const muster_problem *p) {
    muster_kind *kind;
    MU_TRY(mu_arena_copy(&b->arena, &kind, p->kind, p->kind_count, sizeof *kind));
    for (uint32_t k = 0; k < p->kind_count; ++k) {
        MU_TRY(mu_arena_text(&b->arena, &kind[k].code, p->kind[k].code));
        MU_TRY(mu_arena_text(&b->arena, &kind[k].name, p->kind[k].name));
        if (kind[k].operator_count == 0) kind[k].operator_kind = MUSTER_NONE;
    }
    b->kind       = kind;
    b->kind_count = p->kind_count;
    return MUSTER_OK;
}

static muster_status copy_authorities(mu_base *b, const muster_problem *p) {
    muster_authority *own;
    MU_TRY(mu_arena_copy(&b->arena, &own, p->authority, p->authority_count, sizeof *own));
    for (uint32_t a = 0; a < p->authority_count; ++a) {
        MU_TRY(mu_arena_text(&b->arena, &own[a].code, p->authority[a].code));
        MU_TRY(mu_arena_text(&b->arena, &own[a].name, p->authority[a].name));
    }
    b->authority       = own;
    b->authority_count = p->authority_count;
    return MUSTER_OK;
}

static muster_status copy_zones(mu_base *b, const muster_problem *p) {
    muster_zone *zone;
    MU_TRY(mu_arena_copy(&b->arena, &zone, p->zone, p->zone_count, sizeof *zone));
    for (uint32_t z = 0; z < p->zone_count; ++z) {
        MU_TRY(mu_arena_text(&b->arena, &zone[z].code, p->zone[z].code));
    }
    b->zone       = zone;
    b->zone_count = p->zone_count;
    return MUSTER_OK;
}

/* What a warehouse has are many rows of one code: neighbours share the text. */
static muster_status copy_code(mu_base *b, mu_base_unit *to, const mu_base_unit *before,
                               const char *code) {
    if (!before || strcmp(before->code, code) != 0) {
        return mu_arena_text(&b->arena, &to->code, code);
    }
    to->code = before->code;
    return MUSTER_OK;
}

static muster_status copy_unit(mu_base *b, mu_base_unit *to, const mu_base_unit *before,
                               const muster_unit *u, uint32_t kind) {
    *to = (mu_base_unit){.kind       = kind,
                         .profile    = u->metric,
                         .turnout_ms = u->turnout_ms,
                         .authority  = b->authority_count > 0 ? u->authority : MUSTER_NONE};
    MU_TRY(copy_code(b, to, before, u->code));
    return mu_arena_text(&b->arena, &to->name, u->name);
}

static muster_status take_units(mu_base *b, muster_resource resource, uint32_t count,
                                mu_base_unit **out) {
    MU_TRY(mu_arena_take(&b->arena, out, count, sizeof **out));
    b->unit[resource]       = *out;
    b->unit_count[resource] = count;
    return MUSTER_OK;
}

static muster_status copy_teams(mu_base *b, const muster_problem *p) {
    mu_base_unit *to;
    MU_TRY(take_units(b, MUSTER_PEOPLE, p->team_count, &to));
    for (uint32_t t = 0; t < p->team_count; ++t, ++to) {
        const muster_team *team = &p->team[t];
        MU_TRY(copy_unit(b, to, NULL, &team->unit, MUSTER_NONE));
        to->grade            = team->grade;
        to->capability_count = team->capability_count;
        MU_TRY(mu_arena_copy(&b->arena, &to->capability, team->capability, team->capability_count,
                             sizeof *team->capability));
    }
    return MUSTER_OK;
}

static muster_status copy_things(mu_base *b, const muster_problem *p) {
    mu_base_unit *to;
    MU_TRY(take_units(b, MUSTER_VEHICLE, p->vehicle_count, &to));
    for (uint32_t v = 0; v < p->vehicle_count; ++v, ++to) {
        MU_TRY(copy_unit(b, to, NULL, &p->vehicle[v].unit, p->vehicle[v].kind));
        to->payload_kg = p->vehicle[v].payload_kg;
        to->volume_m3  = p->vehicle[v].volume_m3;
    }
    MU_TRY(take_units(b, MUSTER_MACHINE, p->machine_count, &to));
    for (uint32_t m = 0; m < p->machine_count; ++m, ++to) {
        MU_TRY(copy_unit(b, to, NULL, &p->machine[m].unit, p->machine[m].kind));
    }
    MU_TRY(take_units(b, MUSTER_ITEM, p->stock_count, &to));
    for (uint32_t s = 0; s < p->stock_count; ++s, ++to) {
        MU_TRY(copy_unit(b, to, s > 0 ? to - 1 : NULL, &p->stock[s].unit, p->stock[s].kind));
    }
    return MUSTER_OK;
}

/* ---- codes --------------------------------------------------------------------------------- */

/* A warehouse has a row for each kind of item. */
static uint32_t kind_in_index(uint8_t resource, uint32_t kind) {
    return resource == MUSTER_ITEM ? kind : 0;
}

static muster_status fail_twin(const char *noun, const char *code) {
    return muster_fail(MUSTER_E_INVALID, "two %s have the code \"%.200s\"; expected one", noun,
                       code);
}

static muster_status index_units(mu_base *b, int r) {
    MU_TRY(mu_code_index_init(&b->units[r], &b->arena, b->unit_count[r]));
    for (uint32_t u = 0; u < b->unit_count[r]; ++u) {
        const mu_base_unit *unit = &b->unit[r][u];
        if (mu_code_index_add(&b->units[r], unit->code, kind_in_index((uint8_t)r, unit->kind), u)) {
            continue;
        }
        return fail_twin(r == MUSTER_ITEM ? "stocks of one kind" : "units of one resource",
                         unit->code);
    }
    return MUSTER_OK;
}

muster_status mu_base_index(mu_base *b) {
    MU_TRY(mu_code_index_init(&b->kinds, &b->arena, b->kind_count));
    for (uint32_t k = 0; k < b->kind_count; ++k) {
        if (!mu_code_index_add(&b->kinds, b->kind[k].code, 0, k)) {
            return fail_twin("kinds", b->kind[k].code);
        }
    }
    MU_TRY(mu_code_index_init(&b->authorities, &b->arena, b->authority_count));
    for (uint32_t a = 0; a < b->authority_count; ++a) {
        if (!mu_code_index_add(&b->authorities, b->authority[a].code, 0, a)) {
            return fail_twin("authorities", b->authority[a].code);
        }
    }
    for (int r = 0; r < MUSTER_RESOURCE_COUNT; ++r) MU_TRY(index_units(b, r));
    return MUSTER_OK;
}

/* ---- one base ------------------------------------------------------------------------------ */

static muster_status fill(mu_base *b, const char *scenario, const muster_problem *p,
                          const char *const *profile) {
    static const muster_weights USUAL = MUSTER_WEIGHTS_INIT;
    b->weights                        = p->weights ? *p->weights : USUAL;
    b->item_transport                 = p->item_transport;
    b->max_sources                    = p->max_sources;
    MU_TRY(mu_arena_text(&b->arena, &b->scenario, scenario));
    MU_TRY(copy_names(b, p->metric_count, profile));
    MU_TRY(copy_kinds(b, p));
    MU_TRY(copy_authorities(b, p));
    MU_TRY(copy_zones(b, p));
    MU_TRY(copy_teams(b, p));
    MU_TRY(copy_things(b, p));
    return mu_base_index(b);
}

muster_status mu_base_new(mu_base **out, const char *scenario, const muster_problem *problem,
                          const char *const *profile, uint64_t network_checksum) {
    mu_base *base;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&base, 1, sizeof *base));
    atomic_init(&base->holders, 1);
    base->network_checksum     = network_checksum;
    const muster_status status = fill(base, scenario, problem, profile);
    if (status == MUSTER_OK) {
        *out = base;
    } else {
        mu_base_release(base);
    }
    return status;
}

mu_base *mu_base_hold(mu_base *base) {
    atomic_fetch_add_explicit(&base->holders, 1, memory_order_relaxed);
    return base;
}

void mu_base_release(mu_base *base) {
    if (!base || atomic_fetch_sub_explicit(&base->holders, 1, memory_order_acq_rel) > 1) return;
    mu_arena_fini(&base->arena);
    mu_free(base);
}

uint32_t mu_base_find_unit(const mu_base *base, uint8_t resource, const char *code, uint32_t kind) {
    if (resource >= MUSTER_RESOURCE_COUNT) return MUSTER_NONE;
    return mu_code_index_find(&base->units[resource], code, kind_in_index(resource, kind));
}

uint32_t mu_base_find_kind(const mu_base *base, const char *code) {
    return mu_code_index_find(&base->kinds, code, 0);
}

uint32_t mu_base_find_authority(const mu_base *base, const char *code) {
    return mu_code_index_find(&base->authorities, code, 0);
}

/* ---- command ------------------------------------------------------------------------------- */

/* A parent is of a higher level, so the way up ends. */
bool mu_base_is_over(const mu_base *base, uint32_t above, uint32_t below) {
    if (above == MUSTER_NONE || below == MUSTER_NONE) return true;
    while (below != above && below != MUSTER_NONE) below = base->authority[below].parent;
    return below == above;
}

uint32_t mu_base_consent(const mu_base *base, uint32_t unit, uint32_t incident) {
    if (unit == MUSTER_NONE || incident == MUSTER_NONE) return MUSTER_NONE;
    uint32_t over = unit, highest = unit;
    for (; over != MUSTER_NONE && !mu_base_is_over(base, over, incident);
         over = base->authority[over].parent) {
        highest = over;
    }
    if (over == MUSTER_NONE) return highest;
    return over == incident ? MUSTER_NONE : over;
}
