/* What goes back: a status and a text. */
#ifndef SERVICE_REPLY_H
#define SERVICE_REPLY_H

#include <muster/error.h>

#include "service/streams.h"
#include "service/text.h"

/* Statuses of HTTP (RFC 9110) that the service sends. */
enum {
    MU_STATUS_OK               = 200,
    MU_STATUS_NO_CONTENT       = 204,
    MU_STATUS_BAD_REQUEST      = 400,
    MU_STATUS_UNAUTHORIZED     = 401,
    MU_STATUS_FORBIDDEN        = 403,
    MU_STATUS_NOT_FOUND        = 404,
    MU_STATUS_WRONG_METHOD     = 405,
    MU_STATUS_TOO_SLOW         = 408,
    MU_STATUS_CONFLICT         = 409,
    MU_STATUS_TOO_LARGE        = 413,
    MU_STATUS_WRONG_TYPE       = 415,
    MU_STATUS_MISDIRECTED      = 421,
    MU_STATUS_HEADER_TOO_LARGE = 431,
    MU_STATUS_INTERNAL         = 500,
    MU_STATUS_BUSY             = 503
};

typedef struct mu_reply {
    int         status;       /* 0: not decided yet */
    const char *content_type; /* NULL: application/json */
    mu_text     body;
    mu_stream  *stream; /* not NULL: in place of a body */
} mu_reply;

/* Answer {"code": code, "message": ...} in place of whatever has been written, and return false, in
 * one breath. The message says what was expected. */
bool mu_reply_refuse(mu_reply *reply, int status, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The same for what a call of the library has said: "InvalidValue", or "Internal" where it is no
 * fault of who asks. */
bool mu_reply_refuse_status(mu_reply *reply, muster_status status);

#endif
