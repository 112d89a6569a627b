#define _GNU_SOURCE /* getloadavg */
#include "cli/bench_machine.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <muster/api.h>

enum { NAME_BYTES = 80 };

bench_machine bench_machine_now(void) {
    bench_machine out;
    struct tm     utc;
    const time_t  now = time(NULL);
    if (getloadavg(&out.load, 1) != 1) out.load = -1;
    if (!gmtime_r(&now, &utc) || strftime(out.date, sizeof out.date, "%Y-%m-%d", &utc) == 0) {
        out.date[0] = 0;
    }
    return out;
}

/* "model name	: ..." of the first processor, where the system says it so. */
static void read_processor(char name[NAME_BYTES]) {
    char  line[256];
    FILE *file = fopen("/proc/cpuinfo", "r");
    (void)snprintf(name, NAME_BYTES, "a processor without a name");
    while (file && fgets(line, sizeof line, file)) {
        char *value = strchr(line, ':');
        if (strncmp(line, "model name", 10) != 0 || !value) continue;
        value += 1 + strspn(value + 1, " \t");
        value[strcspn(value, "\n")] = 0;
        (void)snprintf(name, NAME_BYTES, "%.*s", NAME_BYTES - 1, value);
        break;
    }
    if (file) (void)fclose(file);
}

void bench_machine_say(bench_table *table, const bench_machine *before,
                       const muster_scenario *scenario) {
    char                       processor[NAME_BYTES];
    const muster_network_data *v     = muster_network_view(muster_scenario_network(scenario));
    const muster_problem      *p     = muster_scenario_problem(scenario);
    const bench_machine        after = bench_machine_now();
    const double memory = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    read_processor(processor);
    bench_table_say(table, "%s: %s, %ld cores, %.0f GB; load %.1f before, %.1f after", before->date,
                    processor, sysconf(_SC_NPROCESSORS_ONLN), memory / 1e9, before->load,
                    after.load);
    bench_table_say(table, "muster %s, compiled by %s%s", muster_version(),
#ifdef __clang__
                    "", __VERSION__
#else
                    "gcc ", __VERSION__
#endif
    );
    bench_table_say(table,
                    "scenario %s: %u nodes, %u edges, %u teams, %u vehicles, %u pools of machines, "
                    "%u stocks, %u incidents",
                    muster_scenario_code(scenario), v->node_count, v->edge_count, p->team_count,
                    p->vehicle_count, p->machine_count, p->stock_count, p->incident_count);
}
