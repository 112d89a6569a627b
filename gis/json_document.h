/* JSON that people have written: read whole, with what is wrong said in one line. */
#ifndef MU_GIS_JSON_DOCUMENT_H
#define MU_GIS_JSON_DOCUMENT_H

#include <jansson.h>

#include "core/error.h"

/* For json_decref. A member that comes twice is refused. MUSTER_E_IO where it cannot be read,
 * MUSTER_E_FORMAT with line and column where it is no JSON, MUSTER_E_NOMEM. */
muster_status mu_json_document_read(json_t **out, const char *path);
/* The same of a text; `source` is for messages. */
muster_status mu_json_document_parse(json_t **out, const char *text, const char *source);

/* What a message shows of a value, cut to `room`; NULL: "missing". */
void mu_json_value_show(char *out, size_t room, const json_t *value);

#endif
