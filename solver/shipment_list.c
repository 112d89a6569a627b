#include "solver/shipment_list.h"

#include <stdlib.h>

#include "core/alloc.h"

static int in_order_of_arrival(const void *a, const void *b) {
    const muster_shipment *s = a, *t = b;
    if (s->incident != t->incident) return s->incident < t->incident ? -1 : 1;
    if (s->eta_ms != t->eta_ms) return s->eta_ms < t->eta_ms ? -1 : 1;
    return s->vehicle < t->vehicle ? -1 : s->vehicle > t->vehicle;
}

static muster_shipment start(const mu_dispatch *go, const mu_shipment_model *m) {
    const uint32_t incident = m->problem->need[go->need].incident;
    return (muster_shipment){
        .vehicle     = go->carrier,
        .stock       = go->index,
        .incident    = incident,
        .depart_ms   = mu_shipment_depart_ms(m, go->carrier),
        .load_at_ms  = mu_shipment_load_at_ms(m, go->carrier, m->warehouse_of[go->index]),
        .eta_ms      = go->eta_ms,
        .is_diverted = mu_shipment_is_diverted(m, go->carrier, incident),
    };
}

static void add_load(muster_shipment *s, mu_bulk *load, const mu_dispatch *go,
                     const mu_shipment_model *m) {
    const mu_bulk unit = m->unit[m->item_of[m->problem->need[go->need].kind]];
    if (go->index < s->stock) s->stock = go->index;
    load->g += go->quantity * unit.g;
    load->cm3 += go->quantity * unit.cm3;
    s->load_kg = (double)load->g / 1e3;
    s->load_m3 = (double)load->cm3 / 1e6;
}

static uint32_t list(muster_shipment *out, mu_bulk *load, const mu_draft *draft,
                     const mu_shipment_model *m, uint32_t *shipment_of) {
    uint32_t count = 0;
    for (size_t i = 0; i < draft->count; ++i) {
        const mu_dispatch *go = &draft->dispatch[i];
        if (go->carrier == MUSTER_NONE) continue;
        uint32_t *at = &shipment_of[go->carrier];
        if (*at == MUSTER_NONE) {
            *at           = count;
            out[count]    = start(go, m);
            load[count++] = (mu_bulk){0, 0};
        }
        add_load(&out[*at], &load[*at], go, m);
    }
    return count;
}

muster_status mu_shipment_list(muster_shipment **out, uint32_t *out_count, const mu_draft *draft,
                               const mu_shipment_model *m, uint32_t *shipment_of) {
    const uint32_t vehicles = m->problem->vehicle_count;
    mu_bulk       *load;
    for (uint32_t v = 0; v < vehicles; ++v) shipment_of[v] = MUSTER_NONE;
    MU_TRY(mu_alloc(out, vehicles, sizeof **out));
    MU_TRY(mu_alloc(&load, vehicles, sizeof *load));
    *out_count = list(*out, load, draft, m, shipment_of);
    mu_free(load);
    if (*out_count > 0) qsort(*out, *out_count, sizeof **out, in_order_of_arrival);
    for (uint32_t s = 0; s < *out_count; ++s) shipment_of[(*out)[s].vehicle] = s;
    return MUSTER_OK;
}
