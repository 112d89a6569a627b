/* Any bytes as the JSON of an event: what is read comes back from its own text, and a world answers it, and
 * is as it should be after it. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "tests/support/small_base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const muster_event *event) {
    muster_event_text *again;
    char              *json, *same;
    size_t             size, same_size;
    assert(muster_event_write(&json, &size, event) == MUSTER_OK);
    assert(muster_event_read(&again, json, size) == MUSTER_OK);
    assert(muster_event_write(&same, &same_size, muster_event_of(again)) == MUSTER_OK);
    assert(size == same_size && memcmp(json, same, size) == 0);
    muster_event_json_free(json);
    muster_event_json_free(same);
    muster_event_text_free(again);
}

/* The world is made once: reading it is what takes the time. */
static mu_world *new_world(void) {
    static char  *bytes;
    static size_t size;
    mu_world     *world;
    if (!bytes) {
        mu_world *first = small_rich_world();
        if (mu_world_write(first, &bytes, &size) != MUSTER_OK) abort();
        mu_world_free(first);
    }
    if (mu_world_read(&world, bytes, size) != MUSTER_OK) abort();
    return world;
}

static void tell(const muster_event *event) {
    mu_world           *world = new_world();
    muster_event_answer answer;
    assert(mu_world_check(world, event, &answer) == MUSTER_OK);
    assert(answer.outcome < MUSTER_EVENT_OUTCOME_COUNT && !strchr(answer.message, '\n'));
    if (answer.outcome == MUSTER_EVENT_APPLIED) {
        assert(mu_world_apply(world, event, world->sequence + 1) == MUSTER_OK);
        assert(mu_world_verify(world) == MUSTER_OK);
    }
    mu_world_free(world);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    muster_event_text  *text;
    const muster_status status = muster_event_read(&text, (const char *)data, size);
    assert((status == MUSTER_OK) == (text != NULL));
    if (status == MUSTER_OK) {
        check_text(muster_event_of(text));
        tell(muster_event_of(text));
    } else {
        assert(status == MUSTER_E_INVALID && !strchr(muster_error_message(), '\n'));
    }
    muster_event_text_free(text);
    return 0;
}
