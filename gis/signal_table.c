/* The table of signals: rows of a CSV file (RFC 4180), and which row a message is.
 *
 * A city's table is a file of its own; the built-in one is data/signals.csv, as it lies in the
 * repository. Classes of recipients and channels are words: each gets a bit in the order in which the
 * table first names it, so a table may have classes that we never heard of. */
#include <muster/alert.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "gis/file.h"
#include "gis/memory.h"
#include "gis/utf8.h"

extern const char          mu_signals_csv[];
extern const unsigned long mu_signals_csv_size;

enum {
    MOST_BYTES  = 1 << 20,
    MOST_WORDS  = 32,
    FILE_BYTES  = 160,
    SHOWN_BYTES = 80,
    TEXT_BYTES  = 400
};

typedef struct word_list {
    uint32_t    count;
    const char *word[MOST_WORDS];
} word_list;

struct muster_signals {
    mu_texts       texts;
    uint32_t       count;
    size_t         capacity;
    muster_signal *signal;
    word_list      recipients, channels;
};

typedef enum column {
    CODE,
    NAME,
    NAME_EN,
    COLOUR,
    READINESS,
    RECIPIENTS,
    CHANNELS,
    SOURCE,
    COLUMNS
} column;

static const char *const COLUMN[COLUMNS] = {"code",      "name",       "name_en",  "colour",
                                            "readiness", "recipients", "channels", "source"};

/* ---- colours --------------------------------------------------------------------------- */

static const char *const COLOUR_NAME[MUSTER_SIGNAL_COLOUR_COUNT] = {"blue", "yellow", "orange",
                                                                    "red"};

const char *muster_signal_colour_name(muster_signal_colour colour) {
    return colour < MUSTER_SIGNAL_COLOUR_COUNT ? COLOUR_NAME[colour] : NULL;
}

muster_signal_colour muster_signal_colour_from_name(const char *name) {
    int c = 0;
    while (c < MUSTER_SIGNAL_COLOUR_COUNT && strcmp(name, COLOUR_NAME[c]) != 0) ++c;
    return (muster_signal_colour)c;
}

/* ---- CSV ------------------------------------------------------------------------------- */

/* The text is cut up where it lies. */
typedef struct csv_reader {
    const char     *file;
    char           *at;
    unsigned        line, next_line; /* of the record at hand; behind it */
    char           *field[COLUMNS];
    int             field_count;
    muster_signals *signals;
} csv_reader;

static muster_status refuse(const csv_reader *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static muster_status refuse(const csv_reader *r, const char *format, ...) {
    char    what[TEXT_BYTES], file[FILE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    mu_keep_end(file, sizeof file, r->file);
    return muster_fail(MUSTER_E_INVALID, "\"%s\", line %u: %s", file, r->line, what);
}

static muster_status refuse_field(const csv_reader *r, column c, const char *expected) {
    char shown[SHOWN_BYTES];
    mu_quote(shown, sizeof shown, r->field[c]);
    return refuse(r, "%s is %s; expected %s", COLUMN[c], shown, expected);
}

/* The field at r->at, which moves to what ended it: a comma, a line's end or the text's. Where there
 * are quotes they go, and two in a row are one. */
static muster_status take_field(csv_reader *r, char **out, char *ended_by) {
    char *to = r->at, *from = r->at;
    bool  is_quoted = *from == '"';
    *out            = to;
    if (is_quoted) ++from;
    for (; *from != 0; ++from) {
        if (is_quoted && *from == '"') {
            if (from[1] != '"') {
                ++from;
                is_quoted = false;
                break;
            }
            ++from;
        } else if (!is_quoted && (*from == ',' || *from == '\n' || *from == '\r')) {
            break;
        }
        r->next_line += *from == '\n';
        *to++ = *from;
    }
    if (is_quoted) return refuse(r, "a quote is not closed");
    if (*from == '\r' && from[1] == '\n') ++from;
    *ended_by = *from;
    if (*from != 0 && *from != ',' && *from != '\n') {
        return refuse(r, "a field goes on behind its quote; expected a comma or the line's end");
    }
    r->at = *from == 0 ? from : from + 1;
    *to   = 0;
    return MUSTER_OK;
}

/* False behind the last record. Empty lines are none. */
static muster_status take_record(csv_reader *r, bool *out_there) {
    char ended_by = ',';
    while (*r->at == '\n' || *r->at == '\r') r->next_line += *r->at++ == '\n';
    r->line        = r->next_line;
    r->field_count = 0;
    *out_there     = *r->at != 0;
    while (*out_there && ended_by == ',') {
        char *field;
        MU_TRY(take_field(r, &field, &ended_by));
        if (r->field_count == COLUMNS) return refuse(r, "more than %d fields", COLUMNS);
        r->field[r->field_count++] = field;
    }
    r->next_line += *out_there;
    return MUSTER_OK;
}

/* ---- rows ------------------------------------------------------------------------------ */

static muster_status take_word(csv_reader *r, word_list *list, const char *word, uint32_t *bits) {
    uint32_t w = 0;
    while (w < list->count && strcmp(list->word[w], word) != 0) ++w;
    if (w == MOST_WORDS) return refuse(r, "more than %d different words", MOST_WORDS);
    if (w == list->count) {
        MU_TRY(mu_texts_keep(&r->signals->texts, word, &list->word[w]));
        ++list->count;
    }
    *bits |= (uint32_t)1 << w;
    return MUSTER_OK;
}

/* Words with spaces between them. */
static muster_status read_words(csv_reader *r, column c, word_list *list, uint32_t *bits) {
    char *at = r->field[c];
    *bits    = 0;
    while (*at != 0) {
        char *end = at;
        while (*end != 0 && *end != ' ') ++end;
        const bool is_last = *end == 0;
        *end               = 0;
        if (*at != 0) MU_TRY(take_word(r, list, at, bits));
        at = is_last ? end : end + 1;
    }
    return *bits != 0 ? MUSTER_OK
                      : refuse_field(r, c, "one word or more, with spaces between them");
}

static muster_status read_texts(csv_reader *r, muster_signal *s) {
    const struct {
        column       c;
        const char **out;
    } TEXT[] = {{CODE, &s->code}, {NAME, &s->name}, {NAME_EN, &s->name_en}, {SOURCE, &s->source}};
    for (size_t i = 0; i < sizeof TEXT / sizeof *TEXT; ++i) {
        const char *text = r->field[TEXT[i].c];
        if (*text == 0 && TEXT[i].c != SOURCE) {
            return refuse_field(r, TEXT[i].c, "a text that is not empty");
        }
        MU_TRY(mu_texts_keep(&r->signals->texts, text, TEXT[i].out));
    }
    return MUSTER_OK;
}

static muster_status read_row(csv_reader *r) {
    muster_signals *all = r->signals;
    muster_signal   s   = {0};
    if (r->field_count != COLUMNS) {
        return refuse(r, "%d fields; expected %d", r->field_count, COLUMNS);
    }
    MU_TRY(read_texts(r, &s));
    s.colour = (uint8_t)muster_signal_colour_from_name(r->field[COLOUR]);
    if (s.colour == MUSTER_SIGNAL_COLOUR_COUNT) {
        return refuse_field(r, COLOUR, "blue, yellow, orange or red");
    }
    const char *level = r->field[READINESS];
    if (level[0] < '1' || level[0] > '4' || level[1] != 0) {
        return refuse_field(r, READINESS, "1, the highest, to 4");
    }
    s.readiness = (uint8_t)(level[0] - '0');
    MU_TRY(read_words(r, RECIPIENTS, &all->recipients, &s.recipients));
    MU_TRY(read_words(r, CHANNELS, &all->channels, &s.channels));
    if (muster_signals_find(all, s.code, (muster_signal_colour)s.colour) != MUSTER_NONE) {
        return refuse_field(r, CODE, "one row for each code and colour");
    }
    MU_TRY(mu_gis_grow(&all->signal, &all->capacity, all->count, sizeof *all->signal));
    all->signal[all->count++] = s;
    return MUSTER_OK;
}

static muster_status check_header(const csv_reader *r) {
    bool is_right = r->field_count == COLUMNS;
    for (int c = 0; c < COLUMNS && is_right; ++c) is_right = strcmp(r->field[c], COLUMN[c]) == 0;
    return is_right ? MUSTER_OK
                    : refuse(r, "is no table of signals; expected the header code,name,name_en,"
                                "colour,readiness,recipients,channels,source");
}

static muster_status read_records(csv_reader *r) {
    bool there;
    MU_TRY(take_record(r, &there));
    MU_TRY(check_header(r));
    MU_TRY(take_record(r, &there));
    while (there) {
        MU_TRY(read_row(r));
        MU_TRY(take_record(r, &there));
    }
    return r->signals->count > 0 ? MUSTER_OK : refuse(r, "no signal; expected one or more");
}

static muster_status read_text(muster_signals *signals, const char *file, char *text, size_t size) {
    csv_reader r = {.file = file, .at = text, .line = 1, .next_line = 1, .signals = signals};
    if (memchr(text, 0, size) || !mu_is_utf8(text, size)) {
        return refuse(&r, "is not UTF-8; expected a table of signals");
    }
    if (strncmp(text, "\xEF\xBB\xBF", 3) == 0) r.at += 3;
    return read_records(&r);
}

/* ---- the table ------------------------------------------------------------------------- */

static muster_status take_bytes(const char *path, char *out, size_t *out_size) {
    char    name[FILE_BYTES];
    int64_t file_bytes;
    if (!path) {
        memcpy(out, mu_signals_csv, mu_signals_csv_size);
        *out_size = mu_signals_csv_size;
        return MUSTER_OK;
    }
    mu_keep_end(name, sizeof name, path);
    MU_TRY(mu_file_peek(path, name, (unsigned char *)out, MOST_BYTES, out_size, &file_bytes));
    if (file_bytes <= MOST_BYTES) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "\"%s\" has %lld bytes; expected at most %d", name,
                       (long long)file_bytes, MOST_BYTES);
}

static muster_status fill(muster_signals *signals, const char *path) {
    char  *text;
    size_t size = 0;
    MU_TRY(mu_gis_alloc(&text, (size_t)MOST_BYTES + 1, 1));
    muster_status status = take_bytes(path, text, &size);
    text[size]           = 0;
    if (status == MUSTER_OK) {
        status = read_text(signals, path ? path : "data/signals.csv", text, size);
    }
    mu_gis_free(text);
    return status;
}

muster_status muster_signals_read(muster_signals **out, const char *path) {
    muster_signals *signals;
    *out = NULL;
    MU_TRY(mu_gis_alloc_zeroed(&signals, 1, sizeof *signals));
    const muster_status status = fill(signals, path);
    if (status != MUSTER_OK) {
        muster_signals_free(signals);
        return status;
    }
    *out = signals;
    return MUSTER_OK;
}

void muster_signals_free(muster_signals *signals) {
    if (!signals) return;
    mu_gis_free(signals->signal);
    mu_texts_fini(&signals->texts);
    mu_gis_free(signals);
}

const muster_signal *muster_signals_list(const muster_signals *s, uint32_t *out_count) {
    *out_count = s->count;
    return s->signal;
}

const char *const *muster_signals_recipients(const muster_signals *s, uint32_t *out_count) {
    *out_count = s->recipients.count;
    return s->recipients.word;
}

const char *const *muster_signals_channels(const muster_signals *s, uint32_t *out_count) {
    *out_count = s->channels.count;
    return s->channels.word;
}

uint32_t muster_signals_find(const muster_signals *s, const char *code,
                             muster_signal_colour colour) {
    for (uint32_t i = 0; i < s->count; ++i) {
        if (s->signal[i].colour == colour && strcmp(s->signal[i].code, code) == 0) return i;
    }
    return MUSTER_NONE;
}

muster_readiness muster_readiness_of(const muster_signals *s, uint32_t count,
                                     const uint32_t *signal) {
    muster_readiness r = {0};
    for (uint32_t i = 0; i < count; ++i) {
        const muster_signal *one = &s->signal[signal[i]];
        if (r.level == 0 || one->readiness < r.level) r.level = one->readiness;
        r.recipients |= one->recipients;
        r.channels |= one->channels;
    }
    return r;
}
