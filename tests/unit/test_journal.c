/* Journals in real folders: life, locks, reading along, segments, and a writer that is killed. */
#include <muster/journal.h>

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "core/alloc.h"
#include "session/journal_folder.h"
#include "tests/support/random.h"
#include "tests/support/rounds.h"
#include "tests/support/test_folder.h"

enum { KILLS = 100 };

static muster_journal *open_journal(const char *path) {
    muster_journal *journal;
    if (muster_journal_open(&journal, path, NULL) != MUSTER_OK)
        fail_msg("%s", muster_error_message());
    return journal;
}

static void add(muster_journal *journal, const char *text) {
    assert_int_equal(muster_journal_append(journal, 1, text, strlen(text), NULL), MUSTER_OK);
}

static muster_journal_reader *reader_of(const char *path, uint64_t first) {
    muster_journal_reader *reader;
    if (muster_journal_reader_new(&reader, path, first) != MUSTER_OK)
        fail_msg("%s", muster_error_message());
    return reader;
}

static void expect(muster_journal_reader *reader, uint64_t sequence, const char *text) {
    muster_journal_record record;
    bool                  is_there;
    assert_int_equal(muster_journal_next(reader, &record, &is_there), MUSTER_OK);
    assert_true(is_there);
    assert_int_equal(record.sequence, sequence);
    assert_int_equal(record.size, strlen(text));
    assert_memory_equal(record.bytes, text, record.size);
}

static void expect_end(muster_journal_reader *reader) {
    muster_journal_record record;
    bool                  is_there;
    assert_int_equal(muster_journal_next(reader, &record, &is_there), MUSTER_OK);
    assert_false(is_there);
}

/* Journals are folders, which the folder of the test is not emptied of by itself. */
static void remove_journal(const char *path) {
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] != '.') assert_int_equal(unlinkat(dirfd(folder), entry->d_name, 0), 0);
    }
    closedir(folder);
    assert_int_equal(rmdir(path), 0);
}

static void what_is_synced_is_read_again_and_what_is_not_is_not(void **state) {
    (void)state;
    const char     *path    = path_of("plain");
    muster_journal *journal = open_journal(path);
    assert_int_equal(muster_journal_last(journal), 0);
    add(journal, "洪水");
    add(journal, "");
    assert_int_equal(muster_journal_last(journal), 0);
    assert_int_equal(muster_journal_sync(journal), MUSTER_OK);
    assert_int_equal(muster_journal_last(journal), 2);
    add(journal, "never synced");
    muster_journal_close(journal);
    muster_journal_reader *reader = reader_of(path, 0);
    expect(reader, 1, "洪水");
    expect(reader, 2, "");
    expect_end(reader);
    muster_journal_reader_free(reader);
    remove_journal(path);
}

static void writing_goes_on_behind_the_last_record_in_a_new_term(void **state) {
    (void)state;
    const char     *path    = path_of("terms");
    muster_journal *journal = open_journal(path);
    const uint64_t  term    = muster_journal_term(journal);
    add(journal, "one");
    assert_int_equal(muster_journal_sync(journal), MUSTER_OK);
    muster_journal_close(journal);
    for (int empty = 0; empty < 3; ++empty) muster_journal_close(open_journal(path));
    journal = open_journal(path);
    assert_int_equal(muster_journal_term(journal), term + 4);
    add(journal, "two");
    assert_int_equal(muster_journal_sync(journal), MUSTER_OK);
    muster_journal_close(journal);
    muster_journal_reader *reader = reader_of(path, 1);
    expect(reader, 1, "one");
    expect(reader, 2, "two");
    expect_end(reader);
    muster_journal_reader_free(reader);
    remove_journal(path);
}

static void a_second_writer_is_refused_or_takes_over(void **state) {
    (void)state;
    const char            *path    = path_of("two");
    muster_journal        *first   = open_journal(path), *second;
    muster_journal_options options = MUSTER_JOURNAL_OPTIONS_INIT;
    assert_int_equal(muster_journal_open(&second, path, NULL), MUSTER_E_IO);
    assert_null(second);
    assert_message(path, " is being written by another process; expected none, or to take over");
    add(first, "kept");
    assert_int_equal(muster_journal_sync(first), MUSTER_OK);
    options.mode = MUSTER_JOURNAL_TAKE_OVER;
    assert_int_equal(muster_journal_open(&second, path, &options), MUSTER_OK);
    add(first, "lost");
    assert_int_equal(muster_journal_sync(first), MUSTER_E_IO);
    assert_message(
        path,
        ": another process has taken over; what was added after record 1 is not acknowledged");
    assert_int_equal(muster_journal_append(first, 0, "", 0, NULL), MUSTER_E_IO);
    add(second, "new");
    assert_int_equal(muster_journal_sync(second), MUSTER_OK);
    muster_journal_close(first);
    muster_journal_close(second);
    muster_journal_reader *reader = reader_of(path, 1);
    expect(reader, 1, "kept");
    expect(reader, 2, "new");
    expect_end(reader);
    muster_journal_reader_free(reader);
    remove_journal(path);
}

/* Whatever stood there before the question. */
static void a_segment_that_is_made_is_not_taken(void **state) {
    (void)state;
    mu_disk           disk;
    mu_journal_folder folder;
    mu_disk_file     *file;
    for (uint64_t first = 1; first <= 4; ++first) {
        mu_segment_header header   = {.first = first == 4 ? 3 : first, .term = 1};
        bool              is_taken = first < 4;
        assert_int_equal(mu_disk_folder(&disk, path_of("segments"), true), MUSTER_OK);
        assert_int_equal(mu_journal_folder_init(&folder, &disk, "segments"), MUSTER_OK);
        assert_int_equal(mu_journal_segment_new(&folder, &header, false, &file, &is_taken),
                         MUSTER_OK);
        assert_int_equal(is_taken, first == 4); /* the third once more */
        if (file) disk.close_file(file);
        mu_journal_folder_fini(&folder);
    }
}

/* Who was shut out, and whoever is started in his place, does not become the writer by opening: he who took
 * over while the other one still had the lock is there. */
static void who_was_shut_out_is_refused_when_he_comes_back(void **state) {
    (void)state;
    const char            *path    = path_of("back");
    muster_journal        *first   = open_journal(path), *second, *third;
    muster_journal_options options = {.struct_size = sizeof options,
                                      .mode        = MUSTER_JOURNAL_TAKE_OVER};
    assert_int_equal(muster_journal_open(&second, path, &options), MUSTER_OK);
    muster_journal_close(first);
    for (int tries = 0; tries < 2; ++tries) {
        assert_int_equal(muster_journal_open(&third, path, NULL), MUSTER_E_IO);
        assert_message(path,
                       " is being written by another process; expected none, or to take over");
        add(second, "goes on");
        assert_int_equal(muster_journal_sync(second), MUSTER_OK);
    }
    muster_journal_close(second);
    muster_journal_close(open_journal(path));
    remove_journal(path);
}

/* A child that a writer has forked off, and that outlives his writing, has no part in his locks. */
static void a_child_does_not_keep_the_journal(void **state) {
    (void)state;
    const char     *path    = path_of("child");
    muster_journal *journal = open_journal(path);
    int             ends[2];
    char            nothing;
    assert_int_equal(pipe(ends), 0);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[1]);
        _exit(read(ends[0], &nothing, 1) == 0 ? 0 : 1); /* until the parent says */
    }
    close(ends[0]);
    muster_journal *other;
    assert_int_equal(muster_journal_open(&other, path, NULL), MUSTER_E_IO); /* he has it still */
    add(journal, "one");
    assert_int_equal(muster_journal_sync(journal), MUSTER_OK);
    muster_journal_close(journal);
    muster_journal_close(open_journal(path));
    close(ends[1]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    remove_journal(path);
}

/* Nor where the writer dies and closes nothing. */
static void a_child_does_not_keep_the_journal_of_who_has_died(void **state) {
    (void)state;
    const char *path = path_of("orphan");
    int         ends[2], said[2];
    char        nothing;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(pipe(said), 0);
    const pid_t writer = fork();
    assert_true(writer >= 0);
    if (writer == 0) {
        muster_journal *journal;
        close(ends[1]);
        if (muster_journal_open(&journal, path, NULL) != MUSTER_OK) _exit(1);
        if (fork() == 0) {
            const bool is_told = write(said[1], "x", 1) == 1 && read(ends[0], &nothing, 1) == 0;
            _exit(is_told ? 0 : 1);
        }
        _exit(read(said[0], &nothing, 1) == 1 ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(writer, &status, 0), writer);
    assert_int_equal(status, 0);
    muster_journal_close(open_journal(path));
    for (int end = 0; end < 2; ++end) close(ends[end]), close(said[end]);
    remove_journal(path);
}

static void a_reader_follows_a_writer_through_segments(void **state) {
    (void)state;
    const char            *path    = path_of("follow");
    muster_journal_options options = MUSTER_JOURNAL_OPTIONS_INIT;
    muster_journal        *journal;
    char                   text[32];
    options.segment_bytes = 400;
    assert_int_equal(muster_journal_open(&journal, path, &options), MUSTER_OK);
    muster_journal_reader *reader = reader_of(path, 0);
    expect_end(reader);
    for (uint64_t n = 1; n <= 50; ++n) {
        snprintf(text, sizeof text, "record %" PRIu64, n);
        add(journal, text);
        if (n % 5 == 0) {
            assert_int_equal(muster_journal_sync(journal), MUSTER_OK);
            for (uint64_t m = n - 4; m <= n; ++m) {
                snprintf(text, sizeof text, "record %" PRIu64, m);
                expect(reader, m, text);
            }
            expect_end(reader);
        }
        if (n % 20 == 0) { /* a segment without records is replaced under the reader */
            muster_journal_close(journal);
            muster_journal_close(open_journal(path));
            assert_int_equal(muster_journal_open(&journal, path, &options), MUSTER_OK);
            expect_end(reader);
        }
    }
    muster_journal_reader_free(reader);
    reader = reader_of(path, 33);
    expect(reader, 33, "record 33");
    muster_journal_reader_free(reader);
    muster_journal_close(journal);
    remove_journal(path);
}

/* What was added is not to be lost for good because somebody else has all memory and all descriptors. */
static void what_was_added_gets_to_the_disk_without_memory_and_descriptors(void **state) {
    (void)state;
    const char     *path    = path_of("bare");
    muster_journal *journal = open_journal(path);
    struct rlimit   before, none;
    add(journal, "one");
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = (struct rlimit){.rlim_cur = 0, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    (void)mu_alloc_fail_after(0);
    const muster_status status = muster_journal_sync(journal);
    (void)mu_alloc_fail_after(-1);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    if (status != MUSTER_OK) fail_msg("%s", muster_error_message());
    add(journal, "two");
    assert_int_equal(muster_journal_sync(journal), MUSTER_OK);
    muster_journal_close(journal);
    muster_journal_reader *reader = reader_of(path, 1);
    expect(reader, 1, "one");
    expect(reader, 2, "two");
    expect_end(reader);
    muster_journal_reader_free(reader);
    remove_journal(path);
}

static void wrong_arguments_are_named(void **state) {
    (void)state;
    const char            *path    = path_of("wrong");
    muster_journal_options options = MUSTER_JOURNAL_OPTIONS_INIT;
    muster_journal        *journal = NULL;
    muster_journal_reader *reader;
    options.mode = 7;
    assert_int_equal(muster_journal_open(&journal, path, &options), MUSTER_E_INVALID);
    options.struct_size = 1;
    assert_int_equal(muster_journal_open(&journal, path, &options), MUSTER_E_INVALID);
    assert_int_equal(muster_journal_open(&journal, path_of("no/such/folder"), NULL), MUSTER_E_IO);
    assert_int_equal(muster_journal_reader_new(&reader, path, 0), MUSTER_E_IO);
    write_text(path, "a file");
    assert_int_equal(muster_journal_open(&journal, path, NULL), MUSTER_E_IO);
    unlink(path);
    journal = open_journal(path);
    assert_int_equal(
        muster_journal_append(journal, 0, "", (size_t)MUSTER_JOURNAL_MOST_BYTES + 1, NULL),
        MUSTER_E_INVALID);
    assert_int_equal(muster_journal_reader_new(&reader, path, 5), MUSTER_E_INVALID);
    assert_message(path, " ends with record 0; expected one up to it, or the next, not 5");
    muster_journal_close(journal);
    muster_journal_close(NULL);
    muster_journal_reader_free(NULL);
    remove_journal(path);
}

static void a_file_that_is_no_segment_is_named(void **state) {
    (void)state;
    const char *path = path_of("foreign");
    muster_journal_close(open_journal(path));
    muster_journal *journal;
    char            file[256];
    snprintf(file, sizeof file, "%s/00000000000000000009.journal", path);
    write_text(file, "something else");
    assert_int_equal(muster_journal_open(&journal, path, NULL), MUSTER_E_FORMAT);
    assert_message(file, " is no segment of a journal: it is shorter than its header");
    remove_journal(path);
}

/* Neither a number that no record has nor anything else in the folder is in the way. */
static void files_of_others_are_passed_over(void **state) {
    (void)state;
    const char *path = path_of("others");
    char        file[256];
    assert_int_equal(mkdir(path, 0700), 0);
    for (int i = 0; i < 20; ++i) { /* in whatever order they are listed, one is the last */
        snprintf(file, sizeof file, "%s/999999999999999999999%02d.journal", path, i);
        write_text(file, "a number that is too large");
    }
    muster_journal *journal = open_journal(path);
    add(journal, "one");
    assert_int_equal(muster_journal_sync(journal), MUSTER_OK);
    muster_journal_close(journal);
    muster_journal_reader *reader = reader_of(path, 0);
    expect(reader, 1, "one");
    expect_end(reader);
    muster_journal_reader_free(reader);
    remove_journal(path);
}

/* ---- killing ------------------------------------------------------------------------------- */

/* The child adds and syncs until it is killed, and says through the pipe what was acknowledged. */
static void write_until_killed(const char *path, int pipe_end, uint64_t seed) {
    muster_journal *journal;
    if (muster_journal_open(&journal, path, NULL) != MUSTER_OK) _exit(1);
    while (true) {
        for (uint32_t n = 1 + random_below(&seed, 8); n > 0; --n) {
            const uint64_t next = muster_journal_last(journal) + 1;
            if (muster_journal_append(journal, (int64_t)next, &seed, random_below(&seed, 9), NULL))
                _exit(2);
        }
        if (muster_journal_sync(journal)) _exit(3);
        const uint64_t last = muster_journal_last(journal);
        if (write(pipe_end, &last, sizeof last) != sizeof last) _exit(4);
    }
}

/* Returns the last record that the child was told of. */
static uint64_t kill_a_writer(const char *path, uint64_t seed) {
    int      ends[2];
    uint64_t last = 0, told;
    assert_int_equal(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) write_until_killed(path, ends[1], seed);
    assert_true(child > 0);
    close(ends[1]);
    poll(NULL, 0, (int)random_below(&seed, 12));
    kill(child, SIGKILL);
    while (read(ends[0], &told, sizeof told) == sizeof told) last = told;
    close(ends[0]);
    assert_int_equal(waitpid(child, NULL, 0), child);
    return last;
}

static void killed_writers_lose_nothing_that_was_acknowledged(void **state) {
    (void)state;
    const char *path  = path_of("killed");
    const seeds asked = seeds_asked(KILLS);
    uint64_t    least = 0;
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        const uint64_t last = kill_a_writer(path, seed);
        if (last > least) least = last;
        muster_journal *journal = open_journal(path);
        assert_true(muster_journal_last(journal) >= least);
        least = muster_journal_last(journal);
        muster_journal_close(journal);
    }
    muster_journal_reader *reader = reader_of(path, 0);
    muster_journal_record  record;
    bool                   is_there = true;
    uint64_t               count    = 0;
    while (muster_journal_next(reader, &record, &is_there) == MUSTER_OK && is_there) ++count;
    assert_int_equal(count, least);
    muster_journal_reader_free(reader);
    remove_journal(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_synced_is_read_again_and_what_is_not_is_not),
        cmocka_unit_test(writing_goes_on_behind_the_last_record_in_a_new_term),
        cmocka_unit_test(a_second_writer_is_refused_or_takes_over),
        cmocka_unit_test(who_was_shut_out_is_refused_when_he_comes_back),
        cmocka_unit_test(a_segment_that_is_made_is_not_taken),
        cmocka_unit_test(a_child_does_not_keep_the_journal),
        cmocka_unit_test(a_child_does_not_keep_the_journal_of_who_has_died),
        cmocka_unit_test(a_reader_follows_a_writer_through_segments),
        cmocka_unit_test(what_was_added_gets_to_the_disk_without_memory_and_descriptors),
        cmocka_unit_test(wrong_arguments_are_named),
        cmocka_unit_test(a_file_that_is_no_segment_is_named),
        cmocka_unit_test(files_of_others_are_passed_over),
        cmocka_unit_test(killed_writers_lose_nothing_that_was_acknowledged),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
