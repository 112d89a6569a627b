/* Failures of the command, said once and in one line. */
#include "cli/command.h"

#include <stdarg.h>
#include <stdio.h>

int(command_fail)(int exit_code, const char *format, ...) {
    char    message[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    /* File names and values from files end up in messages, and nothing from a file reaches a
     * terminal raw: the library cleans messages. */
    (void)muster_fail(MUSTER_E_INVALID, "%s", message);
    fflush(stdout); /* what was already answered comes before what went wrong */
    fprintf(stderr, "muster: %s\n", muster_error_message());
    return exit_code;
}

static int exit_code_of(muster_status status) {
    switch (status) {
    case MUSTER_OK:
        return COMMAND_DONE;
    case MUSTER_E_INVALID:
    case MUSTER_E_FORMAT:
        return COMMAND_BAD_INPUT;
    case MUSTER_E_NOMEM:
    case MUSTER_E_IO:
        return COMMAND_ENVIRONMENT;
    case MUSTER_E_CANCELLED:
        return 130; /* as a shell reports a program that SIGINT ended */
    case MUSTER_E_SOLVER:
    case MUSTER_E_INTERNAL:
        break;
    }
    return COMMAND_INTERNAL;
}

int command_fail_status(muster_status status) {
    return command_fail(exit_code_of(status), "%s", muster_error_message());
}
