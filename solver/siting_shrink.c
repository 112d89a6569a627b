#include "solver/siting_shrink.h"

#include "core/alloc.h"

/* Returns where the list ends. */
static size_t copy_list(mu_siting_model *out, const mu_siting_model *m, const uint8_t *is_open,
                        uint32_t d, size_t end) {
    const size_t start = end, last = m->first[d + 1] - 1;
    for (size_t e = m->first[d]; e <= last; ++e) {
        if (!is_open[m->place[e]] && (e < last || end > start)) continue;
        out->place[end]     = m->place[e];
        out->time_ms[end++] = m->time_ms[e];
    }
    return end;
}

void mu_siting_shrink(mu_siting_model *out, const mu_siting_model *m, const uint8_t *is_open) {
    out->first[0] = 0;
    for (uint32_t d = 0; d < m->demand_count; ++d) {
        out->first[d + 1] = copy_list(out, m, is_open, d, out->first[d]);
    }
}

muster_status mu_siting_shrink_init(mu_siting_model *out, const mu_siting_model *m) {
    const size_t  most = m->first[m->demand_count];
    muster_status status;
    *out       = *m;
    out->first = NULL;
    out->place = out->time_ms = NULL;
    MU_TRY_GOTO(status, mu_alloc(&out->first, m->demand_count + (size_t)1, sizeof *m->first), done);
    MU_TRY_GOTO(status, mu_alloc(&out->place, most, sizeof *out->place), done);
    MU_TRY_GOTO(status, mu_alloc(&out->time_ms, most, sizeof *out->time_ms), done);
done:
    if (status != MUSTER_OK) mu_siting_shrink_fini(out);
    return status;
}

void mu_siting_shrink_fini(mu_siting_model *m) {
    mu_free(m->first);
    mu_free(m->place);
    mu_free(m->time_ms);
    *m = (mu_siting_model){0};
}
