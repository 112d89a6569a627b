/* What resources say of themselves: the OpenAPI document, and what follows from it for requests. */
#ifndef SERVICE_DESCRIPTION_H
#define SERVICE_DESCRIPTION_H

#include "service/resource.h"

typedef struct mu_description mu_description;

/* Read the descriptions of all resources, and put the document together.
 * @param profiles  [profile_count] names that {profile} may be
 * @return MUSTER_E_INTERNAL naming the resource whose description is none; MUSTER_E_NOMEM */
muster_status mu_description_new(mu_description **out, const mu_resource *const *resource,
                                 uint32_t resource_count, const char *const *profile,
                                 uint32_t profile_count);
void          mu_description_free(mu_description *description);

/* The document, ended by NUL. */
const char *mu_description_text(const mu_description *description);

/* Refuse options that resource number @p resource does not name, and values that are none of theirs. */
bool mu_description_check(const mu_description *description, uint32_t resource,
                          const mu_target *target, mu_reply *reply);

#endif
