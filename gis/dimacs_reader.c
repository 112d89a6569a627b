/* gzgets reads both gzipped and plain text. A cut gzip stream looks like the end of the
 * file to it; gzerror knows better and is asked there. */
#include "gis/dimacs_reader.h"

#include <errno.h>
#include <string.h>

#include <sys/stat.h>
#include <zlib.h>

enum { BUFFER_BYTES = 1 << 18, LINES_BETWEEN_REPORTS = 1 << 16 };

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static muster_status report(const mu_dimacs_file *file, double fraction) {
    if (!file->progress || file->progress(file->progress_user, file->phase, fraction)) {
        return MUSTER_OK;
    }
    return muster_fail(MUSTER_E_CANCELLED, "cancelled while %s", file->phase);
}

static double fraction_read(const mu_dimacs_file *file) {
    const double read = (double)gzoffset(file->gz);
    return file->stored_bytes > 0 && read < file->stored_bytes ? read / file->stored_bytes : 1.0;
}

muster_status mu_dimacs_open(mu_dimacs_file *file, const char *path, const char *phase,
                             muster_progress progress, void *progress_user) {
    *file = (mu_dimacs_file){
        .path = path, .phase = phase, .progress = progress, .progress_user = progress_user};
    struct stat about;
    if (stat(path, &about) != 0) {
        return muster_fail(MUSTER_E_IO, "cannot open \"%s\": %s", path, strerror(errno));
    }
    if (S_ISDIR(about.st_mode)) {
        return muster_fail(MUSTER_E_IO, "cannot open \"%s\": it is a folder", path);
    }
    file->stored_bytes = (double)about.st_size;
    errno              = 0; /* gzopen leaves it alone when memory runs out */
    file->gz           = gzopen(path, "rb");
    if (!file->gz && errno == 0) {
        return muster_fail(MUSTER_E_NOMEM, "out of memory: cannot open \"%s\"", path);
    }
    if (!file->gz) {
        return muster_fail(MUSTER_E_IO, "cannot open \"%s\": %s", path, strerror(errno));
    }
    (void)gzbuffer(file->gz, BUFFER_BYTES);
    return report(file, 0.0);
}

void mu_dimacs_close(mu_dimacs_file *file) {
    if (file->gz) (void)gzclose_r(file->gz);
    file->gz = NULL;
}

static muster_status check_end_of_file(mu_dimacs_file *file, uint64_t line) {
    int         code    = Z_OK;
    const char *message = gzerror(file->gz, &code);
    if (code == Z_OK || code == Z_STREAM_END) return report(file, 1.0);
    if (code == Z_MEM_ERROR) {
        return muster_fail(MUSTER_E_NOMEM, "out of memory while reading \"%s\"", file->path);
    }
    if (code == Z_ERRNO) {
        return muster_fail(MUSTER_E_IO, "cannot read \"%s\": %s", file->path, strerror(errno));
    }
    return muster_fail(MUSTER_E_FORMAT, "%s:%llu: the gzip stream is damaged or cut off: %s",
                       file->path, (unsigned long long)line, message);
}

/* A comment may be of any length: pass over what did not fit. */
static void skip_rest_of_line(mu_dimacs_file *file) {
    char rest[MU_DIMACS_LINE_BYTES];
    while (gzgets(file->gz, rest, sizeof rest) && !strchr(rest, '\n')) continue;
}

/* The last line of a file may lack its end, but not because the stream was cut there. */
static muster_status check_line(mu_dimacs_file *file, bool whole) {
    if (whole) return MUSTER_OK;
    if (gzeof(file->gz)) return check_end_of_file(file, file->line);
    if (*file->cursor == 'c') {
        skip_rest_of_line(file);
        return MUSTER_OK;
    }
    return muster_fail(MUSTER_E_FORMAT, "%s:%llu: line is longer than %d bytes", file->path,
                       (unsigned long long)file->line, MU_DIMACS_LINE_BYTES - 2);
}

static void skip_blanks(mu_dimacs_file *file) {
    while (is_blank(*file->cursor)) ++file->cursor;
}

muster_status mu_dimacs_next_line(mu_dimacs_file *file, bool *out) {
    *out = true;
    do {
        if (!gzgets(file->gz, file->text, sizeof file->text)) {
            *out = false;
            return check_end_of_file(file, file->line + 1);
        }
        if (++file->line % LINES_BETWEEN_REPORTS == 0) MU_TRY(report(file, fraction_read(file)));
        file->cursor = file->text;
        skip_blanks(file);
        MU_TRY(check_line(file, strchr(file->text, '\n') != NULL));
    } while (*file->cursor == 0 || *file->cursor == 'c');
    return MUSTER_OK;
}

/* ---- fields ------------------------------------------------------------------------------ */

static size_t word_length(const mu_dimacs_file *file) {
    size_t length = 0;
    while (file->cursor[length] != 0 && !is_blank(file->cursor[length])) ++length;
    return length;
}

muster_status mu_dimacs_expect_word(mu_dimacs_file *file, const char *word) {
    skip_blanks(file);
    const size_t length = word_length(file);
    if (length != strlen(word) || memcmp(file->cursor, word, length) != 0) {
        return muster_fail(MUSTER_E_FORMAT, "%s:%llu: \"%.*s\"; expected \"%s\"", file->path,
                           (unsigned long long)file->line, (int)length, file->cursor, word);
    }
    file->cursor += length;
    return MUSTER_OK;
}

/* Whole numbers only: no fraction, no exponent, no "nan". Past the 19th digit the value
 * stays out of every bound. */
static bool parse_integer(const char *text, size_t length, int64_t *out) {
    const bool negative = length > 0 && *text == '-';
    size_t     i        = negative ? 1 : 0;
    if (i == length) return false;
    int64_t value = 0;
    for (; i < length; ++i) {
        if (text[i] < '0' || text[i] > '9') return false;
        value = value > INT64_MAX / 10 - 1 ? INT64_MAX / 10 : value * 10 + (text[i] - '0');
    }
    *out = negative ? -value : value;
    return true;
}

muster_status mu_dimacs_read_integer(mu_dimacs_file *file, const char *what, int64_t min,
                                     int64_t max, int64_t *out) {
    skip_blanks(file);
    const size_t length = word_length(file);
    if (!parse_integer(file->cursor, length, out) || *out < min || *out > max) {
        return muster_fail(MUSTER_E_FORMAT,
                           "%s:%llu: %s is \"%.*s\"; expected a whole number from %lld to %lld",
                           file->path, (unsigned long long)file->line, what, (int)length,
                           file->cursor, (long long)min, (long long)max);
    }
    file->cursor += length;
    return MUSTER_OK;
}

muster_status mu_dimacs_end_line(mu_dimacs_file *file) {
    skip_blanks(file);
    if (*file->cursor == 0) return MUSTER_OK;
    return muster_fail(MUSTER_E_FORMAT, "%s:%llu: \"%.*s\" after the last field", file->path,
                       (unsigned long long)file->line, (int)word_length(file), file->cursor);
}
