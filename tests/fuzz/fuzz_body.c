/* Any bytes as the body of a request for a table. What is deeper than the limit is refused before it is
 * parsed; coordinates and indices that are read are within their limits; a refusal says why. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "service/body.h"
#include "service/state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 100 };

static void check_refusal(const mu_reply *reply) {
    assert(reply->status == MU_STATUS_BAD_REQUEST && reply->body.size > 20);
    json_t *error = json_loadb(reply->body.bytes, reply->body.size, JSON_REJECT_DUPLICATES, NULL);
    assert(error && json_string_length(json_object_get(error, "message")) > 0);
    json_decref(error);
}

static void read_lists(const json_t *body, mu_reply *reply) {
    mu_coordinates at;
    uint32_t       count;
    if (!mu_body_positions(&at, body, "coordinates", MOST, reply)) {
        check_refusal(reply);
        return;
    }
    assert(at.count > 0 && at.count <= MOST);
    uint32_t *list = mu_body_indices(body, "sources", at.count, &count, reply);
    assert(!list == (reply->status != 0));
    for (uint32_t i = 0; list && i < count; ++i) assert(list[i] < at.count);
    if (!list) check_refusal(reply);
    free(list);
    mu_coordinates_free(&at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const KNOWN[] = {"coordinates", "sources", "destinations", NULL};
    mu_service               service = {.limits = mu_limits_default()};
    const mu_request request = {.service = &service, .body = (const char *)data, .body_size = size};
    mu_reply         reply   = {0};
    json_t          *body    = mu_body_read(&request, KNOWN, &reply);
    if (body) {
        assert(mu_body_depth(request.body, size) <= service.limits.json_depth);
        read_lists(body, &reply);
    } else {
        check_refusal(&reply);
    }
    json_decref(body);
    mu_text_free(&reply.body);
    return 0;
}
