/* A route for people. */
#include "cli/measure_text.h"
#include "cli/route_answer.h"
#include "cli/text_width.h"

enum { NAME_WIDTH = 60 };

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
    place_print(&answer->end[FROM], "from", stream);
    place_print(&answer->end[TO], "to", stream);
    fprintf(stream, "%-9s %s\n%-9s ", "profile", answer->profile, "duration");
    print_duration(stream, answer->duration_ms, 0);
    fprintf(stream, "\n%-9s %.2f km\n", "distance", answer->distance_m / 1000);
    if (answer->road_count > 0) fputs("roads\n", stream); /* by air there is none */
    for (uint32_t i = 0; i < answer->road_count; ++i) print_road(stream, &answer->road[i]);
}
