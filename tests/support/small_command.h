/* SQL by which the small scenario says everything that the command can: authorities, conditions of
 * units and incidents, a zone, rules of every type, weights. */
#ifndef TESTS_SUPPORT_SMALL_COMMAND_H
#define TESTS_SUPPORT_SMALL_COMMAND_H

#include "tests/support/small_scenario.h"

#define SMALL_HERE SMALL_BLOB_AT(SMALL_120_7, SMALL_30_5)

/* A village of a town of a county of the city, and a town elsewhere. */
static const char SMALL_COMMAND[] =
    "INSERT INTO place (code, name, level, parent_code, geom) VALUES "
    "('330400', 'City', 'city', NULL, " SMALL_HERE "),"
    "('330402', 'County', 'county', '330400', " SMALL_HERE "),"
    "('330402001', 'Town', 'town', '330402', " SMALL_HERE "),"
    "('330402001201', 'Village', 'village', '330402001', " SMALL_HERE ");"
    "UPDATE team SET place = '330402001', tier = 'county', grade = 2, ready_s = 60.5, "
    "shift_end_s = 7200, duty_s = 3600 WHERE code = 'T-1';"
    "UPDATE team SET place = '330402001', tier = 'social' WHERE code = 'T-3';"
    "UPDATE vehicle SET place = '330402001201', tier = 'city' WHERE code = 'V-1';"
    "UPDATE warehouse SET place = '330402', shift_end_s = 100 WHERE code = 'W-1';"
    "UPDATE incident SET place = '330402001201', deadline_at = '2026-07-01T01:40:00Z', "
    "on_scene_s = 1800, all_or_nothing = 1 WHERE code = 'I-2';"
    "UPDATE need SET grade = 3 WHERE kind = 'medical';"
    "UPDATE kind SET operator_kind = 'rescue', operator_count = 2 WHERE code = 'pump';"
    "INSERT INTO zone (code, kind, radius_s, required, weight, geom) VALUES "
    "('Z-1', 'ambulance', 900, 2, 5, " SMALL_HERE ");"
    "INSERT INTO rule (id, scenario, type, resource, code, kind, incident, quantity) VALUES "
    "(1, 'flood', 'lock', 'item', 'W-1', 'sandbag', 'I-1', 10),"
    "(2, 'flood', 'hold', 'vehicle', 'V-1', NULL, NULL, 0),"
    "(3, 'flood', 'en_route', 'people', 'T-1', NULL, 'I-2', 0),"
    "(4, 'flood', 'forbid', 'people', 'T-2', NULL, 'I-2', 0),"
    "(5, 'quake', 'hold', 'people', 'T-1', NULL, NULL, 0);"
    "INSERT INTO weight (key, value) VALUES ('severity_extreme', 20), ('lateness_step_s', 300), "
    "('lateness_penalty_s', 120), ('escalation_delay_2_s', 90), ('diversion_unmet_need', 7), "
    "('diversion_response_time', 8), ('reserve_before_response', 1);";

#endif
