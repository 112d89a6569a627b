/* The JSON of events, for tests in Python.
 *   event_json random COUNT SEED   COUNT random events, one a line
 *   event_json read                for each line of the input: "ok", or what is wrong with it
 *   event_json world               the bytes of a small world, with one of everything */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "tests/support/random_event.h"
#include "tests/support/small_base.h"

enum { MOST_LINE = 1 << 20 };

static int print_random(uint32_t count, uint64_t seed) {
    static random_event r;
    for (uint32_t i = 0; i < count; ++i) {
        char  *json;
        size_t size;
        if (muster_event_write(&json, &size, random_event_new(&r, &seed)) != MUSTER_OK) {
            fprintf(stderr, "%s\n", muster_error_message());
            return 1;
        }
        puts(json);
        muster_event_json_free(json);
    }
    return 0;
}

static int read_lines(void) {
    static char line[MOST_LINE];
    while (fgets(line, sizeof line, stdin)) {
        muster_event_text *text;
        const size_t       size = strcspn(line, "\n");
        puts(muster_event_read(&text, line, size) == MUSTER_OK ? "ok" : muster_error_message());
        muster_event_text_free(text);
    }
    return 0;
}

static int print_world(void) {
    mu_world *world = small_rich_world();
    char     *bytes;
    size_t    size;
    if (mu_world_write(world, &bytes, &size) != MUSTER_OK) return 1;
    const bool is_written = fwrite(bytes, 1, size, stdout) == size;
    mu_free(bytes);
    mu_world_free(world);
    return is_written ? 0 : 1;
}

int main(int argc, char **argv) {
    if (argc == 4 && strcmp(argv[1], "random") == 0) {
        return print_random((uint32_t)strtoul(argv[2], NULL, 10), strtoull(argv[3], NULL, 10));
    }
    if (argc == 2 && strcmp(argv[1], "read") == 0) return read_lines();
    if (argc == 2 && strcmp(argv[1], "world") == 0) return print_world();
    fprintf(stderr, "usage: event_json random COUNT SEED | read | world\n");
    return 2;
}
