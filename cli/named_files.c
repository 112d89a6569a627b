/* A file can be spelled in many ways, so what counts is where it lies: device and inode, and where
 * there is no such file yet, those of its folder, and its name. */
#include "cli/named_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/command.h"

static bool is_same_place(const struct stat *a, const struct stat *b) {
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static const char *name_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool stat_folder_of(struct stat *out, const char *path) {
    const int length = (int)(name_of(path) - path);
    char     *folder = malloc((size_t)length + 3);
    if (!folder) return false;
    snprintf(folder, (size_t)length + 3, "%.*s%s", length, path, length > 0 ? "" : ".");
    const bool is_there = stat(folder, out) == 0;
    free(folder);
    return is_there;
}

/* Standard output twice is one file as well: what is written there would be mixed. */
static bool is_same_file(const char *a, const char *b) {
    struct stat of_a, of_b;
    if (strcmp(a, "-") == 0 || strcmp(b, "-") == 0) return strcmp(a, b) == 0;
    const bool is_there = stat(a, &of_a) == 0;
    if (is_there != (stat(b, &of_b) == 0)) return false;
    if (is_there) return S_ISREG(of_a.st_mode) && is_same_place(&of_a, &of_b);
    return strcmp(name_of(a), name_of(b)) == 0 && stat_folder_of(&of_a, a) &&
           stat_folder_of(&of_b, b) && is_same_place(&of_a, &of_b);
}

static int fail_same(const named_file *written, const named_file *other) {
    if (other->is_written) {
        return command_fail(COMMAND_USAGE, "%s and %s are both \"%s\"; expected two files",
                            other->option, written->option, written->path);
    }
    return command_fail(COMMAND_USAGE, "%s is \"%s\", which %s%s; expected another file",
                        written->option, written->path, other->option,
                        other->option[0] != 0 ? " reads" : "is read");
}

int named_files_check(const named_file *file, size_t count) {
    for (size_t i = 0; i < count; ++i) {
        for (size_t j = 0; j < count; ++j) {
            const bool is_pair = file[i].is_written && (file[j].is_written ? j < i : j != i);
            if (is_pair && is_same_file(file[i].path, file[j].path)) {
                return fail_same(&file[i], &file[j]);
            }
        }
    }
    return COMMAND_DONE;
}
