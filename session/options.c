#include "session/options.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/new_file.h"
#include "gis/utf8.h"

enum { AUTHOR_MOST_BYTES = 200, CODE_MOST_BYTES = 200 };

static muster_status check_text(const char *name, const char *text, size_t most) {
    if (!text) return muster_fail(MUSTER_E_INVALID, "%s is NULL; expected a text", name);
    const size_t length = strlen(text);
    if (length > 0 && length <= most) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "%s has %zu bytes; expected 1 to %zu", name, length, most);
}

/* It stands in every record, where it has to be a line of UTF-8. */
static muster_status check_author(const char *author) {
    MU_TRY(check_text("author", author, AUTHOR_MOST_BYTES));
    bool has_control = false;
    for (const unsigned char *c = (const unsigned char *)author; *c != 0; ++c) {
        has_control = has_control || *c < 0x20 || *c == 0x7F;
    }
    if (!has_control && mu_is_utf8(author, strlen(author))) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "author is not UTF-8, or has a control character; expected UTF-8 without");
}

static muster_status check_gain(const char *name, int64_t gain) {
    if (gain >= 0) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "%s is %" PRId64 "; expected 0 or more", name, gain);
}

static muster_status check(const muster_session_options *o) {
    if (o->struct_size != sizeof *o) {
        return muster_fail(MUSTER_E_INVALID,
                           "struct_size is %zu; expected %zu, from MUSTER_SESSION_OPTIONS_INIT",
                           o->struct_size, sizeof *o);
    }
    MU_TRY(check_text("journal", o->journal, 4000));
    MU_TRY(check_text("store", o->store, 4000));
    MU_TRY(check_author(o->author));
    if (o->role >= MUSTER_SESSION_ROLE_COUNT) {
        return muster_fail(MUSTER_E_INVALID,
                           "role is %u; expected MUSTER_SESSION_WRITE, _TAKE_OVER or _STANDBY",
                           o->role);
    }
    MU_TRY(check_gain("churn_unmet_need", o->churn_unmet_need));
    MU_TRY(check_gain("churn_response_time", o->churn_response_time));
    if (!o->central) return MUSTER_OK;
    if (o->central->struct_size != sizeof *o->central) {
        return muster_fail(MUSTER_E_INVALID,
                           "central has struct_size %zu; expected %zu, from "
                           "MUSTER_LINK_OPTIONS_INIT",
                           o->central->struct_size, sizeof *o->central);
    }
    MU_TRY(check_text("central's connection", o->central->connection, 4000));
    return check_text("dispatcher", o->dispatcher, CODE_MOST_BYTES);
}

static muster_status copy_central(mu_options *options, const muster_link_options *given) {
    if (!given) return MUSTER_OK;
    options->central       = *given;
    options->given.central = &options->central;
    MU_TRY(mu_arena_text(&options->arena, &options->central.connection, given->connection));
    return mu_arena_text(&options->arena, &options->central.schema, given->schema);
}

/* It is opened again and again, from wherever the program has gone meanwhile. */
static muster_status copy_path(mu_options *options, const char **out, const char *path) {
    char  here[PATH_MAX];
    char *whole;
    if (*path == '/') return mu_arena_text(&options->arena, out, path);
    if (!getcwd(here, sizeof here)) return mu_fail_with_errno(path, "opened");
    const size_t size = strlen(here) + strlen(path) + 2;
    MU_TRY(mu_arena_take(&options->arena, &whole, size, 1));
    snprintf(whole, size, "%s/%s", here, path);
    *out = whole;
    return MUSTER_OK;
}

muster_status mu_options_init(mu_options *options, const muster_session_options *given) {
    *options = (mu_options){0};
    MU_TRY(check(given));
    muster_session_options *o = &options->given;
    *o                        = *given;
    MU_TRY(copy_central(options, given->central));
    MU_TRY(copy_path(options, &o->journal, given->journal));
    MU_TRY(mu_arena_text(&options->arena, &o->store, given->store));
    MU_TRY(mu_arena_text(&options->arena, &o->scenario, given->scenario));
    MU_TRY(mu_arena_text(&options->arena, &o->author, given->author));
    return mu_arena_text(&options->arena, &o->dispatcher, given->dispatcher);
}

void mu_options_fini(mu_options *options) {
    mu_arena_fini(&options->arena);
}
