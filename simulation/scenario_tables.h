/* The tables of a scenario file, each read by a file of its own. */
#ifndef MU_SIMULATION_SCENARIO_TABLES_H
#define MU_SIMULATION_SCENARIO_TABLES_H

#include "simulation/scenario_file.h"

/* What a minute and an hour have of milliseconds, as keys have them. */
#define MU_SECOND_MS 1000.0
#define MU_MINUTE_MS 60000.0
#define MU_HOUR_MS   3600000.0

/* Longest that anything lasts in a scenario, in minutes and hours: 31 days. */
#define MU_MINUTES_MOST 44640.0
#define MU_HOURS_MOST   744.0

/* A distribution of times, in milliseconds, of a key in minutes or seconds. */
muster_status mu_table_times(mu_table *table, const char *key, bool needed, double unit_ms,
                             double least, double most, mu_distribution *out);
/* Pairs of longitude and latitude; `least` of them or more. */
muster_status mu_table_points(mu_table *table, const char *key, bool needed, uint32_t least,
                              mu_ring *out);
/* A ring that encloses something. */
muster_status mu_table_polygon(mu_table *table, const char *key, bool needed, mu_ring *out);
/* lon_deg and lat_deg. *out_is_there: they are; both or none. */
muster_status mu_table_place(mu_table *table, bool needed, bool *out_is_there, double *out_lon_deg,
                             double *out_lat_deg);
/* A file that is named in the scenario file, from whose folder it is looked for. */
muster_status mu_table_file(mu_table *table, const char *key, bool needed, const char **out);
/* The item of a list that is a table, to be read. */
muster_status mu_table_item(const mu_table *table, const char *key, const mu_toml *list,
                            uint32_t index, mu_table *out);

muster_status mu_read_when(mu_table *table, const char *key, const muster_scenario_file *file,
                           mu_when *out);
muster_status mu_read_where(mu_table *table, const char *key, mu_where *out);
/* resource, kind and unit, of the first `resource_count` resources. */
muster_status mu_read_unit_choice(mu_table *table, unsigned resource_count, mu_unit_choice *out);

muster_status mu_read_calls(mu_table *root, muster_scenario_file *file, const char *language);
muster_status mu_read_hazards(mu_table *root, muster_scenario_file *file, const char *language);
muster_status mu_read_failures(mu_table *root, muster_scenario_file *file);
muster_status mu_read_call_ups(mu_table *root, muster_scenario_file *file);
muster_status mu_read_earthquakes(mu_table *root, muster_scenario_file *file);
muster_status mu_read_policies(mu_table *root, muster_scenario_file *file);
/* What tables say of each other: codes come once, hazards that calls name are there. */
muster_status mu_check_references(const mu_table *root, const muster_scenario_file *file);

#endif
