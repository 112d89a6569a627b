/* What `muster hazards` says: what the files hold, what of it holds at a moment, whom and which roads it
 * concerns, and what the signals call for. */
#ifndef CLI_HAZARDS_ANSWER_H
#define CLI_HAZARDS_ANSWER_H

#include <jansson.h>
#include <stdio.h>

#include "cli/hazard_files.h"
#include "cli/profile.h"

/* What one hazard does at the moment. */
typedef struct hazard_effect {
    uint32_t  closed_count, slowed_count, spared_count; /* edges */
    double    closed_m, slowed_m;
    uint32_t  inside_count;
    uint32_t *inside; /* [inside_count] in the named sites */
} hazard_effect;

typedef struct hazards_answer {
    const hazard_files   *files;
    const char           *at; /* as it was typed; NULL: no moment, and then none of what follows */
    int64_t               at_s;
    muster_hazards       *active;
    uint32_t              effect_count;
    hazard_effect        *effect;  /* by hazard of `active` */
    const char           *profile; /* NULL: roads are not looked at */
    muster_named_sites   *sites;   /* NULL: nor who is inside */
    const muster_signals *table;
    uint32_t              signal_count;
    uint32_t             *signal, *signal_info; /* in the table; the info block that is it */
    muster_readiness      readiness;
    const muster_alert_options *alert_options;
} hazards_answer;

/* Fill in signals and readiness: of all that stands, or, with a moment, of what holds then. Returns the
 * exit code. */
int hazards_answer_find_signals(hazards_answer *answer);
/* Fill in active hazards and effects. `loaded` may be NULL, so may `sites_path`, a GeoPackage. Returns
 * the exit code. */
int  hazards_answer_find_effects(hazards_answer *answer, const profile_network *loaded,
                                 const muster_profile *profile, const char *sites_path);
void hazards_answer_fini(hazards_answer *answer);

void    hazards_answer_print(const hazards_answer *answer, FILE *stream);
json_t *hazards_answer_json(const hazards_answer *answer); /* NULL: no memory */
/* What holds at the moment, or everything: a FeatureCollection; NULL: no memory. */
json_t *hazards_answer_geojson(const hazards_answer *answer);

#endif
