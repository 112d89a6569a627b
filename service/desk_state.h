/* The inside of a desk, for the resources that it has. */
#ifndef SERVICE_DESK_STATE_H
#define SERVICE_DESK_STATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "service/desk.h"
#include "service/resource.h"
#include "service/shelf.h"

struct mu_desk {
    muster_session       *session;
    muster_roads         *open; /* whose metrics without closures are `metric` */
    uint32_t              metric_count;
    const char          **profile; /* [metric_count] */
    const muster_metric **metric;
    mu_extension          extension;
    mu_shelf              shelf;
    mu_service           *service;
    pthread_t             ticker, herald;
    bool                  has_ticker, has_herald;
    pthread_mutex_t       lock; /* of what follows, for the ticker */
    pthread_cond_t        something;
    bool                  are_roads_new, is_stopping;
    const muster_roads   *roads;        /* the ticker's: those that the service has */
    _Atomic bool          is_deaf;      /* the herald is to end */
    int                   is_cancelled; /* of plans: written and read atomically */
    _Atomic uint64_t      applied, refused, plans, commits;
};

/* Since 1970, UTC. */
int64_t mu_desk_now_ms(void);
/* Roads may have been closed or opened: the ticker looks at once. */
void mu_desk_look_at_roads(mu_desk *desk);
/* Of a request: what has the token's name, or "http". */
const char *mu_desk_author(const mu_request *request);
/* As mu_reply_refuse_status; what the disk has not taken is status 503, "NotWritten". */
bool mu_desk_refuse(mu_reply *reply, muster_status status);

extern const mu_resource mu_resource_events, mu_resource_order_step, mu_resource_incidents,
    mu_resource_units, mu_resource_orders, mu_resource_closures, mu_resource_plan_make,
    mu_resource_plan_last, mu_resource_commit, mu_resource_explain, mu_resource_news,
    mu_resource_rules;

#endif
