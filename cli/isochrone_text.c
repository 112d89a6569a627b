/* An isochrone for people: a table of limits, and one of roads by class. */
#include "cli/isochrone_answer.h"

enum { LABEL_WIDTH = 16, MOST_ORIGINS_NAMED = 5 };

void isochrone_road_km(const isochrone_answer *answer, uint32_t limit, double *out_km) {
    const muster_network      *network = muster_isochrone_network(answer->isochrone);
    const muster_network_data *v       = muster_network_view(network);
    uint32_t                   count;
    const muster_edge_part    *part = muster_isochrone_parts(answer->isochrone, limit, &count);
    for (int c = 0; c < MUSTER_ROAD_CLASS_COUNT; ++c) out_km[c] = 0;
    for (uint32_t i = 0; i < count; ++i) {
        const double share = part[i].to_fraction - part[i].from_fraction;
        out_km[v->edge_class[part[i].edge]] += share * v->edge_length_m[part[i].edge] / 1000;
    }
}

static double sum(const double *km) {
    double all_km = 0;
    for (int c = 0; c < MUSTER_ROAD_CLASS_COUNT; ++c) all_km += km[c];
    return all_km;
}

static void print_origins(FILE *stream, const isochrone_answer *a) {
    const bool  by_air = muster_isochrone_flight_radius_m(a->isochrone) != NULL;
    const char *label  = a->direction == MUSTER_FORWARD ? "from" : "to";
    for (uint32_t i = 0; i < a->origin_count && i < MOST_ORIGINS_NAMED; ++i) {
        fprintf(stream, "%-9s %.6f,%.6f, ", label, a->site[i].lon_deg, a->site[i].lat_deg);
        if (by_air) {
            fputs("by air\n", stream);
        } else {
            fprintf(stream, "%.0f m from the road\n", a->snap[i].distance_m);
        }
    }
    if (a->origin_count > MOST_ORIGINS_NAMED) {
        fprintf(stream, "%-9s %u more places\n", label, a->origin_count - MOST_ORIGINS_NAMED);
    }
    fprintf(stream, "%-9s %s\n", "profile", a->profile);
    if (a->closures) fprintf(stream, "%-9s %s\n", "closures", a->closures);
    fprintf(stream, "%-9s ", "area");
    if (by_air) {
        fputs("as far as it flies\n\n", stream);
    } else {
        fprintf(stream, "%g m around the roads\n\n", a->radius_m);
    }
}

/* In the largest unit that needs no decimals. */
static const char *limit_text(char text[LABEL_WIDTH], uint32_t limit_ms) {
    if (limit_ms % 60000 == 0) {
        snprintf(text, LABEL_WIDTH, "%u min", limit_ms / 60000);
    } else if (limit_ms % 1000 == 0) {
        snprintf(text, LABEL_WIDTH, "%u s", limit_ms / 1000);
    } else {
        snprintf(text, LABEL_WIDTH, "%u ms", limit_ms);
    }
    return text;
}

static void print_limits(FILE *stream, const isochrone_answer *a) {
    fprintf(stream, "%-*s%12s%12s%12s\n", LABEL_WIDTH, "limit", "nodes", "road km", "area km2");
    for (uint32_t l = 0; l < a->limit_count; ++l) {
        double   km[MUSTER_ROAD_CLASS_COUNT];
        char     text[LABEL_WIDTH];
        uint32_t nodes;
        (void)muster_isochrone_nodes(a->isochrone, l, &nodes);
        isochrone_road_km(a, l, km);
        fprintf(stream, "%-*s%12u%12.1f%12.1f\n", LABEL_WIDTH, limit_text(text, a->limit_ms[l]),
                nodes, sum(km), muster_isochrone_polygons_within(a->polygons, l).area_m2 / 1e6);
    }
}

/* The largest limit's, which has all classes that any has. */
static void print_classes(FILE *stream, const isochrone_answer *a) {
    double km[MUSTER_ROAD_CLASS_COUNT];
    char   text[LABEL_WIDTH];
    isochrone_road_km(a, a->limit_count - 1, km);
    if (!(sum(km) > 0)) return;
    fprintf(stream, "\nroads within %s\n", limit_text(text, a->limit_ms[a->limit_count - 1]));
    for (int c = 0; c < MUSTER_ROAD_CLASS_COUNT; ++c) {
        if (!(km[c] > 0)) continue;
        fprintf(stream, "  %-*s%24.1f km\n", LABEL_WIDTH - 2,
                muster_road_class_name((muster_road_class)c), km[c]);
    }
}

void isochrone_print(FILE *stream, const isochrone_answer *a) {
    print_origins(stream, a);
    print_limits(stream, a);
    print_classes(stream, a);
}
