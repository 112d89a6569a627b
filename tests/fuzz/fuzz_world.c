/* Any bytes as those of a world: what is read fits together, and is written as the same bytes. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "session/world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    mu_world           *world;
    const muster_status status = mu_world_read(&world, (const char *)data, size);
    assert((status == MUSTER_OK) == (world != NULL));
    if (status == MUSTER_OK) {
        char  *bytes;
        size_t bytes_size;
        assert(mu_world_verify(world) == MUSTER_OK);
        assert(mu_world_write(world, &bytes, &bytes_size) == MUSTER_OK);
        assert(bytes_size == size && memcmp(bytes, data, size) == 0);
        mu_free(bytes);
    } else {
        assert(status == MUSTER_E_FORMAT && muster_error_message()[0] != 0);
    }
    mu_world_free(world);
    return 0;
}
