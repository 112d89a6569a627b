/* wcwidth() knows how wide a character is, but only in a locale whose characters are UTF-8;
 * C.UTF-8 is that and nothing else (no decimal commas), and is set here for LC_CTYPE alone. */
#define _XOPEN_SOURCE 700 /* wcwidth */
#include "cli/text_width.h"

#include <locale.h>
#include <stdbool.h>
#include <string.h>
#include <wchar.h>

/* One character to print: bytes of the text, or "?" in its place. */
typedef struct glyph {
    const char *bytes;
    size_t      size;
    size_t      consumed; /* of the text; 0 at its end */
    int         width;
} glyph;

static glyph next_glyph(const char *text) {
    wchar_t      wide;
    mbstate_t    state = {0};
    const size_t left  = strlen(text);
    const size_t size  = mbrtowc(&wide, text, left, &state);
    if (left == 0) return (glyph){"", 0, 0, 0};
    if (size == 0 || size > left) return (glyph){"?", 1, 1, 1};
    const int width = wcwidth(wide);
    return width < 0 ? (glyph){"?", 1, size, 1} : (glyph){text, size, size, width};
}

/* Bytes are printed as long as the columns suffice; returns the columns used. */
static int print_up_to(FILE *stream, const char *text, int width) {
    int used = 0;
    for (glyph g = next_glyph(text); g.consumed > 0 && used + g.width <= width;) {
        fwrite(g.bytes, 1, g.size, stream);
        used += g.width;
        text += g.consumed;
        g = next_glyph(text);
    }
    return used;
}

static int width_of(const char *text) {
    int width = 0;
    for (glyph g = next_glyph(text); g.consumed > 0; g = next_glyph(text)) {
        width += g.width;
        text += g.consumed;
    }
    return width;
}

static int print_cut(FILE *stream, const char *text, int width) {
    setlocale(LC_CTYPE, "C.UTF-8");
    if (width_of(text) <= width) return print_up_to(stream, text, width);
    const int used = print_up_to(stream, text, width - 1);
    fputs("…", stream);
    return used + 1;
}

void text_print_padded(FILE *stream, const char *text, int width) {
    fprintf(stream, "%*s", width - print_cut(stream, text, width), "");
}

void text_print_right(FILE *stream, const char *text, int width) {
    setlocale(LC_CTYPE, "C.UTF-8");
    const int room = width - width_of(text);
    fprintf(stream, "%*s", room > 0 ? room : 0, "");
    print_cut(stream, text, width);
}

void text_print_cut(FILE *stream, const char *text, int width) {
    print_cut(stream, text, width);
}

/* ---- paragraphs ---------------------------------------------------------------------------- */

static bool is_one_of(glyph g, const char *marks) {
    for (glyph m = next_glyph(marks); m.consumed > 0; m = next_glyph(marks)) {
        if (m.size == g.size && memcmp(m.bytes, g.bytes, m.size) == 0) return true;
        marks += m.consumed;
    }
    return false;
}

static bool opens(glyph g) {
    return is_one_of(g, "“（《");
}

static bool closes(glyph g) {
    return is_one_of(g, "”）》，。、：；！？");
}

/* What no line ends in: a Chinese character, or a word, with its marks. Bytes and columns. */
static glyph next_piece(const char *text) {
    glyph piece = {text, 0, 0, 0};
    for (bool is_begun = false, is_wide = false;;) {
        const glyph g = next_glyph(text + piece.consumed);
        if (g.consumed == 0 || (g.size == 1 && *g.bytes == ' ')) return piece;
        const bool is_mark = opens(g) || closes(g);
        if (is_begun && !closes(g) && (is_wide || g.width == 2 || opens(g))) return piece;
        if (!is_mark) is_begun = true;
        if (closes(g) && is_begun) is_wide = true; /* nothing more but marks that close */
        is_wide |= !is_mark && g.width == 2;
        piece.consumed += g.consumed;
        piece.width += g.width;
    }
}

void text_print_paragraph(FILE *stream, const char *text, int indent, int columns) {
    int column = indent;
    setlocale(LC_CTYPE, "C.UTF-8");
    for (;;) {
        const int   spaces = (int)strspn(text, " ");
        const glyph piece  = next_piece(text + spaces);
        if (piece.consumed == 0) break;
        if (column > indent && column + spaces + piece.width > columns) {
            fprintf(stream, "\n%*s", indent, "");
            column = indent;
        } else {
            fprintf(stream, "%*s", spaces, "");
            column += spaces;
        }
        column += print_up_to(stream, text + spaces, piece.width);
        text += (size_t)spaces + piece.consumed;
    }
    fputc('\n', stream);
}
