/** @file muster/language.h
 *  In which language the library speaks to those who read what it explains. Failures are told in
 *  English alone (muster/error.h). */
#ifndef MUSTER_LANGUAGE_H
#define MUSTER_LANGUAGE_H

#include <muster/api.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum muster_language {
    MUSTER_ENGLISH,
    MUSTER_CHINESE, /**< In simplified characters. */
    MUSTER_LANGUAGE_COUNT
} muster_language;

/** "en", "zh"; NULL for a number outside the enum. */
MUSTER_API const char *muster_language_name(muster_language language);
/** Which one has that name; MUSTER_LANGUAGE_COUNT where none has. */
MUSTER_API muster_language muster_language_from_name(const char *name);

#ifdef __cplusplus
}
#endif
#endif
