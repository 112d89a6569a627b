/* Why not jansson, which reads JSON here (json_document.h): what is asked again has to be the same document,
 * also when a newer program asks. The database keeps a digest of what a request says and takes 0 and 0.0
 * for two numbers (dispatch_request.digest), and how jansson writes a real number depends on its version
 * and on how it was built: whole ones as 0.0, others with 17 digits until 2.14, with the fewest that suffice
 * since, or not (./configure --disable-dtoa). Besides, it takes memory that no test can refuse it. */
#include "gis/json_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "gis/json_number.h"

static void put(mu_json *j, const char *bytes, size_t count) {
    if (j->status != MUSTER_OK) return;
    if (j->capacity - j->size < count) {
        size_t larger = j->capacity < 256 ? 256 : j->capacity;
        while (larger - j->size < count) larger += larger / 2;
        j->status = mu_gis_realloc(&j->text, larger, 1);
        if (j->status != MUSTER_OK) return;
        j->capacity = larger;
    }
    memcpy(j->text + j->size, bytes, count);
    j->size += count;
}

static void put_text(mu_json *j, const char *text) {
    put(j, text, strlen(text));
}

/* RFC 8259, section 7. */
static void put_quoted(mu_json *j, const char *text) {
    put(j, "\"", 1);
    for (; *text; ++text) {
        char escape[8];
        if (*text == '"' || *text == '\\') {
            put(j, "\\", 1);
            put(j, text, 1);
        } else if ((unsigned char)*text < 0x20) {
            snprintf(escape, sizeof escape, "\\u%04x", (unsigned)*text);
            put_text(j, escape);
        } else {
            put(j, text, 1);
        }
    }
    put(j, "\"", 1);
}

static void begin(mu_json *j, const char *key) {
    const char last = j->size > 0 ? j->text[j->size - 1] : '{';
    if (last != '{' && last != '[') put(j, ",", 1);
    if (!key) return;
    put_quoted(j, key);
    put(j, ":", 1);
}

void mu_json_open(mu_json *json, const char *key, char mark) {
    begin(json, key);
    put(json, &mark, 1);
}

void mu_json_close(mu_json *json, char mark) {
    put(json, &mark, 1);
}

void mu_json_string(mu_json *json, const char *key, const char *text) {
    if (!text) return;
    begin(json, key);
    put_quoted(json, text);
}

void mu_json_int(mu_json *json, const char *key, int64_t value) {
    char digits[24];
    begin(json, key);
    snprintf(digits, sizeof digits, "%" PRId64, value);
    put_text(json, digits);
}

void mu_json_real(mu_json *json, const char *key, double value) {
    char digits[MU_JSON_NUMBER_BYTES];
    begin(json, key);
    mu_json_number_of_digits(digits, value, 17); /* as every version of this has done */
    put_text(json, digits);
}

muster_status mu_json_end(mu_json *json) {
    put(json, "", 1);
    return json->status;
}

void mu_json_fini(mu_json *json) {
    mu_gis_free(json->text);
}
