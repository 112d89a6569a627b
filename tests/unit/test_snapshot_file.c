/* Snapshots on a disk that is full, loses power or changes bytes: what is found is what was written. */
#include "session/snapshot_file.h"

#include "core/alloc.h"
#include "tests/support/cmocka_all.h"
#include "tests/support/simulated_disk.h"

static muster_status write_one(sim_disk *d, uint64_t sequence, const char *text) {
    const mu_disk disk     = sim_process_new(d);
    mu_snapshot   snapshot = {.sequence = sequence, .size = strlen(text)};
    snapshot.hash[0]       = (uint8_t)sequence;
    assert_int_equal(mu_alloc_copy(&snapshot.bytes, text, snapshot.size, 1), MUSTER_OK);
    const muster_status status = mu_snapshot_write(&disk, "sim", &snapshot);
    mu_free(snapshot.bytes);
    disk.close(disk.user);
    return status;
}

/* The sequence that is found; its text has to be that of `texts`. */
static uint64_t find(sim_disk *d, uint64_t last, const char *const *texts, bool *out_is_damaged) {
    const mu_disk disk = sim_process_new(d);
    mu_snapshot   found;
    assert_int_equal(mu_snapshot_find(&found, &disk, "sim", last, out_is_damaged), MUSTER_OK);
    if (found.sequence > 0) {
        const char *text = texts[found.sequence];
        assert_int_equal(found.size, strlen(text));
        assert_memory_equal(found.bytes, text, found.size);
        assert_int_equal(found.hash[0], found.sequence);
    }
    mu_free(found.bytes);
    disk.close(disk.user);
    return found.sequence;
}

static const char *const TEXTS[] = {NULL, "the world as it was", "as it is", "", "and will be"};

static void the_latest_up_to_a_record_is_found_and_two_are_kept(void **state) {
    (void)state;
    bool      is_damaged;
    sim_disk *d = sim_disk_new(1);
    assert_int_equal(find(d, UINT64_MAX, TEXTS, &is_damaged), 0);
    for (uint64_t s = 1; s <= 4; ++s) {
        assert_int_equal(write_one(d, s, TEXTS[s]), MUSTER_OK);
        assert_int_equal(find(d, UINT64_MAX, TEXTS, &is_damaged), s);
        assert_int_equal(find(d, s - 1, TEXTS, &is_damaged), s > 1 ? s - 1 : 0);
        assert_false(is_damaged);
    }
    assert_int_equal(find(d, 2, TEXTS, &is_damaged), 0);
    sim_disk_free(d);
}

static void no_byte_of_one_can_be_changed_unseen(void **state) {
    (void)state;
    bool      is_damaged;
    sim_disk *d = sim_disk_new(2);
    write_one(d, 1, TEXTS[1]);
    write_one(d, 2, TEXTS[2]);
    sim_file *f = &d->file[sim_find(d->now, "00000000000000000002.world")->file];
    for (size_t i = 0; i < f->size; ++i) {
        f->now[i] ^= 0x40;
        assert_int_equal(find(d, UINT64_MAX, TEXTS, &is_damaged), 1);
        assert_true(is_damaged);
        f->now[i] ^= 0x40;
    }
    const size_t size = f->size;
    while (f->size > 0) {
        --f->size;
        assert_int_equal(find(d, UINT64_MAX, TEXTS, &is_damaged), 1);
    }
    f->size = size;
    assert_int_equal(find(d, UINT64_MAX, TEXTS, &is_damaged), 2);
    sim_disk_free(d);
}

static void a_full_disk_leaves_the_one_before(void **state) {
    (void)state;
    bool      is_damaged;
    sim_disk *d = sim_disk_new(3);
    write_one(d, 1, TEXTS[1]);
    for (uint64_t room = 0; room < 128 + 8; ++room) {
        d->room = room;
        assert_int_equal(write_one(d, 2, TEXTS[2]), MUSTER_E_IO);
        assert_int_equal(find(d, UINT64_MAX, TEXTS, &is_damaged), 1);
        assert_false(is_damaged);
    }
    d->room       = UINT64_MAX;
    d->sync_fails = 1;
    assert_int_equal(write_one(d, 2, TEXTS[2]), MUSTER_E_IO);
    assert_int_equal(write_one(d, 2, TEXTS[2]), MUSTER_OK);
    assert_int_equal(find(d, UINT64_MAX, TEXTS, &is_damaged), 2);
    sim_disk_free(d);
}

static void what_was_written_survives_a_loss_of_power(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 50; ++seed) {
        bool      is_damaged;
        sim_disk *d = sim_disk_new(seed);
        write_one(d, 1, TEXTS[1]);
        d->room = seed; /* the second one is torn */
        (void)write_one(d, 2, TEXTS[2]);
        sim_lose_power(d);
        assert_int_equal(find(d, UINT64_MAX, TEXTS, &is_damaged), 1);
        sim_disk_free(d);
    }
}

static void memory_runs_out_anywhere(void **state) {
    (void)state;
    sim_disk     *d    = sim_disk_new(4);
    const mu_disk disk = sim_process_new(d);
    write_one(d, 1, TEXTS[1]);
    muster_status status = MUSTER_E_NOMEM;
    int           after  = 0;
    for (; status != MUSTER_OK; ++after) {
        mu_snapshot found;
        bool        is_damaged;
        mu_alloc_fail_after(after);
        status = mu_snapshot_find(&found, &disk, "sim", UINT64_MAX, &is_damaged);
        mu_alloc_fail_after(-1);
        if (status != MUSTER_OK) assert_int_equal(status, MUSTER_E_NOMEM);
        mu_free(found.bytes);
    }
    assert_true(after > 2);
    disk.close(disk.user);
    sim_disk_free(d);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_latest_up_to_a_record_is_found_and_two_are_kept),
        cmocka_unit_test(no_byte_of_one_can_be_changed_unseen),
        cmocka_unit_test(a_full_disk_leaves_the_one_before),
        cmocka_unit_test(what_was_written_survives_a_loss_of_power),
        cmocka_unit_test(memory_runs_out_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
