/* See connection_string.h. A string that libpq cannot read is not repeated, nor what libpq says of it: there
 * may be a password in both. */
#include "gis/connection_string.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/memory.h"

static const char *option(const PQconninfoOption *options, const char *keyword) {
    for (; options->keyword; ++options) {
        if (strcmp(options->keyword, keyword) == 0) return options->val ? options->val : "";
    }
    return "";
}

/* A password with an @, a / or a : in it makes parts of it appear as host, port or database. */
static bool is_split_rightly(const PQconninfoOption *options) {
    const char *port = option(options, "port");
    return !strchr(option(options, "host"), '@') && !strchr(option(options, "dbname"), '@') &&
           port[strspn(port, "0123456789,")] == 0;
}

static void print_name(char *out, size_t room, const PQconninfoOption *options) {
    const char *host = option(options, "host"), *port = option(options, "port");
    const bool  is_folder = host[0] == '/';
    snprintf(out, room, "postgresql://%s%s%s/%s", is_folder ? "" : host,
             *port && !is_folder ? ":" : "", is_folder ? "" : port, option(options, "dbname"));
}

muster_status mu_connection_name(char *out, size_t room, const char *connection) {
    PQconninfoOption *options = PQconninfoParse(connection, NULL);
    const bool        is_ok   = options && is_split_rightly(options);
    if (is_ok) print_name(out, room, options);
    PQconninfoFree(options);
    if (is_ok) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "the connection cannot be read; expected host=HOST dbname=DATABASE or "
                       "postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with %%40 for @, %%2F for / "
                       "and %%3A for : in a password");
}

/* The server takes the last of several settings. */
muster_status mu_connection_options(char **out, const char *connection, const char *ours) {
    PQconninfoOption *options         = PQconninfoParse(connection, NULL);
    const char       *theirs          = options ? option(options, "options") : "";
    const char       *default_options = getenv("PGOPTIONS");
    if (!*theirs && default_options) theirs = default_options;
    const size_t        room   = strlen(ours) + strlen(theirs) + sizeof " ";
    const muster_status status = mu_gis_alloc(out, room, 1);
    if (status == MUSTER_OK) snprintf(*out, room, "%s %s", ours, theirs);
    PQconninfoFree(options);
    return status;
}
