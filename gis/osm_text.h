/* Reading the values of OpenStreetMap tags: lists, words, numbers and units.
 *
 * A value is cut into parts at its list marks, each part trimmed and brought to lower
 * case, and then read with two kinds of table: words and units. */
#ifndef MU_GIS_OSM_TEXT_H
#define MU_GIS_OSM_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum { MU_TEXT_PART_BYTES = 64 }; /* the longest sound value met in real extracts has 24 */

/* A word or a unit and what it stands for. Tables end with a NULL name. */
typedef struct mu_named_number {
    const char *name;
    double      value;
} mu_named_number;

bool mu_text_is_digit(char c);
void mu_text_skip_spaces(const char **cursor);
bool mu_text_skip_prefix(const char **cursor, const char *prefix);

/* Digits and perhaps a fraction after a point or a comma. A comma with two digits or more
 * behind it counts only with `long_fraction`: "3,50" is a height, "50,60" two speeds. */
bool mu_text_read_number(const char **cursor, bool long_fraction, double *out);

/* The row of that name, or NULL. */
const mu_named_number *mu_text_find_word(const mu_named_number *table, const char *word);
/* The unit at the cursor, which is moved behind it; NULL where there is none. In the
 * table a name stands before every name that it begins with. */
const mu_named_number *mu_text_read_unit(const mu_named_number *table, const char **cursor);

/* Copy the next part of a list to `part`. False at the end of the text, and for a part
 * too long to mean anything, which *too_long then tells. */
bool mu_text_next_part(const char **cursor, char part[MU_TEXT_PART_BYTES], bool *too_long);

#endif
