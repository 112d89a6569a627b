/* The files that a command line names, so that none is written over what the command reads, or over
 * another that it writes. */
#ifndef CLI_NAMED_FILES_H
#define CLI_NAMED_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* Flags of an argp_option, beside argp's own: what becomes of the file that is its value. */
enum { FILE_READ = 0x100, FILE_WRITTEN = 0x200 };

typedef struct named_file {
    char        option[24]; /* "--geojson"; empty where it stands by itself */
    const char *path;
    bool        is_written;
} named_file;

/* Returns COMMAND_DONE, or COMMAND_USAGE after naming two that are the same file: two that are
 * written, or one that is read. Devices and pipes may be named as often as wanted. */
int named_files_check(const named_file *file, size_t count);

#endif
