/** @file muster/closure.h
 *  Roads that are closed or slow today: a new metric from an existing one and changes. */
#ifndef MUSTER_CLOSURE_H
#define MUSTER_CLOSURE_H

#include <muster/metric.h>

#ifdef __cplusplus
extern "C" {
#endif

/** An arc and its new travel time. MUSTER_UNREACHABLE_MS closes it; the time it has in another
 *  metric (muster_metric_duration_ms) restores it. */
typedef struct muster_arc_change {
    uint32_t arc;
    uint32_t duration_ms;
} muster_arc_change;

/** A metric that is like @p base but for some arcs. The base is not touched: it may be searched
 *  meanwhile, be freed before or after, and be the base of any number of what-ifs. Of several
 *  changes of one arc the last counts. The result is the same, bit for bit, whatever sequence of
 *  changes led to the same durations.
 *  On a network with a hierarchy only those shortcuts are worked out again that the changes can
 *  reach (Dibbelt, Strasser and Wagner, JEA 2016, section 6.3): the rest is copied, 16 bytes a
 *  shortcut. Where over a quarter of all arcs change, it is a customization from the start.
 *  @return MUSTER_E_INVALID naming the change (an arc that is not there, a time over
 *          MUSTER_UNREACHABLE_MS, opening an arc that has no access bit at all, or one to a metric
 *          that flies), MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_metric_change(muster_metric **out, const muster_metric *base,
                                              uint32_t                 change_count,
                                              const muster_arc_change *change);

/* ---- which arcs? ---------------------------------------------------------------------- */

/** An area: one or more rings, even-odd, so that a ring in a ring is a hole. A ring need not
 *  repeat its first point, and may cross itself. What reaches over the meridian of 180 degrees is
 *  to be cut there; a side longer than half the way round is refused, but for those of a box from
 *  -180 to 180. */
typedef struct muster_polygon {
    uint32_t        ring_count;  /**< 1 or more. */
    const uint32_t *first_point; /**< [ring_count + 1] Each ring has 3 points or more. */
    const double   *lon_deg;
    const double   *lat_deg;
} muster_polygon;

/** What is closed and slow, collected from a list, lines and areas. Of several reasons why an arc
 *  is slow the slowest counts, so their order does not matter; a boat is slow in water, but never
 *  slower than what is closed. One thread at a time. */
typedef struct muster_closure muster_closure;

/** Nothing is closed yet. @p base must outlive the closure. O(arcs). */
MUSTER_API muster_status muster_closure_new(muster_closure **out, const muster_metric *base);
MUSTER_API void          muster_closure_free(muster_closure *closure);

/** Put down to @p cause what is closed from now on: any number of the caller's, 0 at first. All
 *  calls of one cause are lifted and named together; see muster/explain.h. */
MUSTER_API void muster_closure_set_cause(muster_closure *closure, uint32_t cause);

/** Which edges lie in which areas, as they have been found, so that closures of other profiles and other
 *  moments need not look again. An area is known by its points, each to the last bit, and what has not been
 *  asked for longest is forgotten. Any number of threads at a time. */
typedef struct muster_area_memory muster_area_memory;

/** Nothing is known yet. @p network must outlive the memory. Up to @p most_bytes are remembered: an edge takes
 *  4 bytes for each area that it is in, a point 16.
 *  @return MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_area_memory_new(muster_area_memory  **out,
                                                const muster_network *network, size_t most_bytes);
/** No closure has it any more. NULL is welcome. */
MUSTER_API void muster_area_memory_free(muster_area_memory *memory);

/** From now on, look in @p memory for areas (muster_closure_flood, muster_closure_slow) before looking on the
 *  map, and remember there what is found: what comes of it is the same. NULL: as before. It must outlive the
 *  closure. @return MUSTER_E_INVALID for a memory of another network. */
MUSTER_API muster_status muster_closure_set_memory(muster_closure     *closure,
                                                   muster_area_memory *memory);

/* Each of the following fails as a whole, MUSTER_E_NOMEM included, or not at all. */

/** Close edges, both ways. @return MUSTER_E_INVALID for an edge that is not there. */
MUSTER_API muster_status muster_closure_edges(muster_closure *closure, uint32_t edge_count,
                                              const uint32_t *edge);

/** The same by their ids (muster_network_data). O(log edges) each where the network's ids rise, as those
 *  of muster_network_load do, else O(edges). @return MUSTER_E_INVALID for an id that no edge has. */
MUSTER_API muster_status muster_closure_edge_ids(muster_closure *closure, uint32_t edge_count,
                                                 const int64_t *edge_id);

/** Close what a line crosses or touches, bridges and tunnels as well: a landslide, a cordon.
 *  O(pieces * (log edges + edges near each)).
 *  @return MUSTER_E_INVALID for fewer than two points, a coordinate off the globe, or a piece
 *          longer than half the way round it. */
MUSTER_API muster_status muster_closure_line(muster_closure *closure, uint32_t point_count,
                                             const double *lon_deg, const double *lat_deg);

/** Close the road nearest to each place, both ways: of all that somebody may use, whatever the profile,
 *  so that one place closes the same road to everybody. Distances are those of muster_snap_sites; ties
 *  go to the smaller edge. O(log edges) a place in practice.
 *  @return MUSTER_E_INVALID naming the place: a coordinate off the globe, or no road within 5 km. */
MUSTER_API muster_status muster_closure_points(muster_closure *closure, uint32_t point_count,
                                               const double *lon_deg, const double *lat_deg);

/** Put an area under water: what lies in it, wholly or in part, is closed where @p depth_m is more
 *  than the profile's wading_depth_m. In shallower water the speed is multiplied by
 *  (1 - depth / wading depth)^2, but by no less than 0.025: the curve of Pregnolato, Ford,
 *  Wilkinson and Dawson ("The impact of flooding on road transport", Transportation Research D,
 *  2017), which falls from full speed to walking pace at 0.3 m, stretched to the wading depth.
 *  Spared are edges that are a bridge or a tunnel (muster_edge_flag), or lie on a layer above 0.
 *
 *  A profile whose water is BLOCKED wades no depth. One that is FLOAT goes on by boat where
 *  @p depth_m is boat_depth_m or more: at boat_speed_kmh, both ways whatever signs say, or through
 *  water that it can wade on wheels where that is faster. So a flood also opens: edges that lie in
 *  the area from end to end, and that some access bit of either way makes part of the network (a
 *  one-way motorway has no way back to be opened). Where a road that may not be driven is dry in
 *  part it stays closed. Between wheels and boat no time passes: who floats takes the vehicle along.
 *  Water too deep to wade and too shallow for the boats closes. What an earlier change has closed in
 *  the base counts as a road that may not be driven: collect all that holds at once in one closure.
 *  @param closure  what is collected
 *  @param area     where the water is; only read
 *  @param depth_m  0 or more; INFINITY closes to whoever does not float
 *  @return MUSTER_E_INVALID naming the ring or the point, or for a negative depth or NaN.
 *  O(edges in it + edges along its sides * points of an edge * log points of the polygon) in practice. */
MUSTER_API muster_status muster_closure_flood(muster_closure *closure, const muster_polygon *area,
                                              double depth_m);

/** Slow roads down.
 *  @param closure       what is collected
 *  @param area          where; NULL: everywhere
 *  @param class_bits    which: `1u << muster_road_class`, or'ed; 0: all
 *  @param speed_factor  times the speed; 0 to 1, where 0 closes */
MUSTER_API muster_status muster_closure_slow(muster_closure *closure, const muster_polygon *area,
                                             uint32_t class_bits, double speed_factor);

/** The same for edges of a list, those that a line crosses or touches, or the road nearest to each place,
 *  both ways: the convoy on the bridge, the road works. @return as muster_closure_edges,
 *  muster_closure_line, muster_closure_points; MUSTER_E_INVALID for a factor out of range. */
MUSTER_API muster_status muster_closure_slow_edges(muster_closure *closure, uint32_t edge_count,
                                                   const uint32_t *edge, double speed_factor);
MUSTER_API muster_status muster_closure_slow_line(muster_closure *closure, uint32_t point_count,
                                                  const double *lon_deg, const double *lat_deg,
                                                  double speed_factor);
MUSTER_API muster_status muster_closure_slow_points(muster_closure *closure, uint32_t point_count,
                                                    const double *lon_deg, const double *lat_deg,
                                                    double speed_factor);

/** What has come together, for muster_metric_change: each arc once, none as in the base. It
 *  belongs to the closure and holds until the next change of it. */
MUSTER_API const muster_arc_change *muster_closure_changes(const muster_closure *closure,
                                                           uint32_t             *out_count);
/** Bridges and tunnels that the base may use and that a flood would have hit, each once. */
MUSTER_API const uint32_t *muster_closure_spared(const muster_closure *closure,
                                                 uint32_t             *out_count);

/* ---- from one moment to the next --------------------------------------------------------- */

/** A closure that only notes what it is told, for muster_closure_since: of each call which edges it concerns and what
 *  it makes of them. There is one for each thing that closes roads, a hazard or a closed road, and it serves as long
 *  as that lasts. Changes, spared edges and causes are not known of it. What is found in a memory
 *  (muster_closure_set_memory) is kept there until the closure is freed; of all else it has a copy, 4 bytes an edge.
 *  Once it has been told all, any number of threads may read it.
 *  @param out   the closure
 *  @param base  must outlive it
 *  @return MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_closure_new_noted(muster_closure **out, const muster_metric *base);

/** The arcs whose time has changed, where some of what closed and slowed roads has gone and other has come: the
 *  same as of one closure that all of it had been collected in, but what has stayed is looked at only where
 *  something has come or gone. A closure that has gone and one that has come may do the same to nearly the same
 *  edges, as a storm that moves on does: then only where they differ is looked at.
 *  @param out         [2 * edge_count of the network] the changes, by arc, for muster_metric_change on @p before
 *  @param out_count   how many there are; 0: @p before is what holds now
 *  @param base        that of all closures: the roads with nothing closed
 *  @param before      what the closures that have gone and those that have stayed made of @p base
 *  @param gone_count  how many have gone
 *  @param gone        they; each is noted, once
 *  @param now_count   how many hold now
 *  @param now         they, those that have stayed first; each is noted, once
 *  @param come_count  how many of those, the last, have come since; with @p base as @p before, all of them
 *  @return MUSTER_E_INVALID naming a closure that is not noted or has another base, a metric of another network, or
 *          more that have come than there are; MUSTER_E_NOMEM.
 *  O(edges of what has come and gone + where those are, edges of what holds now + edges / 64). */
MUSTER_API muster_status muster_closure_since(muster_arc_change *out, uint32_t *out_count,
                                              const muster_metric *base,
                                              const muster_metric *before, uint32_t gone_count,
                                              const muster_closure *const *gone, uint32_t now_count,
                                              const muster_closure *const *now,
                                              uint32_t                     come_count);

#ifdef __cplusplus
}
#endif
#endif
