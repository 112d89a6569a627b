/* See json_memory.h. */
#include "service/json_memory.h"

#include <jansson.h>
#include <stdlib.h>

static _Thread_local bool has_run_out;

static void *allocate(size_t size) {
    void *memory = malloc(size);
    if (!memory) has_run_out = true;
    return memory;
}

void mu_json_memory_watch(void) {
    json_set_alloc_funcs(allocate, free);
}

bool mu_json_memory_ran_out(void) {
    const bool ran_out = has_run_out;
    has_run_out        = false;
    return ran_out;
}
