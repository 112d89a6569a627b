/* The one place where files of networks are told apart. */
#include "cli/network_file.h"

#include <muster/database.h>
#include <muster/store.h>

muster_status network_file_load(muster_network **out, const char *path) {
    return muster_network_snapshot_is(path) ? muster_network_snapshot_open(out, path)
                                            : muster_network_load(out, path);
}

const char *network_file_name(const char *path) {
    static char name[256];
    if (!muster_database_is_server(path)) return path;
    return muster_store_name(name, sizeof name, path) == MUSTER_OK ? name : "the database";
}
