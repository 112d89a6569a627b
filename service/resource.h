/* A resource is what can be asked for: who adds one writes a file with its answer, a JSON file with its
 * description, and a line in resources.c. */
#ifndef SERVICE_RESOURCE_H
#define SERVICE_RESOURCE_H

#include "service/limits.h"
#include "service/reply.h"
#include "service/roads.h"
#include "service/target.h"
#include "service/tokens.h"

struct mu_service;

/* One request, from the end of its header to its answer. */
typedef struct mu_request {
    struct mu_service        *service;
    const struct mu_resource *resource;
    const mu_target          *target;
    void                     *desk;    /* of the extension that the resource is one of */
    const char               *pattern; /* the spelling of the resource's path that was used */
    const char               *last_event_id, *idempotency_key; /* of the header, or NULL */
    const char               *body;                            /* NULL where it has none */
    size_t                    body_size;
    const mu_token           *token; /* NULL: none was given */
    mu_roads                 *roads; /* as they were when it began */
    uint32_t                  slot;  /* of the thread that answers */
} mu_request;

typedef struct mu_resource {
    const char *name;   /* "nearest": of its counters, and its operationId */
    const char *method; /* GET, which HEAD goes along with; POST, PUT, DELETE */
    /* "/v1/nearest/{profile}/{coordinates}", and another spelling or NULL. */
    const char *path, *other_path;
    mu_role     needs;
    bool        takes_body; /* of JSON */
    /* An OpenAPI operation (summary, parameters, requestBody, responses) and `schemas`, in JSON. An
     * option that it does not name is refused, and so is a value that an `enum` does not have. */
    const char *description;
    /* Does it take so long that others should not wait behind it? NULL: never. */
    bool (*is_long)(const mu_request *request);
    /* It takes seconds, whatever is asked: such requests are answered one at a time, on a thread of
     * their own, so that they keep no other from a worker. */
    bool is_slow;
    /* Writes a whole answer, or begins a stream. Without a status it is 200. */
    void (*answer)(const mu_request *request, mu_reply *reply);
} mu_resource;

/* What is served beside the roads. Borrowed for as long as the service runs. */
typedef struct mu_extension {
    void                     *user; /* `desk` of requests */
    const mu_resource *const *resource;
    uint32_t                  resource_count;
    /* Why it is of no use any more, in a sentence; NULL: it can be used. */
    const char *(*why_lost)(void *user);
    /* Members of the health, each with a comma before it; lines of the metrics. */
    void (*write_health)(void *user, mu_text *text);
    void (*write_metrics)(void *user, mu_text *text);
} mu_extension;

/* Those that any network has. */
const mu_resource *const *mu_resources_list(uint32_t *out_count);

/* ---- for who answers ------------------------------------------------------------------- */

/* The value of an option of the address, or NULL. */
const char *mu_request_option(const mu_request *request, const char *name);
/* The part of the path in the place of {name}. */
const char      *mu_request_part(const mu_request *request, const char *name);
const mu_limits *mu_request_limits(const mu_request *request);
/* Is the option given as "true"? */
bool mu_request_is_true(const mu_request *request, const char *name);

#endif
