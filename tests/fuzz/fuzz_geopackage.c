/* Any bytes as a GeoPackage. It may be refused, but nothing may crash, hang or leak.
 *
 * A file that is made up rarely gets beyond SQLite's first look at it. Bytes that do not begin like
 * an SQLite file are therefore taken for damage to a sound scenario: where it begins (4 bytes,
 * modulo the file's size), how long it is (1 byte), and what stands there then, again and again. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <muster/map.h>
#include <muster/store.h>

#include "tests/fuzz/input_file.h"
#include "tests/support/small_scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WHERE_BYTES = 4, PATCH_BYTES = WHERE_BYTES + 1 };

/* The bytes of a sound scenario. */
static const uint8_t *sound(const char *path, size_t *out_size) {
    static uint8_t *bytes;
    static size_t   size;
    if (!bytes) {
        small_scenario_write(path, NULL);
        FILE *file = fopen(path, "rb");
        if (!file || fseek(file, 0, SEEK_END) != 0) abort();
        size  = (size_t)ftell(file);
        bytes = malloc(size);
        rewind(file);
        if (!bytes || fread(bytes, 1, size, file) != size) abort();
        fclose(file);
    }
    *out_size = size;
    return bytes;
}

static void write_damaged(const char *path, const uint8_t *patch, size_t left) {
    size_t         size;
    const uint8_t *whole = sound(path, &size);
    uint8_t       *bytes = malloc(size);
    if (!bytes) abort();
    memcpy(bytes, whole, size);
    while (left > PATCH_BYTES) {
        const size_t where =
            (patch[0] | (size_t)patch[1] << 8 | (size_t)patch[2] << 16 | (size_t)patch[3] << 24) %
            size;
        size_t length = patch[WHERE_BYTES];
        left -= PATCH_BYTES;
        patch += PATCH_BYTES;
        if (length > left) length = left;
        if (length > size - where) length = size - where;
        memcpy(bytes + where, patch, length);
        patch += length;
        left -= length;
    }
    write_file(path, bytes, size);
    free(bytes);
}

#define CHECK_FAILURE(status) assert((status) == MUSTER_OK || muster_error_message()[0] != 0)

static void read_all(const char *path) {
    muster_network    *network  = NULL;
    muster_scenario   *scenario = NULL;
    muster_store_info *info     = NULL;
    muster_map        *map      = NULL;
    CHECK_FAILURE(muster_network_load(&network, path));
    CHECK_FAILURE(muster_scenario_load(&scenario, path, NULL));
    CHECK_FAILURE(muster_store_info_read(&info, path));
    CHECK_FAILURE(
        muster_map_load(&map, path, scenario ? muster_scenario_code(scenario) : NULL, 10));
    muster_map_free(map);
    muster_store_info_free(info);
    muster_scenario_free(scenario);
    muster_network_free(network);
}

/* A copy is written to, as when its nodes are ordered; what its triggers would do is not done. The disk
 * sets the pace here, so few inputs are copied, and the copies are given up. */
static void copy_and_write(const char *path, const char *copy_path) {
    mu_database *source = NULL, *copy = NULL;
    if (mu_database_open(&source, path) == MUSTER_OK &&
        mu_database_copy(&copy, source, copy_path) == MUSTER_OK) {
        CHECK_FAILURE(mu_database_execute(copy, "node", "UPDATE node SET rank = NULL"));
    }
    mu_database_close(copy);
    mu_database_close(source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static char path[64], copy[80];
    snprintf(path, sizeof path, "/tmp/muster-fuzz-geopackage-%ld", (long)getpid());
    snprintf(copy, sizeof copy, "%s-copy", path);
    if (size >= 6 && memcmp(data, "SQLite", 6) == 0) {
        write_file(path, data, size);
    } else {
        write_damaged(path, data, size);
    }
    read_all(path);
    if (size % 8 == 1) copy_and_write(path, copy);
    remove(path);
    return 0;
}
