/* Between two changes of a hazard everything stays as it is: what is there then is listed once. */
#include <string.h>

#include "simulation/hazard_ground.h"

/* What is live after each change, by the latest change of each code; those of one moment together. */
typedef struct live_set {
    const char          **code;
    const muster_hazard **hazard;
    uint32_t              count;
} live_set;

static void set_live(live_set *l, const mu_hazard_change *c) {
    uint32_t i = 0;
    while (i < l->count && strcmp(l->code[i], c->code) != 0) ++i;
    if (i == l->count) ++l->count;
    l->code[i]   = c->code;
    l->hazard[i] = c->hazard;
}

/* To `out`, which may be NULL: they are only counted then. */
static uint32_t copy_live(const live_set *l, const muster_hazard **out, double *out_area_m2) {
    uint32_t count = 0;
    *out_area_m2   = 0;
    for (uint32_t i = 0; i < l->count; ++i) {
        if (!l->hazard[i]) continue;
        *out_area_m2 += l->hazard[i]->area.area_m2;
        if (out) out[count] = l->hazard[i];
        ++count;
    }
    return count;
}

/* Returns how many are live, of all epochs together. */
static uint32_t walk(const mu_hazard_ground *h, live_set *now, mu_hazard_epoch *epoch,
                     uint32_t *out_count, const muster_hazard **live) {
    uint32_t used = 0, count = 0;
    now->count = 0;
    for (uint32_t c = 0; c < h->change_count; ++c) {
        set_live(now, &h->change[c]);
        if (c + 1 < h->change_count && h->change[c + 1].at_ms == h->change[c].at_ms) continue;
        mu_hazard_epoch *e = &epoch[count++];
        e->at_ms           = h->change[c].at_ms;
        e->first_live      = used;
        e->live_count      = copy_live(now, live ? &live[used] : NULL, &e->area_m2);
        used += e->live_count;
    }
    *out_count = count;
    return used;
}

static uint32_t count_codes(const mu_hazard_ground *h) {
    uint32_t codes = 0;
    for (uint32_t i = 0; i < h->change_count; ++i) {
        uint32_t j = 0;
        while (j < i && strcmp(h->change[i].code, h->change[j].code) != 0) ++j;
        codes += j == i;
    }
    return codes;
}

muster_status mu_hazard_epochs_make(mu_arena *arena, mu_hazard_ground *h) {
    const uint32_t        code_count = count_codes(h);
    mu_hazard_epoch      *epoch;
    const muster_hazard **live;
    live_set              now = {0};
    MU_TRY(mu_arena_take(arena, &epoch, h->change_count, sizeof *epoch));
    MU_TRY(mu_arena_take(arena, &now.code, code_count, sizeof(void *)));
    MU_TRY(mu_arena_take(arena, &now.hazard, code_count, sizeof(void *)));
    const uint32_t total = walk(h, &now, epoch, &h->epoch_count, NULL);
    MU_TRY(mu_arena_take(arena, &live, total, sizeof(void *)));
    (void)walk(h, &now, epoch, &h->epoch_count, live);
    h->epoch = epoch;
    h->live  = live;
    return MUSTER_OK;
}
