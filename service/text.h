/* Text that grows: answers are written into it, piece by piece. */
#ifndef SERVICE_TEXT_H
#define SERVICE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Start from a zeroed one. Once memory has run out nothing more is added, and `is_broken` says so:
 * whoever sends the text looks there once, and nobody else needs to. */
typedef struct mu_text {
    char  *bytes; /* ended by NUL once anything has been added */
    size_t size, capacity;
    bool   is_broken;
} mu_text;

void mu_text_free(mu_text *text);

void mu_text_add(mu_text *text, const char *string);
void mu_text_add_bytes(mu_text *text, const void *bytes, size_t size);
void mu_text_format(mu_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void mu_text_format_list(mu_text *text, const char *format, va_list arguments);

/* A JSON string with its quotes. Bytes that are no UTF-8 become U+FFFD. */
void mu_text_string(mu_text *text, const char *string);

/* JSON numbers, without zeros that say nothing: milliseconds as seconds, metres to the centimetre,
 * degrees to the sixth decimal (0.1 m). What is not finite is null. */
void mu_text_seconds(mu_text *text, uint32_t duration_ms);
void mu_text_metres(mu_text *text, double length_m);
void mu_text_degrees(mu_text *text, double degrees);
/* [longitude,latitude] */
void mu_text_position(mu_text *text, double lon_deg, double lat_deg);

#endif
