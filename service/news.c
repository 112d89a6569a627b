/* GET /v1/news: the journal's records as they happen, as Server-Sent Events (WHATWG HTML, 9.2). The id of
 * an event is the number of its record, so that who comes back with the last id that he has seen misses
 * nothing and hears nothing twice. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "service/desk_state.h"

extern const char mu_api_news[];

/* At once: while they are sent nobody else's are held up. */
enum { MOST_RECORDS = 256 };

typedef struct news_stream {
    mu_stream       stream; /* the first member: a stream is one of these */
    muster_session *session;
    uint64_t        after;
} news_stream;

/* A record is one line of JSON. */
static void write_record(mu_text *text, const muster_news *news, uint32_t i) {
    size_t      size;
    const char *json = muster_news_json(news, i, &size);
    mu_text_format(text, "id: %" PRIu64 "\ndata: ", muster_news_sequence(news, i));
    mu_text_add_bytes(text, json, size);
    mu_text_add(text, "\n\n");
}

static bool read_news(mu_stream *stream, mu_text *text) {
    news_stream        *s = (news_stream *)(void *)stream;
    muster_news        *news;
    uint32_t            count;
    const muster_status status =
        muster_session_news(&news, s->session, s->after, MOST_RECORDS, 0, &count);
    if (status != MUSTER_OK) return false;
    for (uint32_t i = 0; i < count; ++i) write_record(text, news, i);
    if (count > 0) s->after = muster_news_sequence(news, count - 1);
    muster_news_free(news);
    return true;
}

static void free_news(mu_stream *stream) {
    free(stream);
}

/* The last record that is known already: what a browser that comes back says counts before the address,
 * which it does not change. Without either, all that there is now. */
static bool read_after(uint64_t *out, const mu_request *request, mu_reply *reply) {
    const mu_desk *desk = request->desk;
    const uint64_t last = muster_session_get_state(desk->session).sequence;
    const char    *text = request->last_event_id;
    char          *end  = NULL;
    if (!text) text = mu_request_option(request, "after");
    *out = last;
    if (!text) return true;
    const size_t digits = strspn(text, "0123456789");
    *out                = strtoull(text, &end, 10);
    if (digits > 0 && digits < 20 && text[digits] == 0 && *out <= last) return true;
    return mu_reply_refuse(
        reply, MU_STATUS_BAD_REQUEST, "InvalidOptions",
        "the last record that is known is \"%.40s\"; expected a number from 0 to "
        "%" PRIu64 ", the last there is",
        text, last);
}

static void answer(const mu_request *request, mu_reply *reply) {
    const mu_desk *desk = request->desk;
    uint64_t       after;
    if (!read_after(&after, request, reply)) return;
    news_stream *stream = calloc(1, sizeof *stream);
    if (!stream) {
        mu_reply_refuse_status(reply, muster_fail(MUSTER_E_NOMEM, "out of memory for a stream"));
        return;
    }
    *stream             = (news_stream){{read_news, free_news}, desk->session, after};
    reply->stream       = &stream->stream;
    reply->content_type = "text/event-stream";
}

const mu_resource mu_resource_news = {
    .name        = "news",
    .method      = "GET",
    .path        = "/v1/news",
    .needs       = MU_ROLE_READ,
    .description = mu_api_news,
    .answer      = answer,
};
