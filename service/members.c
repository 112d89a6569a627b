#include "service/members.h"

#include <inttypes.h>

void mu_next(mu_text *text) {
    const char last = text->size > 0 ? text->bytes[text->size - 1] : '{';
    if (last != '{' && last != '[') mu_text_add_bytes(text, ",", 1);
}

void mu_member(mu_text *text, const char *name) {
    mu_next(text);
    mu_text_string(text, name);
    mu_text_add_bytes(text, ":", 1);
}

void mu_member_string(mu_text *text, const char *name, const char *value) {
    mu_member(text, name);
    if (value) {
        mu_text_string(text, value);
    } else {
        mu_text_add(text, "null");
    }
}

void mu_member_number(mu_text *text, const char *name, int64_t value) {
    mu_member(text, name);
    mu_text_format(text, "%" PRId64, value);
}

void mu_member_flag(mu_text *text, const char *name, bool value) {
    mu_member(text, name);
    mu_text_add(text, value ? "true" : "false");
}

void mu_member_metres(mu_text *text, const char *name, double length_m) {
    mu_member(text, name);
    mu_text_metres(text, length_m);
}

void mu_member_place(mu_text *text, double lon_deg, double lat_deg) {
    mu_member(text, "lon_deg");
    mu_text_degrees(text, lon_deg);
    mu_member(text, "lat_deg");
    mu_text_degrees(text, lat_deg);
}
