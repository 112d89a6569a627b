/* What the columns of a row must be because of each other. */
#ifndef MU_GIS_SCHEMA_RULES_H
#define MU_GIS_SCHEMA_RULES_H

#include "gis/schema_tables.h"

mu_schema_rule mu_rule_turn_restriction, mu_rule_kind, mu_rule_incident, mu_rule_need, mu_rule_rule,
    mu_rule_closure, mu_rule_assignment, mu_rule_claim;

#endif
