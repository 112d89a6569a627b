/* Any bytes as the segments of a journal: what is read has the hash that it should have, and a writer
 * goes on behind it or says what is wrong. The first two bytes say where the rest is cut into two
 * segments; each is tried as it is and with a header that is right. */
#include <assert.h>

#include "session/journal_reader.h"
#include "session/journal_writer.h"
#include "tests/support/simulated_disk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void put_segment(sim_disk *disk, uint64_t first, const uint8_t *data, size_t size,
                        bool has_header) {
    const mu_disk     process = sim_process_new(disk);
    mu_segment_header header  = {.first = first, .term = first};
    uint8_t           bytes[MU_SEGMENT_HEADER_BYTES];
    char              name[MU_NUMBERED_NAME_BYTES];
    mu_disk_file     *file;
    mu_journal_segment_name(name, first);
    mu_segment_encode(&header, bytes);
    if (process.create(process.user, name, true, &file) != 0) abort();
    if (has_header) (void)process.write(file, 0, bytes, sizeof bytes);
    (void)process.write(file, has_header ? sizeof bytes : 0, data, size);
    process.close_file(file);
    process.close(process.user);
}

static uint64_t read_all(sim_disk *disk, muster_status *out_status) {
    const mu_disk         process = sim_process_new(disk);
    muster_journal_reader reader;
    muster_journal_record record;
    uint64_t              last = 0;
    bool                  is_there;
    *out_status = mu_journal_reader_init(&reader, &process, "sim", 0);
    if (*out_status != MUSTER_OK) return 0;
    while ((*out_status = muster_journal_next(&reader, &record, &is_there)) == MUSTER_OK &&
           is_there) {
        assert(record.sequence == last + 1);
        assert(record.size <= MUSTER_JOURNAL_MOST_BYTES);
        last = record.sequence;
    }
    mu_journal_reader_fini(&reader);
    return last;
}

static void write_on(sim_disk *disk, uint64_t last) {
    const muster_journal_options options = MUSTER_JOURNAL_OPTIONS_INIT;
    const mu_disk                process = sim_process_new(disk);
    muster_journal              *journal;
    muster_status                status = mu_journal_open(&journal, &process, "sim", &options);
    if (status != MUSTER_OK) {
        assert(muster_error_message()[0] != 0);
        return;
    }
    if (muster_journal_last(journal) == last) {
        assert(muster_journal_append(journal, 1, "x", 1, NULL) == MUSTER_OK);
        assert(muster_journal_sync(journal) == MUSTER_OK);
        assert(read_all(disk, &status) == last + 1);
    }
    muster_journal_close(journal);
}

static void try_segments(const uint8_t *data, size_t size, size_t cut, bool has_header) {
    muster_status status;
    sim_disk     *disk = sim_disk_new(1);
    put_segment(disk, 1, data, cut, has_header);
    if (cut < size) put_segment(disk, 2, data + cut, size - cut, has_header);
    const uint64_t last = read_all(disk, &status);
    if (status == MUSTER_OK) write_on(disk, last);
    sim_disk_free(disk);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2) return 0;
    const size_t asked = (size_t)data[0] << 8 | data[1], cut = asked < size - 2 ? asked : size - 2;
    try_segments(data + 2, size - 2, cut, false);
    try_segments(data + 2, size - 2, cut, true);
    return 0;
}
