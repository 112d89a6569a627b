/* muster journal verify: every record against its hash, and what there is. */
#include <inttypes.h>
#include <stdio.h>

#include "cli/command.h"
#include "cli/journal_options.h"
#include "cli/journal_text.h"
#include "cli/json_file.h"

typedef struct summary {
    uint64_t first, last, count, bytes, terms, term, torn_bytes;
    int64_t  earliest_ms, latest_ms;
    char     hash[JOURNAL_HASH_TEXT_BYTES];
} summary;

static void count_record(summary *s, const muster_journal_record *r) {
    if (s->count == 0) {
        s->first       = r->sequence;
        s->earliest_ms = s->latest_ms = r->time_ms;
    }
    if (s->count == 0 || r->term != s->term) ++s->terms;
    if (r->time_ms < s->earliest_ms) s->earliest_ms = r->time_ms;
    if (r->time_ms > s->latest_ms) s->latest_ms = r->time_ms;
    s->last = r->sequence;
    s->term = r->term;
    s->bytes += r->size;
    ++s->count;
    journal_hex(s->hash, r->hash, MUSTER_JOURNAL_HASH_BYTES);
}

static muster_status read_all(summary *s, const char *folder) {
    muster_journal_reader *reader;
    muster_journal_record  record;
    bool                   is_there = true;
    muster_status          status   = muster_journal_reader_new(&reader, folder, 0);
    while (status == MUSTER_OK && is_there) {
        status = muster_journal_next(reader, &record, &is_there);
        if (status == MUSTER_OK && is_there) count_record(s, &record);
    }
    if (status == MUSTER_OK) s->torn_bytes = muster_journal_torn_bytes(reader);
    muster_journal_reader_free(reader);
    return status;
}

static int print_json(const summary *s) {
    char             earliest[JOURNAL_MOMENT_BYTES], latest[JOURNAL_MOMENT_BYTES];
    const json_int_t torn = (json_int_t)s->torn_bytes;
    if (s->count == 0)
        return json_write(json_pack("{s:i, s:I}", "records", 0, "torn_bytes", torn), "-");
    return json_write(
        json_pack("{s:I, s:I, s:I, s:I, s:I, s:s, s:s, s:s, s:I}", "records", (json_int_t)s->count,
                  "first", (json_int_t)s->first, "last", (json_int_t)s->last, "bytes",
                  (json_int_t)s->bytes, "terms", (json_int_t)s->terms, "earliest",
                  journal_moment(earliest, s->earliest_ms), "latest",
                  journal_moment(latest, s->latest_ms), "hash", s->hash, "torn_bytes", torn),
        "-");
}

static void print_text(const summary *s) {
    char earliest[JOURNAL_MOMENT_BYTES], latest[JOURNAL_MOMENT_BYTES];
    if (s->count == 0) {
        puts("no records");
    } else {
        printf("records   %" PRIu64 ", from %" PRIu64 " to %" PRIu64 ", %" PRIu64 " bytes, %" PRIu64
               " %s of writing\n",
               s->count, s->first, s->last, s->bytes, s->terms, s->terms == 1 ? "term" : "terms");
        printf("times     %s to %s\n", journal_moment(earliest, s->earliest_ms),
               journal_moment(latest, s->latest_ms));
        printf("hash      %s\n", s->hash);
    }
    if (s->torn_bytes > 0) {
        printf("torn      %" PRIu64
               " bytes behind the last record, which were never acknowledged\n",
               s->torn_bytes);
    }
}

static const struct argp_option VERIFY_OPTIONS[] = {
    {"json", 'j', NULL, 0, "print the summary as JSON", 0}, {0}};

int journal_verify(int argc, char **argv) {
    static const struct argp argp = {
        .options  = VERIFY_OPTIONS,
        .parser   = journal_options_parse,
        .args_doc = "FOLDER",
        .doc =
            "Check every record of a journal against its hash and the one before it, and say what "
            "there is.\vThe hash of the last record stands for all before it: noted down "
            "elsewhere, it tells later whether anything was changed, or cut off at the end."};
    journal_options o    = {0};
    summary         s    = {0};
    const int       code = arguments_parse(&argp, argc, argv, &o);
    if (code != COMMAND_DONE) return code;
    const muster_status status = read_all(&s, o.folder);
    if (status != MUSTER_OK) return command_fail_status(status);
    if (o.is_json) return print_json(&s);
    print_text(&s);
    return COMMAND_DONE;
}
