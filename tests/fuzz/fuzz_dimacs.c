/* Any bytes as a DIMACS graph with coordinates and perhaps lengths: up to three files in
 * one input, divided by '%', which no such file has. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <muster/import.h>

#include "tests/fuzz/input_file.h"

enum { FILES = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes up to the divider, which are taken from the input. */
static size_t take_file(const uint8_t **data, size_t *size, const uint8_t **out) {
    *out                 = *data;
    const uint8_t *mark  = *size > 0 ? memchr(*data, '%', *size) : NULL;
    const size_t   taken = mark ? (size_t)(mark - *data) : *size;
    const size_t   used  = mark ? taken + 1 : taken;
    *data += used;
    *size -= used;
    return taken;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static char path[FILES][64];
    bool        has_lengths = false;
    for (int f = 0; f < FILES; ++f) {
        const uint8_t *part;
        has_lengths        = size > 0;
        const size_t taken = take_file(&data, &size, &part);
        snprintf(path[f], sizeof path[f], "/tmp/muster-fuzz-dimacs-%ld-%d", (long)getpid(), f);
        write_file(path[f], part, taken);
    }
    muster_network     *network = NULL;
    const muster_status status  = muster_import_dimacs(
         &network, path[0], path[1], has_lengths ? path[2] : NULL, NULL, NULL, NULL);
    assert((status == MUSTER_OK) == (network != NULL));
    if (status != MUSTER_OK) assert(muster_error_message()[0] != 0);
    muster_network_free(network);
    for (int f = 0; f < FILES; ++f) remove(path[f]);
    return 0;
}
