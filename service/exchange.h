/* One request and its answer, whatever library brings it. */
#ifndef SERVICE_EXCHANGE_H
#define SERVICE_EXCHANGE_H

#include "service/guard.h"
#include "service/resource.h"

enum { MU_ALLOW_BYTES = 64 };

typedef struct mu_exchange {
    struct mu_service *service;
    char              *address; /* what follows the method, taken apart by `target` */
    mu_target          target;
    uint32_t           number; /* of the resource; resource_count: none */
    mu_request         request;
    mu_reply           reply;
    mu_text            body;
    bool               is_too_large;
    int64_t            began_us;              /* when its header was complete */
    char               allow[MU_ALLOW_BYTES]; /* with 405: the methods there are */
} mu_exchange;

/* Begin with a copy of "/v1/health?x=y". False: no memory, and nothing to be freed. */
bool mu_exchange_begin(mu_exchange *exchange, struct mu_service *service, const char *address);
void mu_exchange_fini(mu_exchange *exchange);

/* The header is complete: find the resource and let it in, or refuse it: then there is a reply. */
bool mu_exchange_admit(mu_exchange *exchange, const mu_head *head);
/* A piece of the body. */
void mu_exchange_take(mu_exchange *exchange, const void *bytes, size_t size);
/* Should others not wait for the answer? */
bool mu_exchange_is_long(const mu_exchange *exchange);
/* Answer, on the thread that has that slot. */
void mu_exchange_answer(mu_exchange *exchange, uint32_t slot);
/* It is sent now: count it. */
void mu_exchange_note(mu_exchange *exchange);

#endif
