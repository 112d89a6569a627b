/* A team that is added may be nearer than one that was there, and do all that was left for it: that
 * one is free again. What cannot do without it goes home with it. Filling and taking away could go
 * on for ever, so in the end things are only taken away. */
#include "solver/fill.h"

#include "solver/greedy.h"
#include "solver/shipment.h"
#include "solver/together.h"

static muster_status add_useful(mu_draft *draft, const mu_candidates *c,
                                const mu_shipment_model *shipping) {
    MU_TRY(mu_greedy_fill(draft, c));
    return shipping ? mu_shipment_complete(draft, shipping, c->travel) : MUSTER_OK;
}

muster_status mu_fill(mu_draft *draft, const mu_candidates *candidates,
                      const mu_shipment_model *shipping) {
    enum { ROUNDS = 10 };
    bool is_trimmed = true, is_repaired = true;
    for (int round = 0; is_trimmed || is_repaired; ++round) {
        if (round < ROUNDS) MU_TRY(add_useful(draft, candidates, shipping));
        MU_TRY(mu_draft_trim(draft, candidates, &is_trimmed));
        MU_TRY(mu_together_repair(draft, candidates, &is_repaired));
    }
    return MUSTER_OK;
}
