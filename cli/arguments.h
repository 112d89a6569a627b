/* The command line of one subcommand: argp does the parsing and the help, this file says what
 * is wrong, in one line that names what was expected. */
#ifndef CLI_ARGUMENTS_H
#define CLI_ARGUMENTS_H

#include <argp.h>
#include <muster/language.h>
#include <stdint.h>

#include "cli/named_files.h"

/* Parse argv with `argp`, whose parser gets `input` as state->input. Files that options with the
 * flags of named_files.h name, and what stands by itself, have to be different ones where one is
 * written. Returns COMMAND_DONE, or COMMAND_USAGE after saying why. `--help` prints and exits. */
int arguments_parse(const struct argp *argp, int argc, char **argv, void *input);

/* For parsers: say what is wrong ("muster: ...") and give back what the parser must return. */
error_t arguments_reject(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Parse a whole number in [minimum, maximum] or reject it, naming the option. */
error_t arguments_number(uint32_t *out, const char *option, const char *text, uint32_t minimum,
                         uint32_t maximum);

/* The same for a number that counts from 1; `expected` says what it is: "the number of a record". */
error_t arguments_ordinal(uint64_t *out, const char *option, const char *text,
                          const char *expected);

/* Keep the next argument in *slot, or reject it as one too many; `expected` is its name. */
error_t arguments_take(const char **slot, const char *text, const char *expected);

/* Which language --lang names. */
error_t arguments_language(muster_language *out, const char *text);

#endif
