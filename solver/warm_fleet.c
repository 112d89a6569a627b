#include "solver/warm_fleet.h"

#include "core/alloc.h"

muster_status mu_warm_fleet_init(mu_warm_fleet *w, uint32_t vehicle_count, uint32_t stock_count) {
    *w = (mu_warm_fleet){.vehicle_count = vehicle_count, .stock_count = stock_count};
    muster_status status = mu_alloc(&w->vehicle, vehicle_count, sizeof *w->vehicle);
    if (status == MUSTER_OK) status = mu_alloc(&w->stock, stock_count, sizeof *w->stock);
    if (status != MUSTER_OK) {
        mu_warm_fleet_fini(w);
        return status;
    }
    for (uint32_t v = 0; v < vehicle_count; ++v) w->vehicle[v] = MU_NO_PRICE;
    for (uint32_t s = 0; s < stock_count; ++s) w->stock[s] = MU_NO_PRICE;
    return MUSTER_OK;
}

void mu_warm_fleet_fini(mu_warm_fleet *w) {
    mu_free(w->vehicle);
    mu_free(w->stock);
    *w = (mu_warm_fleet){0};
}

static void copy(int64_t *to, const int64_t *from, uint32_t count, const uint32_t *now) {
    for (uint32_t i = 0; i < count; ++i) {
        if (now[i] != MUSTER_NONE) to[now[i]] = from[i];
    }
}

muster_status mu_warm_fleet_match(mu_warm_fleet *out, const mu_warm_fleet *past,
                                  const mu_past_match *match, const muster_problem *p) {
    MU_TRY(mu_warm_fleet_init(out, p->vehicle_count, p->stock_count));
    copy(out->vehicle, past->vehicle, past->vehicle_count, match->now[MUSTER_VEHICLE]);
    copy(out->stock, past->stock, past->stock_count, match->now[MUSTER_ITEM]);
    return MUSTER_OK;
}
