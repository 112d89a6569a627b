#include "solver/chinese.h"

#include <stdbool.h>

static bool is_named(const char *name) {
    return name && *name;
}

void mu_say_called(mu_sentence *sentence, const char *name, const char *code) {
    if (is_named(name)) {
        mu_say(sentence, "%s（%s）", name, code);
    } else {
        mu_say(sentence, "%s", code);
    }
}

void mu_say_called_and(mu_sentence *sentence, const char *name, const char *code) {
    if (is_named(name)) {
        mu_say(sentence, "%s（%s，", name, code);
    } else {
        mu_say(sentence, "%s（", code);
    }
}

const char *mu_chinese_kind(const char *name, const char *code) {
    return is_named(name) ? name : code;
}

const char *mu_chinese_measure(muster_resource resource) {
    static const char *const MEASURE[MUSTER_RESOURCE_COUNT] = {" 人", " 辆", " 台", " 件"};
    return MEASURE[resource];
}
