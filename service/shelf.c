/* See shelf.h. A plan is held by the shelf and by whoever is looking at it; the last to let go frees it. */
#include "service/shelf.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void mu_shelf_init(mu_shelf *shelf) {
    *shelf = (mu_shelf){0};
    pthread_mutex_init(&shelf->lock, NULL);
}

/* The lock is held. */
static void let_go(mu_kept_plan *kept) {
    if (!kept || --kept->references > 0) return;
    muster_session_plan_free(kept->plan);
    free(kept);
}

void mu_shelf_fini(mu_shelf *shelf) {
    for (int i = 0; i < MU_SHELF_PLANS; ++i) let_go(shelf->plan[i]);
    pthread_mutex_destroy(&shelf->lock);
}

muster_status mu_shelf_put(mu_kept_plan **out, mu_shelf *shelf, muster_session_plan *plan) {
    mu_kept_plan *kept = calloc(1, sizeof *kept);
    *out               = kept;
    if (!kept) {
        muster_session_plan_free(plan);
        return muster_fail(MUSTER_E_NOMEM, "out of memory for a plan");
    }
    kept->plan       = plan;
    kept->references = 2;
    pthread_mutex_lock(&shelf->lock);
    /* The moment makes it another one than that of a service before this. */
    snprintf(kept->id, sizeof kept->id, "%" PRId64 "-%" PRIu64, muster_session_plan_at_ms(plan),
             ++shelf->count);
    mu_kept_plan **place = &shelf->plan[shelf->count % MU_SHELF_PLANS];
    let_go(*place);
    *place = kept;
    pthread_mutex_unlock(&shelf->lock);
    return MUSTER_OK;
}

mu_kept_plan *mu_shelf_hold(mu_shelf *shelf, const char *id) {
    mu_kept_plan *found = NULL;
    pthread_mutex_lock(&shelf->lock);
    if (!id) found = shelf->plan[shelf->count % MU_SHELF_PLANS];
    for (int i = 0; id && i < MU_SHELF_PLANS; ++i) {
        mu_kept_plan *kept = shelf->plan[i];
        if (kept && strcmp(kept->id, id) == 0) found = kept;
    }
    if (found) ++found->references;
    pthread_mutex_unlock(&shelf->lock);
    return found;
}

void mu_shelf_let_go(mu_shelf *shelf, mu_kept_plan *kept) {
    pthread_mutex_lock(&shelf->lock);
    let_go(kept);
    pthread_mutex_unlock(&shelf->lock);
}
