/* A locale with a decimal comma, as much of Europe has it: made here, for few machines have one installed. */
#ifndef TESTS_SUPPORT_DECIMAL_COMMA_H
#define TESTS_SUPPORT_DECIMAL_COMMA_H

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/cmocka_all.h"

/* Numbers have commas from here on; where the system cannot make a locale, the test is skipped. */
static inline void begin_decimal_comma(void) {
    const char *base = getenv("TMPDIR");
    char        folder[256], command[900];
    snprintf(folder, sizeof folder, "%s/muster-comma-XXXXXX", base && *base ? base : "/tmp");
    assert_non_null(mkdtemp(folder));
    snprintf(
        command, sizeof command,
        "cd '%s' && printf 'LC_NUMERIC\\ndecimal_point \",\"\\nthousands_sep \"\"\\ngrouping -1\\n"
        "END LC_NUMERIC\\n' >source && localedef -c -i source -f ANSI_X3.4-1968 ./comma "
        ">log 2>&1",
        folder);
    (void)!system(command); /* it warns of all that the locale does not have */
    assert_int_equal(setenv("LOCPATH", folder, 1), 0);
    const bool is_there = setlocale(LC_NUMERIC, "comma") != NULL;
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    (void)!system(command);
    if (!is_there) skip();
    assert_string_equal(localeconv()->decimal_point, ",");
}

static inline void end_decimal_comma(void) {
    (void)setlocale(LC_NUMERIC, "C");
}

#endif
