/* Any bytes as calls of a closure: lines, areas and lists with any numbers in them. What is refused
 * changes nothing; what is taken makes changes that a metric accepts, and that can be explained.
 *
 * A call is a byte that says which, a byte with the number of points, a double (a depth or a
 * factor), and the points as pairs of doubles; some areas have two rings. */
#include <muster/closure.h>
#include <muster/explain.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { SIDE = 5, NODES = SIDE * SIDE, MOST_POINTS = 255 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A grid about (120, 30), its middle row of bridges. */
static muster_network *make_network(void) {
    double              lon[NODES], lat[NODES], length_m[2 * NODES];
    uint32_t            source[2 * NODES], target[2 * NODES];
    uint8_t             flags[2 * NODES];
    muster_network     *network = NULL;
    muster_network_data data    = MUSTER_NETWORK_DATA_INIT;
    data.node_count = NODES, data.node_lon_deg = lon, data.node_lat_deg = lat;
    data.edge_source = source, data.edge_target = target, data.edge_length_m = length_m;
    data.edge_flags = flags;
    for (uint32_t v = 0; v < NODES; ++v) {
        lon[v] = 119.98 + 0.01 * (v % SIDE);
        lat[v] = 29.98 + 0.01 * (v / SIDE);
        for (uint32_t up = 0; up < 2; ++up) {
            if ((up ? v / SIDE : v % SIDE) == SIDE - 1) continue;
            source[data.edge_count]     = v;
            target[data.edge_count]     = up ? v + SIDE : v + 1;
            flags[data.edge_count]      = v / SIDE == SIDE / 2 ? MUSTER_EDGE_BRIDGE : 0;
            length_m[data.edge_count++] = 1000;
        }
    }
    if (muster_network_new(&network, &data) != MUSTER_OK) abort();
    return network;
}

typedef struct bytes {
    const uint8_t *at;
    size_t         left;
} bytes;

static void take(bytes *b, void *out, size_t size) {
    const size_t count = size < b->left ? size : b->left;
    memset(out, 0, size);
    memcpy(out, b->at, count);
    b->at += count;
    b->left -= count;
}

/* False where the call was refused. */
static bool call(muster_closure *closure, bytes *b) {
    uint8_t  kind, count;
    double   value, lon[MOST_POINTS], lat[MOST_POINTS];
    uint32_t first[3] = {0}, edge;
    take(b, &kind, 1);
    take(b, &count, 1);
    take(b, &value, sizeof value);
    for (uint32_t p = 0; p < count; ++p) {
        take(b, &lon[p], sizeof *lon);
        take(b, &lat[p], sizeof *lat);
    }
    const muster_polygon area = {kind / 8 % 3 == 2 ? 2 : 1, first, lon, lat};
    first[area.ring_count]    = count;
    if (area.ring_count == 2) first[1] = count / 2;
    muster_closure_set_cause(closure, kind / 64);
    switch (kind % 5) {
    case 0:
        return muster_closure_line(closure, count, lon, lat) == MUSTER_OK;
    case 1:
        return muster_closure_flood(closure, &area, value) == MUSTER_OK;
    case 2:
        return muster_closure_slow(closure, &area, count, value) == MUSTER_OK;
    case 3:
        return muster_closure_slow(closure, NULL, count, value) == MUSTER_OK;
    default:
        memcpy(&edge, &value, sizeof edge);
        return muster_closure_edges(closure, 1, &edge) == MUSTER_OK;
    }
}

static void call_and_check(muster_closure *closure, bytes *b) {
    uint32_t before, after;
    muster_closure_changes(closure, &before);
    const bool is_taken = call(closure, b);
    muster_closure_changes(closure, &after);
    assert(after >= before && (is_taken || after == before));
    assert(is_taken || muster_error_message()[0] != 0);
}

static void check_changes(const muster_metric *base, const muster_closure *closure) {
    uint32_t                 count;
    const muster_arc_change *change  = muster_closure_changes(closure, &count);
    muster_metric           *changed = NULL;
    assert(count <= 4 * NODES);
    for (uint32_t i = 0; i < count; ++i) {
        assert(change[i].duration_ms > muster_metric_duration_ms(base)[change[i].arc]);
    }
    if (muster_metric_change(&changed, base, count, change) != MUSTER_OK) abort();
    const uint32_t    *part = muster_metric_component(changed);
    const muster_snap  from = {0, 0, 0, 0, 0}, to = {NODES, 1, 0, 0, 0};
    muster_explainer  *explainer = NULL;
    muster_explanation why;
    if (muster_explainer_new(&explainer, closure) != MUSTER_OK) abort();
    if (muster_explainer_ask(explainer, &from, &to, &why) != MUSTER_OK) abort();
    const muster_network_data *v     = muster_network_view(muster_metric_network(base));
    const uint32_t             start = v->edge_source[0], end = v->edge_target[NODES];
    assert((why.cut == MUSTER_CUT_NOT) == (part[start] == part[end])); /* all is two-way */
    assert(why.cut != MUSTER_CUT_ALWAYS);
    assert((why.cause_count > 0) == (why.cut != MUSTER_CUT_NOT));
    muster_explainer_free(explainer);
    muster_metric_free(changed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const muster_network *network;
    static muster_metric        *metric;
    muster_profile               profile;
    muster_closure              *closure = NULL;
    bytes                        b       = {data, size};
    if (!network) {
        network = make_network();
        if (muster_profile_builtin(&profile, "light") != MUSTER_OK) abort();
        if (muster_metric_new(&metric, network, &profile) != MUSTER_OK) abort();
    }
    if (muster_closure_new(&closure, metric) != MUSTER_OK) abort();
    while (b.left > 0) call_and_check(closure, &b);
    check_changes(metric, closure);
    muster_closure_free(closure);
    return 0;
}
