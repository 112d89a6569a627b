/* Objects of JSON from strangers, member by member. Who reads asks for what he knows; what is left is
 * something that was meant and would be passed over, so it is refused. Failures are MUSTER_E_INVALID
 * naming the member with the way to it, its value, and what was expected. This is where the library
 * meets jansson. */
#ifndef MU_SESSION_JSON_FIELDS_H
#define MU_SESSION_JSON_FIELDS_H

#include <jansson.h>

#include "session/arena.h"

enum { MU_FIELDS_MOST = 32, MU_PATH_BYTES = 120 };

typedef struct mu_fields {
    json_t     *object;
    char        path[MU_PATH_BYTES]; /* of the object: "", "incident", "need[2]" */
    const char *asked[MU_FIELDS_MOST];
    uint32_t    asked_count;
} mu_fields;

/* A document; `what` it is, for messages: "the event". Give it back with json_decref. */
muster_status mu_json_parse(json_t **out, const char *what, const char *json, size_t size);

/* An object at `path`. */
muster_status mu_fields_init(mu_fields *fields, const char *path, json_t *value);
/* Nothing is left that was not asked for. */
muster_status mu_fields_end(const mu_fields *fields);

/* "need[2].quantity is \"x\"; expected ..." of a member, which may be missing. */
muster_status mu_fields_refuse(const mu_fields *fields, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The member, NULL where it is missing. The path of it, for what is read from it. */
json_t     *mu_fields_ask(mu_fields *fields, const char *key);
const char *mu_fields_path(const mu_fields *fields, const char *key, char out[MU_PATH_BYTES]);

/* Each leaves *out as it is where the member is missing; `needed`: it may not be. */
muster_status mu_fields_text(mu_fields *fields, const char *key, bool needed, mu_arena *arena,
                             const char **out);
muster_status mu_fields_int(mu_fields *fields, const char *key, bool needed, int64_t least,
                            int64_t most, int64_t *out);
muster_status mu_fields_real(mu_fields *fields, const char *key, bool needed, double *out);
muster_status mu_fields_flag(mu_fields *fields, const char *key, bool needed, uint8_t *out);
/* One of the words name(0) to name(count - 1). */
typedef const char *mu_word(unsigned index);
muster_status       mu_fields_word(mu_fields *fields, const char *key, bool needed, mu_word *name,
                                   unsigned count, uint8_t *out);
/* A list, of any length: NULL where it is missing. */
muster_status mu_fields_list(mu_fields *fields, const char *key, bool needed, json_t **out);

#endif
