/* Any bytes as a file of profiles: what is read comes back from its own text. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <muster/profile_file.h>

#include "tests/fuzz/input_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const muster_profiles *profiles, const char *path) {
    muster_profiles      *again = NULL;
    char                 *text  = NULL, *same;
    uint32_t              count, file_count;
    const muster_profile *list = muster_profiles_list(profiles, &count, &file_count);
    assert(count >= file_count);
    if (muster_profiles_text(&text, file_count, list) != MUSTER_OK) return; /* no memory */
    write_file(path, text, strlen(text));
    if (muster_profiles_read(&again, path) == MUSTER_OK) {
        list = muster_profiles_list(again, &count, &count);
        assert(count == file_count);
        if (muster_profiles_text(&same, count, list) == MUSTER_OK) assert(strcmp(text, same) == 0);
        muster_profiles_text_free(same);
    }
    muster_profiles_text_free(text);
    muster_profiles_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static char      path[64];
    muster_profiles *profiles = NULL;
    snprintf(path, sizeof path, "/tmp/muster-fuzz-profiles-%ld", (long)getpid());
    write_file(path, data, size);
    const muster_status status = muster_profiles_read(&profiles, path);
    assert((status == MUSTER_OK) == (profiles != NULL));
    if (status == MUSTER_OK) {
        check_text(profiles, path);
    } else {
        assert(muster_error_message()[0] != 0);
    }
    muster_profiles_free(profiles);
    remove(path);
    return 0;
}
