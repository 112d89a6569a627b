/* Files half written, which nobody is to find beside their targets when a signal ends the command. */
#ifndef CLI_TEMPORARIES_H
#define CLI_TEMPORARIES_H

/* Keep `path` in mind until it is forgotten; from the first on, SIGINT, SIGTERM and SIGHUP remove all
 * that are kept before they end the command, unless they are ignored, or somebody else's. */
void temporaries_keep(const char *path);
void temporaries_forget(const char *path);

/* A handler of signals: remove what is kept, and end as without a handler. */
void temporaries_end(int signal);

#endif
