/* Any bytes as those of a world: what is read fits together, and is written as the same bytes; what is of an
 * older version, as some that are. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "session/world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *bytes_of(const mu_world *world, size_t *size) {
    char *bytes;
    assert(mu_world_verify(world) == MUSTER_OK);
    assert(mu_world_write(world, &bytes, size) == MUSTER_OK);
    return bytes;
}

static void check_same_again(const char *bytes, size_t size) {
    mu_world *again;
    size_t    again_size;
    assert(mu_world_read(&again, bytes, size) == MUSTER_OK);
    char *bytes_again = bytes_of(again, &again_size);
    assert(again_size == size && memcmp(bytes_again, bytes, size) == 0);
    mu_free(bytes_again);
    mu_world_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    enum { AT_VERSION = 8 };
    mu_world           *world;
    const muster_status status = mu_world_read(&world, (const char *)data, size);
    assert((status == MUSTER_OK) == (world != NULL));
    if (status == MUSTER_OK) {
        size_t     now_size;
        char      *now         = bytes_of(world, &now_size);
        const bool is_of_today = data[AT_VERSION] == (uint8_t)now[AT_VERSION];
        assert(!is_of_today || (now_size == size && memcmp(now, data, size) == 0));
        check_same_again(now, now_size);
        mu_free(now);
    } else {
        assert(status == MUSTER_E_FORMAT && muster_error_message()[0] != 0);
    }
    mu_world_free(world);
    return 0;
}
