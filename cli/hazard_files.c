/* See hazard_files.h. All alerts are read before any becomes a hazard: what stands depends on all. */
#include "cli/hazard_files.h"

#include <errno.h>
#include <muster/database.h>
#include <muster/moment.h>
#include <muster/snapshot.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"

typedef enum file_format { FORMAT_GEOJSON, FORMAT_CAP, FORMAT_STORE } file_format;

/* XML begins with a tag, perhaps behind a byte order mark and spaces; JSON never does. */
static file_format format_of(const char *bytes, size_t count) {
    static const char SQLITE[] = "SQLite format 3";
    size_t            at       = 0;
    if (count >= sizeof SQLITE && memcmp(bytes, SQLITE, sizeof SQLITE) == 0) {
        return FORMAT_STORE;
    }
    if (count >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) at = 3;
    while (at < count && strchr(" \t\r\n", bytes[at]) && bytes[at] != 0) ++at;
    return at < count && bytes[at] == '<' ? FORMAT_CAP : FORMAT_GEOJSON;
}

static int look_into(file_format *out, const char *path) {
    char  bytes[64];
    FILE *file = fopen(path, "rb");
    if (!file) {
        return command_fail(COMMAND_ENVIRONMENT, "cannot open %s: %s", path, strerror(errno));
    }
    *out = format_of(bytes, fread(bytes, 1, sizeof bytes, file));
    (void)fclose(file);
    return COMMAND_DONE;
}

static int find_format(file_format *out, const char *path) {
    *out = FORMAT_STORE;
    if (muster_database_is_server(path)) return COMMAND_DONE;
    if (muster_network_snapshot_is(path)) {
        return command_fail(COMMAND_BAD_INPUT,
                            "%s: a snapshot has no hazards; expected --hazards FILE", path);
    }
    return look_into(out, path);
}

static int read_file(hazard_files *files, const char *path, const char *scenario) {
    file_format format = FORMAT_GEOJSON;
    const int   code   = find_format(&format, path);
    if (code != COMMAND_DONE) return code;
    const muster_status status = format == FORMAT_CAP ? muster_alerts_add(files->alerts, path)
                                 : format == FORMAT_STORE
                                     ? muster_hazards_add_store(files->hazards, path, scenario)
                                     : muster_hazards_add_geojson(files->hazards, path);
    return status == MUSTER_OK ? COMMAND_DONE : command_fail_status(status);
}

int hazard_files_read(hazard_files *out, const hazard_choice *choice, const char *scenario,
                      const muster_alert_options *options) {
    *out                 = (hazard_files){0};
    muster_status status = muster_hazards_new(&out->hazards);
    if (status == MUSTER_OK) status = muster_alerts_new(&out->alerts);
    if (status != MUSTER_OK) return command_fail_status(status);
    for (uint32_t i = 0; i < choice->file_count; ++i) {
        const int code = read_file(out, choice->file[i], scenario);
        if (code != COMMAND_DONE) return code;
    }
    status = muster_hazards_add_alerts(out->hazards, out->alerts, options);
    return status == MUSTER_OK ? COMMAND_DONE : command_fail_status(status);
}

void hazard_files_free(hazard_files *files) {
    muster_alerts_free(files->alerts);
    muster_hazards_free(files->hazards);
    *files = (hazard_files){0};
}

void hazard_files_say_notes(const hazard_files *files) {
    uint32_t                  count;
    const muster_hazard_note *note = muster_hazards_notes(files->hazards, &count);
    for (uint32_t i = 0; i < count; ++i) command_fail(COMMAND_DONE, "%s", note[i].text);
}

/* A date that was typed wrong looks like good weather. */
static void say_if_none_holds(const muster_hazards *active, const muster_hazards *all,
                              const hazard_choice *choice) {
    uint32_t count;
    char     moment[MUSTER_MOMENT_BYTES];
    (void)muster_hazards_list(active, &count);
    if (count > 0) return;
    (void)muster_hazards_list(all, &count);
    command_fail(COMMAND_DONE, "none of %u hazards holds at %s: they close and slow no road", count,
                 muster_moment_text(moment, choice->at_s));
}

int hazards_at_moment(muster_hazards **out, const hazard_choice *choice, const char *scenario) {
    hazard_files files;
    int          code = hazard_files_read(&files, choice, scenario, NULL);
    *out              = NULL;
    if (code == COMMAND_DONE) {
        hazard_files_say_notes(&files);
        const muster_status status = muster_hazards_at(out, files.hazards, choice->at_s);
        if (status != MUSTER_OK) code = command_fail_status(status);
        if (status == MUSTER_OK) say_if_none_holds(*out, files.hazards, choice);
    }
    hazard_files_free(&files);
    return code;
}
