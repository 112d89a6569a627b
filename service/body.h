/* Bodies of requests: JSON, within limits. */
#ifndef SERVICE_BODY_H
#define SERVICE_BODY_H

#include <jansson.h>

#include "service/coordinates.h"
#include "service/resource.h"

/* How deep brackets lie in brackets, strings left out; of any text, JSON or not. */
uint32_t mu_body_depth(const char *text, size_t size);

/* The object or list that is the body, within --max-json-depth. NULL after refusing. */
json_t *mu_body_load(const mu_request *request, mu_reply *reply);
/* The object that is the body, whose members are all among `known`, which NULL ends. NULL after
 * refusing; else json_decref it. */
json_t *mu_body_read(const mu_request *request, const char *const *known, mu_reply *reply);

/* A member that is a list of [longitude, latitude], `most` at most by --max-coordinates. */
bool mu_body_positions(mu_coordinates *out, const json_t *body, const char *name, uint32_t most,
                       mu_reply *reply);
/* A member that is a list of whole numbers below `limit`; 0, 1, ... limit - 1 where it is absent or
 * "all". free() the list, which is NULL after refusing. */
uint32_t *mu_body_indices(const json_t *body, const char *name, uint32_t limit, uint32_t *out_count,
                          mu_reply *reply);

#endif
