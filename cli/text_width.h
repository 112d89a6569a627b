/* Columns on a terminal: a Chinese character takes two, a combining mark none. */
#ifndef CLI_TEXT_WIDTH_H
#define CLI_TEXT_WIDTH_H

#include <stdio.h>

/* Print the UTF-8 `text` in exactly `width` columns: cut with an ellipsis where it is longer,
 * filled with spaces where it is shorter. What is no printable character becomes "?". */
void text_print_padded(FILE *stream, const char *text, int width);

/* The same with the spaces before it. */
void text_print_right(FILE *stream, const char *text, int width);

/* The same without the filling. */
void text_print_cut(FILE *stream, const char *text, int width);

/* Print the UTF-8 `text` behind what fills the first `indent` columns of a line, and end it: in lines of
 * `columns`, those after the first with so many spaces before them. They end at spaces or between Chinese
 * characters, no mark being parted from what it opens or closes. */
void text_print_paragraph(FILE *stream, const char *text, int indent, int columns);

#endif
