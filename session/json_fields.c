#include "session/json_fields.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <muster/event.h>

#include "gis/utf8.h"

enum { SHOWN_BYTES = 80, EXPECTED_BYTES = 500 };

muster_status mu_json_parse(json_t **out, const char *what, const char *json, size_t size) {
    json_error_t error;
    *out = NULL;
    if (size > MUSTER_EVENT_MOST_BYTES) {
        return muster_fail(MUSTER_E_INVALID, "%s has %zu bytes; expected at most %d", what, size,
                           MUSTER_EVENT_MOST_BYTES);
    }
    *out = json_loadb(json, size, JSON_REJECT_DUPLICATES, &error);
    /* Where jansson runs out of memory within a word it takes the text for wrong (2.14, lex_scan_string):
     * what is wrong is so once more. In most other places it says nothing. */
    if (!*out) *out = json_loadb(json, size, JSON_REJECT_DUPLICATES, &error);
    if (*out) return MUSTER_OK;
    if (error.text[0] == 0 || json_error_code(&error) == json_error_out_of_memory) {
        return muster_fail(MUSTER_E_NOMEM, "out of memory for %s of %zu bytes", what, size);
    }
    for (char *c = error.text; *c; ++c) { /* a message is one line */
        if ((unsigned char)*c < 0x20) *c = ' ';
    }
    return muster_fail(MUSTER_E_INVALID, "%s is not JSON, at line %d, column %d: %.100s", what,
                       error.line, error.column, error.text);
}

/* ---- saying what is wrong ------------------------------------------------------------------ */

/* What a message shows of a value, on one line. */
static void show(char out[SHOWN_BYTES], const json_t *value) {
    char *text =
        value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(12)) : NULL;
    if (!value) {
        snprintf(out, SHOWN_BYTES, "missing");
    } else if (text && strlen(text) < SHOWN_BYTES) {
        memcpy(out, text, strlen(text) + 1);
    } else if (text) {
        char cut[SHOWN_BYTES];
        mu_quote(cut, sizeof cut, text);
        snprintf(out, SHOWN_BYTES, "%s", cut);
    } else {
        snprintf(out, SHOWN_BYTES, "of some kind");
    }
    free(text);
}

const char *mu_fields_path(const mu_fields *f, const char *key, char out[MU_PATH_BYTES]) {
    char own[MU_PATH_BYTES];
    memcpy(own, f->path, sizeof own);
    if (snprintf(out, MU_PATH_BYTES, "%s%s%s", own, own[0] ? "." : "", key) >= MU_PATH_BYTES) {
        out[MU_PATH_BYTES - 1] = 0;
    }
    return out;
}

muster_status mu_fields_refuse(const mu_fields *f, const char *key, const char *format, ...) {
    char    path[MU_PATH_BYTES], shown[SHOWN_BYTES], expected[EXPECTED_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(expected, sizeof expected, format, arguments);
    va_end(arguments);
    show(shown, json_object_get(f->object, key));
    return muster_fail(MUSTER_E_INVALID, "%s is %s; expected %s", mu_fields_path(f, key, path),
                       shown, expected);
}

/* ---- objects ------------------------------------------------------------------------------- */

muster_status mu_fields_init(mu_fields *f, const char *path, json_t *value) {
    char shown[SHOWN_BYTES];
    *f = (mu_fields){.object = value};
    snprintf(f->path, sizeof f->path, "%s", path);
    if (json_is_object(value)) return MUSTER_OK;
    show(shown, value);
    return muster_fail(MUSTER_E_INVALID, "%s is %s; expected an object", path[0] ? path : "it",
                       shown);
}

json_t *mu_fields_ask(mu_fields *f, const char *key) {
    if (f->asked_count < MU_FIELDS_MOST) f->asked[f->asked_count++] = key;
    return json_object_get(f->object, key);
}

static bool was_asked(const mu_fields *f, const char *key) {
    for (uint32_t i = 0; i < f->asked_count; ++i) {
        if (strcmp(f->asked[i], key) == 0) return true;
    }
    return false;
}

static muster_status refuse_unknown(const mu_fields *f, const char *key) {
    char    known[EXPECTED_BYTES] = "", quoted[SHOWN_BYTES];
    size_t  used                  = 0;
    json_t *text                  = json_string(key);
    for (uint32_t i = 0; i < f->asked_count && used < sizeof known; ++i) {
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i > 0 ? ", " : "",
                                 f->asked[i]);
    }
    show(quoted, text);
    json_decref(text);
    return muster_fail(MUSTER_E_INVALID, "%s has a member %s; expected %s",
                       f->path[0] ? f->path : "it", quoted, known);
}

muster_status mu_fields_end(const mu_fields *f) {
    const char *key;
    json_t     *value;
    json_object_foreach(f->object, key, value) {
        if (!was_asked(f, key)) return refuse_unknown(f, key);
    }
    return MUSTER_OK;
}

/* ---- members ------------------------------------------------------------------------------- */

muster_status mu_fields_text(mu_fields *f, const char *key, bool needed, mu_arena *arena,
                             const char **out) {
    const json_t *value = mu_fields_ask(f, key);
    if (!value && !needed) return MUSTER_OK;
    if (!json_is_string(value)) return mu_fields_refuse(f, key, "a text");
    return mu_arena_text(arena, out, json_string_value(value));
}

muster_status mu_fields_int(mu_fields *f, const char *key, bool needed, int64_t least, int64_t most,
                            int64_t *out) {
    const json_t *value = mu_fields_ask(f, key);
    if (!value && !needed) return MUSTER_OK;
    const int64_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < least || number > most) {
        return mu_fields_refuse(f, key, "an integer from %lld to %lld", (long long)least,
                                (long long)most);
    }
    *out = number;
    return MUSTER_OK;
}

muster_status mu_fields_real(mu_fields *f, const char *key, bool needed, double *out) {
    const json_t *value = mu_fields_ask(f, key);
    if (!value && !needed) return MUSTER_OK;
    if (!json_is_number(value)) return mu_fields_refuse(f, key, "a number");
    *out = json_number_value(value) + 0.0; /* no negative zero */
    return MUSTER_OK;
}

muster_status mu_fields_flag(mu_fields *f, const char *key, bool needed, uint8_t *out) {
    const json_t *value = mu_fields_ask(f, key);
    if (!value && !needed) return MUSTER_OK;
    if (!json_is_boolean(value)) return mu_fields_refuse(f, key, "true or false");
    *out = json_is_true(value);
    return MUSTER_OK;
}

muster_status mu_fields_word(mu_fields *f, const char *key, bool needed, mu_word *name,
                             unsigned count, uint8_t *out) {
    const json_t *value               = mu_fields_ask(f, key);
    const char   *word                = json_string_value(value);
    char          all[EXPECTED_BYTES] = "";
    size_t        used                = 0;
    if (!value && !needed) return MUSTER_OK;
    for (unsigned i = 0; i < count; ++i) {
        const char *one = name(i);
        if (!one) continue;
        if (word && strcmp(word, one) == 0) {
            *out = (uint8_t)i;
            return MUSTER_OK;
        }
        if (used < sizeof all) {
            used +=
                (size_t)snprintf(all + used, sizeof all - used, "%s%s", used > 0 ? ", " : "", one);
        }
    }
    return mu_fields_refuse(f, key, "one of %s", all);
}

muster_status mu_fields_list(mu_fields *f, const char *key, bool needed, json_t **out) {
    *out = mu_fields_ask(f, key);
    if (!*out && !needed) return MUSTER_OK;
    return json_is_array(*out) ? MUSTER_OK : mu_fields_refuse(f, key, "a list");
}
