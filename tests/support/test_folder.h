/* A folder of its own for the files of one test program, in $TMPDIR, and a look at what is in it. */
#ifndef TESTS_SUPPORT_TEST_FOLDER_H
#define TESTS_SUPPORT_TEST_FOLDER_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/cmocka_all.h"

static char test_folder[80];

/* The path of a file in the folder, in a buffer of its own for each of eight calls. */
static inline const char *path_of(const char *name) {
    static char     paths[8][128];
    static unsigned call;
    char           *path = paths[call++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", test_folder, name);
    return path;
}

static inline void write_bytes(const char *path, const void *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static inline void write_text(const char *path, const char *text) {
    write_bytes(path, text, strlen(text));
}

/* All bytes of a file, to be freed. */
static inline unsigned char *read_bytes(const char *path, size_t *out_size) {
    struct stat about;
    FILE       *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &about), 0);
    *out_size            = (size_t)about.st_size;
    unsigned char *bytes = malloc(*out_size + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *out_size, file), *out_size);
    fclose(file);
    return bytes;
}

static inline int count_files(void) {
    int  count  = -2; /* . and .. */
    DIR *folder = opendir(test_folder);
    assert_non_null(folder);
    while (readdir(folder)) ++count;
    closedir(folder);
    return count;
}

/* For cmocka_unit_test_setup_teardown's place around a whole program. */
static inline int make_test_folder(void **state) {
    (void)state;
    const char *base = getenv("TMPDIR");
    if (!base || !*base || strlen(base) > 50) base = "/tmp"; /* a socket's path has 107 bytes */
    snprintf(test_folder, sizeof test_folder, "%s/muster-test-XXXXXX", base);
    return mkdtemp(test_folder) ? 0 : -1;
}

static inline int remove_test_folder(void **state) {
    (void)state;
    DIR *folder = opendir(test_folder);
    if (!folder) return -1;
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[sizeof test_folder + sizeof entry->d_name + 1];
        snprintf(path, sizeof path, "%s/%s", test_folder, entry->d_name);
        if (entry->d_name[0] != '.') unlink(path);
    }
    closedir(folder);
    return rmdir(test_folder);
}

/* The message of the failure begins with the file's path in quotes; what follows it. */
#define assert_message(path, rest)                                                                 \
    do {                                                                                           \
        char expected_message[1024];                                                               \
        snprintf(expected_message, sizeof expected_message, "\"%s\"%s", path, rest);               \
        assert_string_equal(muster_error_message(), expected_message);                             \
    } while (0)

#endif
