/* Profiles as JSON, there and back.
 *
 * A profile is an object of fields, and a table tells of each field what it is and where it goes,
 * so reader, writer and messages cannot disagree. Times are seconds in the file and milliseconds in
 * memory; whole milliseconds survive the way through a decimal fraction.
 *
 * What "extends" another starts as a copy of that, what does not as DEFAULTS. Names refer backwards:
 * to profiles further up, or else to the built-in ones, so nothing can go in circles. */
#include "gis/profile_file.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/json_document.h"
#include "gis/memory.h"
#include "gis/utf8.h"

enum { MOST_NAME_BYTES = 64, SHOWN_BYTES = 60, MESSAGE_BYTES = 512 };

struct muster_profiles {
    uint32_t        count, file_count;
    size_t          capacity;
    muster_profile *profile;
    mu_texts        texts;
};

/* ---- fields -------------------------------------------------------------------------- */

static const muster_profile DEFAULTS = {.struct_size         = sizeof(muster_profile),
                                        .speed_factor        = 1,
                                        .turn_ban_penalty_ms = MUSTER_UNREACHABLE_MS};

typedef enum field_kind { FIELD_AMOUNT, FIELD_SECONDS, FIELD_SECONDS_OR_NULL } field_kind;

/* Amounts are doubles and seconds uint32_t milliseconds. */
typedef struct number_field {
    const char *key;
    field_kind  kind;
    size_t      offset; /* in muster_profile */
} number_field;

static const number_field NUMBERS[] = {
    {"contraflow_factor", FIELD_AMOUNT, offsetof(muster_profile, contraflow_factor)},
    {"speed_factor", FIELD_AMOUNT, offsetof(muster_profile, speed_factor)},
    {"max_speed_kmh", FIELD_AMOUNT, offsetof(muster_profile, max_speed_kmh)},
    {"height_m", FIELD_AMOUNT, offsetof(muster_profile, height_m)},
    {"width_m", FIELD_AMOUNT, offsetof(muster_profile, width_m)},
    {"weight_t", FIELD_AMOUNT, offsetof(muster_profile, weight_t)},
    {"turnout_s", FIELD_SECONDS, offsetof(muster_profile, turnout_ms)},
    {"turn_ban_penalty_s", FIELD_SECONDS_OR_NULL, offsetof(muster_profile, turn_ban_penalty_ms)},
    {"wading_depth_m", FIELD_AMOUNT, offsetof(muster_profile, wading_depth_m)},
    {"boat_speed_kmh", FIELD_AMOUNT, offsetof(muster_profile, boat_speed_kmh)},
    {"boat_depth_m", FIELD_AMOUNT, offsetof(muster_profile, boat_depth_m)},
    {"flight_speed_kmh", FIELD_AMOUNT, offsetof(muster_profile, flight_speed_kmh)},
    {"setup_s", FIELD_SECONDS, offsetof(muster_profile, setup_ms)},
};
enum { NUMBER_COUNT = sizeof NUMBERS / sizeof *NUMBERS };

static const char EXPECTED_KEYS[] =
    "name, extends, access, speed_kmh, water, protected or a number of docs/profiles.md";

static const struct {
    const char *name;
    uint8_t     bit;
} ACCESS[] = {{"light", MUSTER_ACCESS_LIGHT},
              {"heavy", MUSTER_ACCESS_HEAVY},
              {"emergency", MUSTER_ACCESS_EMERGENCY}};
enum { ACCESS_COUNT = sizeof ACCESS / sizeof *ACCESS };

static double amount_of(const muster_profile *p, const number_field *f) {
    double value;
    memcpy(&value, (const char *)p + f->offset, sizeof value);
    return value;
}

static uint32_t ms_of(const muster_profile *p, const number_field *f) {
    uint32_t value;
    memcpy(&value, (const char *)p + f->offset, sizeof value);
    return value;
}

/* ---- reading ------------------------------------------------------------------------- */

typedef struct profile_reader {
    const char      *path;
    muster_profiles *profiles;
    muster_profile   profile; /* in hand */
} profile_reader;

/* "f.json": profile "x" has height_m "tall"; expected ... */
static muster_status refuse(const profile_reader *r, const char *field, const json_t *value,
                            const char *format, ...) __attribute__((format(printf, 4, 5)));
static muster_status refuse(const profile_reader *r, const char *field, const json_t *value,
                            const char *format, ...) {
    char    shown[SHOWN_BYTES], expected[MESSAGE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(expected, sizeof expected, format, arguments);
    va_end(arguments);
    mu_json_value_show(shown, sizeof shown, value);
    return muster_fail(MUSTER_E_INVALID, "\"%s\": profile \"%s\" has %s %s; expected %s", r->path,
                       r->profile.name, field, shown, expected);
}

static muster_status read_amount(const profile_reader *r, const char *field, const json_t *value,
                                 double *out) {
    if (!json_is_number(value)) return refuse(r, field, value, "a number, 0 or more");
    *out = json_number_value(value) + 0.0; /* no negative zero */
    return *out >= 0 ? MUSTER_OK : refuse(r, field, value, "0 or more");
}

static muster_status read_seconds(const profile_reader *r, const number_field *f,
                                  const json_t *value, uint32_t *out_ms) {
    const bool   or_null = f->kind == FIELD_SECONDS_OR_NULL;
    const double most_ms = (double)MUSTER_UNREACHABLE_MS - 1;
    if (or_null && json_is_null(value)) {
        *out_ms = MUSTER_UNREACHABLE_MS;
        return MUSTER_OK;
    }
    const double ms = json_is_number(value) ? json_number_value(value) * 1000 : -1;
    if (!(ms >= 0 && ms <= most_ms)) {
        return refuse(r, f->key, value, "seconds, 0 to 2147483%s", or_null ? ", or null" : "");
    }
    *out_ms = (uint32_t)(ms + 0.5);
    return MUSTER_OK;
}

static muster_status read_number(profile_reader *r, const number_field *f, const json_t *value) {
    char *place = (char *)&r->profile + f->offset;
    if (f->kind == FIELD_AMOUNT) {
        double amount = 0;
        MU_TRY(read_amount(r, f->key, value, &amount));
        memcpy(place, &amount, sizeof amount);
    } else {
        uint32_t ms = 0;
        MU_TRY(read_seconds(r, f, value, &ms));
        memcpy(place, &ms, sizeof ms);
    }
    return MUSTER_OK;
}

static muster_status read_access(profile_reader *r, const json_t *value) {
    const json_t *word;
    size_t        i;
    r->profile.access = 0;
    if (!json_is_array(value)) {
        return refuse(r, "access", value, "a list of light, heavy and emergency");
    }
    json_array_foreach(value, i, word) {
        int bit = 0;
        while (bit < ACCESS_COUNT &&
               !(json_is_string(word) && strcmp(json_string_value(word), ACCESS[bit].name) == 0)) {
            ++bit;
        }
        if (bit == ACCESS_COUNT) {
            return refuse(r, "access", word, "light, heavy or emergency in its list");
        }
        r->profile.access |= ACCESS[bit].bit;
    }
    return MUSTER_OK;
}

/* What it does not name stays as it was. */
static muster_status read_speeds(profile_reader *r, json_t *value) {
    const char *class_name;
    json_t     *speed;
    if (!json_is_object(value)) {
        return refuse(r, "speed_kmh", value, "an object of speeds by road class");
    }
    json_object_foreach(value, class_name, speed) {
        char                    field[SHOWN_BYTES + 16], shown[SHOWN_BYTES];
        const muster_road_class road_class = muster_road_class_from_name(class_name);
        if (road_class == MUSTER_ROAD_CLASS_COUNT) {
            mu_quote(shown, sizeof shown, class_name);
            return muster_fail(
                MUSTER_E_INVALID,
                "\"%s\": profile \"%s\" has a speed_kmh of %s; expected a road class: "
                "motorway, motorway_link, trunk, ... service, track, road, ferry",
                r->path, r->profile.name, shown);
        }
        snprintf(field, sizeof field, "speed_kmh.%s", class_name);
        MU_TRY(read_amount(r, field, speed, &r->profile.speed_kmh[road_class]));
    }
    return MUSTER_OK;
}

static muster_status read_water(profile_reader *r, const json_t *value) {
    const char        *name  = json_is_string(value) ? json_string_value(value) : "";
    const muster_water water = muster_water_from_name(name);
    r->profile.water         = (uint8_t)water;
    if (water < MUSTER_WATER_COUNT) return MUSTER_OK;
    return refuse(r, "water", value, "\"wade\", \"blocked\" or \"float\"");
}

static muster_status read_protected(profile_reader *r, const json_t *value) {
    if (!json_is_boolean(value)) return refuse(r, "protected", value, "true or false");
    r->profile.is_protected = json_is_true(value);
    return MUSTER_OK;
}

static muster_status read_field(profile_reader *r, const char *key, json_t *value) {
    if (strcmp(key, "name") == 0 || strcmp(key, "extends") == 0) return MUSTER_OK; /* read before */
    if (strcmp(key, "access") == 0) return read_access(r, value);
    if (strcmp(key, "speed_kmh") == 0) return read_speeds(r, value);
    if (strcmp(key, "water") == 0) return read_water(r, value);
    if (strcmp(key, "protected") == 0) return read_protected(r, value);
    for (int f = 0; f < NUMBER_COUNT; ++f) {
        if (strcmp(key, NUMBERS[f].key) == 0) return read_number(r, &NUMBERS[f], value);
    }
    char shown[SHOWN_BYTES];
    mu_quote(shown, sizeof shown, key);
    return muster_fail(MUSTER_E_INVALID, "\"%s\": profile \"%s\" has a key %s; expected %s",
                       r->path, r->profile.name, shown, EXPECTED_KEYS);
}

static const muster_profile *find(const muster_profiles *profiles, const char *name) {
    for (uint32_t p = 0; p < profiles->count; ++p) {
        if (strcmp(profiles->profile[p].name, name) == 0) return &profiles->profile[p];
    }
    return NULL;
}

static bool is_name(const char *name) {
    const size_t length = strlen(name);
    for (const unsigned char *c = (const unsigned char *)name; *c != 0; ++c) {
        if (*c < 0x20 || *c == 0x7F) return false;
    }
    return length > 0 && length <= MOST_NAME_BYTES;
}

/* The name goes first, for all messages need it. */
static muster_status read_name(profile_reader *r, uint32_t index, const json_t *object) {
    const char *name = json_string_value(json_object_get(object, "name"));
    if (!name || !is_name(name)) {
        return muster_fail(
            MUSTER_E_INVALID,
            "\"%s\": profile %u has no name; expected \"name\" with 1 to %d bytes and "
            "no control character",
            r->path, index + 1, MOST_NAME_BYTES);
    }
    if (find(r->profiles, name)) {
        return muster_fail(MUSTER_E_INVALID,
                           "\"%s\": two profiles have the name \"%s\"; expected unique names",
                           r->path, name);
    }
    return mu_texts_keep(&r->profiles->texts, name, &r->profile.name);
}

/* Leaves the name as it is. */
static muster_status read_base(profile_reader *r, const json_t *object) {
    const json_t *extends = json_object_get(object, "extends");
    const char   *name    = r->profile.name;
    if (!extends) {
        r->profile = DEFAULTS;
    } else {
        const char           *text = json_string_value(extends);
        const muster_profile *base = text ? find(r->profiles, text) : NULL;
        if (base) {
            r->profile = *base;
        } else if (!text || muster_profile_builtin(&r->profile, text) != MUSTER_OK) {
            return refuse(r, "extends", extends,
                          "a profile further up in the file, or a built-in one");
        }
    }
    r->profile.name = name;
    return MUSTER_OK;
}

static muster_status add(muster_profiles *profiles, const muster_profile *profile) {
    MU_TRY(mu_gis_grow(&profiles->profile, &profiles->capacity, profiles->count,
                       sizeof *profiles->profile));
    profiles->profile[profiles->count++] = *profile;
    return MUSTER_OK;
}

static muster_status read_profile(profile_reader *r, uint32_t index, json_t *object) {
    const char *key;
    json_t     *value;
    if (!json_is_object(object)) {
        return muster_fail(MUSTER_E_INVALID, "\"%s\": profile %u is no object", r->path, index + 1);
    }
    MU_TRY(read_name(r, index, object));
    MU_TRY(read_base(r, object));
    json_object_foreach(object, key, value) MU_TRY(read_field(r, key, value));
    if (muster_profile_check(&r->profile) != MUSTER_OK) {
        return muster_fail(MUSTER_E_INVALID, "\"%s\": %s", r->path, muster_error_message());
    }
    return add(r->profiles, &r->profile);
}

static muster_status read_document(profile_reader *r, json_t *document) {
    const char *key;
    json_t     *value, *object;
    size_t      i;
    json_t     *list = json_object_get(document, "profiles");
    if (!json_is_array(list)) {
        return muster_fail(MUSTER_E_INVALID,
                           "\"%s\" has no list of profiles; expected {\"profiles\": [...]}",
                           r->path);
    }
    json_object_foreach(document, key, value) {
        char shown[SHOWN_BYTES];
        if (strcmp(key, "profiles") == 0 || strcmp(key, "$schema") == 0) continue;
        mu_quote(shown, sizeof shown, key);
        return muster_fail(MUSTER_E_INVALID, "\"%s\" has a key %s; expected profiles or $schema",
                           r->path, shown);
    }
    json_array_foreach(list, i, object) MU_TRY(read_profile(r, (uint32_t)i, object));
    return MUSTER_OK;
}

static muster_status read_file(muster_profiles *profiles, const char *path) {
    profile_reader r = {.path = path, .profiles = profiles};
    json_t        *document;
    MU_TRY(mu_json_document_read(&document, path));
    const muster_status status = read_document(&r, document);
    json_decref(document);
    return status;
}

static muster_status add_builtins(muster_profiles *profiles) {
    uint32_t              count;
    const muster_profile *builtin = muster_profile_builtins(&count);
    for (uint32_t p = 0; p < count; ++p) {
        if (!find(profiles, builtin[p].name)) MU_TRY(add(profiles, &builtin[p]));
    }
    return MUSTER_OK;
}

muster_status mu_profiles_new(muster_profiles **out) {
    return mu_gis_alloc_zeroed(out, 1, sizeof **out);
}

muster_status mu_profiles_add(muster_profiles *profiles, const char *source, const char *text,
                              const char **out_name) {
    profile_reader r = {.path = source, .profiles = profiles};
    json_t        *object;
    MU_TRY(mu_json_document_parse(&object, text, source));
    const muster_status status = read_profile(&r, profiles->count, object);
    json_decref(object);
    *out_name = r.profile.name;
    return status;
}

muster_status mu_profiles_end(muster_profiles *profiles) {
    profiles->file_count = profiles->count;
    return add_builtins(profiles);
}

muster_status muster_profiles_read(muster_profiles **out, const char *path) {
    muster_profiles *profiles;
    *out = NULL;
    MU_TRY(mu_profiles_new(&profiles));
    muster_status status = path ? read_file(profiles, path) : MUSTER_OK;
    if (status == MUSTER_OK) status = mu_profiles_end(profiles);
    if (status != MUSTER_OK) {
        muster_profiles_free(profiles);
        return status;
    }
    *out = profiles;
    return MUSTER_OK;
}

void muster_profiles_free(muster_profiles *profiles) {
    if (!profiles) return;
    mu_gis_free(profiles->profile);
    mu_texts_fini(&profiles->texts);
    mu_gis_free(profiles);
}

const muster_profile *muster_profiles_list(const muster_profiles *profiles, uint32_t *out_count,
                                           uint32_t *out_file_count) {
    *out_count = profiles->count;
    if (out_file_count) *out_file_count = profiles->file_count;
    return profiles->profile;
}

muster_status muster_profiles_find(const muster_profile **out, const muster_profiles *profiles,
                                   const char *name) {
    char   names[MESSAGE_BYTES] = "";
    size_t used                 = 0;
    *out                        = find(profiles, name);
    if (*out) return MUSTER_OK;
    for (uint32_t p = 0; p < profiles->count && used < sizeof names; ++p) {
        const char *joint = p == 0 ? "" : p + 1 < profiles->count ? ", " : " or ";
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", joint,
                                 profiles->profile[p].name);
    }
    return muster_fail(MUSTER_E_INVALID, "unknown profile \"%s\"; expected %s", name, names);
}

/* ---- writing ------------------------------------------------------------------------- */

/* Whole numbers without a point. */
static json_t *json_of(double value) {
    return value == floor(value) && value < 1e15 ? json_integer((json_int_t)value)
                                                 : json_real(value);
}

static json_t *json_of_ms(uint32_t ms) {
    return ms == MUSTER_UNREACHABLE_MS ? json_null() : json_of(ms / 1000.0);
}

static json_t *json_of_number(const muster_profile *p, const number_field *f) {
    return f->kind == FIELD_AMOUNT ? json_of(amount_of(p, f)) : json_of_ms(ms_of(p, f));
}

static bool is_default(const muster_profile *p, const number_field *f) {
    return f->kind == FIELD_AMOUNT ? amount_of(p, f) == amount_of(&DEFAULTS, f)
                                   : ms_of(p, f) == ms_of(&DEFAULTS, f);
}

static json_t *json_of_access(uint8_t access) {
    json_t *list = json_array();
    for (int bit = 0; bit < ACCESS_COUNT; ++bit) {
        if (access & ACCESS[bit].bit) json_array_append_new(list, json_string(ACCESS[bit].name));
    }
    return list;
}

static json_t *json_of_speeds(const muster_profile *p) {
    json_t *speeds = json_object();
    for (int c = 0; c < MUSTER_ROAD_CLASS_COUNT; ++c) {
        if (!(p->speed_kmh[c] > 0)) continue;
        json_object_set_new(speeds, muster_road_class_name((muster_road_class)c),
                            json_of(p->speed_kmh[c]));
    }
    return speeds;
}

/* Appending fails where the value is NULL, so one look at the end would not do: a name that is not
 * UTF-8 gives none, and nor does a lack of memory. */
static bool set(json_t *object, const char *key, json_t *value) {
    return json_object_set_new(object, key, value) == 0;
}

static bool fill_object(json_t *object, const muster_profile *p) {
    json_t *access = json_of_access(p->access), *speeds = json_of_speeds(p);
    bool    is_whole = set(object, "name", json_string(p->name));
    if (p->access != 0) is_whole &= set(object, "access", json_incref(access));
    if (json_object_size(speeds) > 0) is_whole &= set(object, "speed_kmh", json_incref(speeds));
    if (p->water != DEFAULTS.water) {
        const char *water = muster_water_name((muster_water)p->water);
        is_whole &= set(object, "water", json_string(water));
    }
    if (p->is_protected) is_whole &= set(object, "protected", json_true());
    for (int f = 0; f < NUMBER_COUNT; ++f) {
        if (is_default(p, &NUMBERS[f])) continue;
        is_whole &= set(object, NUMBERS[f].key, json_of_number(p, &NUMBERS[f]));
    }
    is_whole &= access && speeds;
    json_decref(access);
    json_decref(speeds);
    return is_whole;
}

static bool fill_document(json_t *document, uint32_t count, const muster_profile *profile) {
    json_t *list = json_array();
    if (!set(document, "profiles", list)) return false;
    for (uint32_t p = 0; p < count; ++p) {
        json_t *object = json_object();
        if (!object || json_array_append_new(list, object) != 0) return false;
        if (!fill_object(object, &profile[p])) return false;
    }
    return true;
}

/* With as few digits as bring every number back to the last bit. */
static char *print(const json_t *document) {
    for (size_t digits = 15; digits <= 17; ++digits) {
        char      *text    = json_dumps(document, JSON_INDENT(2) | JSON_REAL_PRECISION(digits));
        json_t    *again   = text ? json_loads(text, 0, NULL) : NULL;
        const bool is_same = again && json_equal(again, document);
        json_decref(again);
        if (is_same) return text;
        free(text);
    }
    return NULL;
}

static muster_status check_writable(uint32_t count, const muster_profile *profile) {
    for (uint32_t p = 0; p < count; ++p) {
        const char *name = profile[p].name;
        MU_TRY(muster_profile_check(&profile[p]));
        if (!mu_is_utf8(name, strlen(name)) || !is_name(name)) {
            return muster_fail(MUSTER_E_INVALID,
                               "profile %u has a name that no file can hold; expected UTF-8, 1 to "
                               "%d bytes and no control character",
                               p, MOST_NAME_BYTES);
        }
        for (uint32_t q = 0; q < p; ++q) {
            if (strcmp(profile[q].name, name) != 0) continue;
            return muster_fail(MUSTER_E_INVALID, "profiles %u and %u both have the name \"%s\"", q,
                               p, name);
        }
    }
    return MUSTER_OK;
}

static muster_status fail_nomem(void) {
    return muster_fail(MUSTER_E_NOMEM, "out of memory for the text of profiles");
}

muster_status muster_profiles_text(char **out, uint32_t count, const muster_profile *profile) {
    *out = NULL;
    MU_TRY(check_writable(count, profile));
    json_t *document = json_object();
    char   *text     = NULL;
    if (document && fill_document(document, count, profile)) text = print(document);
    json_decref(document);
    if (!text) return fail_nomem();
    const size_t        bytes  = strlen(text) + 1;
    const muster_status status = mu_gis_alloc(out, bytes, 1);
    if (status == MUSTER_OK) memcpy(*out, text, bytes);
    free(text);
    return status;
}

void muster_profiles_text_free(char *text) {
    mu_gis_free(text);
}
