/* A JSON document that is written from left to right. For documents that go to the database as they
 * are; no tree is built. */
#ifndef MU_GIS_JSON_TEXT_H
#define MU_GIS_JSON_TEXT_H

#include <stdbool.h>

#include "gis/memory.h"

/* Start from zeros; give back with mu_json_fini. What cannot be written for want of memory is kept
 * in `status`, so that writers need to ask only once: mu_json_end. */
typedef struct mu_json {
    char         *text;
    size_t        size, capacity;
    muster_status status;
} mu_json;

/* `mark` is one of { [ } ]; a comma is put where one is needed, here and below. */
void mu_json_open(mu_json *json, const char *key, char mark);
void mu_json_close(mu_json *json, char mark);
/* `key` is NULL in an array. A NULL text is left out. */
void mu_json_string(mu_json *json, const char *key, const char *text);
void mu_json_int(mu_json *json, const char *key, int64_t value);
void mu_json_real(mu_json *json, const char *key, double value); /* finite */
/* The text ends here; MUSTER_E_NOMEM if something of it is missing. */
muster_status mu_json_end(mu_json *json);
void          mu_json_fini(mu_json *json);

#endif
