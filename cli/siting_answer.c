/* See siting_answer.h. */
#include "cli/siting_answer.h"

#include <stdlib.h>
#include <string.h>

#include "cli/command.h"

bool siting_answer_is_found(const siting_answer *a) {
    return a->result->outcome == MUSTER_SITING_OPTIMAL ||
           a->result->outcome == MUSTER_SITING_FEASIBLE;
}

int64_t siting_answer_added(const siting_answer *a, uint32_t place) {
    int64_t before = a->existing[place];
    for (uint32_t u = 0; u < a->problem.unit_count; ++u) before += a->unit_place[u] == place;
    return (int64_t)a->result->unit_count[place] - before;
}

static siting_service service_of(const siting_answer *a, const uint32_t *travel_ms) {
    siting_service s   = {0};
    double         sum = 0;
    for (uint32_t j = 0; j < a->demand.count; ++j) {
        const int64_t weight = a->demand.point[j].weight;
        if (weight == 0) continue;
        s.weight += weight;
        s.unreached += travel_ms[j] >= MUSTER_UNREACHABLE_MS;
        if (travel_ms[j] >= MUSTER_UNREACHABLE_MS) continue;
        s.reached += weight;
        sum += (double)weight * travel_ms[j];
        if (travel_ms[j] <= a->options->within_ms) s.covered += weight;
        if (travel_ms[j] > s.longest_ms) s.longest_ms = travel_ms[j];
    }
    if (s.reached > 0) s.mean_ms = sum / (double)s.reached;
    return s;
}

static void take_nearer(const siting_answer *a, uint32_t place, uint32_t *nearest_ms) {
    const uint32_t *row = a->travel_ms + (size_t)place * a->demand.count;
    for (uint32_t j = 0; j < a->demand.count; ++j) {
        if (row[j] < nearest_ms[j]) nearest_ms[j] = row[j];
    }
}

int siting_answer_compare(siting_answer *a) {
    uint32_t *nearest_ms = malloc((a->demand.count + (size_t)1) * sizeof *nearest_ms);
    if (!nearest_ms) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    for (uint32_t j = 0; j < a->demand.count; ++j) nearest_ms[j] = MUSTER_UNREACHABLE_MS;
    for (uint32_t i = 0; i < a->places.count; ++i) {
        if (a->places.point[i].unit_count == 0) continue;
        a->has_before = true;
        take_nearer(a, i, nearest_ms);
    }
    a->before = service_of(a, nearest_ms);
    if (siting_answer_is_found(a)) a->after = service_of(a, a->result->travel_ms);
    free(nearest_ms);
    return COMMAND_DONE;
}

void siting_answer_free(siting_answer *a) {
    muster_siting_free(a->siting);
    free(a->travel_ms);
    free(a->move_ms);
    free(a->unit_place);
    free(a->existing);
    free(a->room);
    free(a->weight);
    free(a->left_out);
    siting_points_free(&a->demand);
    siting_points_free(&a->places);
}
