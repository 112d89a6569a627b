/* A route for people. */
#include <inttypes.h>

#include "cli/route_answer.h"
#include "cli/text_width.h"

enum { NAME_WIDTH = 60 };

static void print_distance(FILE *stream, double distance_m) {
    if (distance_m < 1000) {
        fprintf(stream, "%6.0f m ", distance_m);
    } else {
        fprintf(stream, "%6.1f km", distance_m / 1000);
    }
}

/* Rounded to the second, for that is what a driver can tell; JSON has the milliseconds. */
static void print_duration(FILE *stream, uint32_t duration_ms) {
    const uint32_t s = (duration_ms + 500) / 1000;
    if (s >= 3600) fprintf(stream, "%" PRIu32 " h ", s / 3600);
    if (s >= 60) fprintf(stream, "%" PRIu32 " min ", s / 60 % 60);
    fprintf(stream, "%" PRIu32 " s", s % 60);
}

static void print_end(FILE *stream, const char *label, const route_answer *answer, int end) {
    const muster_site *site = &answer->site[end];
    fprintf(stream, "%-9s %.6f,%.6f, %.0f m from the road\n", label, site->lon_deg, site->lat_deg,
            answer->snap[end].distance_m);
}

static void print_road(FILE *stream, const route_road *road) {
    fputs("  ", stream);
    print_distance(stream, road->distance_m);
    fputs("  ", stream);
    if (road->name) {
        text_print_cut(stream, road->name, NAME_WIDTH);
    } else {
        fprintf(stream, "(%s)", road->class_name);
    }
    fputc('\n', stream);
}

void route_answer_print(const route_answer *answer, FILE *stream) {
    print_end(stream, "from", answer, FROM);
    print_end(stream, "to", answer, TO);
    fprintf(stream, "%-9s %s\n%-9s ", "profile", answer->profile, "duration");
    print_duration(stream, answer->duration_ms);
    fprintf(stream, "\n%-9s %.2f km\nroads\n", "distance", answer->distance_m / 1000);
    for (uint32_t i = 0; i < answer->road_count; ++i) print_road(stream, &answer->road[i]);
}
