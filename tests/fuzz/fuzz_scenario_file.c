/* Any bytes as a scenario file: it is read, or refused in one line that says why. */
#include <muster/scenario_file.h>

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/fuzz/input_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was read keeps what it promises. */
static void check(const muster_scenario_file *file) {
    const muster_scenario_about *about = muster_scenario_file_about(file);
    uint32_t                     count;
    assert(about->code[0] && about->name[0] && about->store[0]);
    assert(about->length_ms >= 60000 && about->replication_count >= 1);
    const muster_policy *policy = muster_scenario_file_policies(file, &count);
    for (uint32_t p = 0; p < count; ++p) {
        assert(muster_policy_check(&policy[p]) == MUSTER_OK);
        assert(muster_scenario_file_policy(file, policy[p].name) == &policy[p]);
    }
    const muster_standard *standard = muster_scenario_file_standards(file, &count);
    for (uint32_t s = 0; s < count; ++s) assert(standard[s].response_ms >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static char           path[64];
    muster_scenario_file *file = NULL;
    snprintf(path, sizeof path, "/tmp/muster-fuzz-scenario-%ld", (long)getpid());
    write_file(path, data, size);
    const muster_status status = muster_scenario_file_read(&file, path, NULL);
    assert((status == MUSTER_OK) == (file != NULL));
    if (status == MUSTER_OK) {
        check(file);
    } else {
        assert(muster_error_message()[0] != 0 && !strchr(muster_error_message(), '\n'));
    }
    muster_scenario_file_free(file);
    remove(path);
    return 0;
}
