/* What tables say of each other. */
#include <string.h>

#include "session/code_index.h"
#include "simulation/scenario_tables.h"

/* The lists whose items are called by a code, which is the first member of each. */
typedef struct coded_list {
    const char *key;
    uint32_t    count;
    const void *first;
    size_t      size;
} coded_list;

enum { LISTS = 6, HAZARDS = 1 };

static const char *code_of(const coded_list *l, uint32_t index) {
    const char *code;
    memcpy(&code, (const char *)l->first + index * l->size, sizeof code);
    return code;
}

static muster_status item_of(const mu_table *root, const coded_list *l, uint32_t index,
                             mu_table *out) {
    const mu_toml *list = NULL;
    mu_table       at   = *root;
    MU_TRY(mu_table_list(&at, l->key, true, 1, &list));
    return mu_table_item(root, l->key, list, index, out);
}

/* Events, incidents, hazards and roads are called after them. */
static muster_status check_codes(const mu_table *root, const coded_list list[LISTS],
                                 mu_code_index *index) {
    for (unsigned l = 0; l < LISTS; ++l) {
        for (uint32_t i = 0; i < list[l].count; ++i) {
            mu_table t;
            if (mu_code_index_add(index, code_of(&list[l], i), 0, l)) continue;
            MU_TRY(item_of(root, &list[l], i, &t));
            return mu_table_refuse(
                &t, "code",
                "a code that no call, hazard, failure, earthquake or call-up before it has");
        }
    }
    return MUSTER_OK;
}

static muster_status check_hazard(const mu_table *root, const coded_list list[LISTS],
                                  const mu_code_index *index, unsigned l, uint32_t i,
                                  const char *hazard) {
    mu_table t;
    if (!hazard || mu_code_index_find(index, hazard, 0) == HAZARDS) return MUSTER_OK;
    MU_TRY(item_of(root, &list[l], i, &t));
    return mu_table_refuse_it(&t,
                              "names the hazard '%s', which is not there; expected the code of a "
                              "[[hazard]]",
                              hazard);
}

static muster_status check_hazards(const mu_table *root, const muster_scenario_file *f,
                                   const coded_list list[LISTS], const mu_code_index *index) {
    for (uint32_t i = 0; i < f->call_count; ++i) {
        MU_TRY(check_hazard(root, list, index, 0, i, f->call[i].when.hazard));
        MU_TRY(check_hazard(root, list, index, 0, i, f->call[i].where.hazard));
    }
    for (uint32_t i = 0; i < f->road_failure_count; ++i) {
        MU_TRY(check_hazard(root, list, index, 2, i, f->road_failure[i].when.hazard));
    }
    for (uint32_t i = 0; i < f->unit_failure_count; ++i) {
        MU_TRY(check_hazard(root, list, index, 3, i, f->unit_failure[i].when.hazard));
    }
    for (uint32_t i = 0; i < f->call_up_count; ++i) {
        MU_TRY(check_hazard(root, list, index, 5, i, f->call_up[i].when.hazard));
    }
    return MUSTER_OK;
}

muster_status mu_check_references(const mu_table *root, const muster_scenario_file *f) {
    const coded_list list[LISTS] = {
        {"call", f->call_count, f->call, sizeof *f->call},
        {"hazard", f->hazard_count, f->hazard, sizeof *f->hazard},
        {"road_failure", f->road_failure_count, f->road_failure, sizeof *f->road_failure},
        {"unit_failure", f->unit_failure_count, f->unit_failure, sizeof *f->unit_failure},
        {"earthquake", f->earthquake_count, f->earthquake, sizeof *f->earthquake},
        {"call_up", f->call_up_count, f->call_up, sizeof *f->call_up}};
    mu_code_index index;
    uint32_t      count = 0;
    for (unsigned l = 0; l < LISTS; ++l) count += list[l].count;
    MU_TRY(mu_code_index_init(&index, root->reading->arena, count));
    MU_TRY(check_codes(root, list, &index));
    return check_hazards(root, f, list, &index);
}
