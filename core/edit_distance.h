/* How near two words are: for "did you mean ...?". */
#ifndef MU_CORE_EDIT_DISTANCE_H
#define MU_CORE_EDIT_DISTANCE_H

#include <stddef.h>
#include <stdint.h>

/* The fewest letters to put in, take out, change, or turn round with their neighbour (Damerau 1964, in
 * the restricted form that edits no letter twice). Of a word of more than 31 bytes: SIZE_MAX, for there
 * are no such words to mean. O(length of one times that of the other). */
size_t mu_edit_distance(const char *a, const char *b);

#endif
