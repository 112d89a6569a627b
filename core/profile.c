/* The built-in profiles, and what a profile must be.
 *
 * Class speeds of `light` are those at which ordinary traffic gets along where no limit is
 * signed, of the order that OSRM's and GraphHopper's car profiles use; `heavy` is a fire
 * engine or a loaded lorry; `emergency` a light vehicle with blue lights; `boat` a lorry of 7.5 t
 * with assault boats, which carry a crew in half a metre of water and keep to 12 km/h between
 * houses. A car floats or stalls in 0.3 m of water (Pregnolato et al. 2017, see closure.c);
 * lorries and raised vehicles wade deeper. Widths are those of the body, as signs mean them: 2.55 m
 * is the most that the European Union lets on its roads (directive 96/53/EC).
 *
 * Blue lights may turn where others must not, having all but stopped to be seen: 10 s, between the
 * 7.5 s that OSRM's car profile gives a sharp turn at the most and the 20 s that it gives turning
 * round. Turnouts of `emergency` and `heavy` are those that NFPA 1710 allows ambulances and fire
 * engines, 60 and 80 s. `helicopter` cruises at 220 km/h, as an EC135 does with a crew and
 * equipment on board, `drone` at 15 m/s, the cruise of a multicopter with a payload. */
#include <muster/profile.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/error.h"

#define LORRY_SPEEDS                                                                               \
    { 85, 40, 75, 40, 60, 35, 50, 30, 40, 25, 30, 25, 10, 10, 6, 25, 15 }

static const muster_profile BUILTIN[] = {
    {.struct_size         = sizeof(muster_profile),
     .name                = "light",
     .access              = MUSTER_ACCESS_LIGHT,
     .speed_kmh           = {110, 50, 90, 45, 70, 40, 60, 35, 50, 30, 40, 30, 15, 15, 12, 30, 15},
     .speed_factor        = 1.0,
     .max_speed_kmh       = 120,
     .height_m            = 2.5,
     .width_m             = 2.0,
     .weight_t            = 3.5,
     .turnout_ms          = 120000,
     .turn_ban_penalty_ms = MUSTER_UNREACHABLE_MS,
     .wading_depth_m      = 0.3},
    {.struct_size         = sizeof(muster_profile),
     .name                = "heavy",
     .access              = MUSTER_ACCESS_HEAVY,
     .speed_kmh           = LORRY_SPEEDS,
     .speed_factor        = 0.9,
     .max_speed_kmh       = 90,
     .height_m            = 3.8,
     .width_m             = 2.55,
     .weight_t            = 18,
     .turnout_ms          = 80000,
     .turn_ban_penalty_ms = MUSTER_UNREACHABLE_MS,
     .wading_depth_m      = 0.6},
    {.struct_size         = sizeof(muster_profile),
     .name                = "emergency",
     .access              = MUSTER_ACCESS_LIGHT | MUSTER_ACCESS_EMERGENCY,
     .contraflow_factor   = 2.0,
     .speed_kmh           = {120, 60, 105, 55, 90, 50, 75, 45, 65, 40, 50, 40, 20, 20, 15, 40, 15},
     .speed_factor        = 1.2,
     .max_speed_kmh       = 140,
     .height_m            = 2.9,
     .width_m             = 2.2,
     .weight_t            = 5,
     .turnout_ms          = 60000,
     .turn_ban_penalty_ms = 10000,
     .wading_depth_m      = 0.4},
    {.struct_size         = sizeof(muster_profile),
     .name                = "boat",
     .access              = MUSTER_ACCESS_HEAVY,
     .speed_kmh           = LORRY_SPEEDS,
     .speed_factor        = 0.9,
     .max_speed_kmh       = 90,
     .height_m            = 3.2,
     .width_m             = 2.55,
     .weight_t            = 7.5,
     .turnout_ms          = 300000,
     .turn_ban_penalty_ms = MUSTER_UNREACHABLE_MS,
     .water               = MUSTER_WATER_FLOAT,
     .wading_depth_m      = 0.6,
     .boat_speed_kmh      = 12,
     .boat_depth_m        = 0.5},
    {.struct_size         = sizeof(muster_profile),
     .name                = "helicopter",
     .speed_factor        = 1.0,
     .turnout_ms          = 600000,
     .turn_ban_penalty_ms = MUSTER_UNREACHABLE_MS,
     .flight_speed_kmh    = 220,
     .setup_ms            = 180000},
    {.struct_size         = sizeof(muster_profile),
     .name                = "drone",
     .speed_factor        = 1.0,
     .turnout_ms          = 120000,
     .turn_ban_penalty_ms = MUSTER_UNREACHABLE_MS,
     .flight_speed_kmh    = 54,
     .setup_ms            = 60000},
};

enum { BUILTIN_COUNT = sizeof BUILTIN / sizeof *BUILTIN };

muster_status muster_profile_builtin(muster_profile *out, const char *name) {
    char   names[128] = "";
    size_t used       = 0;
    for (int i = 0; i < BUILTIN_COUNT; ++i) {
        const char *joint = i == 0 ? "" : i + 1 < BUILTIN_COUNT ? ", " : " or ";
        if (strcmp(name, BUILTIN[i].name) == 0) {
            *out = BUILTIN[i];
            return MUSTER_OK;
        }
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", joint, BUILTIN[i].name);
    }
    return muster_fail(MUSTER_E_INVALID, "unknown profile \"%s\"; expected %s", name, names);
}

const muster_profile *muster_profile_builtins(uint32_t *out_count) {
    *out_count = BUILTIN_COUNT;
    return BUILTIN;
}

static const char *const WATER_NAME[MUSTER_WATER_COUNT] = {"wade", "blocked", "float"};

const char *muster_water_name(muster_water water) {
    return water < MUSTER_WATER_COUNT ? WATER_NAME[water] : NULL;
}

muster_water muster_water_from_name(const char *name) {
    int water = 0;
    while (water < MUSTER_WATER_COUNT && strcmp(name, WATER_NAME[water]) != 0) ++water;
    return (muster_water)water;
}

/* ---- checking ------------------------------------------------------------------------ */

static muster_status check_amount(const muster_profile *p, const char *field, double value) {
    if (isfinite(value) && value >= 0) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "profile \"%s\" has %s %g; expected 0 or more", p->name,
                       field, value);
}

static muster_status check_time(const muster_profile *p, const char *field, uint32_t value_ms,
                                uint32_t most_ms) {
    if (value_ms <= most_ms) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "profile \"%s\" has %s %u; expected 0 to %u", p->name,
                       field, value_ms, most_ms);
}

static muster_status check_kind(const muster_profile *p) {
    if (p->struct_size != sizeof *p) {
        return muster_fail(MUSTER_E_INVALID, "profile has struct_size %zu; expected %zu",
                           p->struct_size, sizeof *p);
    }
    if (!p->name) return muster_fail(MUSTER_E_INVALID, "profile has no name");
    if ((p->access & ~(unsigned)MUSTER_ACCESS_ALL) != 0) {
        return muster_fail(MUSTER_E_INVALID, "profile \"%s\" has access bits %u; expected 0 to %d",
                           p->name, p->access, MUSTER_ACCESS_ALL);
    }
    if (p->water < MUSTER_WATER_COUNT) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "profile \"%s\" has water %u; expected 0 to %d", p->name,
                       p->water, MUSTER_WATER_COUNT - 1);
}

static muster_status check_amounts(const muster_profile *p) {
    const struct {
        const char *field;
        double      value;
    } amount[] = {{"contraflow_factor", p->contraflow_factor},
                  {"speed_factor", p->speed_factor},
                  {"max_speed_kmh", p->max_speed_kmh},
                  {"height_m", p->height_m},
                  {"width_m", p->width_m},
                  {"weight_t", p->weight_t},
                  {"wading_depth_m", p->wading_depth_m},
                  {"boat_speed_kmh", p->boat_speed_kmh},
                  {"boat_depth_m", p->boat_depth_m},
                  {"flight_speed_kmh", p->flight_speed_kmh}};
    for (int c = 0; c < MUSTER_ROAD_CLASS_COUNT; ++c) {
        char field[64];
        snprintf(field, sizeof field, "speed_kmh.%s", muster_road_class_name((muster_road_class)c));
        MU_TRY(check_amount(p, field, p->speed_kmh[c]));
    }
    for (size_t i = 0; i < sizeof amount / sizeof *amount; ++i) {
        MU_TRY(check_amount(p, amount[i].field, amount[i].value));
    }
    return MUSTER_OK;
}

muster_status muster_profile_check(const muster_profile *p) {
    MU_TRY(check_kind(p));
    MU_TRY(check_amounts(p));
    MU_TRY(check_time(p, "turnout_ms", p->turnout_ms, MUSTER_UNREACHABLE_MS - 1));
    MU_TRY(check_time(p, "turn_ban_penalty_ms", p->turn_ban_penalty_ms, MUSTER_UNREACHABLE_MS));
    MU_TRY(check_time(p, "setup_ms", p->setup_ms, MUSTER_UNREACHABLE_MS - 1));
    if (!(p->speed_factor > 0)) {
        return muster_fail(MUSTER_E_INVALID,
                           "profile \"%s\" has speed_factor 0; expected more than 0", p->name);
    }
    if (p->water != MUSTER_WATER_FLOAT || p->boat_speed_kmh > 0) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "profile \"%s\" floats and has boat_speed_kmh 0; expected more than 0",
                       p->name);
}
