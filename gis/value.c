/* See value.h. */
#include "gis/value.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "gis/geojson.h"
#include "gis/instant.h"
#include "gis/utf8.h"
#include "gis/wkb.h"

/* What a message says of the words or digits that there may be, at most. */
enum { LIST_BYTES = 300 };

static bool refuse(char reason[MU_REASON_BYTES], const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static bool refuse(char reason[MU_REASON_BYTES], const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, MU_REASON_BYTES, format, arguments);
    va_end(arguments);
    return false;
}

/* ---- judging ------------------------------------------------------------------------- */

static bool is_within(const mu_schema_column *column, double value) {
    if (!column->is_bounded) return true;
    return value >= column->least && value <= column->most &&
           !(column->excludes_least && value <= column->least);
}

static bool judge_whole(const mu_schema_column *column, const mu_value *value,
                        char reason[MU_REASON_BYTES]) {
    if (value->form == MU_FORM_WHOLE && is_within(column, (double)value->whole)) return true;
    /* A bound of 9.3e18 is none: all of a bigint. */
    if (!column->is_bounded) return refuse(reason, "a whole number");
    if (column->most > 9.2e18) return refuse(reason, "a whole number from %.0f", column->least);
    return refuse(reason, "a whole number from %.0f to %.0f", column->least, column->most);
}

static bool judge_real(const mu_schema_column *column, const mu_value *value,
                       char reason[MU_REASON_BYTES]) {
    if (value->form == MU_FORM_REAL && isfinite(value->real) && is_within(column, value->real)) {
        return true;
    }
    if (!column->is_bounded) return refuse(reason, "a finite number");
    return refuse(reason,
                  column->excludes_least ? "a number over %.15g up to %.15g"
                                         : "a number from %.15g to %.15g",
                  column->least, column->most);
}

/* "no only penalty" as "no, only or penalty". */
static void list_words(char out[LIST_BYTES], const char *words) {
    size_t used = 0;
    while (*words && used < LIST_BYTES) {
        const size_t length = strcspn(words, " ");
        const char  *next   = words + length + (words[length] == ' ');
        const char  *joint  = !*next ? "" : strchr(next, ' ') ? ", " : " or ";
        const int    bytes =
            snprintf(out + used, LIST_BYTES - used, "%.*s%s", (int)length, words, joint);
        used += (size_t)bytes;
        words = next;
    }
}

static bool has_so_many_digits(const char *digits, const mu_value *value) {
    char count[24];
    for (size_t i = 0; i < value->size; ++i) {
        if (value->bytes[i] < '0' || value->bytes[i] > '9') return false;
    }
    const int bytes = snprintf(count, sizeof count, "%zu", value->size);
    return mu_schema_has_word(digits, count, (uint64_t)bytes);
}

static bool judge_text(const mu_schema_column *column, const mu_value *value,
                       char reason[MU_REASON_BYTES]) {
    char list[LIST_BYTES] = "";
    if (value->form != MU_FORM_TEXT) return refuse(reason, "a text");
    if (memchr(value->bytes, 0, value->size)) return refuse(reason, "a text without NUL inside");
    if (!mu_is_utf8(value->bytes, value->size)) return refuse(reason, "a text in UTF-8");
    if (column->words && !mu_schema_has_word(column->words, value->bytes, value->size)) {
        list_words(list, column->words);
        return refuse(reason, "%s", list);
    }
    if (column->digits && !has_so_many_digits(column->digits, value)) {
        list_words(list, column->digits);
        return refuse(reason, "%s digits, or NULL", list);
    }
    if (is_within(column, (double)value->size)) return true;
    if (value->size == 0) return refuse(reason, "a text that is not empty");
    return refuse(reason, "a text of up to %.0f bytes", column->most);
}

static bool judge_moment(const mu_schema_column *column, const mu_value *value,
                         char reason[MU_REASON_BYTES]) {
    const bool is_second = column->type == MU_TYPE_MOMENT;
    if (value->form == MU_FORM_WHOLE && mu_instant_is_possible(value->whole) &&
        (!is_second || value->whole % MU_SECOND_US == 0)) {
        return true;
    }
    return refuse(reason, is_second ? "a moment like 2026-07-01T06:30:00Z"
                                    : "a moment like 2026-07-01T06:30:00.123456Z");
}

static bool judge_geometry(const mu_schema_column *column, const mu_value *value, mu_bounds *bounds,
                           char reason[MU_REASON_BYTES]) {
    if (value->form != MU_FORM_WKB) return refuse(reason, "a geometry");
    return mu_wkb_judge(value->bytes, value->size, column->shapes, bounds, reason);
}

bool mu_value_judge(const mu_schema_column *column, const mu_value *value, mu_bounds *out_bounds,
                    char reason[MU_REASON_BYTES]) {
    if (value->form == MU_FORM_NULL && column->may_be_null) return true;
    if (value->fault) return refuse(reason, "%s", value->fault);
    switch (column->type) {
    case MU_TYPE_BOOLEAN:
        return (value->form == MU_FORM_WHOLE && (value->whole & ~INT64_C(1)) == 0) ||
               refuse(reason, "0 or 1");
    case MU_TYPE_INTEGER:
    case MU_TYPE_BIGINT:
        return judge_whole(column, value, reason);
    case MU_TYPE_REAL:
        return judge_real(column, value, reason);
    case MU_TYPE_TEXT:
        return judge_text(column, value, reason);
    case MU_TYPE_JSON:
        return judge_text(column, value, reason) &&
               (mu_json_is_object(value->bytes, value->size) || refuse(reason, "a JSON object"));
    case MU_TYPE_MOMENT:
    case MU_TYPE_INSTANT:
        return judge_moment(column, value, reason);
    default:
        return judge_geometry(column, value, out_bounds, reason);
    }
}

/* ---- showing ------------------------------------------------------------------------- */

static void show_text(char out[MU_SHOWN_BYTES], const mu_value *value) {
    char         text[2 * MU_SHOWN_BYTES];
    const size_t size = value->size < sizeof text - 1 ? value->size : sizeof text - 1;
    for (size_t i = 0; i < size; ++i) {
        const unsigned char byte = (unsigned char)value->bytes[i];
        text[i]                  = byte < 0x20 || byte == 0x7F ? ' ' : value->bytes[i];
    }
    text[size] = 0; /* a character that was cut there is no fault of the text's */
    mu_quote(out, MU_SHOWN_BYTES, mu_is_utf8(value->bytes, value->size) ? text : "(not UTF-8)");
}

void mu_value_show(char out[MU_SHOWN_BYTES], const mu_schema_column *column,
                   const mu_value *value) {
    const bool is_moment = column->type == MU_TYPE_MOMENT || column->type == MU_TYPE_INSTANT;
    switch (value->form) {
    case MU_FORM_NULL:
        snprintf(out, MU_SHOWN_BYTES, "NULL");
        break;
    case MU_FORM_WHOLE:
        if (is_moment && mu_instant_is_possible(value->whole)) {
            mu_instant_write(out, value->whole);
        } else {
            snprintf(out, MU_SHOWN_BYTES, "%lld", (long long)value->whole);
        }
        break;
    case MU_FORM_REAL:
        snprintf(out, MU_SHOWN_BYTES, "%.15g", value->real);
        break;
    case MU_FORM_TEXT:
        show_text(out, value);
        break;
    default:
        mu_wkb_show(out, MU_SHOWN_BYTES, value->bytes, value->size);
    }
}

/* ---- what is missing ------------------------------------------------------------------ */

mu_value mu_value_fallback(const mu_schema_column *column) {
    if (column->may_be_null || !column->has_fallback) return (mu_value){.form = MU_FORM_NULL};
    if (column->type == MU_TYPE_REAL) {
        return (mu_value){.form = MU_FORM_REAL, .real = (double)column->fallback};
    }
    return (mu_value){.form = MU_FORM_WHOLE, .whole = column->fallback};
}

void mu_value_read_moment(mu_value *value) {
    int64_t us;
    if (value->form != MU_FORM_TEXT || !mu_instant_read(value->bytes, value->size, &us)) return;
    *value = (mu_value){.form = MU_FORM_WHOLE, .whole = us};
}
