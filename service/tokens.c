/* See tokens.h. The file holds sums, so that who reads a backup of it cannot use it. Tokens are drawn
 * at random (docs/serve.md says how), not words that people think of: a plain SHA-256 is enough for
 * them, and takes a microsecond. A token is compared with all there are, each in constant time. */
#include "service/tokens.h"

#include <errno.h>
#include <nettle/memops.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_FILE_BYTES = 1 << 20, MAX_TOKENS = 10000, MAX_LINE_BYTES = 256 };

_Static_assert((int)MU_TOKEN_HASH_BYTES == (int)SHA256_DIGEST_SIZE, "a hash is a SHA-256");

const char *mu_role_name(mu_role role) {
    static const char *const NAMES[] = {"anybody", "read", "dispatch", "admin"};
    return role < MU_ROLE_COUNT ? NAMES[role] : NULL;
}

void mu_tokens_free(mu_tokens *tokens) {
    free(tokens->token);
    *tokens = (mu_tokens){0};
}

/* ---- lines ----------------------------------------------------------------------------- */

static mu_role role_from_name(const char *name) {
    for (mu_role role = MU_ROLE_READ; role < MU_ROLE_COUNT; ++role) {
        if (strcmp(mu_role_name(role), name) == 0) return role;
    }
    return MU_ROLE_ANYBODY;
}

static int digit(char c) {
    static const char DIGITS[] = "0123456789abcdef";
    const char       *at       = c != 0 ? strchr(DIGITS, c | 0x20) : NULL;
    return at ? (int)(at - DIGITS) : -1;
}

static bool parse_hash(uint8_t *out, const char *text) {
    if (strlen(text) != (size_t)2 * MU_TOKEN_HASH_BYTES) return false;
    for (size_t i = 0; i < MU_TOKEN_HASH_BYTES; ++i) {
        const int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        out[i] = (uint8_t)(16 * high + low);
    }
    return true;
}

static const mu_token *find_name(const mu_tokens *tokens, const char *name) {
    for (uint32_t i = 0; i < tokens->count; ++i) {
        if (strcmp(tokens->token[i].name, name) == 0) return &tokens->token[i];
    }
    return NULL;
}

/* `line` is taken apart. */
static muster_status parse_line(mu_tokens *out, char *line, const char *file, unsigned number) {
    static const char SPACES[] = " \t\r";
    char             *rest;
    const char       *name = strtok_r(line, SPACES, &rest), *role = strtok_r(NULL, SPACES, &rest);
    const char       *hash = strtok_r(NULL, SPACES, &rest), *more = strtok_r(NULL, SPACES, &rest);
    if (!name || *name == '#') return MUSTER_OK;
    mu_token *token = &out->token[out->count];
    if (!role || !hash || more) {
        return muster_fail(MUSTER_E_INVALID,
                           "%s: line %u has not three words; expected a name, a role and the "
                           "SHA-256 of a token",
                           file, number);
    }
    if (strlen(name) >= sizeof token->name || find_name(out, name)) {
        return muster_fail(MUSTER_E_INVALID,
                           "%s: line %u names \"%.80s\"; expected a name of its own of at most %d "
                           "bytes",
                           file, number, name, MU_TOKEN_NAME_BYTES - 1);
    }
    *token      = (mu_token){.role = role_from_name(role)};
    token->role = role_from_name(role);
    memcpy(token->name, name, strlen(name) + 1);
    if (token->role == MU_ROLE_ANYBODY) {
        return muster_fail(MUSTER_E_INVALID,
                           "%s: line %u has the role \"%.80s\"; expected read, dispatch or admin",
                           file, number, role);
    }
    if (!parse_hash(token->hash, hash)) {
        return muster_fail(MUSTER_E_INVALID,
                           "%s: line %u has no SHA-256; expected 64 hexadecimal digits", file,
                           number);
    }
    ++out->count;
    return MUSTER_OK;
}

static muster_status parse_lines(mu_tokens *out, const char *text, size_t size, const char *name) {
    char     line[MAX_LINE_BYTES];
    unsigned number = 0;
    for (size_t at = 0; at < size;) {
        const char  *end    = memchr(text + at, '\n', size - at);
        const size_t length = end ? (size_t)(end - text) - at : size - at;
        ++number;
        if (length >= sizeof line || memchr(text + at, 0, length) || out->count == MAX_TOKENS) {
            return muster_fail(MUSTER_E_INVALID,
                               "%s: line %u is too long, has a NUL, or is one too many; expected "
                               "at most %d bytes, and %d tokens",
                               name, number, MAX_LINE_BYTES - 1, MAX_TOKENS);
        }
        memcpy(line, text + at, length);
        line[length]               = 0;
        const muster_status status = parse_line(out, line, name, number);
        if (status != MUSTER_OK) return status;
        at += length + 1;
    }
    return MUSTER_OK;
}

static size_t count_lines(const char *text, size_t size) {
    size_t count = 1;
    for (size_t i = 0; i < size; ++i) count += text[i] == '\n';
    return count < MAX_TOKENS ? count : MAX_TOKENS;
}

muster_status mu_tokens_parse(mu_tokens *out, const char *text, size_t size, const char *name) {
    *out = (mu_tokens){.token = calloc(count_lines(text, size), sizeof *out->token)};
    if (!out->token) return muster_fail(MUSTER_E_NOMEM, "out of memory for tokens");
    muster_status status = parse_lines(out, text, size, name);
    if (status == MUSTER_OK && out->count == 0) {
        status = muster_fail(MUSTER_E_INVALID, "%s: there is no token in it; expected one or more",
                             name);
    }
    if (status != MUSTER_OK) mu_tokens_free(out);
    return status;
}

/* ---- files ----------------------------------------------------------------------------- */

static muster_status check_file(FILE *file, const char *path) {
    struct stat facts;
    if (fstat(fileno(file), &facts) != 0) {
        return muster_fail(MUSTER_E_IO, "%s: %s", path, strerror(errno));
    }
    if (!S_ISREG(facts.st_mode) || facts.st_size > MAX_FILE_BYTES) {
        return muster_fail(MUSTER_E_INVALID, "%s: expected a file of at most %d bytes", path,
                           MAX_FILE_BYTES);
    }
    if ((facts.st_mode & (S_IRWXO | S_IWGRP)) != 0) {
        return muster_fail(MUSTER_E_INVALID,
                           "%s: anybody may use it (mode %03o); expected at most 640: chmod 600 %s",
                           path, (unsigned)(facts.st_mode & 0777), path);
    }
    return MUSTER_OK;
}

static muster_status read_file(mu_tokens *out, FILE *file, const char *path) {
    const muster_status status = check_file(file, path);
    if (status != MUSTER_OK) return status;
    char *text = malloc(MAX_FILE_BYTES);
    if (!text) return muster_fail(MUSTER_E_NOMEM, "out of memory for %s", path);
    const size_t        size = fread(text, 1, MAX_FILE_BYTES, file);
    const muster_status done = ferror(file)
                                   ? muster_fail(MUSTER_E_IO, "%s: it cannot be read", path)
                                   : mu_tokens_parse(out, text, size, path);
    free(text);
    return done;
}

muster_status mu_tokens_read(mu_tokens *out, const char *path) {
    *out       = (mu_tokens){0};
    FILE *file = fopen(path, "r");
    if (!file) return muster_fail(MUSTER_E_IO, "%s: %s", path, strerror(errno));
    const muster_status status = read_file(out, file, path);
    fclose(file);
    return status;
}

/* ---- asking ---------------------------------------------------------------------------- */

const mu_token *mu_tokens_find(const mu_tokens *tokens, const char *secret) {
    struct sha256_ctx context;
    uint8_t           hash[MU_TOKEN_HASH_BYTES];
    const mu_token   *found = NULL;
    sha256_init(&context);
    sha256_update(&context, strlen(secret), (const uint8_t *)secret);
    sha256_digest(&context, sizeof hash, hash);
    for (uint32_t i = 0; i < tokens->count; ++i) {
        if (memeql_sec(tokens->token[i].hash, hash, sizeof hash)) found = &tokens->token[i];
    }
    return found;
}
