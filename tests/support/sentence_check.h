/* What holds of every sentence for people, in each language. */
#ifndef TESTS_SUPPORT_SENTENCE_CHECK_H
#define TESTS_SUPPORT_SENTENCE_CHECK_H

#include <ctype.h>
#include <muster/language.h>
#include <string.h>

#include "tests/support/cmocka_all.h"

/* Is it whole, and in its language? English is of ASCII, but for names, and Chinese of codes
 * without letters has no letters, no English marks but the points and signs of numbers and the dash of a code. */
static inline void check_sentence(const char *text, muster_language language) {
    assert_non_null(text);
    const size_t length = strlen(text);
    assert_true(length > 10);
    assert_null(strstr(text, "(null)"));
    assert_null(strstr(text, "  "));
    if (language == MUSTER_ENGLISH) {
        assert_true(text[length - 1] == '.' || strcmp(text + length - 2, ". ") == 0);
        for (size_t i = 0; i < length; ++i) assert_true((unsigned char)text[i] < 0x80);
        return;
    }
    assert_string_equal(text + length - strlen("。"), "。");
    for (size_t i = 0; i < length; ++i) {
        assert_false(isalpha((unsigned char)text[i]));
        assert_null(strchr("(),;:\"'!?%", text[i]));
        if (text[i] == '.') assert_true(isdigit((unsigned char)text[i + 1]));
    }
    assert_null(strstr(text, "，，"));
    assert_null(strstr(text, "，。"));
    assert_null(strstr(text, "。，"));
    assert_null(strstr(text, "。。"));
}

#endif
