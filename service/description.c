/* See description.h. The descriptions are JSON files beside the code that they describe (service/api):
 * what is told of a resource and what is enforced cannot differ. */
#include "service/description.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/json_memory.h"

/* Embedded by the build: what all resources share. */
extern const char mu_api_common[];

struct mu_description {
    json_t  *document;
    char    *text; /* of the document */
    uint32_t resource_count;
    json_t **options; /* [resource_count] of each name its values, or null */
};

static muster_status fail_memory(const char *name) {
    return muster_fail(MUSTER_E_NOMEM, "out of memory for the description of %s", name);
}

/* Of what cannot be read. */
static muster_status fail(const char *name, const json_error_t *why) {
    if (mu_json_memory_ran_out()) return fail_memory(name);
    return muster_fail(MUSTER_E_INTERNAL, "the description of %s: %s", name, why->text);
}

/* ---- putting together ------------------------------------------------------------------ */

/* {"$ref": "#/components/parameters/profile"} stands for that. */
static json_t *follow(const json_t *document, json_t *node) {
    static const char PREFIX[]  = "#/components/parameters/";
    const char       *reference = json_string_value(json_object_get(node, "$ref"));
    if (!reference) return node;
    if (strncmp(reference, PREFIX, sizeof PREFIX - 1) != 0) return NULL;
    return json_object_get(json_object_get(json_object_get(document, "components"), "parameters"),
                           reference + sizeof PREFIX - 1);
}

/* The options of an operation by name, each with its values or null; NULL out of memory. */
static json_t *options_of(const json_t *document, const json_t *operation) {
    json_t *options = json_object(), *node;
    size_t  i;
    int     failed = 0;
    json_array_foreach(json_object_get(operation, "parameters"), i, node) {
        const json_t *parameter = follow(document, node);
        const char   *name      = json_string_value(json_object_get(parameter, "name"));
        const char   *place     = json_string_value(json_object_get(parameter, "in"));
        if (!name || !place || strcmp(place, "query") != 0) continue;
        json_t *values = json_object_get(json_object_get(parameter, "schema"), "enum");
        failed |= json_object_set_new(options, name, values ? json_incref(values) : json_null());
    }
    if (failed == 0) return options;
    json_decref(options);
    return NULL;
}

/* The schemas that a resource brings along go to all others'. */
static int move_schemas(json_t *document, json_t *operation) {
    json_t *all = json_object_get(json_object_get(document, "components"), "schemas");
    json_t *own = json_object_get(operation, "schemas");
    if (!own) return 0;
    const int status = json_object_update(all, own);
    json_object_del(operation, "schemas");
    return status;
}

static int add_reference(json_t *responses, const char *status, const char *name) {
    if (json_object_get(responses, status)) return 0;
    char text[64];
    snprintf(text, sizeof text, "#/components/responses/%s", name);
    return json_object_set_new(responses, status, json_pack("{s:s}", "$ref", text));
}

/* What any request may be told. */
static int add_responses(json_t *operation, const mu_resource *resource) {
    json_t *responses = json_object_get(operation, "responses");
    int     failed    = responses ? 0 : -1;
    failed |= add_reference(responses, "400", "BadRequest");
    failed |= add_reference(responses, "408", "TooSlow");
    failed |= add_reference(responses, "421", "Misdirected");
    failed |= add_reference(responses, "431", "HeaderTooLarge");
    failed |= add_reference(responses, "500", "Internal");
    failed |= add_reference(responses, "503", "Busy");
    failed |= add_reference(responses, "401", "Unauthorized");
    if (resource->needs > MU_ROLE_ANYBODY) {
        failed |= add_reference(responses, "403", "Forbidden");
    }
    if (resource->takes_body) {
        failed |= add_reference(responses, "403", "Forbidden");
        failed |= add_reference(responses, "413", "TooLarge");
        failed |= add_reference(responses, "415", "WrongType");
    }
    return failed;
}

/* Reading from this machine needs no token unless the keeper says so: a token, or none. */
static json_t *security_of(const mu_resource *resource) {
    if (resource->needs == MU_ROLE_ANYBODY) return json_array();
    if (resource->needs == MU_ROLE_READ) return json_pack("[{s:[]}, {}]", "token");
    return json_pack("[{s:[]}]", "token");
}

/* Under both spellings of its path, by its method. */
static int place_operation(json_t *document, const mu_resource *resource, json_t *operation) {
    json_t     *paths     = json_object_get(document, "paths");
    const char *spelled[] = {resource->path, resource->other_path};
    int         failed    = 0;
    char        method[8] = "", identifier[80];
    for (int i = 0; resource->method[i] != 0 && i < 7; ++i) {
        method[i] = (char)(resource->method[i] | 0x20);
    }
    for (int i = 0; i < 2 && spelled[i]; ++i) {
        json_t *path = json_object_get(paths, spelled[i]), *copy = json_deep_copy(operation);
        if (!path && json_object_set_new(paths, spelled[i], json_object()) == 0) {
            path = json_object_get(paths, spelled[i]);
        }
        snprintf(identifier, sizeof identifier, "%s%s", resource->name, i == 0 ? "" : "_as_osrm");
        failed |= json_object_set_new(copy, "operationId", json_string(identifier));
        failed |= json_object_set_new(copy, "security", security_of(resource));
        failed |= json_object_set_new(path, method, copy);
    }
    return failed;
}

static muster_status add_resource(mu_description *d, uint32_t number, const mu_resource *resource) {
    json_error_t why;
    json_t      *operation = json_loads(resource->description, JSON_REJECT_DUPLICATES, &why);
    if (!operation) return fail(resource->name, &why);
    const bool is_whole = move_schemas(d->document, operation) == 0 &&
                          add_responses(operation, resource) == 0 &&
                          place_operation(d->document, resource, operation) == 0;
    d->options[number] = options_of(d->document, operation);
    json_decref(operation);
    return is_whole && d->options[number] ? MUSTER_OK : fail_memory(resource->name);
}

static int name_profiles(json_t *document, const char *const *profile, uint32_t count) {
    json_t *names     = json_array();
    json_t *parameter = json_object_get(
        json_object_get(json_object_get(document, "components"), "parameters"), "profile");
    int failed = 0;
    for (uint32_t i = 0; i < count; ++i) {
        failed |= json_array_append_new(names, json_string(profile[i]));
    }
    return failed | json_object_set_new(json_object_get(parameter, "schema"), "enum", names);
}

static muster_status build(mu_description *d, const mu_resource *const *resource,
                           const char *const *profile, uint32_t profile_count) {
    json_error_t why;
    (void)mu_json_memory_ran_out();
    d->document = json_loads(mu_api_common, JSON_REJECT_DUPLICATES, &why);
    if (!d->document) return fail("all resources", &why);
    if (json_object_set_new(json_object_get(d->document, "info"), "version",
                            json_string(muster_version())) != 0 ||
        name_profiles(d->document, profile, profile_count) != 0) {
        return fail_memory("all resources");
    }
    for (uint32_t i = 0; i < d->resource_count; ++i) {
        const muster_status status = add_resource(d, i, resource[i]);
        if (status != MUSTER_OK) return status;
    }
    d->text = json_dumps(d->document, JSON_COMPACT);
    return d->text && !mu_json_memory_ran_out() ? MUSTER_OK : fail_memory("all resources");
}

muster_status mu_description_new(mu_description **out, const mu_resource *const *resource,
                                 uint32_t resource_count, const char *const *profile,
                                 uint32_t profile_count) {
    mu_description *d = calloc(1, sizeof *d);
    *out              = NULL;
    if (d) d->options = calloc(resource_count, sizeof(json_t *));
    if (!d || !d->options) {
        free(d);
        return muster_fail(MUSTER_E_NOMEM, "out of memory for the description of a service");
    }
    d->resource_count          = resource_count;
    const muster_status status = build(d, resource, profile, profile_count);
    if (status != MUSTER_OK) {
        mu_description_free(d);
        return status;
    }
    *out = d;
    return MUSTER_OK;
}

void mu_description_free(mu_description *d) {
    if (!d) return;
    for (uint32_t i = 0; i < d->resource_count; ++i) json_decref(d->options[i]);
    json_decref(d->document);
    free(d->options);
    free(d->text);
    free(d);
}

const char *mu_description_text(const mu_description *d) {
    return d->text;
}

/* ---- asking ---------------------------------------------------------------------------- */

static bool holds(const json_t *values, const char *value) {
    size_t  i;
    json_t *one;
    json_array_foreach(values, i, one) {
        if (strcmp(json_string_value(one), value) == 0) return true;
    }
    return false;
}

/* "full, simplified or false" */
static void list_values(char *out, size_t room, const json_t *values) {
    const size_t count  = json_array_size(values);
    size_t       length = 0;
    out[0]              = 0;
    for (size_t i = 0; i < count && length < room; ++i) {
        length += (size_t)snprintf(out + length, room - length, "%s%s",
                                   i == 0          ? ""
                                   : i + 1 < count ? ", "
                                                   : " or ",
                                   json_string_value(json_array_get(values, i)));
    }
}

static void list_names(char *out, size_t room, json_t *options) {
    size_t      length = 0;
    const char *name;
    json_t     *values;
    out[0] = 0;
    json_object_foreach(options, name, values) {
        if (length >= room) return;
        length +=
            (size_t)snprintf(out + length, room - length, "%s%s", length > 0 ? ", " : "", name);
    }
    if (length == 0) snprintf(out, room, "none");
}

bool mu_description_check(const mu_description *d, uint32_t resource, const mu_target *target,
                          mu_reply *reply) {
    json_t *options = d->options[resource];
    char    expected[512];
    for (uint32_t i = 0; i < target->option_count; ++i) {
        const mu_option *o      = &target->option[i];
        const json_t    *values = json_object_get(options, o->name);
        if (!values) {
            list_names(expected, sizeof expected, options);
            return mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "InvalidOptions",
                                   "there is no option \"%.80s\" here; expected of these: %s",
                                   o->name, expected);
        }
        if (json_is_array(values) && !holds(values, o->value)) {
            list_values(expected, sizeof expected, values);
            return mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "InvalidOptions",
                                   "%s is \"%.80s\"; expected %s", o->name, o->value, expected);
        }
    }
    return true;
}
