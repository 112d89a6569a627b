/* New units are one class that may come to each place with room; which places need not be looked at,
 * because another serves everybody as well, is found out here. Free units that stand at one place and may
 * move to the same others are a class: to know how many of them go where is enough. */
#include "solver/siting_classes.h"

#include <string.h>

#include "core/alloc.h"
#include "solver/siting_table.h"

/* ---- new units --------------------------------------------------------------------------- */

/* Does place a serve everybody as well as b? Of two that are equal, the first does. */
static bool dominates(const muster_siting_problem *p, const uint32_t *nearest, uint32_t a,
                      uint32_t b) {
    bool is_equal = true;
    for (uint32_t j = 0; j < p->demand_count; ++j) {
        if (mu_siting_weight(p, j) == 0) continue;
        const uint32_t of_a = mu_siting_time(p, a, j), of_b = mu_siting_time(p, b, j);
        const uint32_t at_most = nearest ? nearest[j] : MUSTER_UNREACHABLE_MS;
        if (of_a > of_b && of_b < at_most) return false;
        is_equal &= of_a == of_b;
    }
    return !is_equal || a < b;
}

/* How well existing places serve each demand, where only the nearest counts. */
static muster_status find_nearest(const muster_siting_problem *p, uint32_t **out) {
    MU_TRY(mu_alloc(out, p->demand_count, sizeof **out));
    for (uint32_t j = 0; j < p->demand_count; ++j) {
        (*out)[j] = MUSTER_UNREACHABLE_MS;
        for (uint32_t i = 0; i < p->place_count; ++i) {
            if (mu_siting_existing(p, i) == 0) continue;
            const uint32_t time_ms = mu_siting_time(p, i, j);
            if (time_ms < (*out)[j]) (*out)[j] = time_ms;
        }
    }
    return MUSTER_OK;
}

/* Places that another can stand in for, with as much room as there are units, are crossed out. */
static muster_status cross_out(const muster_siting_problem *p, uint32_t most, uint32_t *room) {
    uint32_t *nearest = NULL;
    if (mu_siting_goal(p) != MUSTER_EXPECTED_COVER) MU_TRY(find_nearest(p, &nearest));
    for (uint32_t b = 0; b < p->place_count; ++b) {
        for (uint32_t a = 0; a < p->place_count && room[b] > 0; ++a) {
            if (a != b && room[a] >= most && dominates(p, nearest, a, b)) room[b] = 0;
        }
    }
    mu_free(nearest);
    return MUSTER_OK;
}

static muster_status list_places(mu_siting_model *m, const uint32_t *room) {
    MU_TRY(mu_alloc(&m->option, m->place_count, sizeof *m->option));
    for (uint32_t i = 0; i < m->place_count; ++i) {
        if (room[i] > 0) m->option[m->option_count++] = (mu_siting_option){i, 0, room[i]};
    }
    return MUSTER_OK;
}

/* Where a place is open or is not, those that are open already need not be opened. */
static muster_status add_new_units(mu_siting_model *m, const muster_siting_problem *p) {
    const bool     is_expected = p->model == MUSTER_EXPECTED_COVER;
    const uint32_t most        = is_expected ? p->count : 1;
    uint32_t      *room;
    MU_TRY(mu_alloc(&room, p->place_count, sizeof *room));
    for (uint32_t i = 0; i < p->place_count; ++i) {
        const bool is_open = !is_expected && mu_siting_existing(p, i) > 0;
        room[i]            = is_open ? 0 : mu_siting_room(p, i, most);
    }
    m->class_count       = 1;
    m->budget            = p->model == MUSTER_SET_COVER ? p->place_count : p->count;
    m->price             = p->model == MUSTER_SET_COVER;
    muster_status status = mu_alloc(&m->class_of, 1, sizeof *m->class_of);
    if (status == MUSTER_OK) {
        m->class_of[0] = (mu_siting_class){m->budget, MUSTER_NONE};
        status         = cross_out(p, most, room);
    }
    if (status == MUSTER_OK) status = list_places(m, room);
    mu_free(room);
    return status;
}

/* ---- moves ------------------------------------------------------------------------------- */

static bool can_move(const muster_siting_problem *p, uint32_t unit, uint32_t place) {
    const uint32_t time_ms = p->move_ms[(size_t)unit * p->place_count + place];
    return place != p->unit_place[unit] && time_ms < MUSTER_UNREACHABLE_MS &&
           time_ms <= p->move_limit_ms;
}

static bool are_alike(const muster_siting_problem *p, uint32_t a, uint32_t b) {
    if (p->unit_place[a] != p->unit_place[b]) return false;
    for (uint32_t i = 0; i < p->place_count; ++i) {
        if (can_move(p, a, i) != can_move(p, b, i)) return false;
    }
    return true;
}

/* Firsts of the same place are chained, so that a unit is compared with those alone. */
muster_status mu_siting_alike(const muster_siting_problem *p, uint32_t *first_alike) {
    uint32_t *head, *next;
    MU_TRY(mu_alloc(&head, p->place_count, sizeof *head));
    const muster_status status = mu_alloc(&next, p->unit_count, sizeof *next);
    if (status != MUSTER_OK) {
        mu_free(head);
        return status;
    }
    for (uint32_t i = 0; i < p->place_count; ++i) head[i] = MUSTER_NONE;
    for (uint32_t u = 0; u < p->unit_count; ++u) {
        uint32_t f = head[p->unit_place[u]];
        while (f != MUSTER_NONE && !are_alike(p, f, u)) f = next[f];
        first_alike[u] = f != MUSTER_NONE ? f : u;
        if (f != MUSTER_NONE) continue;
        next[u]                = head[p->unit_place[u]];
        head[p->unit_place[u]] = u;
    }
    mu_free(head);
    mu_free(next);
    return MUSTER_OK;
}

/* class_of_unit: of the first of each class. */
static void list_classes(mu_siting_model *m, const muster_siting_problem *p,
                         const uint32_t *first_alike, uint32_t *class_of_unit) {
    for (uint32_t u = 0; u < p->unit_count; ++u) {
        if (first_alike[u] == u) {
            class_of_unit[u]              = m->class_count;
            m->class_of[m->class_count++] = (mu_siting_class){0, p->unit_place[u]};
        }
        ++m->class_of[class_of_unit[first_alike[u]]].size;
    }
}

/* What a place holds of free units: its room, or those that stand there. */
static void fill_capacity(mu_siting_model *m, const muster_siting_problem *p) {
    for (uint32_t u = 0; u < p->unit_count; ++u) ++m->capacity[p->unit_place[u]];
    for (uint32_t i = 0; i < m->place_count; ++i) {
        const uint32_t room = mu_siting_room(p, i, p->unit_count);
        if (m->capacity[i] < room) m->capacity[i] = room;
    }
}

static muster_status list_moves(mu_siting_model *m, const muster_siting_problem *p,
                                const uint32_t *first_alike) {
    size_t capacity = 0;
    uint32_t class  = 0;
    for (uint32_t u = 0; u < p->unit_count; ++u) {
        if (first_alike[u] != u) continue;
        for (uint32_t i = 0; i < p->place_count; ++i) {
            if (!can_move(p, u, i) || mu_siting_room(p, i, 1) == 0) continue;
            uint32_t room = m->class_of[class].size;
            if (m->capacity[i] < room) room = m->capacity[i];
            if (m->budget < room) room = m->budget;
            if (room == 0) continue;
            MU_TRY(mu_grow(&m->option, &capacity, m->option_count, sizeof *m->option));
            m->option[m->option_count++] = (mu_siting_option){i, class, room};
        }
        ++class;
    }
    return MUSTER_OK;
}

static muster_status add_moves(mu_siting_model *m, const muster_siting_problem *p) {
    uint32_t     *first_alike, *class_of_unit = NULL;
    muster_status status = mu_alloc(&first_alike, p->unit_count, sizeof *first_alike);
    m->budget            = p->move_count < p->unit_count ? p->move_count : p->unit_count;
    if (status == MUSTER_OK) {
        status = mu_alloc(&class_of_unit, p->unit_count, sizeof *class_of_unit);
    }
    if (status == MUSTER_OK) {
        status = mu_alloc(&m->class_of, p->unit_count, sizeof *m->class_of);
    }
    if (status == MUSTER_OK) {
        status = mu_alloc_zeroed(&m->capacity, p->place_count, sizeof *m->capacity);
    }
    if (status == MUSTER_OK) status = mu_siting_alike(p, first_alike);
    if (status == MUSTER_OK) {
        list_classes(m, p, first_alike, class_of_unit);
        fill_capacity(m, p);
        status = list_moves(m, p, first_alike);
    }
    mu_free(first_alike);
    mu_free(class_of_unit);
    return status;
}

muster_status mu_siting_classes_init(mu_siting_model *m, const muster_siting_problem *p) {
    return p->model == MUSTER_MOVE_UP ? add_moves(m, p) : add_new_units(m, p);
}
