/* muster journal export: the records as lines of JSON. */
#include <inttypes.h>
#include <stdlib.h>

#include <jansson.h>

#include "cli/command.h"
#include "cli/journal_options.h"
#include "cli/journal_text.h"
#include "cli/output.h"

/* What the bytes say, where that is JSON; else they are given in hexadecimal. */
static int add_bytes(json_t *line, const muster_journal_record *r) {
    json_t *content = json_loadb(r->bytes, r->size, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
    if (content) return json_object_set_new(line, "record", content);
    char *hex = malloc(2 * r->size + 1);
    if (!hex) return -1;
    hex[0] = 0;
    journal_hex(hex, r->bytes, r->size);
    const int result = json_object_set_new(line, "hex", json_string(hex));
    free(hex);
    return result;
}

static int write_line(FILE *stream, const muster_journal_record *r) {
    char moment[JOURNAL_MOMENT_BYTES], hash[JOURNAL_HASH_TEXT_BYTES];
    journal_hex(hash, r->hash, MUSTER_JOURNAL_HASH_BYTES);
    json_t *line =
        json_pack("{s:I, s:I, s:s, s:s}", "sequence", (json_int_t)r->sequence, "term",
                  (json_int_t)r->term, "time", journal_moment(moment, r->time_ms), "hash", hash);
    int code = COMMAND_DONE;
    if (!line || add_bytes(line, r) != 0) {
        code = command_fail(COMMAND_ENVIRONMENT, "out of memory for record %" PRIu64, r->sequence);
    } else {
        (void)json_dumpf(line, stream, JSON_COMPACT); /* a failed write is met when it is flushed */
        (void)putc('\n', stream);
    }
    json_decref(line);
    return code;
}

static int write_records(const journal_options *o, FILE *stream) {
    muster_journal_reader *reader;
    muster_journal_record  record;
    bool                   is_there = true;
    int                    code     = COMMAND_DONE;
    muster_status          status   = muster_journal_reader_new(&reader, o->folder, o->first);
    while (status == MUSTER_OK && code == COMMAND_DONE) {
        status = muster_journal_next(reader, &record, &is_there);
        if (status != MUSTER_OK || !is_there) break;
        if (o->last > 0 && record.sequence > o->last) break;
        code = write_line(stream, &record);
    }
    muster_journal_reader_free(reader);
    return status == MUSTER_OK ? code : command_fail_status(status);
}

static const struct argp_option EXPORT_OPTIONS[] = {
    {"first", 'f', "N", 0, "from this record on (the first there is)", 0},
    {"last", 'l', "N", 0, "to this record (the last)", 0},
    {"output", 'o', "FILE", FILE_WRITTEN, "where to (standard output)", 0},
    {0}};

int journal_export(int argc, char **argv) {
    static const struct argp argp = {
        .options  = EXPORT_OPTIONS,
        .parser   = journal_options_parse,
        .args_doc = "FOLDER",
        .doc =
            "Give out the records of a journal, one line of JSON each: sequence, term, time, hash, "
            "and record, where its bytes are JSON, or else hex."};
    journal_options o    = {.output = "-"};
    output          file = {0};
    int             code = arguments_parse(&argp, argc, argv, &o);
    if (code == COMMAND_DONE) code = output_open(&file, o.output);
    if (code == COMMAND_DONE) code = write_records(&o, file.stream);
    if (code == COMMAND_DONE) code = output_publish(&file);
    output_discard(&file);
    return code;
}
