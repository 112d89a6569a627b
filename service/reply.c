/* See reply.h. One style for all errors: OSRM's, so that its clients understand them. */
#include "service/reply.h"

#include <stdio.h>

bool mu_reply_refuse(mu_reply *reply, int status, const char *code, const char *format, ...) {
    char    message[1200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    mu_text_free(&reply->body);
    reply->status       = status;
    reply->content_type = NULL;
    mu_text_add(&reply->body, "{\"code\":");
    mu_text_string(&reply->body, code);
    mu_text_add(&reply->body, ",\"message\":");
    mu_text_string(&reply->body, message);
    mu_text_add(&reply->body, "}");
    return false;
}

bool mu_reply_refuse_status(mu_reply *reply, muster_status status) {
    const char *message = muster_error_message();
    if (status == MUSTER_E_INVALID) {
        return mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "InvalidValue", "%s", message);
    }
    if (status == MUSTER_E_NOMEM) {
        return mu_reply_refuse(reply, MU_STATUS_BUSY, "OutOfMemory", "%s; ask for less, or again",
                               message);
    }
    return mu_reply_refuse(reply, MU_STATUS_INTERNAL, "Internal", "%s", message);
}
