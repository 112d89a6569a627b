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
