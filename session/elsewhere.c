#include "session/elsewhere.h"

#include <string.h>

#include "core/alloc.h"

/* Of each row of the base: what others hold, and what was refused. */
typedef struct unit_elsewhere {
    int64_t held, refused;
} unit_elsewhere;

struct mu_elsewhere {
    mu_base        *base;
    unit_elsewhere *unit[MUSTER_RESOURCE_COUNT];
};

muster_status mu_elsewhere_new(mu_elsewhere **out, mu_base *base) {
    mu_elsewhere *e;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&e, 1, sizeof *e));
    e->base              = mu_base_hold(base);
    muster_status status = MUSTER_OK;
    for (int r = 0; status == MUSTER_OK && r < MUSTER_RESOURCE_COUNT; ++r) {
        status = mu_alloc_zeroed(&e->unit[r], base->unit_count[r], sizeof *e->unit[r]);
    }
    if (status != MUSTER_OK) {
        mu_elsewhere_free(e);
        return status;
    }
    *out = e;
    return MUSTER_OK;
}

void mu_elsewhere_free(mu_elsewhere *e) {
    if (!e) return;
    for (int r = 0; r < MUSTER_RESOURCE_COUNT; ++r) mu_free(e->unit[r]);
    mu_base_release(e->base);
    mu_free(e);
}

static uint32_t find(const mu_elsewhere *e, const muster_held *held) {
    const uint32_t kind = held->kind ? mu_base_find_kind(e->base, held->kind) : MUSTER_NONE;
    if (held->resource >= MUSTER_RESOURCE_COUNT) return MUSTER_NONE;
    if (held->resource == MUSTER_ITEM && kind == MUSTER_NONE) return MUSTER_NONE;
    return mu_base_find_unit(e->base, held->resource, held->code, kind);
}

void mu_elsewhere_read(mu_elsewhere *e, const char *own, uint32_t held_count,
                       const muster_held *held) {
    for (int r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t u = 0; u < e->base->unit_count[r]; ++u) e->unit[r][u].held = 0;
    }
    for (uint32_t i = 0; i < held_count; ++i) {
        const uint32_t unit = find(e, &held[i]);
        if (unit == MUSTER_NONE || strcmp(held[i].dispatcher, own) == 0) continue;
        e->unit[held[i].resource][unit].held += held[i].quantity;
    }
}

void mu_elsewhere_refuse(mu_elsewhere *e, uint8_t resource, uint32_t unit, int64_t quantity) {
    e->unit[resource][unit].refused = quantity;
}

void mu_elsewhere_forget(mu_elsewhere *e, const char *code) {
    for (int r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t u = 0; u < e->base->unit_count[r]; ++u) {
            if (!code || strcmp(e->base->unit[r][u].code, code) == 0) e->unit[r][u].refused = 0;
        }
    }
}

int64_t mu_elsewhere_quantity(const mu_elsewhere *e, uint8_t resource, uint32_t unit) {
    const unit_elsewhere *u = &e->unit[resource][unit];
    return u->held > u->refused ? u->held : u->refused;
}
