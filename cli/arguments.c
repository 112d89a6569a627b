/* One line about a wrong command line.
 *
 * argp's own words take two lines and do not say what was expected, so it parses silently
 * (ARGP_NO_ERRS), and when it stops at a word the reason is found again here, by comparing
 * the word with the options there are. The caller's argp hangs below a root of ours, which
 * ARGP_KEY_ERROR tells where the parsing stopped. */
#include "cli/arguments.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/named_files.h"
#include "cli/output.h"
#include "cli/suggest.h"

/* What a parser returns when it has said why itself; no other code of argp's is this one. */
enum { REJECTED = ECANCELED };

typedef struct root {
    const struct argp *own; /* the caller's */
    void              *input;
    int                next; /* the word after the one where parsing stopped */
    named_file        *file; /* room for one a word */
    size_t             file_count;
} root;

typedef struct command_line {
    const char               *name; /* "muster route" */
    const struct argp_option *options;
} command_line;

error_t arguments_reject(const char *format, ...) {
    char    message[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    command_fail(COMMAND_USAGE, "%s", message);
    return REJECTED;
}

/* ---- options ------------------------------------------------------------------------- */

static bool is_last(const struct argp_option *o) {
    return !o->name && !o->key && !o->doc && !o->group;
}

/* The first option whose name starts with the `length` bytes at `name`. */
static const struct argp_option *find_long(const struct argp_option *o, const char *name,
                                           size_t length) {
    for (; o && !is_last(o); ++o) {
        if (o->name && strncmp(o->name, name, length) == 0) return o;
    }
    return NULL;
}

static const struct argp_option *find_key(const struct argp_option *o, int key) {
    for (; o && !is_last(o); ++o) {
        if (o->key == key) return o;
    }
    return NULL;
}

static void explain_unknown(const command_line *line, const char *word, size_t length) {
    char wanted[64];
    snprintf(wanted, sizeof wanted, "%.*s", (int)(length < 60 ? length : 60), word);
    suggestion best = suggestion_start(wanted);
    for (const struct argp_option *o = line->options; o && !is_last(o); ++o) {
        if (o->name) suggestion_offer(&best, o->name);
    }
    suggestion_offer(&best, "help");
    if (best.word) {
        command_fail(COMMAND_USAGE, "%s has no option --%s; did you mean --%s?", line->name, wanted,
                     best.word);
    } else {
        command_fail(COMMAND_USAGE, "%s has no option --%s; expected those of %s --help",
                     line->name, wanted, line->name);
    }
}

/* Say what is wrong with "--name" or "--name=value". Returns false if nothing is. */
static bool explain_long(const command_line *line, const char *word) {
    const size_t              length = strcspn(word, "=");
    const struct argp_option *o      = find_long(line->options, word, length);
    if (!o) {
        explain_unknown(line, word, length);
        return true;
    }
    const struct argp_option *other = find_long(o + 1, word, length);
    if (other && strlen(o->name) != length) {
        command_fail(COMMAND_USAGE, "--%.*s may mean --%s or --%s; expected one of them",
                     (int)length, word, o->name, other->name);
    } else if (o->arg && word[length] == 0) {
        command_fail(COMMAND_USAGE, "--%s has no value; expected --%s %s", o->name, o->name,
                     o->arg);
    } else if (!o->arg && word[length] == '=') {
        command_fail(COMMAND_USAGE, "--%s has the value \"%s\"; expected none", o->name,
                     word + length + 1);
    } else {
        return false;
    }
    return true;
}

/* The same for "-abc". */
static bool explain_short(const command_line *line, const char *word) {
    for (; *word != 0; ++word) {
        const struct argp_option *o = find_key(line->options, *word);
        if (!o) {
            command_fail(COMMAND_USAGE, "%s has no option -%c; expected those of %s --help",
                         line->name, *word, line->name);
            return true;
        }
        if (o->arg && word[1] == 0) {
            command_fail(COMMAND_USAGE, "-%c has no value; expected -%c %s", *word, *word, o->arg);
            return true;
        }
        if (o->arg) return false;
    }
    return false;
}

static bool explain_word(const command_line *line, const char *word) {
    if (!word || word[0] != '-' || word[1] == 0) return false;
    return word[1] == '-' ? explain_long(line, word + 2) : explain_short(line, word + 1);
}

/* getopt has gone past the word it stopped at, unless that is a cluster of letters. */
static void explain_stop(const command_line *line, char **argv, int next) {
    if (explain_word(line, argv[next - 1]) || explain_word(line, argv[next])) return;
    if (argv[next] && argv[next][0] != '-') {
        command_fail(COMMAND_USAGE, "\"%s\" is one argument too many; expected those of %s --help",
                     argv[next], line->name);
    } else {
        command_fail(COMMAND_USAGE, "the command line is wrong; expected that of %s --help",
                     line->name);
    }
}

/* ---- parsing ------------------------------------------------------------------------- */

/* What stands by itself is read: a network, a scenario, a folder of results. */
static void note_file(root *r, int key, const char *value) {
    const struct argp_option *o = key == ARGP_KEY_ARG ? NULL : find_key(r->own->options, key);
    if (key != ARGP_KEY_ARG && (!o || !(o->flags & (FILE_READ | FILE_WRITTEN)))) return;
    named_file *file = &r->file[r->file_count++];
    *file            = (named_file){.path = value, .is_written = o && (o->flags & FILE_WRITTEN)};
    if (o && o->key < 0x100) {
        snprintf(file->option, sizeof file->option, "-%c", o->key);
    } else if (o) {
        snprintf(file->option, sizeof file->option, "--%s", o->name);
    }
}

static error_t parse_own(int key, char *value, struct argp_state *state) {
    root *r = state->input;
    if (value) note_file(r, key, value);
    state->input = r->input;
    return r->own->parser(key, value, state);
}

static const struct argp_option HELP_OPTIONS[] = {{"help", '?', NULL, 0, "print this", -1}, {0}};

/* What was printed must have got out. */
static int flush_help(void) {
    output    out;
    const int code = output_open(&out, "-");
    return code == COMMAND_DONE ? output_publish(&out) : code;
}

static error_t parse_root(int key, char *text, struct argp_state *state) {
    root *r = state->input;
    (void)text;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = r;
        return 0;
    case ARGP_KEY_ERROR:
        r->next = state->next;
        return 0;
    case '?': /* argp's own help would say nothing under ARGP_NO_ERRS */
        argp_help(state->root_argp, stdout, ARGP_HELP_STD_HELP & ~(unsigned)ARGP_HELP_EXIT_OK,
                  state->name);
        exit(flush_help());
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int arguments_parse(const struct argp *argp, int argc, char **argv, void *input) {
    root                    r          = {.own = argp, .input = input, .next = 1};
    const struct argp       own        = {.options = argp->options, .parser = parse_own};
    const struct argp_child children[] = {{.argp = &own}, {0}};
    const struct argp       top        = {.options  = HELP_OPTIONS,
                                          .parser   = parse_root,
                                          .args_doc = argp->args_doc,
                                          .doc      = argp->doc,
                                          .children = children};
    r.file                             = calloc((size_t)argc, sizeof *r.file);
    if (!r.file) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    const error_t error = argp_parse(&top, argc, argv, ARGP_NO_ERRS | ARGP_NO_HELP, NULL, &r);
    int           code  = error == 0 ? named_files_check(r.file, r.file_count) : COMMAND_USAGE;
    if (error == ENOMEM) code = command_fail(COMMAND_ENVIRONMENT, "out of memory");
    free(r.file);
    if (code != COMMAND_USAGE || error == 0 || error == REJECTED) return code;
    explain_stop(&(command_line){argv[0], argp->options}, argv, r.next);
    return COMMAND_USAGE;
}

error_t arguments_number(uint32_t *out, const char *option, const char *text, uint32_t minimum,
                         uint32_t maximum) {
    char *end;
    errno                          = 0;
    const unsigned long long value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != 0 || errno != 0 || value < minimum ||
        value > maximum) {
        return arguments_reject("%s is \"%s\"; expected a whole number from %u to %u", option, text,
                                minimum, maximum);
    }
    *out = (uint32_t)value;
    return 0;
}

error_t arguments_ordinal(uint64_t *out, const char *option, const char *text,
                          const char *expected) {
    char *end;
    if (text[0] >= '0' && text[0] <= '9') {
        *out = strtoull(text, &end, 10);
        if (*end == 0 && *out > 0 && *out < UINT64_MAX) return 0;
    }
    return arguments_reject("%s is \"%s\"; expected %s, 1 or more", option, text, expected);
}

error_t arguments_take(const char **slot, const char *text, const char *expected) {
    if (*slot) {
        return arguments_reject("\"%s\" is one argument too many; expected one %s", text, expected);
    }
    *slot = text;
    return 0;
}

error_t arguments_language(muster_language *out, const char *text) {
    *out = muster_language_from_name(text);
    if (*out < MUSTER_LANGUAGE_COUNT) return 0;
    return arguments_reject("--lang is \"%s\"; expected zh or en", text);
}
