#include <muster/language.h>

#include <string.h>

static const char *const NAME[MUSTER_LANGUAGE_COUNT] = {"en", "zh"};

const char *muster_language_name(muster_language language) {
    return (unsigned)language < MUSTER_LANGUAGE_COUNT ? NAME[language] : NULL;
}

muster_language muster_language_from_name(const char *name) {
    unsigned l = 0;
    while (l < MUSTER_LANGUAGE_COUNT && strcmp(name, NAME[l]) != 0) ++l;
    return (muster_language)l;
}
