#include "simulation/toml_fields.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <muster/moment.h>

#include "core/edit_distance.h"
#include "gis/utf8.h"

enum { SHOWN_BYTES = 80, EXPECTED_BYTES = 400, FILE_BYTES = 160, CODE_MOST = 32 };

/* ---- saying what is wrong ------------------------------------------------------------------ */

static void show(char out[SHOWN_BYTES], const mu_toml *value) {
    if (!value) {
        snprintf(out, SHOWN_BYTES, "missing");
        return;
    }
    switch (value->kind) {
    case MU_TOML_TABLE:
        snprintf(out, SHOWN_BYTES, "a table");
        return;
    case MU_TOML_LIST:
        snprintf(out, SHOWN_BYTES, "a list of %u", value->count);
        return;
    case MU_TOML_TEXT:
        mu_quote(out, SHOWN_BYTES, value->text);
        for (char *c = out; *c; ++c) { /* a message is one line */
            if ((unsigned char)*c < 0x20) *c = ' ';
        }
        return;
    case MU_TOML_INTEGER:
        snprintf(out, SHOWN_BYTES, "%lld", (long long)value->integer);
        return;
    case MU_TOML_REAL:
        snprintf(out, SHOWN_BYTES, "%.12g", value->real);
        return;
    case MU_TOML_FLAG:
        snprintf(out, SHOWN_BYTES, "%s", value->flag ? "true" : "false");
        return;
    case MU_TOML_MOMENT:
        muster_moment_text(out, value->integer / 1000);
        return;
    default:
        snprintf(out, SHOWN_BYTES, "a date or time without an offset from UTC");
    }
}

const char *mu_table_way(const mu_table *t, const char *key, uint32_t index,
                         char out[MU_WAY_BYTES]) {
    char own[MU_WAY_BYTES];
    memcpy(own, t->way, sizeof own);
    int used = snprintf(out, MU_WAY_BYTES, "%s%s%s", own, own[0] ? "." : "", key);
    if (index != MUSTER_NONE && used < MU_WAY_BYTES) {
        used += snprintf(out + used, MU_WAY_BYTES - (size_t)used, "[%u]", index + 1);
    }
    if (used >= MU_WAY_BYTES) out[MU_WAY_BYTES - 1] = 0;
    return out;
}

static muster_status refuse(const mu_table *t, uint32_t line, const char *what) {
    char file[FILE_BYTES], place[32];
    mu_keep_end(file, sizeof file, t->reading->path);
    snprintf(place, sizeof place, ", line %u", line);
    return muster_fail(MUSTER_E_INVALID, "\"%s\"%s: %s", file, line > 0 ? place : " as overridden",
                       what);
}

static muster_status refuse_value(const mu_table *t, const char *way, const mu_toml *value,
                                  const char *expected) {
    char shown[SHOWN_BYTES], what[MU_WAY_BYTES + SHOWN_BYTES + EXPECTED_BYTES];
    show(shown, value);
    snprintf(what, sizeof what, "%s is %s; expected %s", way, shown, expected);
    return refuse(t, value ? value->line : t->toml->line, what);
}

static const mu_toml *find(const mu_table *t, const char *key) {
    for (uint32_t i = 0; i < t->toml->count; ++i) {
        if (strcmp(t->toml->item[i].key, key) == 0) return &t->toml->item[i];
    }
    return NULL;
}

muster_status mu_table_refuse(const mu_table *t, const char *key, const char *format, ...) {
    char    way[MU_WAY_BYTES], expected[EXPECTED_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(expected, sizeof expected, format, arguments);
    va_end(arguments);
    return refuse_value(t, mu_table_way(t, key, MUSTER_NONE, way), find(t, key), expected);
}

muster_status mu_table_refuse_item(const mu_table *t, const char *key, uint32_t index,
                                   const mu_toml *item, const char *expected) {
    char way[MU_WAY_BYTES];
    return refuse_value(t, mu_table_way(t, key, index, way), item, expected);
}

muster_status mu_table_refuse_it(const mu_table *t, const char *format, ...) {
    char    said[EXPECTED_BYTES], what[MU_WAY_BYTES + EXPECTED_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(said, sizeof said, format, arguments);
    va_end(arguments);
    snprintf(what, sizeof what, "%s %s", t->way[0] ? t->way : "the file", said);
    return refuse(t, t->toml->line, what);
}

/* ---- tables -------------------------------------------------------------------------------- */

muster_status mu_table_init(mu_table *t, const mu_reading *reading, const char *way,
                            const mu_toml *value) {
    *t = (mu_table){.reading = reading, .toml = value};
    snprintf(t->way, sizeof t->way, "%s", way);
    return value->kind == MU_TOML_TABLE ? MUSTER_OK : refuse_value(t, way, value, "a table");
}

static bool was_asked(const mu_table *t, const char *key) {
    for (uint32_t i = 0; i < t->asked_count; ++i) {
        if (strcmp(t->asked[i], key) == 0) return true;
    }
    return false;
}

const mu_toml *mu_table_ask(mu_table *t, const char *key) {
    if (t->asked_count < MU_KEYS_MOST && !was_asked(t, key)) t->asked[t->asked_count++] = key;
    return find(t, key);
}

/* Two edits, and no more than a third of the word, may be a slip of the fingers. */
static const char *nearest_key(const mu_table *t, const char *key) {
    const char *best       = NULL;
    size_t      best_edits = 3;
    for (uint32_t i = 0; i < t->asked_count; ++i) {
        const size_t edits = mu_edit_distance(key, t->asked[i]);
        if (edits >= best_edits || 3 * edits > strlen(t->asked[i]) + 2) continue;
        best       = t->asked[i];
        best_edits = edits;
    }
    return best;
}

static muster_status refuse_unknown(const mu_table *t, const mu_toml *member) {
    char        key[SHOWN_BYTES], what[MU_WAY_BYTES + SHOWN_BYTES + EXPECTED_BYTES];
    mu_toml     text  = {.kind = MU_TOML_TEXT, .text = member->key};
    const char *meant = nearest_key(t, member->key);
    show(key, &text);
    size_t used = (size_t)snprintf(what, sizeof what, "%s has an unknown key %s; %s",
                                   t->way[0] ? t->way : "the file", key,
                                   meant ? "did you mean " : "expected ");
    if (meant) {
        snprintf(what + used, sizeof what - used, "'%s'?", meant);
        return refuse(t, member->line, what);
    }
    for (uint32_t i = 0; i < t->asked_count && used < sizeof what; ++i) {
        used += (size_t)snprintf(what + used, sizeof what - used, "%s%s", i > 0 ? ", " : "",
                                 t->asked[i]);
    }
    return refuse(t, member->line, what);
}

muster_status mu_table_end(const mu_table *t) {
    for (uint32_t i = 0; i < t->toml->count; ++i) {
        if (!was_asked(t, t->toml->item[i].key)) return refuse_unknown(t, &t->toml->item[i]);
    }
    return MUSTER_OK;
}

muster_status mu_table_room(const mu_table *t, void *out, uint32_t count, size_t size) {
    return mu_arena_take(t->reading->arena, out, count, size);
}

/* ---- texts --------------------------------------------------------------------------------- */

static bool has_control(const char *text) {
    for (const unsigned char *c = (const unsigned char *)text; *c != 0; ++c) {
        if (*c < 0x20 || *c == 0x7F) return true;
    }
    return false;
}

static bool is_text(const mu_toml *value, size_t most) {
    return value && value->kind == MU_TOML_TEXT && value->text[0] && strlen(value->text) <= most &&
           !has_control(value->text);
}

muster_status mu_table_text(mu_table *t, const char *key, bool needed, size_t most,
                            const char **out) {
    const mu_toml *value = mu_table_ask(t, key);
    if (!value && !needed) return MUSTER_OK;
    if (!is_text(value, most)) {
        return mu_table_refuse(t, key, "a text of 1 to %zu bytes without control characters", most);
    }
    return mu_arena_text(t->reading->arena, out, value->text);
}

static bool is_code(const char *text) {
    const size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_");
    return length >= 1 && length <= CODE_MOST && text[length] == 0 && text[0] != '-' &&
           text[0] != '_';
}

muster_status mu_table_code(mu_table *t, const char *key, bool needed, const char **out) {
    const mu_toml *value = mu_table_ask(t, key);
    if (!value && !needed) return MUSTER_OK;
    if (!value || value->kind != MU_TOML_TEXT || !is_code(value->text)) {
        return mu_table_refuse(
            t, key, "a code: 1 to %d of a-z, 0-9, '-' and '_', a letter or digit first", CODE_MOST);
    }
    return mu_arena_text(t->reading->arena, out, value->text);
}

muster_status mu_table_texts(mu_table *t, const char *key, const char *const **out,
                             uint32_t *out_count) {
    static const size_t MOST = 1000;
    const mu_toml      *list;
    const char        **text;
    *out       = NULL;
    *out_count = 0;
    MU_TRY(mu_table_list(t, key, false, 0, &list));
    if (!list) return MUSTER_OK;
    MU_TRY(mu_table_room(t, &text, list->count, sizeof *text));
    for (uint32_t i = 0; i < list->count; ++i) {
        if (!is_text(&list->item[i], MOST)) {
            return mu_table_refuse_item(t, key, i, &list->item[i],
                                        "a text of 1 to 1000 bytes without control characters");
        }
        MU_TRY(mu_arena_text(t->reading->arena, &text[i], list->item[i].text));
    }
    *out       = text;
    *out_count = list->count;
    return MUSTER_OK;
}

muster_status mu_table_word(mu_table *t, const char *key, bool needed, mu_table_word_name *name,
                            unsigned count, uint8_t *out) {
    const mu_toml *value               = mu_table_ask(t, key);
    char           all[EXPECTED_BYTES] = "";
    size_t         used                = 0;
    if (!value && !needed) return MUSTER_OK;
    for (unsigned i = 0; i < count; ++i) {
        if (value && value->kind == MU_TOML_TEXT && strcmp(value->text, name(i)) == 0) {
            *out = (uint8_t)i;
            return MUSTER_OK;
        }
        if (used >= sizeof all) continue;
        used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", i > 0 ? ", " : "", name(i));
    }
    return mu_table_refuse(t, key, "one of %s", all);
}

/* ---- numbers ------------------------------------------------------------------------------- */

bool mu_toml_number(const mu_toml *value, double *out) {
    if (!value) return false;
    if (value->kind == MU_TOML_INTEGER) {
        *out = (double)value->integer;
        return true;
    }
    *out = value->real + 0.0; /* no negative zero */
    return value->kind == MU_TOML_REAL && isfinite(value->real);
}

muster_status mu_table_int(mu_table *t, const char *key, bool needed, int64_t least, int64_t most,
                           int64_t *out) {
    const mu_toml *value = mu_table_ask(t, key);
    if (!value && !needed) return MUSTER_OK;
    if (!value || value->kind != MU_TOML_INTEGER || value->integer < least ||
        value->integer > most) {
        return mu_table_refuse(t, key, "a whole number from %lld to %lld", (long long)least,
                               (long long)most);
    }
    *out = value->integer;
    return MUSTER_OK;
}

muster_status mu_table_real(mu_table *t, const char *key, bool needed, double least, double most,
                            double *out) {
    const mu_toml *value = mu_table_ask(t, key);
    double         number;
    if (!value && !needed) return MUSTER_OK;
    if (!mu_toml_number(value, &number) || number < least || number > most) {
        return mu_table_refuse(t, key, "a number from %.12g to %.12g", least, most);
    }
    *out = number;
    return MUSTER_OK;
}

muster_status mu_table_flag(mu_table *t, const char *key, bool needed, bool *out) {
    const mu_toml *value = mu_table_ask(t, key);
    if (!value && !needed) return MUSTER_OK;
    if (!value || value->kind != MU_TOML_FLAG) return mu_table_refuse(t, key, "true or false");
    *out = value->flag;
    return MUSTER_OK;
}

muster_status mu_table_duration(mu_table *t, const char *key, bool needed, double unit_ms,
                                double least, double most, int64_t *out_ms) {
    double number = (double)*out_ms / unit_ms;
    MU_TRY(mu_table_real(t, key, needed, least, most, &number));
    *out_ms = (int64_t)llround(number * unit_ms);
    return MUSTER_OK;
}

/* The offset of "...+08:00"; 0 where it ends with Z. The text has passed muster_moment_parse. */
static int32_t offset_of(const char *text) {
    const char *end = text + strlen(text) - 6;
    if (end <= text || (*end != '+' && *end != '-')) return 0;
    const int32_t minutes = (int32_t)(strtol(end + 1, NULL, 10) * 60 + strtol(end + 4, NULL, 10));
    return *end == '-' ? -minutes : minutes;
}

muster_status mu_table_moment(mu_table *t, const char *key, bool needed, int64_t *out_ms,
                              int32_t *out_offset_min) {
    enum { OFFSET_END_MIN = 15 * 60 }; /* as of a text: muster_moment_parse */
    static const int64_t FIRST_MS = INT64_C(946684800000), END_MS = INT64_C(7258118400000);
    const mu_toml       *value = mu_table_ask(t, key);
    int64_t              moment_s;
    int64_t              moment_ms = -1;
    int32_t              offset    = 0;
    if (!value && !needed) return MUSTER_OK;
    if (value && value->kind == MU_TOML_MOMENT) {
        moment_ms = value->integer;
        offset    = value->offset_min;
    } else if (value && value->kind == MU_TOML_TEXT &&
               muster_moment_parse(value->text, &moment_s)) {
        moment_ms = moment_s * 1000;
        offset    = offset_of(value->text);
    }
    if (moment_ms < FIRST_MS || moment_ms >= END_MS || offset <= -OFFSET_END_MIN ||
        offset >= OFFSET_END_MIN) {
        return mu_table_refuse(t, key,
                               "a moment from 2000 to 2199 with its offset from UTC, as "
                               "2026-07-01T06:30:00+08:00 in China, or with Z");
    }
    *out_ms = moment_ms;
    if (out_offset_min) *out_offset_min = offset;
    return MUSTER_OK;
}

/* ---- what has items ------------------------------------------------------------------------ */

muster_status mu_table_table(mu_table *t, const char *key, bool needed, const mu_toml **out) {
    *out = mu_table_ask(t, key);
    if (!*out && !needed) return MUSTER_OK;
    return *out && (*out)->kind == MU_TOML_TABLE ? MUSTER_OK : mu_table_refuse(t, key, "a table");
}

muster_status mu_table_list(mu_table *t, const char *key, bool needed, uint32_t least,
                            const mu_toml **out) {
    *out = mu_table_ask(t, key);
    if (!*out && !needed) return MUSTER_OK;
    if (*out && (*out)->kind == MU_TOML_LIST && (*out)->count >= least) return MUSTER_OK;
    return least == 0 ? mu_table_refuse(t, key, "a list")
                      : mu_table_refuse(t, key, "a list of %u or more", least);
}

muster_status mu_table_reals(mu_table *t, const char *key, bool needed, uint32_t least, double low,
                             double high, const double **out, uint32_t *out_count) {
    const mu_toml *list;
    double        *number;
    MU_TRY(mu_table_list(t, key, needed, least, &list));
    if (!list) return MUSTER_OK;
    MU_TRY(mu_table_room(t, &number, list->count, sizeof *number));
    for (uint32_t i = 0; i < list->count; ++i) {
        char expected[SHOWN_BYTES];
        if (mu_toml_number(&list->item[i], &number[i]) && number[i] >= low && number[i] <= high) {
            continue;
        }
        snprintf(expected, sizeof expected, "a number from %.12g to %.12g", low, high);
        return mu_table_refuse_item(t, key, i, &list->item[i], expected);
    }
    *out       = number;
    *out_count = list->count;
    return MUSTER_OK;
}
