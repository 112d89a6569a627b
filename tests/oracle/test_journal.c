/* Journals on a disk that loses power, fills up, fails to sync, and under writers that take over from
 * each other, against a list of what was acknowledged: it is there, in order, and nothing else but
 * what was added after it, in order. Then every byte of a journal is changed in turn: what is read
 * is what was written, or a failure. */
#include <errno.h>

#include "core/alloc.h"
#include "session/journal_reader.h"
#include "session/journal_writer.h"
#include "tests/support/cmocka_all.h"
#include "tests/support/rounds.h"
#include "tests/support/simulated_disk.h"

enum { ROUNDS = 400, STEPS = 120, MOST_RECORDS = 4000, MOST_SIZE = 600 };

/* What the records should be: of each its size and a number that its bytes follow from. */
typedef struct model {
    sim_disk       *disk;
    muster_journal *journal; /* NULL: nobody writes */
    uint32_t        size[MOST_RECORDS + 1];
    uint64_t        seed[MOST_RECORDS + 1];
    uint64_t        acknowledged, added;
    uint64_t        term;
    uint64_t        rng, next_seed;
} model;

static void fill_bytes(uint8_t *bytes, size_t size, uint64_t seed) {
    for (size_t i = 0; i < size; ++i) bytes[i] = (uint8_t)random_below(&seed, 256);
}

static muster_status open_as(model *m, muster_journal **out, uint32_t mode) {
    muster_journal_options options = MUSTER_JOURNAL_OPTIONS_INIT;
    options.mode                   = mode;
    options.segment_bytes          = 1500;
    const mu_disk disk             = sim_process_new(m->disk);
    return mu_journal_open(out, &disk, "sim", &options);
}

/* ---- reading it all ------------------------------------------------------------------------ */

static void check_record(const model *m, const muster_journal_record *r) {
    uint8_t expected[MOST_SIZE];
    assert_in_range(r->sequence, 1, m->added);
    assert_int_equal(r->size, m->size[r->sequence]);
    assert_int_equal(r->time_ms, (int64_t)m->seed[r->sequence]);
    fill_bytes(expected, r->size, m->seed[r->sequence]);
    assert_memory_equal(r->bytes, expected, r->size);
}

/* Number of the last record. */
static uint64_t read_all(const model *m) {
    const mu_disk         disk = sim_process_new(m->disk);
    muster_journal_reader reader;
    muster_journal_record record;
    uint64_t              last = 0;
    bool                  is_there;
    if (mu_journal_reader_init(&reader, &disk, "sim", 0) != MUSTER_OK)
        fail_msg("%s", muster_error_message());
    while (true) {
        if (muster_journal_next(&reader, &record, &is_there) != MUSTER_OK) {
            fail_msg("%s", muster_error_message());
        }
        if (!is_there) break;
        assert_int_equal(record.sequence, last + 1);
        check_record(m, &record);
        last = record.sequence;
    }
    mu_journal_reader_fini(&reader);
    return last;
}

/* All that was acknowledged, and of what was added after it a beginning, which is from now on as good
 * as acknowledged: the new writer goes on from there. */
static void check_opened(model *m) {
    const uint64_t last = read_all(m);
    assert_in_range(last, m->acknowledged, m->added);
    assert_int_equal(muster_journal_last(m->journal), last);
    assert_true(muster_journal_term(m->journal) > m->term);
    m->term         = muster_journal_term(m->journal);
    m->acknowledged = m->added = last;
}

/* ---- what happens -------------------------------------------------------------------------- */

static void add(model *m) {
    uint8_t  bytes[MOST_SIZE];
    uint64_t sequence;
    if (m->added == MOST_RECORDS) return;
    const uint64_t seed = ++m->next_seed;
    const uint32_t size = random_below(&m->rng, random_below(&m->rng, 4) ? 40 : MOST_SIZE);
    fill_bytes(bytes, size, seed);
    const muster_status status =
        muster_journal_append(m->journal, (int64_t)seed, bytes, size, &sequence);
    if (status == MUSTER_OK) {
        assert_int_equal(sequence, m->added + 1);
        m->size[++m->added] = size;
        m->seed[m->added]   = seed;
    } else {
        assert_int_equal(status, MUSTER_E_IO); /* the next segment could not be begun */
    }
}

/* What the disk had no room for, nobody can read. */
static void synchronize(model *m) {
    if (muster_journal_sync(m->journal) == MUSTER_OK) {
        m->acknowledged = m->added;
    } else if (strstr(muster_error_message(), "tried again")) {
        assert_int_equal(read_all(m), m->acknowledged);
    }
    assert_int_equal(muster_journal_last(m->journal), m->acknowledged);
}

/* A writer that is done for cannot take back what may be on the disk. */
static void withdraw(model *m) {
    if (muster_journal_append(m->journal, 0, "", 0, NULL) != MUSTER_OK) return;
    mu_journal_withdraw(m->journal);
    m->added = m->acknowledged;
}

static void open_again(model *m) {
    muster_journal_close(m->journal);
    m->journal          = NULL;
    m->disk->room       = UINT64_MAX;
    m->disk->sync_fails = 0;
    if (open_as(m, &m->journal, MUSTER_JOURNAL_OPEN) != MUSTER_OK)
        fail_msg("%s", muster_error_message());
    check_opened(m);
}

/* The old writer adds and syncs before and after: only before counts, and what it adds in between
 * may have been seen. */
static void take_over(model *m) {
    muster_journal *old = m->journal;
    m->disk->room       = UINT64_MAX;
    m->disk->sync_fails = 0;
    add(m);
    if (random_below(&m->rng, 2)) synchronize(m);
    if (open_as(m, &m->journal, MUSTER_JOURNAL_TAKE_OVER) != MUSTER_OK)
        fail_msg("%s", muster_error_message());
    check_opened(m);
    const uint64_t told = muster_journal_last(old);
    (void)muster_journal_append(old, 0, "late", 4, NULL);
    assert_int_equal(muster_journal_sync(old), MUSTER_E_IO);
    assert_int_equal(muster_journal_append(old, 0, "later", 5, NULL), MUSTER_E_IO);
    assert_int_equal(muster_journal_last(old), told);
    muster_journal_close(old);
    assert_int_equal(read_all(m), m->acknowledged);
}

static void lose_power(model *m) {
    muster_journal_close(m->journal);
    m->journal = NULL;
    sim_lose_power(m->disk);
    open_again(m);
}

static void something_happens(model *m) {
    switch (random_below(&m->rng, 24)) {
    case 0:
        open_again(m);
        break;
    case 1:
        lose_power(m);
        break;
    case 2:
        take_over(m);
        break;
    case 3:
        m->disk->room = random_below(&m->rng, 400);
        break;
    case 4:
        m->disk->room = UINT64_MAX;
        break;
    case 5:
        m->disk->sync_fails = 1;
        break;
    case 6:
        withdraw(m);
        break;
    case 7:
    case 8:
    case 9:
    case 10:
        synchronize(m);
        break;
    default:
        add(m);
    }
}

static void what_was_acknowledged_is_there(void **state) {
    (void)state;
    const seeds asked = seeds_asked(ROUNDS);
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        model *m = calloc(1, sizeof *m);
        assert_non_null(m);
        m->rng  = seed * 2 + 1;
        m->disk = sim_disk_new(seed);
        open_again(m);
        for (int step = 0; step < STEPS; ++step) something_happens(m);
        lose_power(m);
        muster_journal_close(m->journal);
        sim_disk_free(m->disk);
        free(m);
    }
}

/* ---- damage -------------------------------------------------------------------------------- */

/* Records of several segments and syncs; the last one is the last of its sync. */
static void write_some(model *m) {
    for (int i = 0; i < 30; ++i) {
        add(m);
        if (i % 3 == 2) synchronize(m);
        if (i == 14) open_again(m);
    }
    assert_int_equal(m->acknowledged, 30);
}

/* What a reader makes of a damaged journal: a failure, or a true beginning. */
static void read_damaged(const model *m) {
    const mu_disk         disk = sim_process_new(m->disk);
    muster_journal_reader reader;
    muster_journal_record record;
    uint64_t              last   = 0;
    bool                  there  = true;
    muster_status         status = mu_journal_reader_init(&reader, &disk, "sim", 0);
    if (status != MUSTER_OK) return;
    while (status == MUSTER_OK && there) {
        status = muster_journal_next(&reader, &record, &there);
        if (status != MUSTER_OK || !there) break;
        check_record(m, &record);
        last = record.sequence;
    }
    mu_journal_reader_fini(&reader);
    if (status == MUSTER_OK) {
        assert_in_range(last, m->acknowledged - 3, m->acknowledged); /* of the last sync at most */
    } else {
        assert_int_equal(status, MUSTER_E_FORMAT);
    }
}

static void no_byte_can_be_changed_unseen(void **state) {
    (void)state;
    model *m = calloc(1, sizeof *m);
    assert_non_null(m);
    m->rng  = 5;
    m->disk = sim_disk_new(5);
    open_again(m);
    write_some(m);
    for (int e = 0; e < SIM_ENTRIES; ++e) {
        if (!m->disk->now[e].name[0]) continue;
        sim_file *f = &m->disk->file[m->disk->now[e].file];
        for (size_t i = 0; i < f->size; ++i) {
            f->now[i] ^= (uint8_t)(1 + random_below(&m->rng, 255));
            read_damaged(m);
            f->now[i] = f->durable[i];
        }
    }
    assert_int_equal(read_all(m), 30);
    muster_journal_close(m->journal);
    sim_disk_free(m->disk);
    free(m);
}

/* A segment that is gone leaves a hole, which is seen, unless it is the last. */
static void no_segment_can_be_removed_unseen(void **state) {
    (void)state;
    model *m = calloc(1, sizeof *m);
    assert_non_null(m);
    m->rng  = 6;
    m->disk = sim_disk_new(6);
    open_again(m);
    write_some(m);
    int segments = 0, refused = 0;
    for (int e = 0; e < SIM_ENTRIES; ++e) {
        sim_entry *entry = &m->disk->now[e], kept = *entry;
        if (!strstr(entry->name, ".journal") ||
            strncmp(entry->name, "00000000000000000001", 20) == 0)
            continue;
        *entry                     = (sim_entry){0};
        const mu_disk         disk = sim_process_new(m->disk);
        muster_journal_reader reader;
        muster_journal_record record;
        bool                  there  = true;
        muster_status         status = mu_journal_reader_init(&reader, &disk, "sim", 0);
        while (status == MUSTER_OK && there) status = muster_journal_next(&reader, &record, &there);
        mu_journal_reader_fini(&reader);
        refused += status == MUSTER_E_FORMAT;
        ++segments;
        *entry = kept;
    }
    assert_true(segments > 2);
    assert_int_equal(refused, segments - 1);
    muster_journal_close(m->journal);
    sim_disk_free(m->disk);
    free(m);
}

/* ---- withdrawing --------------------------------------------------------------------------- */

/* Two records of which all but one byte gets to the disk are withdrawn, and the first is told again: the
 * second, which would go on from it, does not come back with it. */
static void what_is_withdrawn_does_not_come_back(void **state) {
    (void)state;
    model *m = calloc(1, sizeof *m);
    assert_non_null(m);
    m->disk = sim_disk_new(8);
    open_again(m);
    assert_int_equal(muster_journal_append(m->journal, 1, "one", 3, NULL), MUSTER_OK);
    assert_int_equal(muster_journal_append(m->journal, 1, "two", 3, NULL), MUSTER_OK);
    m->disk->room = 2 * mu_record_stride(3) - 1;
    assert_int_equal(muster_journal_sync(m->journal), MUSTER_E_IO);
    mu_journal_withdraw(m->journal);
    m->disk->room = UINT64_MAX;
    assert_int_equal(muster_journal_sync(m->journal), MUSTER_OK);
    assert_int_equal(muster_journal_last(m->journal), 0);
    assert_int_equal(muster_journal_append(m->journal, 1, "one", 3, NULL), MUSTER_OK);
    assert_int_equal(muster_journal_sync(m->journal), MUSTER_OK);
    muster_journal_close(m->journal);
    assert_int_equal(open_as(m, &m->journal, MUSTER_JOURNAL_OPEN), MUSTER_OK);
    assert_int_equal(muster_journal_last(m->journal), 1);
    muster_journal_close(m->journal);
    sim_disk_free(m->disk);
    free(m);
}

/* A header that only says that its record has a gigabyte is not given one. */
static void what_is_torn_takes_no_memory(void **state) {
    (void)state;
    model *m = calloc(1, sizeof *m);
    assert_non_null(m);
    m->disk = sim_disk_new(11);
    open_again(m);
    assert_int_equal(muster_journal_append(m->journal, 1, "one", 3, NULL), MUSTER_OK);
    assert_int_equal(muster_journal_sync(m->journal), MUSTER_OK);
    muster_journal_close(m->journal);
    const mu_record_header header = {.size = MUSTER_JOURNAL_MOST_BYTES, .sequence = 2, .synced = 1};
    uint8_t                bytes[MU_RECORD_HEADER_BYTES];
    mu_disk                disk = sim_process_new(m->disk);
    mu_disk_file          *file;
    muster_journal_reader  reader;
    muster_journal_record  record;
    bool                   is_there;
    mu_record_encode(&header, bytes);
    assert_int_equal(disk.open(disk.user, "00000000000000000001.journal", true, &file), 0);
    const uint64_t end = MU_SEGMENT_HEADER_BYTES + mu_record_stride(3);
    assert_int_equal(disk.write(file, end, bytes, sizeof bytes), 0);
    disk.close_file(file);
    assert_int_equal(mu_journal_reader_init(&reader, &disk, "sim", 0), MUSTER_OK);
    assert_int_equal(muster_journal_next(&reader, &record, &is_there), MUSTER_OK);
    assert_true(is_there);
    assert_int_equal(muster_journal_next(&reader, &record, &is_there), MUSTER_OK);
    assert_false(is_there);
    assert_true(reader.capacity < 1000);
    mu_journal_reader_fini(&reader);
    m->journal = NULL;
    sim_disk_free(m->disk);
    free(m);
}

/* ---- whoever is interrupted while he opens -------------------------------------------------- */

static muster_journal *open_or_fail(model *m, uint32_t mode) {
    muster_journal *journal;
    if (open_as(m, &journal, mode) != MUSTER_OK) fail_msg("%s", muster_error_message());
    return journal;
}

static muster_status add_text(muster_journal *journal, const char *text) {
    const muster_status status = muster_journal_append(journal, 1, text, strlen(text), NULL);
    return status == MUSTER_OK ? muster_journal_sync(journal) : status;
}

static void expect_text(const model *m, uint64_t sequence, const char *text) {
    const mu_disk         disk = sim_process_new(m->disk);
    muster_journal_reader reader;
    muster_journal_record record = {0};
    bool                  is_there;
    assert_int_equal(mu_journal_reader_init(&reader, &disk, "sim", 0), MUSTER_OK);
    while (record.sequence < sequence) {
        if (muster_journal_next(&reader, &record, &is_there) != MUSTER_OK) {
            fail_msg("%s", muster_error_message());
        }
        assert_true(is_there);
    }
    assert_int_equal(record.size, strlen(text));
    assert_memory_equal(record.bytes, text, record.size);
    mu_journal_reader_fini(&reader);
}

static void overtake(void *user, void *process) {
    model *m = user;
    (void)process;
    m->journal = open_or_fail(m, MUSTER_JOURNAL_TAKE_OVER);
    assert_int_equal(add_text(m->journal, "theirs"), MUSTER_OK);
}

/* Before each of his calls in turn somebody else takes over, begins the same segment that he is about to
 * begin, and is told that his record is on the disk. */
static void who_is_overtaken_while_he_opens_destroys_nothing(void **state) {
    (void)state;
    bool is_interrupted = true;
    int  refused        = 0;
    for (int call = 1; is_interrupted; ++call) {
        model *m = calloc(1, sizeof *m);
        assert_non_null(m);
        m->disk = sim_disk_new(9);
        muster_journal_close(open_or_fail(m, MUSTER_JOURNAL_OPEN));
        m->disk->calls_left   = call;
        m->disk->happens      = overtake;
        m->disk->happens_user = m;
        muster_journal     *late;
        const muster_status status = open_as(m, &late, MUSTER_JOURNAL_TAKE_OVER);
        is_interrupted             = m->disk->calls_left == 0;
        m->disk->calls_left        = 0;
        if (is_interrupted) {
            expect_text(m, 1, "theirs");
            const bool is_late = status == MUSTER_OK && add_text(late, "ours") == MUSTER_OK;
            assert_int_equal(add_text(m->journal, "theirs too"), is_late ? MUSTER_E_IO : MUSTER_OK);
            expect_text(m, 2, is_late ? "ours" : "theirs too");
            refused += !is_late;
        }
        muster_journal_close(late);
        muster_journal_close(m->journal);
        sim_disk_free(m->disk);
        free(m);
    }
    assert_true(refused > 5);
}

/* A writer goes on while one who takes over dies at each of his calls in turn, and another one takes over
 * after him: then the first is told nothing any more. */
static void a_takeover_that_dies_leaves_no_way_back(void **state) {
    (void)state;
    bool is_dead = true;
    for (int call = 1; is_dead; ++call) {
        model *m = calloc(1, sizeof *m);
        assert_non_null(m);
        m->disk               = sim_disk_new(10);
        muster_journal *first = open_or_fail(m, MUSTER_JOURNAL_OPEN), *dies;
        assert_int_equal(add_text(first, "first"), MUSTER_OK);
        m->disk->calls_left        = call;
        m->disk->happens           = sim_kill;
        const muster_status status = open_as(m, &dies, MUSTER_JOURNAL_TAKE_OVER);
        is_dead                    = m->disk->calls_left == 0;
        m->disk->calls_left        = 0;
        assert_true(is_dead || status == MUSTER_OK);
        muster_journal_close(dies);
        m->journal = open_or_fail(m, MUSTER_JOURNAL_TAKE_OVER);
        assert_int_equal(add_text(first, "late"), MUSTER_E_IO);
        assert_int_equal(add_text(m->journal, "second"), MUSTER_OK);
        expect_text(m, 2, "second");
        muster_journal_close(first);
        muster_journal_close(m->journal);
        sim_disk_free(m->disk);
        free(m);
    }
}

/* ---- memory -------------------------------------------------------------------------------- */

/* Open, add, sync, read, with the n-th allocation failing and all that follow. */
static muster_status do_all(model *m, bool *out_is_done) {
    *out_is_done         = false;
    muster_status status = open_as(m, &m->journal, MUSTER_JOURNAL_OPEN);
    if (status == MUSTER_OK) status = muster_journal_append(m->journal, 1, "abc", 3, NULL);
    if (status == MUSTER_OK) status = muster_journal_sync(m->journal);
    muster_journal_close(m->journal);
    m->journal   = NULL;
    *out_is_done = status == MUSTER_OK;
    return status;
}

static void memory_runs_out_anywhere(void **state) {
    (void)state;
    model *m = calloc(1, sizeof *m);
    assert_non_null(m);
    m->disk      = sim_disk_new(7);
    bool is_done = false;
    int  after   = 0;
    for (; !is_done; ++after) {
        mu_alloc_fail_after(after);
        const muster_status status = do_all(m, &is_done);
        mu_alloc_fail_after(-1);
        if (!is_done) assert_int_equal(status, MUSTER_E_NOMEM);
    }
    assert_true(after > 5);
    sim_disk_free(m->disk);
    free(m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_acknowledged_is_there),
        cmocka_unit_test(no_byte_can_be_changed_unseen),
        cmocka_unit_test(no_segment_can_be_removed_unseen),
        cmocka_unit_test(what_is_withdrawn_does_not_come_back),
        cmocka_unit_test(what_is_torn_takes_no_memory),
        cmocka_unit_test(who_is_overtaken_while_he_opens_destroys_nothing),
        cmocka_unit_test(a_takeover_that_dies_leaves_no_way_back),
        cmocka_unit_test(memory_runs_out_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
