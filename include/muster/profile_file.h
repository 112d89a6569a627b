/** @file muster/profile_file.h
 *  Profiles from a JSON file, as docs/profiles.md describes it and docs/profiles.schema.json
 *  defines it. Part of libmuster_gis. */
#ifndef MUSTER_PROFILE_FILE_H
#define MUSTER_PROFILE_FILE_H

#include <muster/profile.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A set of profiles, each with a name of its own: those of a file, and the built-in ones that the
 *  file does not replace by its own of the same name. Read-only; any number of threads may use it. */
typedef struct muster_profiles muster_profiles;

/** Read a file. It is strict: a key or a name that is not known, a wrong type, a number out of range
 *  or a name that comes twice is refused.
 *  @param out   receives the set, yours: muster_profiles_free
 *  @param path  NULL: no file, so the built-in profiles alone
 *  @return MUSTER_E_IO (no such file), MUSTER_E_FORMAT (no JSON; with line and column),
 *          MUSTER_E_INVALID naming file, profile, field, value and what was expected,
 *          MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_profiles_read(muster_profiles **out, const char *path);
MUSTER_API void          muster_profiles_free(muster_profiles *profiles);

/** All of them, the file's first, in its order. They, and their names, live as long as the set.
 *  @param profiles        the set
 *  @param out_count       receives how many there are
 *  @param out_file_count  how many are the file's; may be NULL */
MUSTER_API const muster_profile *muster_profiles_list(const muster_profiles *profiles,
                                                      uint32_t              *out_count,
                                                      uint32_t              *out_file_count);

/** The profile of a name. It lives as long as the set.
 *  @return MUSTER_E_INVALID where there is none; the message lists the names there are. */
MUSTER_API muster_status muster_profiles_find(const muster_profile **out,
                                              const muster_profiles *profiles, const char *name);

/** Profiles as the text of such a file, without `extends`. What muster_profiles_read makes of it are
 *  the same profiles, bit for bit. Fields that have their default are left out.
 *  @param out      give it to muster_profiles_text_free
 *  @param count    how many profiles
 *  @param profile  [count]
 *  @return MUSTER_E_INVALID for a profile that no file can hold (muster_profile_check, a name that is
 *          not UTF-8 or repeated), MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_profiles_text(char **out, uint32_t count,
                                              const muster_profile *profile);
MUSTER_API void          muster_profiles_text_free(char *text);

#ifdef __cplusplus
}
#endif
#endif
