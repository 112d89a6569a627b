/* Profiles there and back, and everything that a file can get wrong. */
#include <muster/profile_file.h>

#include <stdio.h>
#include <string.h>

#include "gis/memory.h"
#include "tests/support/cmocka_all.h"
#include "tests/support/random.h"
#include "tests/support/test_folder.h"

static const char *file_of(const char *text) {
    const char *path = path_of("p.json");
    write_text(path, text);
    return path;
}

static muster_profiles *read_text(const char *text) {
    muster_profiles *profiles;
    assert_int_equal(muster_profiles_read(&profiles, file_of(text)), MUSTER_OK);
    return profiles;
}

static const muster_profile *found(const muster_profiles *profiles, const char *name) {
    const muster_profile *p;
    assert_int_equal(muster_profiles_find(&p, profiles, name), MUSTER_OK);
    assert_string_equal(p->name, name);
    return p;
}

/* ---- reading ------------------------------------------------------------------------- */

static void without_a_file_there_are_the_built_in_ones(void **state) {
    (void)state;
    muster_profiles *profiles;
    uint32_t         count, file_count, builtin_count;
    assert_int_equal(muster_profiles_read(&profiles, NULL), MUSTER_OK);
    const muster_profile *list    = muster_profiles_list(profiles, &count, &file_count);
    const muster_profile *builtin = muster_profile_builtins(&builtin_count);
    assert_int_equal(count, builtin_count);
    assert_int_equal(file_count, 0);
    assert_memory_equal(list, builtin, count * sizeof *list);
    muster_profiles_free(profiles);
}

static void what_extends_changes_only_what_it_says(void **state) {
    (void)state;
    muster_profiles *profiles = read_text(
        "{\"$schema\": \"profiles.schema.json\", \"profiles\": ["
        "{\"name\": \"van\", \"extends\": \"light\", \"height_m\": 2.8, \"turnout_s\": 12.345,"
        " \"speed_kmh\": {\"track\": 0, \"motorway\": 99.5}},"
        "{\"name\": \"amphibian\", \"extends\": \"van\", \"water\": \"float\", \"boat_speed_kmh\": 9,"
        " \"access\": [\"heavy\", \"light\"], \"turn_ban_penalty_s\": 30},"
        "{\"name\": \"kite\", \"flight_speed_kmh\": 30, \"setup_s\": 5}]}");
    uint32_t count, file_count;
    (void)muster_profiles_list(profiles, &count, &file_count);
    assert_int_equal(file_count, 3);
    assert_int_equal(count, 9);
    muster_profile expected;
    assert_int_equal(muster_profile_builtin(&expected, "light"), MUSTER_OK);
    expected.height_m                        = 2.8;
    expected.turnout_ms                      = 12345;
    expected.speed_kmh[MUSTER_ROAD_TRACK]    = 0;
    expected.speed_kmh[MUSTER_ROAD_MOTORWAY] = 99.5;
    const muster_profile *van                = found(profiles, "van");
    expected.name                            = van->name;
    assert_memory_equal(van, &expected, sizeof expected);
    expected.water               = MUSTER_WATER_FLOAT;
    expected.boat_speed_kmh      = 9;
    expected.access              = MUSTER_ACCESS_LIGHT | MUSTER_ACCESS_HEAVY;
    expected.turn_ban_penalty_ms = 30000;
    expected.name                = found(profiles, "amphibian")->name;
    assert_memory_equal(found(profiles, "amphibian"), &expected, sizeof expected);
    const muster_profile *kite = found(profiles, "kite");
    assert_true(kite->speed_factor == 1 && kite->turn_ban_penalty_ms == MUSTER_UNREACHABLE_MS);
    assert_int_equal(kite->setup_ms, 5000);
    muster_profiles_free(profiles);
}

static void protection_is_kept_there_and_back_and_inherited(void **state) {
    (void)state;
    char            *text;
    uint32_t         count, file_count;
    muster_profiles *profiles =
        read_text("{\"profiles\": [{\"name\": \"hazmat\", \"extends\": \"heavy\", "
                  "\"protected\": true}, {\"name\": \"lorry\", \"extends\": \"hazmat\", "
                  "\"protected\": false}, {\"name\": \"second\", \"extends\": \"hazmat\"}]}");
    assert_true(found(profiles, "hazmat")->is_protected && found(profiles, "second")->is_protected);
    assert_false(found(profiles, "lorry")->is_protected || found(profiles, "heavy")->is_protected);
    const muster_profile *list = muster_profiles_list(profiles, &count, &file_count);
    assert_int_equal(muster_profiles_text(&text, file_count, list), MUSTER_OK);
    muster_profiles *again = read_text(text);
    assert_true(found(again, "hazmat")->is_protected && !found(again, "lorry")->is_protected);
    muster_profiles_text_free(text);
    muster_profiles_free(again);
    muster_profiles_free(profiles);
}

static void a_file_may_replace_a_built_in_profile(void **state) {
    (void)state;
    muster_profiles *profiles = read_text("{\"profiles\": [{\"name\": \"heavy\", \"extends\": "
                                          "\"heavy\", \"wading_depth_m\": 0.9}]}");
    uint32_t         count;
    (void)muster_profiles_list(profiles, &count, NULL);
    assert_int_equal(count, 6);
    assert_true(found(profiles, "heavy")->wading_depth_m == 0.9);
    assert_true(found(profiles, "heavy")->weight_t == 18);
    muster_profiles_free(profiles);
}

static void an_unknown_name_is_told_what_there_is(void **state) {
    (void)state;
    muster_profiles      *profiles = read_text("{\"profiles\": [{\"name\": \"\xE8\x88\xB9\"}]}");
    const muster_profile *p;
    assert_int_equal(muster_profiles_find(&p, profiles, "tank"), MUSTER_E_INVALID);
    assert_null(p);
    assert_string_equal(muster_error_message(),
                        "unknown profile \"tank\"; expected \xE8\x88\xB9, light, heavy, emergency, "
                        "boat, helicopter or drone");
    muster_profiles_free(profiles);
}

/* ---- what is wrong ------------------------------------------------------------------- */

typedef struct mistake {
    const char   *text, *message; /* the message begins with the path and ": " or " " */
    muster_status status;
} mistake;

#define ONE(fields) "{\"profiles\": [{\"name\": \"x\", " fields "}]}"

static const mistake MISTAKES[] = {
    {"{\"profiles\": [", " is not JSON, at line 1, column 14: ", MUSTER_E_FORMAT},
    {"", " is not JSON, at line 1, column 0: ", MUSTER_E_FORMAT},
    {ONE("\"height_m\": NaN"), " is not JSON, at line 1, column ", MUSTER_E_FORMAT},
    {ONE("\"height_m\": 1e999"), " is not JSON, at line 1, column ", MUSTER_E_FORMAT},
    {ONE("\"height_m\": 1, \"height_m\": 2"), " is not JSON, at line 1, column ", MUSTER_E_FORMAT},
    {"[]", " has no list of profiles; expected {\"profiles\": [...]}", MUSTER_E_INVALID},
    {"{\"profiles\": {}}", " has no list of profiles; expected ", MUSTER_E_INVALID},
    {"{\"profiles\": [], \"profile\": 1}", " has a key 'profile'; expected profiles or $schema",
     MUSTER_E_INVALID},
    {"{\"profiles\": [3]}", ": profile 1 is no object", MUSTER_E_INVALID},
    {"{\"profiles\": [{}]}", ": profile 1 has no name; expected ", MUSTER_E_INVALID},
    {"{\"profiles\": [{\"name\": \"\"}]}", ": profile 1 has no name; expected ", MUSTER_E_INVALID},
    {"{\"profiles\": [{\"name\": \"a\\u001b[31m\"}]}", ": profile 1 has no name; expected ",
     MUSTER_E_INVALID},
    {"{\"profiles\": [{\"name\": \"x\"}, {\"name\": \"x\"}]}",
     ": two profiles have the name \"x\"; expected unique names", MUSTER_E_INVALID},
    {ONE("\"hieght_m\": 3"), ": profile \"x\" has a key 'hieght_m'; expected name, extends, ",
     MUSTER_E_INVALID},
    {ONE("\"extends\": \"y\""),
     ": profile \"x\" has extends \"y\"; expected a profile further up in the file, or a built-in",
     MUSTER_E_INVALID},
    {ONE("\"extends\": \"x\""), ": profile \"x\" has extends \"x\"; expected ", MUSTER_E_INVALID},
    {ONE("\"extends\": 3"), ": profile \"x\" has extends 3; expected ", MUSTER_E_INVALID},
    {ONE("\"height_m\": \"tall\""),
     ": profile \"x\" has height_m \"tall\"; expected a number, 0 or more", MUSTER_E_INVALID},
    {ONE("\"width_m\": null"), ": profile \"x\" has width_m null; expected a number, 0 or more",
     MUSTER_E_INVALID},
    {ONE("\"weight_t\": -0.5"), ": profile \"x\" has weight_t -0.5; expected 0 or more",
     MUSTER_E_INVALID},
    {ONE("\"speed_factor\": 0"), ": profile \"x\" has speed_factor 0; expected more than 0",
     MUSTER_E_INVALID},
    {ONE("\"turnout_s\": -1"), ": profile \"x\" has turnout_s -1; expected seconds, 0 to 2147483",
     MUSTER_E_INVALID},
    {ONE("\"turnout_s\": null"), ": profile \"x\" has turnout_s null; expected seconds, ",
     MUSTER_E_INVALID},
    {ONE("\"setup_s\": 2147484"), ": profile \"x\" has setup_s 2147484; expected seconds, ",
     MUSTER_E_INVALID},
    {ONE("\"turn_ban_penalty_s\": \"never\""),
     ": profile \"x\" has turn_ban_penalty_s \"never\"; expected seconds, 0 to 2147483, or null",
     MUSTER_E_INVALID},
    {ONE("\"speed_kmh\": 50"),
     ": profile \"x\" has speed_kmh 50; expected an object of speeds by road class",
     MUSTER_E_INVALID},
    {ONE("\"speed_kmh\": {\"footway\": 5}"),
     ": profile \"x\" has a speed_kmh of 'footway'; expected a road class: motorway, ",
     MUSTER_E_INVALID},
    {ONE("\"speed_kmh\": {\"track\": -2}"),
     ": profile \"x\" has speed_kmh.track -2; expected 0 or more", MUSTER_E_INVALID},
    {ONE("\"access\": \"light\""),
     ": profile \"x\" has access \"light\"; expected a list of light, heavy and emergency",
     MUSTER_E_INVALID},
    {ONE("\"access\": [\"light\", \"bus\"]"),
     ": profile \"x\" has access \"bus\"; expected light, heavy or emergency in its list",
     MUSTER_E_INVALID},
    {ONE("\"protected\": 1"), ": profile \"x\" has protected 1; expected true or false",
     MUSTER_E_INVALID},
    {ONE("\"water\": \"swim\""),
     ": profile \"x\" has water \"swim\"; expected \"wade\", \"blocked\" or \"float\"",
     MUSTER_E_INVALID},
    {ONE("\"water\": \"float\""),
     ": profile \"x\" floats and has boat_speed_kmh 0; expected more than 0", MUSTER_E_INVALID},
};

static void what_is_wrong_is_named(void **state) {
    (void)state;
    for (size_t m = 0; m < sizeof MISTAKES / sizeof *MISTAKES; ++m) {
        muster_profiles *profiles;
        char             beginning[600];
        const char      *path = file_of(MISTAKES[m].text);
        assert_int_equal(muster_profiles_read(&profiles, path), MISTAKES[m].status);
        assert_null(profiles);
        snprintf(beginning, sizeof beginning, "\"%s\"%s", path, MISTAKES[m].message);
        if (strncmp(muster_error_message(), beginning, strlen(beginning)) != 0) {
            fail_msg("%s\n  begins otherwise than\n%s", muster_error_message(), beginning);
        }
    }
}

static void a_missing_file_is_no_bad_file(void **state) {
    (void)state;
    muster_profiles *profiles;
    assert_int_equal(muster_profiles_read(&profiles, path_of("none.json")), MUSTER_E_IO);
    assert_non_null(
        strstr(muster_error_message(), "none.json\" cannot be opened: No such file or directory"));
    assert_int_equal(muster_profiles_read(&profiles, test_folder), MUSTER_E_IO);
    assert_message(test_folder, " cannot be read: Is a directory");
}

static void a_byte_order_mark_is_passed_over(void **state) {
    (void)state;
    muster_profiles *profiles;
    FILE            *file = fopen(path_of("p.json"), "w");
    assert_non_null(file);
    fputs("\xEF\xBB\xBF{\"profiles\": [{\"name\": \"van\", \"extends\": \"light\"}]}", file);
    assert_int_equal(fclose(file), 0);
    if (muster_profiles_read(&profiles, path_of("p.json")) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
    muster_profiles_free(profiles);
}

/* ---- writing ------------------------------------------------------------------------- */

static void assert_same(const muster_profile *a, const muster_profile *b) {
    muster_profile copy = *b;
    assert_string_equal(a->name, b->name);
    copy.name = a->name;
    assert_memory_equal(a, &copy, sizeof copy);
}

static void comes_back(const muster_profile *profile, uint32_t count) {
    char    *text, *again;
    uint32_t file_count, all_count;
    assert_int_equal(muster_profiles_text(&text, count, profile), MUSTER_OK);
    muster_profiles      *profiles = read_text(text);
    const muster_profile *list     = muster_profiles_list(profiles, &all_count, &file_count);
    assert_int_equal(file_count, count);
    for (uint32_t p = 0; p < count; ++p) assert_same(&list[p], &profile[p]);
    assert_int_equal(muster_profiles_text(&again, count, list), MUSTER_OK);
    assert_string_equal(text, again);
    muster_profiles_text_free(text);
    muster_profiles_text_free(again);
    muster_profiles_free(profiles);
}

static void built_in_profiles_come_back_as_they_are(void **state) {
    (void)state;
    uint32_t              count;
    const muster_profile *list = muster_profile_builtins(&count);
    comes_back(list, count);
}

static double some_amount(uint64_t *rng) {
    switch (random_below(rng, 4)) {
    case 0:
        return 0;
    case 1:
        return random_below(rng, 200) / 10.0;
    case 2:
        return random_unit(rng) * 1e-9;
    default:
        return random_unit(rng) / 3 * 1e12 + random_unit(rng);
    }
}

static uint32_t some_ms(uint64_t *rng) {
    return random_below(rng, 2) ? random_below(rng, 1000) * 1000
                                : random_below(rng, MUSTER_UNREACHABLE_MS);
}

static void any_profile_comes_back_to_the_last_bit(void **state) {
    (void)state;
    uint64_t rng = 1;
    for (int round = 0; round < 300; ++round) {
        char           name[2][24];
        muster_profile p[2];
        for (int i = 0; i < 2; ++i) {
            memset(&p[i], 0, sizeof p[i]); /* gaps too, which are compared */
            snprintf(name[i], sizeof name[i], "\"\\/ \xE8\x88\xB9 %d", i);
            p[i].struct_size       = sizeof p[i];
            p[i].name              = name[i];
            p[i].access            = (uint8_t)random_below(&rng, 8);
            p[i].contraflow_factor = some_amount(&rng);
            p[i].speed_factor      = some_amount(&rng) + 0.1;
            p[i].max_speed_kmh     = some_amount(&rng);
            p[i].height_m          = some_amount(&rng);
            p[i].width_m           = some_amount(&rng);
            p[i].weight_t          = some_amount(&rng);
            p[i].turnout_ms        = some_ms(&rng);
            p[i].turn_ban_penalty_ms =
                random_below(&rng, 3) ? some_ms(&rng) : MUSTER_UNREACHABLE_MS;
            p[i].water            = (uint8_t)random_below(&rng, MUSTER_WATER_COUNT);
            p[i].wading_depth_m   = some_amount(&rng);
            p[i].boat_speed_kmh   = some_amount(&rng) + 1;
            p[i].boat_depth_m     = some_amount(&rng);
            p[i].flight_speed_kmh = some_amount(&rng);
            p[i].setup_ms         = some_ms(&rng);
            for (int c = 0; c < MUSTER_ROAD_CLASS_COUNT; ++c) p[i].speed_kmh[c] = some_amount(&rng);
        }
        comes_back(p, 2);
    }
}

static void what_no_file_can_hold_is_refused(void **state) {
    (void)state;
    uint32_t       count;
    char          *text;
    muster_profile p[2] = {*muster_profile_builtins(&count), *muster_profile_builtins(&count)};
    assert_int_equal(muster_profiles_text(&text, 2, p), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), "profiles 0 and 1 both have the name \"light\"");
    assert_null(text);
    p[1].name = "\xFF";
    assert_int_equal(muster_profiles_text(&text, 2, p), MUSTER_E_INVALID);
    p[1].name     = "y";
    p[1].height_m = -1;
    assert_int_equal(muster_profiles_text(&text, 2, p), MUSTER_E_INVALID);
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    const char   *path    = file_of(ONE("\"extends\": \"light\", \"height_m\": 3"));
    int64_t       failing = 0;
    muster_status status;
    do {
        muster_profiles *profiles;
        char            *text = NULL;
        uint32_t         count;
        mu_gis_alloc_fail_after(failing++);
        status = muster_profiles_read(&profiles, path);
        if (status == MUSTER_OK) {
            const muster_profile *list = muster_profiles_list(profiles, &count, NULL);
            status                     = muster_profiles_text(&text, count, list);
        }
        mu_gis_alloc_fail_after(-1);
        if (status != MUSTER_OK) assert_int_equal(status, MUSTER_E_NOMEM);
        muster_profiles_text_free(text);
        muster_profiles_free(profiles);
    } while (status != MUSTER_OK);
    assert_true(failing > 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_file_there_are_the_built_in_ones),
        cmocka_unit_test(what_extends_changes_only_what_it_says),
        cmocka_unit_test(protection_is_kept_there_and_back_and_inherited),
        cmocka_unit_test(a_file_may_replace_a_built_in_profile),
        cmocka_unit_test(an_unknown_name_is_told_what_there_is),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(a_missing_file_is_no_bad_file),
        cmocka_unit_test(a_byte_order_mark_is_passed_over),
        cmocka_unit_test(built_in_profiles_come_back_as_they_are),
        cmocka_unit_test(any_profile_comes_back_to_the_last_bit),
        cmocka_unit_test(what_no_file_can_hold_is_refused),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
