/* What people are told of severities and resources, in their language; in English as the library names
 * them. */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

#include <muster/language.h>
#include <muster/problem.h>

const char *words_severity(muster_language language, muster_severity severity);
const char *words_resource(muster_language language, muster_resource resource);

#endif
