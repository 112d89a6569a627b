/* The terms are those of the report (results_report/zh.json). */
#include "cli/words.h"

const char *words_severity(muster_language language, muster_severity severity) {
    static const char *const CHINESE[MUSTER_SEVERITY_COUNT] = {"一般", "较重", "严重", "特别严重"};
    return language == MUSTER_CHINESE ? CHINESE[severity] : muster_severity_name(severity);
}

const char *words_resource(muster_language language, muster_resource resource) {
    static const char *const CHINESE[MUSTER_RESOURCE_COUNT] = {"人员", "车辆", "机械", "物资"};
    return language == MUSTER_CHINESE ? CHINESE[resource] : muster_resource_name(resource);
}
