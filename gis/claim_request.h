/* What a dispatcher asks for, as the JSON documents that the functions of gis/migrations/0002_dispatch.sql
 * take. */
#ifndef MU_GIS_CLAIM_REQUEST_H
#define MU_GIS_CLAIM_REQUEST_H

#include <muster/claim.h>

#include "gis/json_text.h"

/* Who asks. */
typedef struct mu_claimant {
    const char *code;
    int64_t     token; /* 0: none */
} mu_claimant;

/* Each checks what it is given and writes a whole document into `json`, which starts from zeros and is
 * the caller's in any case. */
muster_status mu_claim_request_commit(mu_json *json, const mu_claimant *who, const char *request,
                                      const muster_claim_plan *plan);
/* Of goods that have been handed over. */
muster_status mu_claim_request_use(mu_json *json, const mu_claimant *who, const char *request,
                                   uint32_t claim_count, const int64_t *claim);
muster_status mu_claim_request_release(mu_json *json, const mu_claimant *who, const char *request,
                                       uint32_t claim_count, const int64_t *claim);
muster_status mu_claim_request_state(mu_json *json, const mu_claimant *who, int64_t order,
                                     const char *state);
muster_status mu_claim_request_take_over(mu_json *json, const mu_claimant *who, const char *holder);

/* A text that may be in a document and come back in an answer: UTF-8 without control characters, not
 * empty. `what` is for the message. */
muster_status mu_claim_request_check_text(const char *what, const char *text);

#endif
