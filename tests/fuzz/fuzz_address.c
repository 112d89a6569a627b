/* Any bytes as the address of a request: its path and options, and each of them as coordinates and as a
 * list of numbers. What is read is in the text that was given, options have names of their own, and
 * coordinates that are written as a polyline are read back as they are. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "service/coordinates.h"
#include "service/polyline.h"
#include "service/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_and_read(const mu_coordinates *c, int decimals) {
    double *lon_deg = malloc(c->count * sizeof *lon_deg),
           *lat_deg = malloc(c->count * sizeof *lat_deg);
    mu_text  text   = {0};
    uint32_t count;
    assert(lon_deg && lat_deg);
    mu_polyline_add(&text, c->count, c->lon_deg, c->lat_deg, decimals);
    assert(!text.is_broken);
    assert(mu_polyline_read(text.bytes, text.size, decimals, c->count, &count, lon_deg, lat_deg));
    assert(count == c->count);
    for (uint32_t i = 0; i < count; ++i) {
        assert(fabs(lon_deg[i] - c->lon_deg[i]) <= 0.51 * pow(10, -decimals));
        assert(fabs(lat_deg[i] - c->lat_deg[i]) <= 0.51 * pow(10, -decimals));
    }
    assert(count == 0 ||
           !mu_polyline_read(text.bytes, text.size, decimals, count - 1, &count, lon_deg, lat_deg));
    mu_text_free(&text);
    free(lon_deg);
    free(lat_deg);
}

static void try_coordinates(const char *text) {
    mu_coordinates c;
    if (mu_coordinates_parse(&c, text) != MUSTER_OK) {
        assert(c.lon_deg == NULL && muster_error_message()[0] != 0);
        return;
    }
    assert(c.count > 0 && c.count <= mu_coordinates_bound(text));
    for (int decimals = 5; decimals <= 6 && mu_coordinates_check(&c) == MUSTER_OK; ++decimals)
        write_and_read(&c, decimals);
    mu_coordinates_free(&c);
}

static void try_list(const char *text) {
    mu_list list = mu_list_start(text, ';');
    char    item[32];
    bool    fits;
    size_t  length = 0, count = 0;
    double  number;
    while (mu_list_next(&list, item, &fits)) {
        length += strlen(item);
        if (count++ > 0) ++length;
        if (mu_number_parse(&number, item)) assert(isfinite(number));
    }
    assert(fits ? length == strlen(text) : length < strlen(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    mu_target target;
    char     *text = malloc(size + 1);
    assert(text);
    if (size > 0) memcpy(text, data, size);
    text[size]                  = 0;
    const mu_target_fault fault = mu_target_parse(&target, text);
    for (uint32_t i = 0; i < target.segment_count && !fault.expected; ++i) {
        assert(target.segment[i] > text && target.segment[i] <= text + size);
        try_coordinates(target.segment[i]);
    }
    for (uint32_t i = 0; i < target.option_count && !fault.expected; ++i) {
        const mu_option *o = &target.option[i];
        assert(*o->name != 0 && o->value > o->name && o->value <= text + size);
        assert(mu_target_option(&target, o->name) == o->value);
        try_list(o->value);
    }
    if (!fault.expected && mu_target_matches(&target, "/v1/{name}")) {
        assert(mu_target_segment(&target, "/v1/{name}", "name") == target.segment[1]);
    }
    free(text);
    return 0;
}
