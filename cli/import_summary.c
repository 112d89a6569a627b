/* One table of labelled counts serves both forms, so neither can forget a line. */
#include "cli/import_summary.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#include "cli/command.h"
#include "cli/json_file.h"

typedef struct sizes {
    uint32_t node_count, edge_count, arc_count, component_count, largest_node_count;
} sizes;

/* An arc counts when somebody may drive it in its legal direction. */
static muster_status measure(sizes *out, const muster_network *network) {
    const muster_network_data *net = muster_network_view(network);
    *out = (sizes){.node_count = net->node_count, .edge_count = net->edge_count};
    for (uint32_t e = 0; e < net->edge_count; ++e) {
        out->arc_count += (net->edge_access_forward[e] & MUSTER_ACCESS_ALL) != 0;
        out->arc_count += (net->edge_access_backward[e] & MUSTER_ACCESS_ALL) != 0;
    }
    return muster_network_components(network, &out->component_count, &out->largest_node_count);
}

typedef struct osm_line {
    const char *key; /* in JSON: the name of the field */
    size_t      offset;
    const char *label;
    bool        is_always; /* printed for people even when it is 0 */
} osm_line;

#define LINE(field, label, is_always)                                                              \
    { #field, offsetof(muster_osm_summary, field), label, is_always }

static const osm_line OSM_LINES[] = {
    LINE(way_count, "ways in the file", true),
    LINE(road_count, "taken as roads or ferries", true),
    LINE(skipped_not_road, "skipped: no road for vehicles", true),
    LINE(skipped_no_access, "skipped: closed to every vehicle", false),
    LINE(skipped_area, "skipped: an area, not a line", false),
    LINE(skipped_too_short, "skipped: fewer than two located nodes", false),
    LINE(missing_node_count, "way nodes without a location", false),
    LINE(cut_way_count, "ways cut at nodes without a location", false),
    LINE(maxspeed_unreadable_count, "maxspeed not understood, default used", false),
    LINE(restriction_count, "turn restrictions kept", true),
    LINE(restriction_unresolved_count, "of them with a member elsewhere", false),
    LINE(restriction_skipped_count, "turn restrictions left out: timed, or members missing", false),
    LINE(contracted_node_count, "nodes that became shape points", true),
};

enum { OSM_LINE_COUNT = sizeof OSM_LINES / sizeof *OSM_LINES };

static uint64_t value_of(const osm_line *line, const muster_osm_summary *osm) {
    return *(const uint64_t *)(const void *)((const char *)osm + line->offset);
}

/* ---- for people ---------------------------------------------------------------------- */

static void print_line(uint64_t value, const char *label) {
    printf("%12" PRIu64 "  %s\n", value, label);
}

static void print_osm(const muster_osm_summary *osm) {
    puts("\nfrom OpenStreetMap");
    for (int i = 0; i < OSM_LINE_COUNT; ++i) {
        const uint64_t value = value_of(&OSM_LINES[i], osm);
        if (value > 0 || OSM_LINES[i].is_always) print_line(value, OSM_LINES[i].label);
    }
    if (osm->maxspeed_unreadable_count > 0) {
        printf("%12s  the first maxspeed not understood: \"%s\"\n", "",
               osm->maxspeed_unreadable_example);
    }
}

static void print_text(const sizes *s, const char *path, const hierarchy_summary *hierarchy,
                       const muster_osm_summary *osm) {
    printf("%s\n", path);
    print_line(s->node_count, "nodes");
    print_line(s->edge_count, "edges");
    print_line(s->arc_count, "arcs");
    print_line(s->component_count, "strongly connected components");
    print_line(s->largest_node_count, "nodes in the largest");
    hierarchy_summary_print(hierarchy);
    if (osm) print_osm(osm);
}

/* ---- JSON ---------------------------------------------------------------------------- */

static json_t *json_of_osm(const muster_osm_summary *osm) {
    json_t *object = json_object();
    for (int i = 0; i < OSM_LINE_COUNT; ++i) {
        json_object_set_new(object, OSM_LINES[i].key,
                            json_integer((json_int_t)value_of(&OSM_LINES[i], osm)));
    }
    json_object_set_new(object, "maxspeed_unreadable_example",
                        json_string(osm->maxspeed_unreadable_example));
    return object;
}

static json_t *json_of(const sizes *s, const char *path, const hierarchy_summary *hierarchy,
                       const muster_osm_summary *osm) {
    json_t *object =
        json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:o}", "file", path, "node_count",
                  (json_int_t)s->node_count, "edge_count", (json_int_t)s->edge_count, "arc_count",
                  (json_int_t)s->arc_count, "component_count", (json_int_t)s->component_count,
                  "largest_component_node_count", (json_int_t)s->largest_node_count, "hierarchy",
                  hierarchy_summary_json(hierarchy));
    if (object && osm) json_object_set_new(object, "osm", json_of_osm(osm));
    return object;
}

int import_summary_print(const muster_network *network, const char *path,
                         const hierarchy_summary *hierarchy, const muster_osm_summary *osm,
                         bool is_json) {
    sizes               s;
    const muster_status status = measure(&s, network);
    if (status != MUSTER_OK) return command_fail_status(status);
    if (is_json) return json_write(json_of(&s, path, hierarchy, osm), "-");
    print_text(&s, path, hierarchy, osm);
    return COMMAND_DONE;
}
