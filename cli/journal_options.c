#include "cli/journal_options.h"

#include <stdlib.h>

static error_t read_sequence(uint64_t *out, const char *option, const char *text) {
    char *end;
    if (text[0] >= '0' && text[0] <= '9') {
        *out = strtoull(text, &end, 10);
        if (*end == 0 && *out > 0 && *out < UINT64_MAX) return 0;
    }
    return arguments_reject("%s is \"%s\"; expected the number of a record, 1 or more", option,
                            text);
}

error_t journal_options_parse(int key, char *value, struct argp_state *state) {
    journal_options *o = state->input;
    switch (key) {
    case 'f':
        return read_sequence(&o->first, "--first", value);
    case 'l':
        return read_sequence(&o->last, "--last", value);
    case 'o':
        o->output = value;
        return 0;
    case 'j':
        o->is_json = true;
        return 0;
    case ARGP_KEY_ARG:
        return arguments_take(&o->folder, value, "FOLDER");
    case ARGP_KEY_END:
        return o->folder ? 0 : arguments_reject("no journal; expected its FOLDER");
    default:
        return ARGP_ERR_UNKNOWN;
    }
}
