/* Copying and checking stores when memory runs out, somebody stops it, or a server is not there. */
#include <muster/database.h>

#include "gis/memory.h"
#include "gis/schema_tables.h"
#include "tests/support/small_scenario.h"
#include "tests/support/test_folder.h"

static muster_database_options replacing(void) {
    muster_database_options options = MUSTER_DATABASE_OPTIONS_INIT;
    options.replace                 = true;
    return options;
}

static void empty_folder(const char *path) {
    DIR *folder = opendir(path);
    if (!folder) return;
    for (struct dirent *entry; (entry = readdir(folder));) {
        char file[600];
        snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.') unlink(file);
    }
    closedir(folder);
    assert_int_equal(rmdir(path), 0);
}

/* Copy with the n-th allocation failing, for every n, until it works. */
static void copy_with_little_memory(const char *from, const char *to) {
    const muster_database_options options = replacing();
    const int                     before  = count_files();
    int64_t                       allowed = 0;
    for (;; ++allowed) {
        muster_database_report *report = NULL;
        mu_gis_alloc_fail_after(allowed);
        const muster_status status = muster_database_copy(&report, from, to, &options);
        mu_gis_alloc_fail_after(-1);
        if (status == MUSTER_OK) {
            muster_database_report_free(report);
            break;
        }
        assert_null(report);
        if (status != MUSTER_E_NOMEM) fail_msg("%s", muster_error_message());
        assert_int_equal(count_files(), before);
    }
    assert_true(allowed > 100);
}

static void running_out_of_memory_leaves_nothing_behind(void **state) {
    (void)state;
    const char *file = path_of("a.gpkg"), *folder = path_of("b"), *back = path_of("c.gpkg");
    small_scenario_write(file, NULL);
    copy_with_little_memory(file, folder);
    copy_with_little_memory(folder, back);
    empty_folder(folder);
}

static void running_out_of_memory_while_checking_is_said(void **state) {
    (void)state;
    const char *file = path_of("check.gpkg");
    small_scenario_write(file, "UPDATE team SET people = 0; UPDATE place SET parent_code = 'x';"
                               "UPDATE kind SET operator_kind = 'nobody'");
    for (int64_t allowed = 0;; ++allowed) {
        muster_database_report *report = NULL;
        mu_gis_alloc_fail_after(allowed);
        const muster_status status = muster_database_check(&report, file, NULL);
        mu_gis_alloc_fail_after(-1);
        if (status == MUSTER_OK) {
            assert_true(muster_database_report_fault_count(report) >= 3);
            muster_database_report_free(report);
            break;
        }
        assert_null(report);
        assert_int_equal(status, MUSTER_E_NOMEM);
    }
}

static void running_out_of_memory_leaves_an_old_file_as_it_was(void **state) {
    (void)state;
    const char *file = path_of("old.gpkg");
    small_scenario_write(file,
                         "ALTER TABLE team DROP COLUMN grade; CREATE INDEX mine ON team (name);"
                         "ALTER TABLE team ADD COLUMN phone TEXT;"
                         "UPDATE muster_meta SET value = '1' WHERE key = 'schema_version'");
    const int before = count_files();
    for (int64_t allowed = 0;; ++allowed) {
        muster_database_version version;
        mu_gis_alloc_fail_after(allowed);
        const muster_status status = muster_database_migrate(file, NULL, &version);
        mu_gis_alloc_fail_after(-1);
        assert_int_equal(count_files(), before);
        if (status == MUSTER_OK) {
            assert_true(version.from == 1 && version.to == 2 && allowed > 20);
            break;
        }
        assert_true(version.from == 0 && version.to == 0);
        assert_int_equal(status, MUSTER_E_NOMEM);
    }
}

typedef struct patience {
    int left, asked;
} patience;

static bool go_on(void *user, const char *phase, double fraction) {
    patience *p = user;
    assert_non_null(mu_schema_table_find(phase));
    assert_true(fraction >= 0 && fraction <= 1);
    ++p->asked;
    return p->left-- > 0;
}

static void it_stops_when_told_to_and_leaves_nothing(void **state) {
    (void)state;
    char file[128], targets[2][128];
    snprintf(file, sizeof file, "%s", path_of("d.gpkg"));
    snprintf(targets[0], sizeof targets[0], "%s", path_of("e"));
    snprintf(targets[1], sizeof targets[1], "%s", path_of("e.gpkg"));
    small_scenario_write(file, NULL);
    const int before = count_files();
    for (int left = 0;; ++left) {
        patience                p       = {left, 0};
        muster_database_options options = replacing();
        options.progress                = go_on;
        options.progress_user           = &p;
        const muster_status status = muster_database_copy(NULL, file, targets[left % 2], &options);
        if (status == MUSTER_OK) break;
        if (status != MUSTER_E_CANCELLED) fail_msg("%s", muster_error_message());
        assert_int_equal(p.asked, left + 1);
        assert_int_equal(count_files(), before);
    }
    if (access(targets[0], F_OK) == 0) empty_folder(targets[0]);
}

static void a_store_is_told_by_its_location(void **state) {
    (void)state;
    assert_true(muster_database_is_server("postgresql://localhost/city"));
    assert_true(muster_database_is_server("postgres://localhost/city"));
    assert_true(muster_database_is_server("host=/run/pg dbname=city"));
    assert_false(muster_database_is_server("city.gpkg"));
    assert_false(muster_database_is_server("tables/"));
    assert_false(muster_database_is_server("./a=b/"));
    assert_false(muster_database_is_server(test_folder));
}

static void a_server_that_is_not_there_is_said(void **state) {
    (void)state;
    char                    connection[200];
    muster_database_version version = {7, 7};
    muster_database_report *report  = NULL;
    snprintf(connection, sizeof connection, "host=%s dbname=x password=hunter2", test_folder);
    assert_int_equal(muster_database_init(connection, NULL, &version), MUSTER_E_IO);
    assert_true(version.from == 0 && version.to == 0);
    assert_null(strstr(muster_error_message(), "hunter2"));
    assert_int_equal(muster_database_migrate(connection, NULL, &version), MUSTER_E_IO);
    assert_int_equal(muster_database_check(&report, connection, NULL), MUSTER_E_IO);
    assert_null(report);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(running_out_of_memory_leaves_nothing_behind),
        cmocka_unit_test(running_out_of_memory_while_checking_is_said),
        cmocka_unit_test(running_out_of_memory_leaves_an_old_file_as_it_was),
        cmocka_unit_test(it_stops_when_told_to_and_leaves_nothing),
        cmocka_unit_test(a_store_is_told_by_its_location),
        cmocka_unit_test(a_server_that_is_not_there_is_said),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
