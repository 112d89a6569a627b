/* See osm_text.h. strtod would read by the user's locale and take "0x1p5" and "inf", so
 * numbers are read here. */
#include "gis/osm_text.h"

#include <string.h>

bool mu_text_is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

void mu_text_skip_spaces(const char **cursor) {
    while (is_space(**cursor)) ++*cursor;
}

bool mu_text_skip_prefix(const char **cursor, const char *prefix) {
    const size_t length = strlen(prefix);
    if (strncmp(*cursor, prefix, length) != 0) return false;
    *cursor += length;
    return true;
}

bool mu_text_read_number(const char **cursor, bool long_fraction, double *out) {
    const char *c = *cursor;
    if (!mu_text_is_digit(*c)) return false;
    double value = 0;
    for (; mu_text_is_digit(*c); ++c) value = value * 10 + (*c - '0');
    const bool comma =
        *c == ',' && (long_fraction || !(mu_text_is_digit(c[1]) && mu_text_is_digit(c[2])));
    if ((*c == '.' || comma) && mu_text_is_digit(c[1])) {
        double scale = 0.1;
        for (++c; mu_text_is_digit(*c); ++c, scale /= 10) value += scale * (*c - '0');
    }
    *cursor = c;
    *out    = value;
    return true;
}

const mu_named_number *mu_text_find_word(const mu_named_number *table, const char *word) {
    while (table->name && strcmp(table->name, word) != 0) ++table;
    return table->name ? table : NULL;
}

const mu_named_number *mu_text_read_unit(const mu_named_number *table, const char **cursor) {
    mu_text_skip_spaces(cursor);
    while (table->name && !mu_text_skip_prefix(cursor, table->name)) ++table;
    return table->name ? table : NULL;
}

/* A slash divides only before a digit: "50/60" is a list, "km/h" a unit. */
static bool is_list_mark(const char *c) {
    return *c == ';' || *c == '|' || (*c == '/' && mu_text_is_digit(c[1]));
}

bool mu_text_next_part(const char **cursor, char part[MU_TEXT_PART_BYTES], bool *too_long) {
    mu_text_skip_spaces(cursor);
    if (**cursor == 0) return false;
    size_t length = 0;
    for (; **cursor != 0 && !is_list_mark(*cursor); ++*cursor) {
        if (length + 1 == MU_TEXT_PART_BYTES) {
            *too_long = true;
            return false;
        }
        const char c   = **cursor;
        part[length++] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    if (**cursor != 0) ++*cursor;
    while (length > 0 && is_space(part[length - 1])) --length;
    part[length] = 0;
    return true;
}
