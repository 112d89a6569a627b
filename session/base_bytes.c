#include "session/base_bytes.h"

#include "core/alloc.h"

/* ---- what has a code ----------------------------------------------------------------------- */

/* At least this many bytes has anything with a code: its length and those of some numbers. */
enum { LEAST_BYTES = 8 };

static void code_code(mu_codec *c, mu_arena *arena, const char **code) {
    mu_code_arena_text(c, arena, code);
    if (!*code || **code == 0) mu_codec_fail(c, "something has no code");
}

static void check_row(mu_codec *c, uint32_t row, uint32_t count, bool is_optional) {
    if (row < count || (is_optional && row == MUSTER_NONE)) return;
    mu_codec_fail(c, "a row is named that is not there");
}

static void code_profiles(mu_codec *c, mu_base *b) {
    const char **own = (const char **)b->profile;
    mu_code_count(c, &b->profile_count, 4);
    mu_codec_take(c, &b->arena, &own, b->profile_count, sizeof *own);
    for (uint32_t i = 0; own && i < b->profile_count; ++i) code_code(c, &b->arena, &own[i]);
    if (c->reads) b->profile = own;
}

static void code_kinds(mu_codec *c, mu_base *b) {
    muster_kind *own = (muster_kind *)b->kind;
    mu_code_count(c, &b->kind_count, LEAST_BYTES);
    mu_codec_take(c, &b->arena, &own, b->kind_count, sizeof *own);
    for (uint32_t i = 0; own && i < b->kind_count; ++i) {
        muster_kind *k = &own[i];
        code_code(c, &b->arena, &k->code);
        mu_code_arena_text(c, &b->arena, &k->name);
        mu_code_u8(c, &k->resource);
        mu_code_real(c, &k->mass_kg);
        mu_code_real(c, &k->volume_m3);
        mu_code_u32(c, &k->operator_count);
        mu_code_u32(c, &k->operator_kind);
        check_row(c, k->resource, MUSTER_RESOURCE_COUNT, false);
        check_row(c, k->operator_kind, b->kind_count, k->operator_count == 0);
    }
    if (c->reads) b->kind = own;
}

/* A parent is of a higher level, so that the way up ends. */
static void check_parents(mu_codec *c, const mu_base *b) {
    for (uint32_t i = 0; b->authority && i < b->authority_count; ++i) {
        const muster_authority *a = &b->authority[i];
        check_row(c, a->parent, b->authority_count, true);
        if (a->level >= MUSTER_LEVEL_COUNT ||
            (a->parent < b->authority_count && b->authority[a->parent].level <= a->level)) {
            mu_codec_fail(c, "an authority is not below its parent");
        }
    }
}

static void code_authorities(mu_codec *c, mu_base *b) {
    muster_authority *own = (muster_authority *)b->authority;
    mu_code_count(c, &b->authority_count, LEAST_BYTES);
    mu_codec_take(c, &b->arena, &own, b->authority_count, sizeof *own);
    for (uint32_t i = 0; own && i < b->authority_count; ++i) {
        code_code(c, &b->arena, &own[i].code);
        mu_code_arena_text(c, &b->arena, &own[i].name);
        mu_code_u8(c, &own[i].level);
        mu_code_u32(c, &own[i].parent);
    }
    if (c->reads) b->authority = own;
    check_parents(c, b);
}

static void code_zones(mu_codec *c, mu_base *b) {
    muster_zone *own = (muster_zone *)b->zone;
    mu_code_count(c, &b->zone_count, LEAST_BYTES);
    mu_codec_take(c, &b->arena, &own, b->zone_count, sizeof *own);
    for (uint32_t i = 0; own && i < b->zone_count; ++i) {
        muster_zone *z = &own[i];
        code_code(c, &b->arena, &z->code);
        mu_code_real(c, &z->site.lon_deg);
        mu_code_real(c, &z->site.lat_deg);
        mu_code_u32(c, &z->kind);
        mu_code_u32(c, &z->radius_ms);
        mu_code_i64(c, &z->required);
        mu_code_i64(c, &z->weight);
        check_row(c, z->kind, b->kind_count, false);
    }
    if (c->reads) b->zone = own;
}

static void code_weights(mu_codec *c, muster_weights *w) {
    for (int s = 0; s < MUSTER_SEVERITY_COUNT; ++s) mu_code_i64(c, &w->severity[s]);
    mu_code_u32(c, &w->lateness_step_ms);
    mu_code_u32(c, &w->lateness_step_s);
    for (int l = 0; l < MUSTER_LEVEL_COUNT; ++l) mu_code_u32(c, &w->escalation_delay_ms[l]);
    mu_code_i64(c, &w->diversion_unmet_need);
    mu_code_i64(c, &w->diversion_response_time);
    mu_code_u8(c, &w->reserve_before_response);
}

/* ---- units --------------------------------------------------------------------------------- */

static void check_kinds_of_unit(mu_codec *c, const mu_base *b, uint8_t r, const mu_base_unit *u) {
    if (r == MUSTER_PEOPLE && u->kind != MUSTER_NONE) mu_codec_fail(c, "a team is of a kind");
    if (r != MUSTER_PEOPLE && (u->kind >= b->kind_count || b->kind[u->kind].resource != r)) {
        mu_codec_fail(c, "a unit is of no kind, or of one of another resource");
    }
    for (uint32_t i = 0; u->capability && i < u->capability_count; ++i) {
        const uint32_t kind = u->capability[i];
        if (kind >= b->kind_count || b->kind[kind].resource != MUSTER_PEOPLE) {
            mu_codec_fail(c, "a capability is no kind of people");
        }
    }
}

static void code_unit(mu_codec *c, mu_base *b, uint8_t r, mu_base_unit *u) {
    code_code(c, &b->arena, &u->code);
    mu_code_arena_text(c, &b->arena, &u->name);
    mu_code_u32(c, &u->kind);
    mu_code_u32(c, &u->profile);
    mu_code_u32(c, &u->turnout_ms);
    mu_code_u32(c, &u->authority);
    mu_code_real(c, &u->payload_kg);
    mu_code_real(c, &u->volume_m3);
    mu_code_u32(c, &u->grade);
    mu_code_count(c, &u->capability_count, 4);
    mu_code_u32s(c, &b->arena, u->capability_count, &u->capability);
    check_row(c, u->profile, b->profile_count, false);
    check_row(c, u->authority, b->authority_count, true);
    check_kinds_of_unit(c, b, r, u);
}

static void code_units(mu_codec *c, mu_base *b, uint8_t r) {
    mu_base_unit *own = (mu_base_unit *)b->unit[r];
    mu_code_count(c, &b->unit_count[r], LEAST_BYTES);
    mu_codec_take(c, &b->arena, &own, b->unit_count[r], sizeof *own);
    for (uint32_t i = 0; own && c->status == MUSTER_OK && i < b->unit_count[r]; ++i) {
        code_unit(c, b, r, &own[i]);
    }
    if (c->reads) b->unit[r] = own;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static void code_all(mu_codec *c, mu_base *b) {
    mu_code_arena_text(c, &b->arena, &b->scenario);
    if (!b->scenario) mu_codec_fail(c, "the scenario has no code");
    mu_code_u64(c, &b->network_checksum);
    code_profiles(c, b);
    code_kinds(c, b);
    code_authorities(c, b);
    code_zones(c, b);
    code_weights(c, &b->weights);
    mu_code_u8(c, &b->item_transport);
    mu_code_u32(c, &b->max_sources);
    for (int r = 0; r < MUSTER_RESOURCE_COUNT; ++r) code_units(c, b, (uint8_t)r);
    if (b->item_transport >= MUSTER_ITEM_TRANSPORT_COUNT) mu_codec_fail(c, "items come somehow");
}

/* Two of the same code are damage, too. */
static void index_codes(mu_codec *c, mu_base *b) {
    if (c->status != MUSTER_OK) return;
    const muster_status status = mu_base_index(b);
    if (status == MUSTER_E_INVALID) {
        mu_codec_fail(c, "two things have the same code");
    } else {
        c->status = status;
    }
}

void mu_code_base(mu_codec *c, mu_base **base) {
    if (!c->reads) {
        code_all(c, *base);
        return;
    }
    *base = NULL;
    if (c->status == MUSTER_OK) c->status = mu_alloc_zeroed(base, 1, sizeof **base);
    if (!*base) return;
    atomic_init(&(*base)->holders, 1);
    code_all(c, *base);
    index_codes(c, *base);
    if (c->status == MUSTER_OK) return;
    mu_base_release(*base);
    *base = NULL;
}
