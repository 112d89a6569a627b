/* Who may do what: tokens, known by their SHA-256 only. */
#ifndef SERVICE_TOKENS_H
#define SERVICE_TOKENS_H

#include <stdint.h>

#include <muster/error.h>

/* Each may do what those before it may. */
typedef enum mu_role {
    MU_ROLE_ANYBODY,  /* no token at all */
    MU_ROLE_READ,     /* ask */
    MU_ROLE_DISPATCH, /* and change what is going on */
    MU_ROLE_ADMIN,    /* and everything else */
    MU_ROLE_COUNT
} mu_role;

/* "read", ...; NULL for a number outside the enum. */
const char *mu_role_name(mu_role role);

enum { MU_TOKEN_NAME_BYTES = 64, MU_TOKEN_HASH_BYTES = 32 };

typedef struct mu_token {
    char    name[MU_TOKEN_NAME_BYTES];
    mu_role role;
    uint8_t hash[MU_TOKEN_HASH_BYTES];
} mu_token;

typedef struct mu_tokens {
    uint32_t  count;
    mu_token *token;
} mu_tokens;

/* Read a file: a line for each token, of its name, its role and the SHA-256 of the token in
 * hexadecimal, with spaces between; empty lines and lines that begin with # are passed over.
 * @return MUSTER_E_IO; MUSTER_E_INVALID for a file that anybody may read or write, and naming the
 *         line that is wrong; MUSTER_E_NOMEM */
muster_status mu_tokens_read(mu_tokens *out, const char *path);
/* The same of the text of such a file; `name` is for messages. */
muster_status mu_tokens_parse(mu_tokens *out, const char *text, size_t size, const char *name);
void          mu_tokens_free(mu_tokens *tokens);

/* Whose token this is, or NULL. How long it takes depends on how many tokens there are and how long
 * this one is, and on nothing else. */
const mu_token *mu_tokens_find(const mu_tokens *tokens, const char *secret);

#endif
