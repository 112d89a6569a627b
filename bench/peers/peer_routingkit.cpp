// The jobs of bench_jobs by RoutingKit, without Python in between. Built by __main__.py from the
// sources that the PyPI package routingkit-cch carries, with the flags of RoutingKit's Makefile.
//
// usage: peer_routingkit GRAPH_FOLDER OUT_FOLDER
// GRAPH_FOLDER holds what exported.py and bench_jobs wrote; OUT_FOLDER receives the answers in
// the same form as those of bench_jobs, standard output the same table. Weights are set anew
// and shortcuts kept in place, as RoutingKit does it: nothing is copied.
#include <routingkit/contraction_hierarchy.h>
#include <routingkit/customizable_contraction_hierarchy.h>
#include <routingkit/nested_dissection.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

using namespace RoutingKit;

namespace {

using Numbers = std::vector<unsigned>;

const unsigned SOURCES = 50, TARGETS = 200, LARGE = 1000;
const unsigned CLOSED = inf_weight;
const int      RUNS = 15, LONG_RUNS = 5;
const unsigned CH_LIMIT = 300000; // nodes: above, the slow contraction is not waited for

template <class T> std::vector<T> load(const std::string &path) {
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    if (!in) {
        std::fprintf(stderr, "peer_routingkit: cannot read %s\n", path.c_str());
        std::exit(3);
    }
    std::vector<T> values(static_cast<size_t>(in.tellg()) / sizeof(T));
    in.seekg(0);
    in.read(reinterpret_cast<char *>(values.data()),
            static_cast<std::streamsize>(values.size() * sizeof(T)));
    return values;
}

void keep(const std::string &path, const Numbers &values) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char *>(values.data()),
               static_cast<std::streamsize>(values.size() * sizeof(unsigned)));
}

double now_ms() {
    using namespace std::chrono;
    return duration<double, std::milli>(steady_clock::now().time_since_epoch()).count();
}

void print_row(const char *job, std::vector<double> times, double parts = 1) {
    std::sort(times.begin(), times.end());
    std::printf("%s\t%zu\t%.6f\t%.6f\n", job, times.size(), times[0] / parts,
                times[times.size() / 2] / parts);
    std::fflush(stdout);
}

// `parts`: how many equal questions one run asks.
void timed(const char *job, int runs, const std::function<void()> &work, double parts = 1) {
    std::vector<double> times;
    for (int run = 0; run < runs; ++run) {
        const double start = now_ms();
        work();
        times.push_back(now_ms() - start);
    }
    print_row(job, times, parts);
}

struct Roads {
    Numbers            tail, head, weight, node, closed;
    std::vector<float> lat, lon;

    explicit Roads(const std::string &folder)
        : tail(load<unsigned>(folder + "/tail.u32")), head(load<unsigned>(folder + "/head.u32")),
          weight(load<unsigned>(folder + "/duration_ms.u32")),
          node(load<unsigned>(folder + "/nodes.u32")),
          closed(load<unsigned>(folder + "/closed_rows.u32")),
          lat(load<float>(folder + "/lat.f32")), lon(load<float>(folder + "/lon.f32")) {}

    unsigned node_count() const { return static_cast<unsigned>(lat.size()); }
    Numbers  targets(unsigned count) const {
         return Numbers(node.begin() + LARGE, node.begin() + LARGE + count);
    }
};

// Pinned targets, a sweep a source: one row after another.
template <class Query>
void table(Query &query, const Roads &roads, unsigned sources, unsigned targets, Numbers &out) {
    query.reset().pin_targets(roads.targets(targets));
    for (unsigned i = 0; i < sources; ++i) {
        query.reset_source().add_source(roads.node[i]).run_to_pinned_targets();
        query.get_distances_to_targets(&out[i * targets]);
    }
}

template <class Query>
void tables(const std::string &out, const char *prefix, Query &query, const Roads &roads) {
    Numbers           small(SOURCES * TARGETS), large(LARGE * LARGE);
    const std::string p = prefix;
    timed((p + "table_50x200").c_str(), RUNS,
          [&] { table(query, roads, SOURCES, TARGETS, small); });
    timed((p + "table_1000x1000").c_str(), LONG_RUNS,
          [&] { table(query, roads, LARGE, LARGE, large); });
    keep(out + "/" + p + "table_50x200.u32", small);
    keep(out + "/" + p + "table_1000x1000.u32", large);
}

template <class Query>
void queries(const std::string &out, const char *job, Query &query, const Roads &roads) {
    Numbers answer(LARGE);
    timed(
        job, RUNS,
        [&] {
            for (unsigned i = 0; i < LARGE; ++i) {
                query.reset().add_source(roads.node[i]).add_target(roads.node[LARGE + i]).run();
                answer[i] = query.get_distance();
            }
        },
        LARGE);
    keep(out + "/" + job + ".u32", answer);
}

void paths(CustomizableContractionHierarchyQuery &query, const Roads &roads) {
    size_t arcs = 0;
    timed(
        "path", RUNS,
        [&] {
            for (unsigned i = 0; i < LARGE; ++i) {
                query.reset().add_source(roads.node[i]).add_target(roads.node[LARGE + i]).run();
                if (query.get_distance() < inf_weight) arcs += query.get_arc_path().size();
            }
        },
        LARGE);
    if (arcs == 0) std::fprintf(stderr, "peer_routingkit: no path has an arc\n");
}

// The arcs under water close, and open again outside the clock.
void flood(const std::string &out, const CustomizableContractionHierarchy &cch, Roads &roads,
           CustomizableContractionHierarchyMetric &metric) {
    const Numbers                                        open = roads.weight;
    CustomizableContractionHierarchyPartialCustomization part(cch);
    std::vector<double>                                  change, all;
    Numbers                                              answer(SOURCES * TARGETS);
    for (int run = 0; run < RUNS; ++run) {
        const double start = now_ms();
        part.reset();
        for (unsigned row : roads.closed) {
            roads.weight[row] = CLOSED;
            part.update_arc(row);
        }
        part.customize(metric);
        change.push_back(now_ms() - start);
        CustomizableContractionHierarchyQuery query(metric);
        table(query, roads, SOURCES, TARGETS, answer);
        all.push_back(now_ms() - start);
        part.reset();
        for (unsigned row : roads.closed) {
            roads.weight[row] = open[row];
            part.update_arc(row);
        }
        part.customize(metric);
    }
    print_row("flood", change);
    print_row("flood_table", all);
    keep(out + "/flood_table.u32", answer);
}

void customizable(const std::string &out, Roads &roads) {
    Numbers order;
    timed("order_alone", 1, [&] {
        order = compute_nested_node_dissection_order_using_inertial_flow(
            roads.node_count(), roads.tail, roads.head, roads.lat, roads.lon);
    });
    CustomizableContractionHierarchy cch;
    timed("topology", 1,
          [&] { cch = CustomizableContractionHierarchy(order, roads.tail, roads.head); });
    CustomizableContractionHierarchyMetric metric(cch, roads.weight);
    timed("customize", RUNS, [&] { metric.reset(roads.weight).customize(); });
    CustomizableContractionHierarchyParallelization parallel(cch);
    timed("customize_2", RUNS, [&] { parallel.customize(metric.reset(roads.weight), 2); });
    CustomizableContractionHierarchyQuery query(metric);
    queries(out, "query", query, roads);
    paths(query, roads);
    tables(out, "", query, roads);
    flood(out, cch, roads, metric);
}

void contraction(const std::string &out, const Roads &roads) {
    ContractionHierarchy ch;
    timed("ch_build", 1, [&] {
        ch = ContractionHierarchy::build(roads.node_count(), roads.tail, roads.head, roads.weight);
    });
    ContractionHierarchyQuery query(ch);
    queries(out, "ch_query", query, roads);
    tables(out, "ch_", query, roads);
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: peer_routingkit GRAPH_FOLDER OUT_FOLDER\n");
        return 2;
    }
    Roads roads(argv[1]);
    customizable(argv[2], roads);
    if (roads.node_count() <= CH_LIMIT) contraction(argv[2], roads);
    return 0;
}
