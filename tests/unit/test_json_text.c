/* Documents that are written from left to right: commas, escapes, and memory that runs out. */
#include "gis/json_text.h"

#include <string.h>

#include "tests/support/cmocka_all.h"
#include "tests/support/decimal_comma.h"

static void write_all(mu_json *json) {
    mu_json_open(json, NULL, '{');
    mu_json_string(json, "a\"b", "tab\t, quote\", \\, bell\a, \xE9\x98\x9F");
    mu_json_string(json, "left out", NULL);
    mu_json_int(json, "n", INT64_MIN);
    mu_json_open(json, "list", '[');
    mu_json_open(json, NULL, '{');
    mu_json_close(json, '}');
    mu_json_open(json, NULL, '{');
    mu_json_real(json, "x", 0.1);
    mu_json_close(json, '}');
    mu_json_int(json, NULL, 7);
    mu_json_close(json, ']');
    mu_json_string(json, "empty", "");
    mu_json_close(json, '}');
}

static const char EXPECTED[] =
    "{\"a\\\"b\":\"tab\\u0009, quote\\\", \\\\, bell\\u0007, \xE9\x98\x9F\","
    "\"n\":-9223372036854775808,\"list\":[{},{\"x\":0.10000000000000001},7],\"empty\":\"\"}";

static void commas_and_escapes_are_where_they_belong(void **state) {
    (void)state;
    mu_json json = {0};
    write_all(&json);
    assert_int_equal(mu_json_end(&json), MUSTER_OK);
    assert_string_equal(json.text, EXPECTED);
    mu_json_fini(&json);
}

static void decimal_commas_of_the_program_change_nothing(void **state) {
    (void)state;
    mu_json json = {0};
    begin_decimal_comma();
    write_all(&json);
    mu_json_real(&json, NULL, 1.0 / 3);
    end_decimal_comma();
    assert_int_equal(mu_json_end(&json), MUSTER_OK);
    assert_memory_equal(json.text, EXPECTED, strlen(EXPECTED));
    assert_string_equal(json.text + strlen(EXPECTED), ",0.33333333333333331");
    mu_json_fini(&json);
}

static void a_long_document_grows(void **state) {
    (void)state;
    mu_json json = {0};
    mu_json_open(&json, NULL, '[');
    for (int i = 0; i < 10000; ++i) mu_json_int(&json, NULL, 5);
    mu_json_close(&json, ']');
    assert_int_equal(mu_json_end(&json), MUSTER_OK);
    assert_int_equal(strlen(json.text), 2 * 10000 + 1);
    mu_json_fini(&json);
}

static void memory_that_runs_out_is_said_at_the_end(void **state) {
    (void)state;
    mu_json json = {0};
    mu_gis_alloc_fail_after(0);
    write_all(&json);
    mu_gis_alloc_fail_after(-1);
    assert_int_equal(mu_json_end(&json), MUSTER_E_NOMEM);
    mu_json_fini(&json);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commas_and_escapes_are_where_they_belong),
        cmocka_unit_test(decimal_commas_of_the_program_change_nothing),
        cmocka_unit_test(a_long_document_grows),
        cmocka_unit_test(memory_that_runs_out_is_said_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
