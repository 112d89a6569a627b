/* The built-in profiles, and what is no profile. */
#include <muster/profile.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/cmocka_all.h"

static void the_built_in_ones_are_sound_and_found_by_name(void **state) {
    (void)state;
    uint32_t              count;
    const muster_profile *list = muster_profile_builtins(&count);
    assert_int_equal(count, 6);
    for (uint32_t p = 0; p < count; ++p) {
        muster_profile found;
        assert_int_equal(muster_profile_check(&list[p]), MUSTER_OK);
        assert_int_equal(muster_profile_builtin(&found, list[p].name), MUSTER_OK);
        assert_memory_equal(&found, &list[p], sizeof found);
        for (uint32_t q = 0; q < p; ++q) assert_string_not_equal(list[p].name, list[q].name);
    }
}

static void water_has_names(void **state) {
    (void)state;
    for (int w = 0; w < MUSTER_WATER_COUNT; ++w) {
        assert_int_equal(muster_water_from_name(muster_water_name((muster_water)w)), w);
    }
    assert_null(muster_water_name(MUSTER_WATER_COUNT));
    assert_int_equal(muster_water_from_name("fly"), MUSTER_WATER_COUNT);
}

static muster_profile light(void) {
    muster_profile p;
    assert_int_equal(muster_profile_builtin(&p, "light"), MUSTER_OK);
    return p;
}

static void refused(const muster_profile *p, const char *message) {
    assert_int_equal(muster_profile_check(p), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), message);
}

static void each_field_is_named_when_it_is_wrong(void **state) {
    (void)state;
    static const struct {
        size_t      offset;
        const char *name;
    } AMOUNT[] = {{offsetof(muster_profile, contraflow_factor), "contraflow_factor"},
                  {offsetof(muster_profile, speed_kmh), "speed_kmh.motorway"},
                  {offsetof(muster_profile, speed_factor), "speed_factor"},
                  {offsetof(muster_profile, max_speed_kmh), "max_speed_kmh"},
                  {offsetof(muster_profile, height_m), "height_m"},
                  {offsetof(muster_profile, width_m), "width_m"},
                  {offsetof(muster_profile, weight_t), "weight_t"},
                  {offsetof(muster_profile, wading_depth_m), "wading_depth_m"},
                  {offsetof(muster_profile, boat_speed_kmh), "boat_speed_kmh"},
                  {offsetof(muster_profile, boat_depth_m), "boat_depth_m"},
                  {offsetof(muster_profile, flight_speed_kmh), "flight_speed_kmh"}};
    static const double WRONG[] = {-1, INFINITY, -INFINITY, NAN};
    for (size_t f = 0; f < sizeof AMOUNT / sizeof *AMOUNT; ++f) {
        for (size_t w = 0; w < sizeof WRONG / sizeof *WRONG; ++w) {
            char           message[200];
            muster_profile p = light();
            memcpy((char *)&p + AMOUNT[f].offset, &WRONG[w], sizeof WRONG[w]);
            snprintf(message, sizeof message, "profile \"light\" has %s %g; expected 0 or more",
                     AMOUNT[f].name, WRONG[w]);
            refused(&p, message);
        }
    }
}

static void what_does_not_go_together_is_refused(void **state) {
    (void)state;
    muster_profile p = light();
    p.struct_size    = 8;
    assert_int_equal(muster_profile_check(&p), MUSTER_E_INVALID);
    p      = light();
    p.name = NULL;
    refused(&p, "profile has no name");
    p        = light();
    p.access = MUSTER_ACCESS_CONTRAFLOW;
    refused(&p, "profile \"light\" has access bits 8; expected 0 to 7");
    p       = light();
    p.water = 3;
    refused(&p, "profile \"light\" has water 3; expected 0 to 2");
    p.water = MUSTER_WATER_FLOAT;
    refused(&p, "profile \"light\" floats and has boat_speed_kmh 0; expected more than 0");
    p              = light();
    p.speed_factor = 0;
    refused(&p, "profile \"light\" has speed_factor 0; expected more than 0");
    p            = light();
    p.turnout_ms = MUSTER_UNREACHABLE_MS;
    refused(&p, "profile \"light\" has turnout_ms 2147483647; expected 0 to 2147483646");
    p          = light();
    p.setup_ms = UINT32_MAX;
    refused(&p, "profile \"light\" has setup_ms 4294967295; expected 0 to 2147483646");
    p                     = light();
    p.turn_ban_penalty_ms = UINT32_MAX;
    refused(&p, "profile \"light\" has turn_ban_penalty_ms 4294967295; expected 0 to 2147483647");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_built_in_ones_are_sound_and_found_by_name),
        cmocka_unit_test(water_has_names),
        cmocka_unit_test(each_field_is_named_when_it_is_wrong),
        cmocka_unit_test(what_does_not_go_together_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
