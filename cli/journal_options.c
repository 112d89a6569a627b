#include "cli/journal_options.h"

error_t journal_options_parse(int key, char *value, struct argp_state *state) {
    journal_options *o = state->input;
    switch (key) {
    case 'f':
        return arguments_ordinal(&o->first, "--first", value, "the number of a record");
    case 'l':
        return arguments_ordinal(&o->last, "--last", value, "the number of a record");
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
