/* One what-if after the other. Whatever is no member that we know, or no value that it can have, is
 * refused: a misspelt "close_edge" would be a what-if in which nothing happens. */
#include "cli/what_if_file.h"

#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/json_file.h"

typedef struct reader {
    const char   *path, *store;
    size_t        number; /* from 1 */
    what_if_spec *spec;
} reader;

static int fail(const reader *r, const char *member, const json_t *value, const char *expected) {
    char     *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_ENSURE_ASCII);
    const int code =
        command_fail(COMMAND_BAD_INPUT, "%s: what-if %zu: %s is %.60s; expected %s", r->path,
                     r->number, member, text ? text : "too long to say", expected);
    free(text);
    return code;
}

static int take_text(const reader *r, const char *member, const json_t *value, const char *expected,
                     const char **out) {
    *out = json_string_value(value);
    return *out && **out ? COMMAND_DONE : fail(r, member, value, expected);
}

static int take_edges(const reader *r, const char *member, const json_t *value) {
    size_t        i;
    const json_t *id;
    if (!json_is_array(value)) return fail(r, member, value, "a list of edge ids");
    json_array_foreach(value, i, id) {
        if (!json_is_integer(id)) return fail(r, member, id, "edge ids, which are whole numbers");
        r->spec->edge_id[r->spec->edge_count++] = json_integer_value(id);
    }
    return COMMAND_DONE;
}

static int take_without(const reader *r, const char *member, const json_t *value) {
    size_t        i;
    const json_t *code;
    if (!json_is_array(value)) return fail(r, member, value, "a list of codes");
    json_array_foreach(value, i, code) {
        const char *text;
        const int   wrong = take_text(r, member, code, "codes, which are texts", &text);
        if (wrong != COMMAND_DONE) return wrong;
        r->spec->without[r->spec->without_count++] = text;
    }
    return COMMAND_DONE;
}

static int take_moment(const reader *r, const char *member, const json_t *value) {
    static const char EXPECTED[] = "a moment such as \"2026-07-01T14:30:00+08:00\", or \"now\"";
    const char       *text;
    const int         code = take_text(r, member, value, EXPECTED, &text);
    if (code != COMMAND_DONE) return code;
    return hazard_choice_set_moment(&r->spec->hazards, text) ? COMMAND_DONE
                                                             : fail(r, member, value, EXPECTED);
}

static int take_hazards(const reader *r, const char *member, const json_t *value) {
    size_t        i;
    const json_t *path;
    if (!json_is_array(value) || json_array_size(value) > HAZARD_MOST_FILES) {
        return fail(r, member, value, "a list of up to 64 files");
    }
    json_array_foreach(value, i, path) {
        const char *text;
        const int   code = take_text(r, member, path, "names of files", &text);
        if (code != COMMAND_DONE) return code;
        r->spec->hazards.file[r->spec->hazards.file_count++] = text;
    }
    return COMMAND_DONE;
}

static int take_member(const reader *r, const char *member, const json_t *value) {
    if (strcmp(member, "name") == 0) {
        return take_text(r, member, value, "a text", &r->spec->name);
    }
    if (strcmp(member, "close_edges") == 0) return take_edges(r, member, value);
    if (strcmp(member, "closures") == 0) {
        return take_text(r, member, value, "the name of a GeoJSON file", &r->spec->closures);
    }
    if (strcmp(member, "at") == 0) return take_moment(r, member, value);
    if (strcmp(member, "hazards") == 0) return take_hazards(r, member, value);
    if (strcmp(member, "without") == 0) return take_without(r, member, value);
    if (strcmp(member, "after") == 0) {
        return take_text(r, member, value, "the name of a plan", &r->spec->after);
    }
    return command_fail(
        COMMAND_BAD_INPUT,
        "%s: what-if %zu: there is no member \"%.60s\"; expected name, close_edges, "
        "closures, at, hazards, without or after",
        r->path, r->number, member);
}

static int check_whole(const reader *r) {
    hazard_choice *h = &r->spec->hazards;
    if (!r->spec->name) {
        return command_fail(COMMAND_BAD_INPUT, "%s: what-if %zu: it has no name; expected \"name\"",
                            r->path, r->number);
    }
    if (h->file_count > 0 && !h->at) {
        return command_fail(COMMAND_BAD_INPUT,
                            "%s: what-if %zu: hazards without a moment; expected \"at\"", r->path,
                            r->number);
    }
    if (h->at && h->file_count == 0) h->file[h->file_count++] = r->store;
    if (!what_if_is_empty(r->spec)) return COMMAND_DONE;
    return command_fail(COMMAND_BAD_INPUT,
                        "%s: what-if %zu (\"%s\"): nothing happens in it; expected close_edges, "
                        "closures, at, without or after",
                        r->path, r->number, r->spec->name);
}

static int read_one(const reader *r, json_t *object) {
    const char *member;
    json_t     *value;
    if (!json_is_object(object)) return fail(r, "it", object, "an object");
    const size_t most = json_array_size(json_object_get(object, "close_edges")) +
                        json_array_size(json_object_get(object, "without"));
    if (what_if_spec_init(r->spec, most) != COMMAND_DONE) {
        return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    }
    json_object_foreach(object, member, value) {
        const int code = take_member(r, member, value);
        if (code != COMMAND_DONE) return code;
    }
    return check_whole(r);
}

static int read_list(what_if_file *out, const char *path, const char *store) {
    size_t  i;
    json_t *object;
    if (!json_is_array(out->document) || json_array_size(out->document) == 0 ||
        json_array_size(out->document) > 10000) {
        return command_fail(COMMAND_BAD_INPUT,
                            "%s: no list of what-ifs; expected a JSON array of 1 to 10000 objects",
                            path);
    }
    out->spec = calloc(json_array_size(out->document), sizeof *out->spec);
    if (!out->spec) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    json_array_foreach(out->document, i, object) {
        const reader r    = {path, store, i + 1, &out->spec[out->count++]};
        const int    code = read_one(&r, object);
        if (code != COMMAND_DONE) return code;
    }
    return COMMAND_DONE;
}

int what_if_file_read(what_if_file *out, const char *path, const char *store) {
    *out           = (what_if_file){0};
    const int code = json_read(&out->document, path, "a list of what-ifs");
    return code == COMMAND_DONE ? read_list(out, path, store) : code;
}

void what_if_file_free(what_if_file *file) {
    for (uint32_t i = 0; i < file->count; ++i) what_if_spec_free(&file->spec[i]);
    free(file->spec);
    json_decref(file->document);
    *file = (what_if_file){0};
}
