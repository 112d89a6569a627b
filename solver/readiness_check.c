/* What is wrong is said with its number, its value and what was expected. Weights are bounded so that
 * everything that can be lost adds up in 63 bits. */
#include "solver/readiness_check.h"

#include <string.h>

#include "solver/problem_row.h"

muster_status mu_readiness_check_options(const muster_readiness_options *options) {
    if (options->struct_size < sizeof *options) {
        return muster_fail(MUSTER_E_INVALID,
                           "muster_readiness_options.struct_size is %zu; expected %zu: start from "
                           "MUSTER_READINESS_OPTIONS_INIT",
                           options->struct_size, sizeof *options);
    }
    if (options->horizon_ms >= 2 && options->horizon_ms < MUSTER_UNREACHABLE_MS) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "horizon_ms is %u; expected 2 to %u", options->horizon_ms,
                       MUSTER_UNREACHABLE_MS - 1);
}

muster_status mu_readiness_check_places(uint32_t count, const muster_readiness_place *places,
                                        uint32_t standard_count, uint32_t horizon_ms) {
    int64_t room = standard_count == 0 ? INT64_MAX : INT64_MAX / horizon_ms / standard_count;
    if (count == MUSTER_NONE || (count > 0 && !places)) {
        return muster_fail(MUSTER_E_INVALID, "%u places but no array of them", count);
    }
    for (uint32_t i = 0; i < count; ++i) {
        const mu_row row = {"place", i, places[i].code};
        MU_TRY(mu_check_code(row));
        MU_TRY(mu_check_site(row, places[i].site));
        MU_TRY(mu_check_quantity(row, "weight", places[i].weight, 0, MUSTER_MAX_QUANTITY));
        if (places[i].weight > room) {
            return muster_fail(MUSTER_E_INVALID,
                               "the weights of places 0 to %u times the horizon of %u ms times %u "
                               "standards are more than 2^63; expected smaller weights",
                               i, horizon_ms, standard_count);
        }
        room -= places[i].weight;
    }
    return MUSTER_OK;
}

static muster_status check_standard(const muster_problem *problem, uint32_t index,
                                    const muster_readiness_standard *s, uint32_t horizon_ms) {
    if (s->kind >= problem->kind_count) {
        return muster_fail(MUSTER_E_INVALID,
                           "standard %u is about kind %u, but the problem has %u kinds", index,
                           s->kind, problem->kind_count);
    }
    const mu_row row = {"standard", index, problem->kind[s->kind].code};
    if (s->within_ms < 1 || s->within_ms >= horizon_ms) {
        return muster_fail(MUSTER_E_INVALID,
                           MU_ROW_FORMAT " has within_ms %u; expected 1 to %u, before the horizon",
                           MU_ROW_ARGS(row), s->within_ms, horizon_ms - 1);
    }
    MU_TRY(mu_check_quantity(row, "quantity", s->quantity, 0, MUSTER_MAX_QUANTITY));
    if (s->unit_count > 0 || s->quantity > 0) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       MU_ROW_FORMAT " asks for no units and no quantity; expected one of them",
                       MU_ROW_ARGS(row));
}

muster_status mu_readiness_check_standards(const muster_problem *problem, uint32_t count,
                                           const muster_readiness_standard *standards,
                                           uint32_t                         horizon_ms) {
    if (count == 0 || !standards) {
        return muster_fail(MUSTER_E_INVALID, "there are no standards; expected one or more");
    }
    for (uint32_t s = 0; s < count; ++s) {
        MU_TRY(check_standard(problem, s, &standards[s], horizon_ms));
    }
    return MUSTER_OK;
}

/* ---- changes ------------------------------------------------------------------------------ */

static muster_status check_kinds(const muster_problem *base, const muster_problem *other) {
    if (other->kind_count != base->kind_count) {
        return muster_fail(MUSTER_E_INVALID, "the other problem has %u kinds; expected %u",
                           other->kind_count, base->kind_count);
    }
    for (uint32_t k = 0; k < base->kind_count; ++k) {
        if (strcmp(base->kind[k].code, other->kind[k].code) == 0 &&
            base->kind[k].resource == other->kind[k].resource) {
            continue;
        }
        return muster_fail(MUSTER_E_INVALID,
                           "kind %u of the other problem is \"%s\"; expected \"%s\", as before", k,
                           other->kind[k].code, base->kind[k].code);
    }
    return MUSTER_OK;
}

static muster_status check_problem(const muster_problem *base, const muster_problem *other) {
    MU_TRY(muster_problem_check(other));
    if (other->metric_count != base->metric_count) {
        return muster_fail(MUSTER_E_INVALID, "the other problem has %u metrics; expected %u",
                           other->metric_count, base->metric_count);
    }
    for (uint32_t m = 0; m < base->metric_count; ++m) {
        if (muster_metric_network(other->metric[m]) == muster_metric_network(base->metric[m]) &&
            muster_metric_flies(other->metric[m]) == muster_metric_flies(base->metric[m])) {
            continue;
        }
        return muster_fail(MUSTER_E_INVALID,
                           "metric %u of the other problem is of another network, or flies where "
                           "the base does not; expected one like the base's",
                           m);
    }
    return check_kinds(base, other);
}

static muster_status check_gone(const muster_problem *problem, uint32_t i,
                                const muster_gone *gone) {
    if (gone->resource >= MUSTER_RESOURCE_COUNT) {
        return muster_fail(MUSTER_E_INVALID, "gone %u is of resource %u; expected 0 to %d", i,
                           gone->resource, MUSTER_RESOURCE_COUNT - 1);
    }
    const uint32_t count = muster_problem_unit_count(problem, (muster_resource)gone->resource);
    if (gone->index >= count) {
        return muster_fail(MUSTER_E_INVALID, "gone %u is %s %u, but there are %u", i,
                           muster_resource_name((muster_resource)gone->resource), gone->index,
                           count);
    }
    if (gone->quantity >= 0) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "gone %u has quantity %lld; expected 0 or more", i,
                       (long long)gone->quantity);
}

muster_status mu_readiness_check_change(const muster_readiness *base,
                                        const muster_what_if   *change) {
    const muster_problem *problem = change->problem ? change->problem : base->problem;
    if (change->problem) MU_TRY(check_problem(base->problem, change->problem));
    if (change->edge_count > 0 && problem->metric_count == 0) {
        return muster_fail(MUSTER_E_INVALID, "%u edges are closed, but there is no metric",
                           change->edge_count);
    }
    for (uint32_t i = 0; i < change->edge_count; ++i) {
        const muster_network *network = muster_metric_network(problem->metric[0]);
        const uint32_t        edges   = muster_network_view(network)->edge_count;
        if (change->edge[i] < edges) continue;
        return muster_fail(MUSTER_E_INVALID, "closed edge %u is %u, but the network has %u edges",
                           i, change->edge[i], edges);
    }
    for (uint32_t i = 0; i < change->gone_count; ++i) {
        MU_TRY(check_gone(problem, i, &change->gone[i]));
    }
    return MUSTER_OK;
}
