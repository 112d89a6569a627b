/* A CAP 1.2 message by expat, which alone is known here.
 *
 * The message is not trusted. A document type declaration is refused before it can declare an entity,
 * so nothing expands; the depth is bounded; what is in another namespace is passed over as a whole.
 * A table tells of every element where it belongs, whether it must be there and may come again, and
 * what is read of it, so that the reader is a walk through that table. Elements may come in any order,
 * as some authorities write them.
 *
 * CAP has latitude before longitude, and kilometres. */
#include "gis/alerts.h"

#include <expat.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "gis/decimal.h"
#include "gis/utf8.h"

#define NAMESPACE "urn:oasis:names:tc:emergency:cap:1.2"

/* Between a namespace and a name; in neither of them. */
static const char SEPARATOR = '\n';

enum { FILE_BYTES = 160, SHOWN_BYTES = 80, TEXT_BYTES = 500 };

static const double M_PER_KM = 1000, MOST_RADIUS_M = 20000000; /* round half the earth */

/* ---- the elements ---------------------------------------------------------------------- */

/* What an element can be inside of. */
typedef enum place {
    OUTSIDE,
    IN_ALERT,
    IN_INFO,
    IN_AREA,
    IN_VALUE, /* eventCode, parameter, geocode */
    IN_RESOURCE,
    PLACES
} place;

typedef enum field {
    /* Containers. */
    F_ALERT,
    F_INFO,
    F_AREA,
    F_EVENT_CODE,
    F_PARAMETER,
    F_GEOCODE,
    F_RESOURCE,
    /* Texts that are read. */
    F_IDENTIFIER,
    F_SENDER,
    F_SENT,
    F_STATUS,
    F_TYPE,
    F_REFERENCES,
    F_LANGUAGE,
    F_EVENT,
    F_URGENCY,
    F_SEVERITY,
    F_CERTAINTY,
    F_EFFECTIVE,
    F_ONSET,
    F_EXPIRES,
    F_SENDER_NAME,
    F_HEADLINE,
    F_DESCRIPTION,
    F_INSTRUCTION,
    F_AREA_DESCRIPTION,
    F_POLYGON,
    F_CIRCLE,
    F_VALUE_NAME,
    F_VALUE,
    F_IGNORED /* texts that are not */
} field;

enum { MUST = 1, MANY = 2 };

typedef struct element {
    place       in;
    const char *name;
    field       field;
    unsigned    rules;
    place       inside; /* of a container: where what it holds is */
} element;

static const element ELEMENTS[] = {
    {OUTSIDE, "alert", F_ALERT, MUST, IN_ALERT},
    {IN_ALERT, "identifier", F_IDENTIFIER, MUST, OUTSIDE},
    {IN_ALERT, "sender", F_SENDER, MUST, OUTSIDE},
    {IN_ALERT, "sent", F_SENT, MUST, OUTSIDE},
    {IN_ALERT, "status", F_STATUS, MUST, OUTSIDE},
    {IN_ALERT, "msgType", F_TYPE, MUST, OUTSIDE},
    {IN_ALERT, "source", F_IGNORED, 0, OUTSIDE},
    {IN_ALERT, "scope", F_IGNORED, MUST, OUTSIDE},
    {IN_ALERT, "restriction", F_IGNORED, 0, OUTSIDE},
    {IN_ALERT, "addresses", F_IGNORED, 0, OUTSIDE},
    {IN_ALERT, "code", F_IGNORED, MANY, OUTSIDE},
    {IN_ALERT, "note", F_IGNORED, 0, OUTSIDE},
    {IN_ALERT, "references", F_REFERENCES, 0, OUTSIDE},
    {IN_ALERT, "incidents", F_IGNORED, 0, OUTSIDE},
    {IN_ALERT, "info", F_INFO, MANY, IN_INFO},
    {IN_INFO, "language", F_LANGUAGE, 0, OUTSIDE},
    {IN_INFO, "category", F_IGNORED, MUST | MANY, OUTSIDE},
    {IN_INFO, "event", F_EVENT, MUST, OUTSIDE},
    {IN_INFO, "responseType", F_IGNORED, MANY, OUTSIDE},
    {IN_INFO, "urgency", F_URGENCY, MUST, OUTSIDE},
    {IN_INFO, "severity", F_SEVERITY, MUST, OUTSIDE},
    {IN_INFO, "certainty", F_CERTAINTY, MUST, OUTSIDE},
    {IN_INFO, "audience", F_IGNORED, 0, OUTSIDE},
    {IN_INFO, "eventCode", F_EVENT_CODE, MANY, IN_VALUE},
    {IN_INFO, "effective", F_EFFECTIVE, 0, OUTSIDE},
    {IN_INFO, "onset", F_ONSET, 0, OUTSIDE},
    {IN_INFO, "expires", F_EXPIRES, 0, OUTSIDE},
    {IN_INFO, "senderName", F_SENDER_NAME, 0, OUTSIDE},
    {IN_INFO, "headline", F_HEADLINE, 0, OUTSIDE},
    {IN_INFO, "description", F_DESCRIPTION, 0, OUTSIDE},
    {IN_INFO, "instruction", F_INSTRUCTION, 0, OUTSIDE},
    {IN_INFO, "web", F_IGNORED, 0, OUTSIDE},
    {IN_INFO, "contact", F_IGNORED, 0, OUTSIDE},
    {IN_INFO, "parameter", F_PARAMETER, MANY, IN_VALUE},
    {IN_INFO, "resource", F_RESOURCE, MANY, IN_RESOURCE},
    {IN_INFO, "area", F_AREA, MANY, IN_AREA},
    {IN_AREA, "areaDesc", F_AREA_DESCRIPTION, MUST, OUTSIDE},
    {IN_AREA, "polygon", F_POLYGON, MANY, OUTSIDE},
    {IN_AREA, "circle", F_CIRCLE, MANY, OUTSIDE},
    {IN_AREA, "geocode", F_GEOCODE, MANY, IN_VALUE},
    {IN_AREA, "altitude", F_IGNORED, 0, OUTSIDE},
    {IN_AREA, "ceiling", F_IGNORED, 0, OUTSIDE},
    {IN_VALUE, "valueName", F_VALUE_NAME, MUST, OUTSIDE},
    {IN_VALUE, "value", F_VALUE, MUST, OUTSIDE},
    {IN_RESOURCE, "resourceDesc", F_IGNORED, MUST, OUTSIDE},
    {IN_RESOURCE, "mimeType", F_IGNORED, 0, OUTSIDE}, /* CAP 1.1 had none */
    {IN_RESOURCE, "size", F_IGNORED, 0, OUTSIDE},
    {IN_RESOURCE, "uri", F_IGNORED, 0, OUTSIDE},
    {IN_RESOURCE, "derefUri", F_IGNORED, 0, OUTSIDE},
    {IN_RESOURCE, "digest", F_IGNORED, 0, OUTSIDE},
};
enum { ELEMENT_COUNT = sizeof ELEMENTS / sizeof *ELEMENTS };
_Static_assert(ELEMENT_COUNT <= 64, "what has been seen of them are the bits of a number");

/* ---- the reader ------------------------------------------------------------------------ */

/* A container that is open. */
typedef struct level {
    const element *element;
    uint64_t       seen; /* bits by element */
    unsigned long  line;
} level;

enum { MOST_LEVELS = 5 }; /* alert, info, area, geocode, a text */

typedef struct cap_reader {
    XML_Parser     parser;
    muster_alerts *to;
    const char    *file;
    muster_status  status;
    uint32_t       depth, foreign_depth; /* 0: not in another namespace */
    uint32_t       level_count;
    level          level[MOST_LEVELS];
    char          *text; /* of the element at hand */
    size_t         text_size, text_capacity;
    /* Of a value at hand. */
    const char *value_name, *value;
} cap_reader;

static muster_status refuse(cap_reader *r, muster_status status, unsigned long line,
                            const char *name, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* "a.xml", line 12, <polygon>: ... */
static muster_status refuse(cap_reader *r, muster_status status, unsigned long line,
                            const char *name, const char *format, ...) {
    char    what[TEXT_BYTES], file[FILE_BYTES], shown[SHOWN_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    mu_keep_end(file, sizeof file, r->file);
    snprintf(shown, sizeof shown, "%.*s", SHOWN_BYTES - 1, name);
    return muster_fail(status, "\"%s\", line %lu, <%s>: %s", file, line, shown, what);
}

static unsigned long line_of(const cap_reader *r) {
    return (unsigned long)XML_GetCurrentLineNumber(r->parser);
}

/* From a callback: nothing further is read. */
static void stop(cap_reader *r, muster_status status) {
    if (status == MUSTER_OK || r->status != MUSTER_OK) return;
    r->status = status;
    (void)XML_StopParser(r->parser, XML_FALSE);
}

static level *innermost(cap_reader *r) {
    return r->level_count > 0 ? &r->level[r->level_count - 1] : NULL;
}

static muster_status refuse_text(cap_reader *r, const char *expected) {
    const level *at = innermost(r);
    char         shown[SHOWN_BYTES];
    mu_quote(shown, sizeof shown, r->text);
    return refuse(r, MUSTER_E_INVALID, at->line, at->element->name, "%s; expected %s", shown,
                  expected);
}

/* The records at hand are the last ones. */
static muster_alert *alert_of(const cap_reader *r) {
    return &r->to->alert[r->to->alert_count - 1];
}
static muster_alert_info *info_of(const cap_reader *r) {
    return &r->to->info[r->to->info_count - 1];
}
static muster_alert_area *area_of(const cap_reader *r) {
    return &r->to->area[r->to->area_count - 1];
}

/* ---- words and moments ----------------------------------------------------------------- */

/* CAP's words begin with a capital letter. */
static bool is_word(const char *text, const char *word) {
    return text[0] == word[0] - 'a' + 'A' && strcmp(text + 1, word + 1) == 0;
}

/* The number of a word; "Unknown" is `count`. */
static bool find_word(const char *text, const char *const *words, int count, uint8_t *out) {
    for (int i = 0; i < count; ++i) {
        if (!is_word(text, words[i])) continue;
        *out = (uint8_t)i;
        return true;
    }
    *out = (uint8_t)count;
    return strcmp(text, "Unknown") == 0;
}

static const char *const STATUS[] = {"actual", "exercise", "system", "test", "draft"};
static const char *const TYPE[]   = {"alert", "update", "cancel", "ack", "error"};

const char *muster_alert_status_name(muster_alert_status status) {
    return status < MUSTER_ALERT_STATUS_COUNT ? STATUS[status] : NULL;
}

const char *muster_alert_type_name(muster_alert_type type) {
    return type < MUSTER_ALERT_TYPE_COUNT ? TYPE[type] : NULL;
}

static muster_status read_status(cap_reader *r) {
    uint8_t *out = &alert_of(r)->status;
    if (find_word(r->text, STATUS, MUSTER_ALERT_STATUS_COUNT, out) &&
        *out < MUSTER_ALERT_STATUS_COUNT) {
        return MUSTER_OK;
    }
    return refuse_text(r, "Actual, Exercise, System, Test or Draft");
}

static muster_status read_type(cap_reader *r) {
    uint8_t *out = &alert_of(r)->type;
    if (find_word(r->text, TYPE, MUSTER_ALERT_TYPE_COUNT, out) && *out < MUSTER_ALERT_TYPE_COUNT) {
        return MUSTER_OK;
    }
    return refuse_text(r, "Alert, Update, Cancel, Ack or Error");
}

static muster_status read_severity(cap_reader *r) {
    static const char *const WORD[] = {"minor", "moderate", "severe", "extreme"};
    if (find_word(r->text, WORD, MUSTER_SEVERITY_COUNT, &info_of(r)->severity)) return MUSTER_OK;
    return refuse_text(r, "Extreme, Severe, Moderate, Minor or Unknown");
}

static muster_status read_urgency(cap_reader *r) {
    static const char *const WORD[] = {"immediate", "expected", "future", "past"};
    if (find_word(r->text, WORD, MUSTER_URGENCY_COUNT, &info_of(r)->urgency)) return MUSTER_OK;
    return refuse_text(r, "Immediate, Expected, Future, Past or Unknown");
}

/* CAP 1.0 had "Very Likely", which 1.2 wants read as Likely. */
static muster_status read_certainty(cap_reader *r) {
    static const char *const WORD[] = {"observed", "likely", "possible", "unlikely"};
    uint8_t                 *out    = &info_of(r)->certainty;
    if (find_word(r->text, WORD, MUSTER_CERTAINTY_COUNT, out)) return MUSTER_OK;
    *out = MUSTER_CERTAINTY_LIKELY;
    if (strcmp(r->text, "Very Likely") == 0) return MUSTER_OK;
    return refuse_text(r, "Observed, Likely, Possible, Unlikely or Unknown");
}

static muster_status read_moment(cap_reader *r, int64_t *out_s) {
    if (muster_moment_parse(r->text, out_s)) return MUSTER_OK;
    return refuse_text(r, "a moment with its offset from UTC, as in 2026-07-01T14:30:00+08:00");
}

static muster_status read_text(cap_reader *r, const char **out) {
    return mu_texts_keep(&r->to->texts, r->text, out);
}

/* Of a message, what others refer to it by: no spaces, commas, < or & (CAP 1.2, section 3.2.1). */
static muster_status read_name(cap_reader *r, const char **out) {
    if (*r->text == 0 || strpbrk(r->text, " \t\r\n,<&")) {
        return refuse_text(r, "a text without spaces, commas, < and &");
    }
    return read_text(r, out);
}

/* ---- places ---------------------------------------------------------------------------- */

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static const char *skip_spaces(const char *text) {
    while (is_space(*text)) ++text;
    return text;
}

static muster_status refuse_pair(cap_reader *r, const char *at, const char *expected) {
    const level *l = innermost(r);
    char         shown[SHOWN_BYTES], word[SHOWN_BYTES];
    size_t       length = 0;
    while (at[length] != 0 && !is_space(at[length]) && length < sizeof word - 1) ++length;
    snprintf(word, sizeof word, "%.*s", (int)length, at);
    if (!mu_is_utf8(word, strlen(word))) snprintf(word, sizeof word, "...");
    mu_quote(shown, sizeof shown, word);
    return refuse(r, MUSTER_E_INVALID, l->line, l->element->name, "%s; expected %s", shown,
                  expected);
}

/* "30.75,120.76" at *at, which moves behind it. */
static muster_status take_pair(cap_reader *r, const char **at, double *lon_deg, double *lat_deg) {
    const char *start = *at;
    if (!mu_decimal_take(at, lat_deg) || **at != ',') {
        return refuse_pair(r, start, "latitude,longitude as in 30.75,120.76");
    }
    ++*at;
    if (!mu_decimal_take(at, lon_deg) || (**at != 0 && !is_space(**at))) {
        return refuse_pair(r, start, "latitude,longitude as in 30.75,120.76");
    }
    if (fabs(*lat_deg) <= 90 && fabs(*lon_deg) <= 180) return MUSTER_OK;
    return refuse_pair(r, start,
                       fabs(*lon_deg) <= 90 && fabs(*lat_deg) <= 180
                           ? "the latitude first, from -90 to 90: are the two swapped?"
                           : "a latitude from -90 to 90 and a longitude from -180 to 180");
}

static muster_status read_polygon(cap_reader *r) {
    mu_parts   *rings   = &r->to->rings;
    uint32_t    count   = 0;
    double      lon_deg = 0, lat_deg = 0, *lon, *lat;
    const char *at = skip_spaces(r->text);
    for (; *at != 0; at = skip_spaces(at), ++count) {
        MU_TRY(take_pair(r, &at, &lon_deg, &lat_deg));
        MU_TRY(mu_parts_add_points(rings, 1, &lon, &lat));
        *lon = lon_deg;
        *lat = lat_deg;
    }
    const uint32_t first = rings->point_count - count, last = rings->point_count - 1;
    if (count < 4 || rings->lon_deg[first] != rings->lon_deg[last] ||
        rings->lat_deg[first] != rings->lat_deg[last]) {
        return refuse_text(r, "4 points or more, of which the last is the first again");
    }
    ++area_of(r)->ring_count;
    return mu_parts_end(rings);
}

static muster_status read_circle(cap_reader *r) {
    muster_alerts      *to = r->to;
    muster_alert_circle circle;
    double              radius_km;
    const char         *at = skip_spaces(r->text);
    MU_TRY(take_pair(r, &at, &circle.lon_deg, &circle.lat_deg));
    at = skip_spaces(at);
    if (!mu_decimal_take(&at, &radius_km) || *skip_spaces(at) != 0 || !(radius_km >= 0) ||
        radius_km * M_PER_KM > MOST_RADIUS_M) {
        return refuse_text(r, "latitude,longitude and a radius in km, as in 30.75,120.76 12.5");
    }
    circle.radius_m = radius_km * M_PER_KM;
    MU_TRY(mu_gis_grow(&to->circle, &to->circle_capacity, to->circle_count, sizeof *to->circle));
    to->circle[to->circle_count++] = circle;
    ++area_of(r)->circle_count;
    return MUSTER_OK;
}

/* ---- references ------------------------------------------------------------------------ */

/* "sender,identifier,sent", which the text is cut up for. */
static muster_status take_reference(cap_reader *r, char *word) {
    muster_alerts         *to = r->to;
    muster_alert_reference reference;
    char *first = strchr(word, ','), *second = first ? strchr(first + 1, ',') : NULL;
    if (!second || !muster_moment_parse(second + 1, &reference.sent_s)) {
        return refuse_pair(r, word, "sender,identifier,sent");
    }
    *first = *second = 0;
    MU_TRY(mu_texts_keep(&to->texts, word, &reference.sender));
    MU_TRY(mu_texts_keep(&to->texts, first + 1, &reference.identifier));
    MU_TRY(mu_gis_grow(&to->reference, &to->reference_capacity, to->reference_count,
                       sizeof *to->reference));
    to->reference[to->reference_count++] = reference;
    ++alert_of(r)->reference_count;
    return MUSTER_OK;
}

static muster_status read_references(cap_reader *r) {
    for (char *at = r->text; *at != 0;) {
        char *end = at;
        while (*end != 0 && !is_space(*end)) ++end;
        char *next = end;
        while (is_space(*next)) ++next;
        *end = 0;
        if (*at != 0) MU_TRY(take_reference(r, at));
        at = next;
    }
    return MUSTER_OK;
}

/* ---- what an element says -------------------------------------------------------------- */

static muster_status read_field(cap_reader *r, field f) {
    switch (f) {
    case F_IDENTIFIER:
        return read_name(r, &alert_of(r)->identifier);
    case F_SENDER:
        return read_name(r, &alert_of(r)->sender);
    case F_SENT:
        return read_moment(r, &alert_of(r)->sent_s);
    case F_STATUS:
        return read_status(r);
    case F_TYPE:
        return read_type(r);
    case F_REFERENCES:
        return read_references(r);
    case F_LANGUAGE:
        return read_text(r, &info_of(r)->language);
    case F_EVENT:
        return read_text(r, &info_of(r)->event);
    case F_URGENCY:
        return read_urgency(r);
    case F_SEVERITY:
        return read_severity(r);
    case F_CERTAINTY:
        return read_certainty(r);
    case F_EFFECTIVE:
        return read_moment(r, &info_of(r)->effective_s);
    case F_ONSET:
        return read_moment(r, &info_of(r)->onset_s);
    case F_EXPIRES:
        return read_moment(r, &info_of(r)->expires_s);
    case F_SENDER_NAME:
        return read_text(r, &info_of(r)->sender_name);
    case F_HEADLINE:
        return read_text(r, &info_of(r)->headline);
    case F_DESCRIPTION:
        return read_text(r, &info_of(r)->description);
    case F_INSTRUCTION:
        return read_text(r, &info_of(r)->instruction);
    case F_AREA_DESCRIPTION:
        return read_text(r, &area_of(r)->description);
    case F_POLYGON:
        return read_polygon(r);
    case F_CIRCLE:
        return read_circle(r);
    case F_VALUE_NAME:
        return read_text(r, &r->value_name);
    case F_VALUE:
        return read_text(r, &r->value);
    default:
        return MUSTER_OK;
    }
}

/* ---- containers ------------------------------------------------------------------------ */

static muster_status open_alert(cap_reader *r) {
    muster_alerts *to = r->to;
    MU_TRY(mu_gis_grow(&to->alert, &to->alert_capacity, to->alert_count, sizeof *to->alert));
    to->alert[to->alert_count++] = (muster_alert){.first_info      = to->info_count,
                                                  .first_reference = to->reference_count,
                                                  .replaced_by     = MUSTER_NONE};
    return mu_texts_keep(&to->texts, r->file, &alert_of(r)->file);
}

static muster_status open_info(cap_reader *r) {
    muster_alerts *to = r->to;
    MU_TRY(mu_gis_grow(&to->info, &to->info_capacity, to->info_count, sizeof *to->info));
    to->info[to->info_count++] = (muster_alert_info){.language    = "en-US",
                                                     .severity    = MUSTER_SEVERITY_COUNT,
                                                     .urgency     = MUSTER_URGENCY_COUNT,
                                                     .certainty   = MUSTER_CERTAINTY_COUNT,
                                                     .effective_s = MUSTER_MOMENT_FIRST,
                                                     .onset_s     = MUSTER_MOMENT_FIRST,
                                                     .expires_s   = MUSTER_MOMENT_LAST,
                                                     .first_value = to->value_count,
                                                     .first_area  = to->area_count};
    ++alert_of(r)->info_count;
    return MUSTER_OK;
}

static muster_status open_area(cap_reader *r) {
    muster_alerts *to = r->to;
    MU_TRY(mu_gis_grow(&to->area, &to->area_capacity, to->area_count, sizeof *to->area));
    to->area[to->area_count++] =
        (muster_alert_area){.first_ring = to->rings.count, .first_circle = to->circle_count};
    ++info_of(r)->area_count;
    return MUSTER_OK;
}

static muster_status open_container(cap_reader *r, field f) {
    switch (f) {
    case F_ALERT:
        return open_alert(r);
    case F_INFO:
        return open_info(r);
    case F_AREA:
        return open_area(r);
    default:
        return MUSTER_OK;
    }
}

static muster_status close_value(cap_reader *r, field f) {
    muster_alerts *to = r->to;
    MU_TRY(mu_gis_grow(&to->value, &to->value_capacity, to->value_count, sizeof *to->value));
    to->value[to->value_count++] =
        (muster_alert_value){.kind  = (uint8_t)(f == F_EVENT_CODE  ? MUSTER_ALERT_EVENT_CODE
                                                : f == F_PARAMETER ? MUSTER_ALERT_PARAMETER
                                                                   : MUSTER_ALERT_GEOCODE),
                             .area  = f == F_GEOCODE ? to->area_count - 1 : MUSTER_NONE,
                             .name  = r->value_name,
                             .value = r->value};
    ++info_of(r)->value_count;
    return MUSTER_OK;
}

static muster_status close_container(cap_reader *r, const level *l) {
    for (int e = 0; e < ELEMENT_COUNT; ++e) {
        const bool is_missing = (ELEMENTS[e].rules & MUST) && !(l->seen >> e & 1);
        if (ELEMENTS[e].in != l->element->inside || !is_missing) continue;
        return refuse(r, MUSTER_E_INVALID, l->line, l->element->name, "has no <%s>; expected one",
                      ELEMENTS[e].name);
    }
    return l->element->inside == IN_VALUE ? close_value(r, l->element->field) : MUSTER_OK;
}

/* ---- expat's events -------------------------------------------------------------------- */

/* The name within the namespace of CAP; NULL in another one. */
static const char *name_of(const char *qualified) {
    const size_t length = strlen(NAMESPACE);
    if (strncmp(qualified, NAMESPACE, length) != 0 || qualified[length] != SEPARATOR) return NULL;
    return qualified + length + 1;
}

static muster_status refuse_root(cap_reader *r, const char *qualified) {
    const char  *separator          = strchr(qualified, SEPARATOR);
    char         space[SHOWN_BYTES] = "no namespace";
    const size_t length             = separator ? (size_t)(separator - qualified) : 0;
    if (separator && length < sizeof space - 2) {
        snprintf(space, sizeof space, "\"%.*s\"", (int)length, qualified);
    } else if (separator) {
        snprintf(space, sizeof space, "another namespace");
    }
    return refuse(r, MUSTER_E_FORMAT, line_of(r), separator ? separator + 1 : qualified,
                  "of %s; expected an <alert> of \"" NAMESPACE "\"", space);
}

static const element *find_element(const cap_reader *r, const char *name) {
    const place in = r->level_count > 0 ? r->level[r->level_count - 1].element->inside : OUTSIDE;
    for (int e = 0; e < ELEMENT_COUNT; ++e) {
        if (ELEMENTS[e].in == in && strcmp(ELEMENTS[e].name, name) == 0) return &ELEMENTS[e];
    }
    return NULL;
}

static bool is_container(const element *e) {
    return e->inside != OUTSIDE;
}

static muster_status enter(cap_reader *r, const element *e) {
    level         *around = innermost(r);
    const uint64_t bit    = (uint64_t)1 << (e - ELEMENTS);
    if (around && (around->seen & bit) && !(e->rules & MANY)) {
        return refuse(r, MUSTER_E_INVALID, line_of(r), e->name, "comes again in <%s>; expected one",
                      around->element->name);
    }
    if (around) around->seen |= bit;
    r->level[r->level_count++] = (level){.element = e, .line = line_of(r)};
    r->text_size               = 0;
    return is_container(e) ? open_container(r, e->field) : MUSTER_OK;
}

static muster_status begin(cap_reader *r, const char *qualified) {
    const char *name = name_of(qualified);
    if (++r->depth > MUSTER_ALERT_MOST_DEPTH) {
        return refuse(r, MUSTER_E_INVALID, line_of(r), name ? name : "...",
                      "is nested %u deep; expected at most %d", r->depth, MUSTER_ALERT_MOST_DEPTH);
    }
    if (r->foreign_depth > 0) return MUSTER_OK;
    if (!name && r->level_count == 0) return refuse_root(r, qualified);
    const level *around = innermost(r);
    if (!name && is_container(around->element)) {
        r->foreign_depth = r->depth;
        return MUSTER_OK;
    }
    const element *e =
        name && (!around || is_container(around->element)) ? find_element(r, name) : NULL;
    if (e) return enter(r, e);
    if (!around) return refuse_root(r, qualified);
    return refuse(r, MUSTER_E_INVALID, line_of(r), name ? name : "...",
                  "stands in <%s>, where CAP 1.2 has none", around->element->name);
}

static void on_start(void *user, const XML_Char *name, const XML_Char **attributes) {
    cap_reader *r = user;
    (void)attributes;
    if (r->status == MUSTER_OK) stop(r, begin(r, name));
}

/* Without the spaces around it, and ended. */
static muster_status finish_text(cap_reader *r) {
    MU_TRY(mu_gis_grow(&r->text, &r->text_capacity, r->text_size, 1));
    while (r->text_size > 0 && is_space(r->text[r->text_size - 1])) --r->text_size;
    r->text[r->text_size] = 0;
    const size_t spaces   = (size_t)(skip_spaces(r->text) - r->text);
    memmove(r->text, r->text + spaces, r->text_size - spaces + 1);
    return MUSTER_OK;
}

static muster_status end(cap_reader *r) {
    if (r->foreign_depth > 0) {
        if (r->foreign_depth == r->depth) r->foreign_depth = 0;
        --r->depth;
        return MUSTER_OK;
    }
    const level l = r->level[r->level_count - 1];
    if (is_container(l.element)) {
        MU_TRY(close_container(r, &l));
    } else {
        MU_TRY(finish_text(r));
        MU_TRY(read_field(r, l.element->field));
    }
    r->text_size = 0;
    --r->level_count;
    --r->depth;
    return MUSTER_OK;
}

static void on_end(void *user, const XML_Char *name) {
    cap_reader *r = user;
    (void)name;
    if (r->status == MUSTER_OK) stop(r, end(r));
}

static muster_status add_text(cap_reader *r, const char *text, size_t size) {
    const size_t needed = r->text_size + size;
    if (needed > r->text_capacity) {
        const size_t larger = needed + r->text_capacity / 2;
        MU_TRY(mu_gis_realloc(&r->text, larger, 1));
        r->text_capacity = larger;
    }
    memcpy(r->text + r->text_size, text, size);
    r->text_size = needed;
    return MUSTER_OK;
}

static void on_text(void *user, const XML_Char *text, int size) {
    cap_reader  *r = user;
    const level *l = innermost(r);
    if (r->status != MUSTER_OK || r->foreign_depth > 0 || !l || is_container(l->element)) return;
    stop(r, add_text(r, text, (size_t)size));
}

static void on_doctype(void *user, const XML_Char *name, const XML_Char *system,
                       const XML_Char *public, int has_subset) {
    cap_reader *r = user;
    (void)system, (void)public, (void)has_subset;
    stop(r, refuse(r, MUSTER_E_FORMAT, line_of(r), "!DOCTYPE",
                   "%.40s: a document type may declare entities; expected none", name));
}

/* Behind on_doctype, should a parser ever come that far. */
static void on_entity(void *user, const XML_Char *name, int is_parameter, const XML_Char *value,
                      int size, const XML_Char *base, const XML_Char *system,
                      const XML_Char *public, const XML_Char *notation) {
    cap_reader *r = user;
    (void)is_parameter, (void)value, (void)size, (void)base, (void)system, (void)public,
        (void)notation;
    stop(r, refuse(r, MUSTER_E_FORMAT, line_of(r), "!ENTITY", "%.40s: expected no entities", name));
}

/* ---- the whole ------------------------------------------------------------------------- */

/* expat's memory is counted with ours, so that tests can let it run out. */
static void *take_memory(size_t size) {
    void *memory;
    return mu_gis_alloc(&memory, size, 1) == MUSTER_OK ? memory : NULL;
}

static void *resize_memory(void *memory, size_t size) {
    return mu_gis_realloc(&memory, size, 1) == MUSTER_OK ? memory : NULL;
}

static muster_status fail_to_parse(cap_reader *r) {
    const enum XML_Error error = XML_GetErrorCode(r->parser);
    char                 file[FILE_BYTES];
    mu_keep_end(file, sizeof file, r->file);
    if (r->status != MUSTER_OK) return r->status; /* which has been said */
    if (error == XML_ERROR_NO_MEMORY) {
        return muster_fail(MUSTER_E_NOMEM, "out of memory while reading \"%s\"", file);
    }
    return muster_fail(MUSTER_E_FORMAT, "\"%s\" is not XML, at line %lu, column %lu: %s", file,
                       line_of(r), (unsigned long)XML_GetCurrentColumnNumber(r->parser) + 1,
                       XML_ErrorString(error));
}

muster_status mu_cap_read(muster_alerts *alerts, const char *file, const char *text, size_t size) {
    static const XML_Memory_Handling_Suite MEMORY = {take_memory, resize_memory, mu_gis_free};
    cap_reader                             r      = {.to = alerts, .file = file};
    r.parser                                      = XML_ParserCreate_MM(NULL, &MEMORY, &SEPARATOR);
    if (!r.parser) return muster_fail(MUSTER_E_NOMEM, "out of memory for a reader of XML");
    XML_SetUserData(r.parser, &r);
    XML_SetElementHandler(r.parser, on_start, on_end);
    XML_SetCharacterDataHandler(r.parser, on_text);
    XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
    XML_SetEntityDeclHandler(r.parser, on_entity);
    muster_status status = MUSTER_OK;
    if (XML_Parse(r.parser, text, (int)size, 1) != XML_STATUS_OK || r.status != MUSTER_OK) {
        status = fail_to_parse(&r);
    }
    XML_ParserFree(r.parser);
    mu_gis_free(r.text);
    return status;
}
