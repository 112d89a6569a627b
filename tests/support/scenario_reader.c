/* The reader of scenario files, for tests in Python: of each path that the input has on a line, "ok", or what is
 * wrong with that file. */
#include <muster/scenario_file.h>

#include <stdio.h>
#include <string.h>

int main(void) {
    static char path[4096];
    while (fgets(path, sizeof path, stdin)) {
        muster_scenario_file *file;
        path[strcspn(path, "\n")] = 0;
        puts(muster_scenario_file_read(&file, path, NULL) == MUSTER_OK ? "ok"
                                                                       : muster_error_message());
        muster_scenario_file_free(file);
    }
    return 0;
}
