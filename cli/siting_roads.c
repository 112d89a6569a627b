/* See siting_roads.h. */
#include "cli/siting_roads.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <muster/matrix.h>

#include "cli/command.h"

/* Points as the road engine wants them. */
typedef struct side {
    double       *lon_deg, *lat_deg;
    muster_snap  *snap;
    muster_leave *leave; /* NULL: nobody need leave */
} side;

static int fail_memory(void) {
    return command_fail(COMMAND_ENVIRONMENT, "out of memory");
}

static void side_fini(side *s) {
    free(s->lon_deg);
    free(s->lat_deg);
    free(s->snap);
    free(s->leave);
}

static int say_unsnapped(const siting_points *p, const muster_snap_outcome *outcome,
                         const char *what, const muster_metric *metric) {
    uint32_t count = 0, first = 0;
    for (uint32_t i = p->count; i-- > 0;) {
        if (outcome[i] == MUSTER_SNAPPED) continue;
        ++count;
        first = i;
    }
    if (count == 0) return COMMAND_DONE;
    return command_fail(COMMAND_DONE,
                        "%" PRIu32 " of %" PRIu32 " %s, \"%s\" first, lie more than 5 km from any "
                        "road that %s may use: no way leads there",
                        count, p->count, what, p->point[first].id,
                        muster_metric_profile_name(metric));
}

static int side_init(side *s, const siting_points *p, const char *what, const muster_metric *metric,
                     const muster_metric *before) {
    const size_t         room    = p->count + (size_t)1;
    muster_snap_outcome *outcome = malloc(room * sizeof *outcome);
    muster_snap_options  options = MUSTER_SNAP_OPTIONS_INIT;
    int                  code    = COMMAND_DONE;
    options.island_metric        = before;
    *s                           = (side){.lon_deg = malloc(room * sizeof *s->lon_deg),
                                          .lat_deg = malloc(room * sizeof *s->lat_deg),
                                          .snap    = malloc(room * sizeof *s->snap)};
    if (!outcome || !s->lon_deg || !s->lat_deg || !s->snap) code = fail_memory();
    for (uint32_t i = 0; i < p->count && code == COMMAND_DONE; ++i) {
        s->lon_deg[i] = p->point[i].site.lon_deg;
        s->lat_deg[i] = p->point[i].site.lat_deg;
    }
    if (code == COMMAND_DONE && muster_snap_each(metric, p->count, s->lon_deg, s->lat_deg, &options,
                                                 s->snap, outcome) != MUSTER_OK) {
        code = command_fail(COMMAND_ENVIRONMENT, "%s", muster_error_message());
    }
    if (code == COMMAND_DONE) code = say_unsnapped(p, outcome, what, metric);
    free(outcome);
    return code;
}

/* Those inside a hazard start where their way out ends; who has none reaches nothing. */
static int side_leave(side *s, const siting_points *p, const muster_metric *metric,
                      const closed_roads *closed) {
    if (!closed->has_hazards) return COMMAND_DONE;
    const size_t room   = p->count + (size_t)1;
    muster_snap *before = malloc(room * sizeof *before);
    s->leave            = malloc(room * sizeof *s->leave);
    int code = before && s->leave ? closed_roads_leave(closed, metric, p->count, s->lon_deg,
                                                       s->lat_deg, before, s->leave)
                                  : fail_memory();
    for (uint32_t i = 0; i < p->count && code == COMMAND_DONE; ++i) {
        if (before[i].edge == MUSTER_NONE) s->leave[i].outcome = MUSTER_LEAVE_NOT_NEEDED;
        if (s->leave[i].outcome != MUSTER_LEAVE_NOT_NEEDED) s->snap[i] = s->leave[i].place;
    }
    free(before);
    return code;
}

static void add_leaving(const muster_leave *leave, uint32_t count, uint32_t *row) {
    if (!leave || leave->outcome != MUSTER_LEAVE_BY_ROAD) return;
    for (uint32_t j = 0; j < count; ++j) {
        if (row[j] >= MUSTER_UNREACHABLE_MS) continue;
        const uint64_t sum = (uint64_t)row[j] + leave->duration_ms;
        row[j]             = sum < MUSTER_UNREACHABLE_MS ? (uint32_t)sum : MUSTER_UNREACHABLE_MS;
    }
}

static int make_table(uint32_t **out, const muster_metric *metric, uint32_t thread_count,
                      uint32_t from_count, const side *from, uint32_t to_count, const side *to) {
    *out = malloc(((size_t)from_count * to_count + 1) * sizeof **out);
    if (!*out) return fail_memory();
    const muster_status status =
        muster_matrix(metric, from_count, from->snap, to_count, to->snap, thread_count, *out, NULL);
    if (status != MUSTER_OK) return command_fail_status(status);
    for (uint32_t i = 0; i < from_count; ++i) {
        add_leaving(from->leave ? &from->leave[i] : NULL, to_count, *out + (size_t)i * to_count);
    }
    return COMMAND_DONE;
}

/* A row for each unit, from that of the place where it is. */
static int copy_moves(siting_answer *a, const uint32_t *between) {
    const uint32_t places = a->places.count, units = a->problem.unit_count;
    a->move_ms = malloc(((size_t)units * places + 1) * sizeof *a->move_ms);
    if (!a->move_ms) return fail_memory();
    for (uint32_t u = 0; u < units; ++u) {
        memcpy(a->move_ms + (size_t)u * places, between + (size_t)a->unit_place[u] * places,
               places * sizeof *between);
    }
    return COMMAND_DONE;
}

static int measure(siting_answer *a, const muster_metric *metric, const closed_roads *closed,
                   side *places, side *demand) {
    const uint32_t threads = a->options->thread_count;
    uint32_t      *between = NULL;
    int            code    = side_init(places, &a->places, "places", metric, closed->before);
    if (code == COMMAND_DONE) code = side_leave(places, &a->places, metric, closed);
    if (code == COMMAND_DONE) {
        code = side_init(demand, &a->demand, "demands", metric, closed->before);
    }
    if (code == COMMAND_DONE) {
        code = make_table(&a->travel_ms, metric, threads, a->places.count, places, a->demand.count,
                          demand);
    }
    if (code != COMMAND_DONE || a->options->model != MUSTER_MOVE_UP) return code;
    code = make_table(&between, metric, threads, a->places.count, places, a->places.count, places);
    if (code == COMMAND_DONE) code = copy_moves(a, between);
    free(between);
    return code;
}

int siting_roads_measure(siting_answer *a, const muster_metric *metric,
                         const closed_roads *closed) {
    side      places = {0}, demand = {0};
    const int code = measure(a, metric, closed, &places, &demand);
    side_fini(&places);
    side_fini(&demand);
    return code;
}
