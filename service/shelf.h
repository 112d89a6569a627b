/* Plans that have been made, by id, for as long as they may be asked for: the last few. */
#ifndef SERVICE_SHELF_H
#define SERVICE_SHELF_H

#include <pthread.h>

#include <muster/session.h>

enum { MU_SHELF_PLANS = 16, MU_PLAN_ID_BYTES = 48 };

typedef struct mu_kept_plan {
    char                 id[MU_PLAN_ID_BYTES];
    muster_session_plan *plan;
    uint32_t             references; /* guarded by the shelf's lock */
} mu_kept_plan;

typedef struct mu_shelf {
    pthread_mutex_t lock;
    uint64_t        count; /* put there so far */
    mu_kept_plan   *plan[MU_SHELF_PLANS];
} mu_shelf;

void mu_shelf_init(mu_shelf *shelf);
void mu_shelf_fini(mu_shelf *shelf);
/* A plan, which is taken over whatever is returned, gets an id; it is held.
 * @return MUSTER_E_NOMEM */
muster_status mu_shelf_put(mu_kept_plan **out, mu_shelf *shelf, muster_session_plan *plan);
/* The one with that id, or the last one for NULL, held; NULL: it is not there. */
mu_kept_plan *mu_shelf_hold(mu_shelf *shelf, const char *id);
/* NULL is harmless. */
void mu_shelf_let_go(mu_shelf *shelf, mu_kept_plan *kept);

#endif
