/* The dispatch desk: what `muster serve` serves beside roads when it has a journal. A session
 * (muster/session.h), its clock, and what can be asked of it. docs/serve.md describes it. */
#ifndef SERVICE_DESK_H
#define SERVICE_DESK_H

#include <muster/session.h>

#include "service/service.h"

typedef struct mu_desk mu_desk;

/* Open the session.
 * @param profile  [profile_count] those that are served; 0: all that the session has
 * @return as muster_session_open; MUSTER_E_INVALID for a profile that is not there */
muster_status mu_desk_open(mu_desk **out, const muster_session_options *options,
                           const char *const *profile, uint32_t profile_count);

/* On a session that is open; it is taken over, whatever is returned. */
muster_status mu_desk_on(mu_desk **out, muster_session *session, const char *const *profile,
                         uint32_t profile_count);

/* For mu_service_options: the metrics of the profiles with nothing closed, and what is served. */
const muster_metric *const *mu_desk_metrics(const mu_desk *desk, uint32_t *out_count);
const struct mu_extension  *mu_desk_extension(const mu_desk *desk);

/* From now on time passes, roads are those of now, and news are told, on threads of the desk's. */
muster_status mu_desk_start(mu_desk *desk, mu_service *service);
/* Before the service is stopped: no more of that, and a plan that is being made is cut short. NULL is
 * harmless. */
void mu_desk_stop(mu_desk *desk);
/* When the service is gone. NULL is harmless. */
void mu_desk_close(mu_desk *desk);

#endif
