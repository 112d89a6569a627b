/* Who is let in: everything about a request but what it asks for. */
#ifndef SERVICE_GUARD_H
#define SERVICE_GUARD_H

#include "service/limits.h"
#include "service/reply.h"
#include "service/tokens.h"

/* The header of a request, as far as it matters. Absent fields are NULL. */
typedef struct mu_head {
    const char *method;
    const char *host, *origin, *fetch_site, *authorization, *content_type, *content_encoding;
    uint32_t    host_count, authorization_count;
    const char *last_event_id, *idempotency_key;
    size_t      bytes; /* of the address and all fields */
    bool        has_body;
    uint64_t    body_bytes; /* as announced; 0 where it is not */
    bool        is_near;    /* the connection comes from this machine */
} mu_head;

/* A field of it; the value, which may be NULL, is borrowed. */
void mu_head_take(mu_head *head, const char *name, const char *value);

/* What the keeper of a service has said. */
typedef struct mu_guard {
    const mu_limits   *limits;
    const mu_tokens   *tokens; /* count 0: there are none */
    const char *const *host;   /* names beside those of this machine, in any case, without port */
    uint32_t           host_count;
    const char *const *origin; /* "https://map.example.org": pages that may ask, and read answers */
    uint32_t           origin_count;
    bool               needs_token; /* for reading from this machine too */
} mu_guard;

/* Is the origin one of those that may read answers? */
bool mu_guard_knows_origin(const mu_guard *guard, const char *origin);

/* What holds for every request, whatever it asks for: its size and its Host. */
bool mu_guard_admit(const mu_guard *guard, const mu_head *head, mu_reply *reply);

/* May this request have what needs `needs`? Writing is what needs more than to read, or has a body:
 * then a page of another origin is refused, and a body has to be JSON.
 * @param out_token  whose token it is; NULL: none was given */
bool mu_guard_permit(const mu_guard *guard, const mu_head *head, mu_role needs, bool takes_body,
                     const mu_token **out_token, mu_reply *reply);

#endif
