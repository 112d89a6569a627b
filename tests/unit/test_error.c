/* Messages: one line, whole characters, one a thread. */
#include "core/error.h"

#include <pthread.h>
#include <string.h>

#include "tests/support/cmocka_all.h"

static void a_failure_sets_message_and_code_together(void **state) {
    (void)state;
    assert_int_equal(muster_fail(MUSTER_E_INVALID, "row %d", 7), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), "row 7");
}

static void a_message_stays_on_one_line(void **state) {
    (void)state;
    (void)muster_fail(MUSTER_E_INVALID, "name \"%s\"", "a\nb\x1b[31mc");
    assert_string_equal(muster_error_message(), "name \"a b [31mc\"");
}

static void a_long_message_is_cut_between_characters(void **state) {
    (void)state;
    char text[4096] = "";
    for (size_t i = 0; i + 3 < sizeof text; i += 3) memcpy(text + i, "\xE5\x98\x89", 4); /* 嘉 */
    (void)muster_fail(MUSTER_E_INVALID, "%s", text);
    assert_int_equal(strlen(muster_error_message()), 1023 / 3 * 3);
    (void)muster_fail(MUSTER_E_INVALID, "x%s", text);
    assert_int_equal(strlen(muster_error_message()), 1 + 1022 / 3 * 3);
}

static void what_is_no_utf8_becomes_question_marks(void **state) {
    (void)state;
    static const char *const pair[][2] = {
        {"\xE5\x98\x89\xC3\xA9\xF0\x9F\x9A\x92", "\xE5\x98\x89\xC3\xA9\xF0\x9F\x9A\x92"}, /* 嘉é🚒 */
        {"\xFC", "?"},
        {"caf\xE9 au", "caf? au"},    /* Latin-1 */
        {"\xE5\x98", "??"},           /* cut short */
        {"\xC0\xAF", "??"},           /* overlong */
        {"\xE0\x9F\xBF", "???"},      /* overlong */
        {"\xED\xA0\x80", "???"},      /* a surrogate */
        {"\xF4\x90\x80\x80", "????"}, /* beyond U+10FFFF */
        {"\xE5\x1B\x98", "? ?"},      /* an escape inside */
    };
    for (size_t i = 0; i < sizeof pair / sizeof *pair; ++i) {
        (void)muster_fail(MUSTER_E_FORMAT, "%s", pair[i][0]);
        assert_string_equal(muster_error_message(), pair[i][1]);
    }
}

static void a_message_may_quote_the_one_before(void **state) {
    (void)state;
    (void)muster_fail(MUSTER_E_IO, "disk full");
    (void)muster_fail(MUSTER_E_IO, "saving: %s", muster_error_message());
    assert_string_equal(muster_error_message(), "saving: disk full");
}

static void *fail_elsewhere(void *unused) {
    (void)muster_fail(MUSTER_E_IO, "elsewhere");
    return unused;
}

static void threads_do_not_see_each_others_messages(void **state) {
    (void)state;
    pthread_t other;
    (void)muster_fail(MUSTER_E_IO, "here");
    assert_int_equal(pthread_create(&other, NULL, fail_elsewhere, NULL), 0);
    assert_int_equal(pthread_join(other, NULL), 0);
    assert_string_equal(muster_error_message(), "here");
}

static void a_workers_failure_is_raised_on_the_calling_thread(void **state) {
    (void)state;
    mu_worker_error slot = {MUSTER_OK, ""};
    assert_int_equal(mu_worker_error_raise(&slot), MUSTER_OK);
    mu_worker_error_keep(&slot, muster_fail(MUSTER_E_NOMEM, "first"));
    mu_worker_error_keep(&slot, muster_fail(MUSTER_E_IO, "second"));
    assert_int_equal(mu_worker_error_raise(&slot), MUSTER_E_NOMEM);
    assert_string_equal(muster_error_message(), "first");
}

static void every_status_has_a_name(void **state) {
    (void)state;
    assert_string_equal(muster_status_name(MUSTER_OK), "MUSTER_OK");
    for (int s = MUSTER_E_INTERNAL; s < 0; ++s) {
        assert_memory_equal(muster_status_name((muster_status)s), "MUSTER_E_", 9);
    }
    assert_string_equal(muster_status_name((muster_status)99), "unknown status");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_sets_message_and_code_together),
        cmocka_unit_test(a_message_stays_on_one_line),
        cmocka_unit_test(a_long_message_is_cut_between_characters),
        cmocka_unit_test(what_is_no_utf8_becomes_question_marks),
        cmocka_unit_test(a_message_may_quote_the_one_before),
        cmocka_unit_test(threads_do_not_see_each_others_messages),
        cmocka_unit_test(a_workers_failure_is_raised_on_the_calling_thread),
        cmocka_unit_test(every_status_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
