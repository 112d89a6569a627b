/* See guard.h. A service on this machine is within reach of every page that a browser on it has open.
 * What keeps pages out: the Host is one of ours, or a page could make its own name point here (DNS
 * rebinding); a body is application/json, which a page cannot send elsewhere without asking first
 * (the preflight of the Fetch standard), and who asks is told nothing; and what changes something is
 * refused to another origin that says so. */
#include "service/guard.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- the header ------------------------------------------------------------------------ */

void mu_head_take(mu_head *head, const char *name, const char *value) {
    if (strcasecmp(name, "Host") == 0) {
        head->host = value;
        ++head->host_count;
    } else if (strcasecmp(name, "Authorization") == 0) {
        head->authorization = value ? value : "";
        ++head->authorization_count;
    } else if (strcasecmp(name, "Origin") == 0) {
        head->origin = value;
    } else if (strcasecmp(name, "Last-Event-ID") == 0) {
        head->last_event_id = value;
    } else if (strcasecmp(name, "Idempotency-Key") == 0) {
        head->idempotency_key = value;
    } else if (strcasecmp(name, "Sec-Fetch-Site") == 0) {
        head->fetch_site = value;
    } else if (strcasecmp(name, "Content-Type") == 0) {
        head->content_type = value;
    } else if (strcasecmp(name, "Content-Encoding") == 0) {
        head->content_encoding = value;
    } else if (strcasecmp(name, "Transfer-Encoding") == 0) {
        head->has_body = true;
    } else if (strcasecmp(name, "Content-Length") == 0 && value) {
        head->body_bytes = strtoull(value, NULL, 10);
        head->has_body |= head->body_bytes > 0;
    }
}

/* ---- letting in ------------------------------------------------------------------------ */

static bool is_writing(mu_role needs, bool takes_body) {
    return needs > MU_ROLE_READ || takes_body;
}

/* ---- Host ------------------------------------------------------------------------------ */

/* How long the name in "localhost:5000" or "[::1]:5000" is; 0: it is neither. */
static size_t name_length(const char *host) {
    const char  *bracket = *host == '[' ? strchr(host, ']') : NULL;
    const size_t length  = bracket ? (size_t)(bracket - host) + 1 : strcspn(host, ":");
    const char  *port    = host + length;
    if (*port == 0) return length;
    return *port == ':' && strspn(port + 1, "0123456789") == strlen(port + 1) ? length : 0;
}

static bool is_name(const char *host, size_t length, const char *name) {
    return strlen(name) == length && strncasecmp(host, name, length) == 0;
}

static bool knows_host(const mu_guard *guard, const char *host) {
    static const char *const NEAR[] = {"localhost", "127.0.0.1", "[::1]"};
    const size_t             length = name_length(host);
    for (size_t i = 0; i < sizeof NEAR / sizeof *NEAR; ++i) {
        if (is_name(host, length, NEAR[i])) return true;
    }
    for (uint32_t i = 0; i < guard->host_count; ++i) {
        if (is_name(host, length, guard->host[i])) return true;
    }
    return false;
}

bool mu_guard_admit(const mu_guard *guard, const mu_head *head, mu_reply *reply) {
    if (head->bytes > guard->limits->header_bytes) {
        return mu_reply_refuse(reply, MU_STATUS_HEADER_TOO_LARGE, "HeaderTooLarge",
                               "address and header have %zu bytes; expected at most %" PRIu32
                               " (--max-header-bytes)",
                               head->bytes, guard->limits->header_bytes);
    }
    if (head->host_count != 1 || !head->host) {
        return mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "InvalidHost",
                               "the request has %" PRIu32 " Host fields; expected one",
                               head->host_count);
    }
    if (!knows_host(guard, head->host)) {
        return mu_reply_refuse(reply, MU_STATUS_MISDIRECTED, "InvalidHost",
                               "Host is \"%.200s\"; expected localhost, 127.0.0.1, [::1] or a name "
                               "given with --host",
                               head->host);
    }
    if (head->body_bytes > guard->limits->body_bytes) {
        return mu_reply_refuse(reply, MU_STATUS_TOO_LARGE, "BodyTooLarge",
                               "the body has %" PRIu64 " bytes; expected at most %" PRIu32
                               " (--max-body-bytes)",
                               head->body_bytes, guard->limits->body_bytes);
    }
    return true;
}

/* ---- where it comes from --------------------------------------------------------------- */

bool mu_guard_knows_origin(const mu_guard *guard, const char *origin) {
    for (uint32_t i = 0; i < guard->origin_count; ++i) {
        if (strcmp(guard->origin[i], origin) == 0) return true;
    }
    return false;
}

/* "http://localhost:5000" for the Host "localhost:5000": a page of our own. */
static bool is_same_origin(const mu_head *head) {
    const char *name = strstr(head->origin, "://");
    return name && strcasecmp(name + 3, head->host) == 0;
}

static bool check_origin(const mu_guard *guard, const mu_head *head, mu_reply *reply) {
    const char *site = head->fetch_site;
    if (head->origin) {
        if (is_same_origin(head) || mu_guard_knows_origin(guard, head->origin)) return true;
        return mu_reply_refuse(reply, MU_STATUS_FORBIDDEN, "ForbiddenOrigin",
                               "a page of %.200s asks; expected one of this service, or given with "
                               "--allow-origin",
                               head->origin);
    }
    if (!site || strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0) return true;
    return mu_reply_refuse(reply, MU_STATUS_FORBIDDEN, "ForbiddenOrigin",
                           "a page of another site asks (Sec-Fetch-Site: %.60s); expected one of "
                           "this service",
                           site);
}

/* ---- bodies ---------------------------------------------------------------------------- */

static bool is_json(const char *type) {
    const size_t length = strcspn(type, "; \t");
    const char  *rest   = type + length + strspn(type + length, "; \t");
    return length == 16 && strncasecmp(type, "application/json", length) == 0 &&
           (*rest == 0 || strcasecmp(rest, "charset=utf-8") == 0);
}

static bool check_body(const mu_head *head, bool takes_body, mu_reply *reply) {
    if (!takes_body) {
        if (!head->has_body) return true;
        return mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "InvalidBody",
                               "the request has a body; expected none");
    }
    if (!head->content_type || !is_json(head->content_type)) {
        return mu_reply_refuse(reply, MU_STATUS_WRONG_TYPE, "InvalidContentType",
                               "Content-Type is \"%.100s\"; expected application/json",
                               head->content_type ? head->content_type : "");
    }
    if (head->content_encoding && strcasecmp(head->content_encoding, "identity") != 0) {
        return mu_reply_refuse(reply, MU_STATUS_WRONG_TYPE, "InvalidContentType",
                               "Content-Encoding is \"%.100s\"; expected none",
                               head->content_encoding);
    }
    return true;
}

/* ---- tokens ---------------------------------------------------------------------------- */

static bool refuse_token(mu_reply *reply, const char *what, mu_role needs) {
    return mu_reply_refuse(reply, MU_STATUS_UNAUTHORIZED, "Unauthorized",
                           "%s; expected Authorization: Bearer and a token whose role is %s%s",
                           what, mu_role_name(needs), needs < MU_ROLE_ADMIN ? " or more" : "");
}

/* A token that is given has to be right, also where none is needed. */
static bool find_token(const mu_guard *guard, const mu_head *head, mu_role needs,
                       const mu_token **out, mu_reply *reply) {
    static const char SCHEME[] = "Bearer ";
    *out                       = NULL;
    if (head->authorization_count == 0) return true;
    if (needs == MU_ROLE_ANYBODY) needs = MU_ROLE_READ;
    if (head->authorization_count > 1 ||
        strncasecmp(head->authorization, SCHEME, sizeof SCHEME - 1) != 0) {
        return refuse_token(reply, "the request does not authorize with one bearer token", needs);
    }
    *out = mu_tokens_find(guard->tokens, head->authorization + sizeof SCHEME - 1);
    return *out ? true : refuse_token(reply, "the token is not known", needs);
}

static bool check_role(const mu_guard *guard, const mu_head *head, mu_role needs,
                       const mu_token *token, mu_reply *reply) {
    const mu_role near = guard->needs_token || !head->is_near ? MU_ROLE_ANYBODY : MU_ROLE_READ;
    if (needs <= near || (token && token->role >= needs)) return true;
    if (!token) return refuse_token(reply, "the request has no token", needs);
    return mu_reply_refuse(reply, MU_STATUS_FORBIDDEN, "Forbidden",
                           "\"%s\" has the role %s; expected %s", token->name,
                           mu_role_name(token->role), mu_role_name(needs));
}

bool mu_guard_permit(const mu_guard *guard, const mu_head *head, mu_role needs, bool takes_body,
                     const mu_token **out_token, mu_reply *reply) {
    return (!is_writing(needs, takes_body) || check_origin(guard, head, reply)) &&
           find_token(guard, head, needs, out_token, reply) &&
           check_role(guard, head, needs, *out_token, reply) && check_body(head, takes_body, reply);
}
