/* One HTML page made of a template and its pieces, which opens without a network. */
#ifndef CLI_PAGE_H
#define CLI_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

/* A text of ours that goes into the page as it is, where the template says @NAME@. */
typedef struct page_piece {
    const char *name, *text;
} page_piece;

typedef struct page {
    const char       *html; /* the template: every @ in it opens or closes a name */
    const page_piece *piece;
    size_t            piece_count;
    const char       *title; /* @TITLE@: not to be trusted, escaped */
    const json_t     *data;  /* @DATA@: not to be trusted either */
} page;

/* Returns false where memory ran out; a write that fails shows in the stream. */
bool page_write(FILE *stream, const page *p);

#endif
