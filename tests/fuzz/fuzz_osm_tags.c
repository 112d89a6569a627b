/* Any bytes as the tags of a way, a node and a relation: lines of key=value. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "gis/osm_tags.h"
#include "gis/osm_values.h"

enum { MAX_BYTES = 4096, MAX_TAGS = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Cut text in place at line ends and at the first '=' of each line. */
static size_t split_tags(char *text, mu_osm_tag tags[MAX_TAGS]) {
    size_t count = 0;
    while (*text != 0 && count < MAX_TAGS) {
        char *end  = text + strcspn(text, "\n");
        char *next = *end == 0 ? end : end + 1;
        *end       = 0;
        char *mark = strchr(text, '=');
        if (mark) {
            *mark         = 0;
            tags[count++] = (mu_osm_tag){text, mark + 1};
        }
        text = next;
    }
    return count;
}

static bool is_within(float value, float max) {
    return isfinite(value) && value >= 0 && value <= max;
}

static void check_way(const mu_osm_tags *tags) {
    mu_osm_road road;
    (void)mu_osm_unreadable_speed(tags);
    (void)mu_osm_way_name(tags);
    if (mu_osm_classify_way(tags, &road) != MU_OSM_ROAD) return;
    const unsigned known = MUSTER_ACCESS_ALL | MUSTER_ACCESS_CONTRAFLOW;
    assert(road.road_class < MUSTER_ROAD_CLASS_COUNT);
    assert((road.access_forward | road.access_backward) != 0);
    assert(((road.access_forward | road.access_backward) & ~known) == 0);
    assert(is_within(road.speed_forward_kmh, 400) && is_within(road.speed_backward_kmh, 400));
    assert(is_within(road.maxheight_m, 100) && is_within(road.maxwidth_m, 100) &&
           is_within(road.maxweight_t, 1000));
    assert(road.duration_ms == MUSTER_NONE || road.duration_ms < MUSTER_UNREACHABLE_MS);
    (void)known;
}

static void check_others(const mu_osm_tags *tags) {
    mu_osm_barrier barrier;
    uint8_t        kind = 0, except = 0;
    if (mu_osm_classify_barrier(tags, &barrier)) assert(barrier.access <= MUSTER_ACCESS_ALL);
    if (mu_osm_classify_turn(tags, &kind, &except) == MU_OSM_TURN) {
        assert(kind <= MUSTER_RESTRICTION_ONLY && except <= MUSTER_ACCESS_ALL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char       text[MAX_BYTES + 1];
    mu_osm_tag list[MAX_TAGS];
    if (size > MAX_BYTES) return 0;
    if (size > 0) memcpy(text, data, size);
    text[size]             = 0;
    const mu_osm_tags tags = {list, split_tags(text, list)};
    check_way(&tags);
    check_others(&tags);
    return 0;
}
