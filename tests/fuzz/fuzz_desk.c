/* Any bytes as a request to a dispatch desk: its first line, fields of its header, an empty line, its body.
 * Each is answered by JSON with a code, a refusal in one line, and never by "a bug in muster" or by "ask again",
 * for nothing fails here but what is asked. What a stream sends are events of records that follow one another.
 * What was changed is there when the journal is opened again. */
#include <assert.h>
#include <jansson.h>
#include <sys/stat.h>
#include <unistd.h>

#include "service/desk_state.h"
#include "service/exchange.h"
#include "service/state.h"
#include "tests/support/simulated_disk.h"
#include "tests/support/small_town.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static small_town  town;
static sim_disk   *disk;
static mu_service *service; /* its threads have nothing to do: requests do not come from sockets */
static mu_desk    *desk;

/* ---- a desk on a disk in memory -------------------------------------------------------- */

static muster_status open_disk(void *user, mu_disk *out, const char *path, bool makes) {
    (void)user;
    (void)path;
    (void)makes;
    *out = sim_process_new(disk);
    return MUSTER_OK;
}

static muster_session *open_session(void) {
    const mu_disk_source   source  = {.open = open_disk};
    const mu_session_parts parts   = town_parts(&town, &source);
    muster_session_options options = town_options(MUSTER_SESSION_WRITE, TOWN_BEGIN_MS);
    muster_session        *session;
    options.order_timeout_ms = 0;
    if (mu_session_start(&session, &options, &parts) != MUSTER_OK) abort();
    return session;
}

/* Nobody who reads this file may dispatch: it is a test's. The token of "desk" is "desk-secret". */
static void write_tokens(const char *path) {
    FILE *file = fopen(path, "w");
    if (!file) abort();
    fprintf(file,
            "desk dispatch d3f1287751e9d44bfaff8b38902093782f3c52c7a698962861e80d9b4af303a4\n");
    if (fclose(file) != 0 || chmod(path, 0600) != 0) abort();
}

static void start_service(void) {
    char               folder[] = "/tmp/muster-fuzz-XXXXXX", tokens[64], name[64];
    const char        *listen   = name;
    mu_service_options options  = {.listen       = &listen,
                                   .listen_count = 1,
                                   .tokens       = tokens,
                                   .limits       = mu_limits_default(),
                                   .extension    = mu_desk_extension(desk)};
    if (!mkdtemp(folder)) abort();
    snprintf(tokens, sizeof tokens, "%s/tokens", folder);
    snprintf(name, sizeof name, "unix:%s/sock", folder);
    write_tokens(tokens);
    options.metric         = mu_desk_metrics(desk, &options.metric_count);
    options.limits.talkers = options.limits.workers = 1;
    options.limits.body_bytes                       = 1 << 16;
    if (mu_service_start(&service, &options) != MUSTER_OK) abort();
    unlink(tokens);
    unlink(name + 5);
    rmdir(folder);
}

/* ---- with something to ask about ------------------------------------------------------- */

static void report(const char *code, const char *kind) {
    const muster_event_need need  = {.kind = kind, .quantity = 2};
    muster_event            event = MUSTER_EVENT_INIT;
    muster_event_answer     answer;
    event.id         = code;
    event.type       = MUSTER_EVENT_INCIDENT_REPORTED;
    event.time_ms    = TOWN_BEGIN_MS;
    event.author     = "fuzz";
    event.incident   = (muster_event_incident){.code = code, .lon_deg = 120.004, .lat_deg = 30.004};
    event.need_count = 1, event.need = &need;
    if (muster_session_tell(desk->session, 1, &event, &answer) != MUSTER_OK) abort();
    assert(answer.outcome == MUSTER_EVENT_APPLIED);
}

static mu_kept_plan *plan(void) {
    muster_session_plan *made;
    mu_kept_plan        *kept;
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    options.time_limit_ms        = 0;
    options.work_limit           = 1000;
    if (muster_session_plan_make(&made, desk->session, TOWN_BEGIN_MS, &options,
                                 MUSTER_REPLAN_IMPROVE) != MUSTER_OK ||
        mu_shelf_put(&kept, &desk->shelf, made) != MUSTER_OK) {
        abort();
    }
    return kept;
}

/* Order 1 is issued; plan "1782864000000-2" is not ordered. It is now. */
static void furnish(void) {
    muster_committed *done;
    muster_commit     commit = MUSTER_COMMIT_INIT;
    commit.id = "first", commit.author = "fuzz", commit.now_ms = TOWN_BEGIN_MS;
    report("A", "rescue");
    mu_kept_plan *first = plan();
    if (muster_session_commit(&done, desk->session, first->plan, &commit) != MUSTER_OK) abort();
    assert(muster_committed_sequence(done) > 0);
    muster_committed_free(done);
    mu_shelf_let_go(&desk->shelf, first);
    report("B", "pump");
    mu_shelf_let_go(&desk->shelf, plan());
    if (muster_session_tick(desk->session, mu_desk_now_ms(), NULL) != MUSTER_OK) abort();
}

static void begin(void) {
    small_town_init(&town);
    disk = sim_disk_new(1);
    if (mu_desk_on(&desk, open_session(), NULL, 0) != MUSTER_OK) abort();
    desk->is_cancelled = 1; /* plans end as soon as they can */
    start_service();
    furnish();
}

static void reopen(void) {
    mu_shelf_fini(&desk->shelf);
    muster_session_close(desk->session);
    mu_shelf_init(&desk->shelf);
    desk->session = open_session();
}

/* So that each input meets the same desk. What it has done has to be there without it. */
static void begin_anew(void) {
    const muster_session_state before = muster_session_get_state(desk->session);
    reopen();
    const muster_session_state after = muster_session_get_state(desk->session);
    assert(after.sequence == before.sequence + 1); /* opened */
    assert(after.incident_count == before.incident_count);
    assert(after.order_count == before.order_count);
    sim_disk *old = disk;
    disk          = sim_disk_new(1);
    reopen();
    sim_disk_free(old);
    furnish();
}

/* ---- answers --------------------------------------------------------------------------- */

static void check_stream(mu_stream *stream) {
    mu_text  text = {0};
    uint64_t last = 0;
    assert(stream->read(stream, &text) && !text.is_broken);
    for (char *at = text.bytes; at && *at;) {
        char          *data = strstr(at, "\ndata: "), *end = strstr(at, "\n\n");
        const uint64_t id = strtoull(at + 4, NULL, 10);
        assert(strncmp(at, "id: ", 4) == 0 && data && end && data < end);
        assert(id > 0 && (last == 0 || id == last + 1));
        json_t *record = json_loadb(data + 7, (size_t)(end - data - 7), 0, NULL);
        assert(json_is_object(record));
        json_decref(record);
        last = id;
        at   = end + 2;
    }
    mu_text_free(&text);
}

static void check_reply(const mu_reply *reply) {
    if (reply->stream) {
        check_stream(reply->stream);
        return;
    }
    assert(reply->status >= 200 && reply->status < 500 && !reply->body.is_broken);
    if (reply->content_type || reply->status == MU_STATUS_NO_CONTENT) return;
    json_t *body = json_loadb(reply->body.bytes, reply->body.size, JSON_REJECT_DUPLICATES, NULL);
    const char *message = json_string_value(json_object_get(body, "message"));
    assert(json_is_object(body));
    if (reply->status != MU_STATUS_OK) {
        assert(json_string_length(json_object_get(body, "code")) > 0);
        assert(message && *message && !strchr(message, '\n'));
    }
    json_decref(body);
}

/* ---- requests -------------------------------------------------------------------------- */

/* A line without its end, which becomes zero; NULL where there is none, or an empty one. */
static char *take_line(char **at) {
    char *line = *at, *end = line ? strchr(line, '\n') : NULL;
    if (!end) return NULL;
    *end = 0;
    *at  = end + 1;
    return *line ? line : NULL;
}

static mu_head read_head(char *method, char **at) {
    mu_head head = {.method = method, .is_near = true};
    for (char *line; (line = take_line(at));) {
        char *colon = strchr(line, ':');
        if (!colon) continue;
        *colon = 0;
        mu_head_take(&head, line, colon + 1 + strspn(colon + 1, " "));
    }
    return head;
}

/* In two pieces, as it may come. */
static void take_body(mu_exchange *x, const char *body, size_t size) {
    mu_exchange_take(x, body, size / 2);
    mu_exchange_take(x, body + size / 2, size - size / 2);
}

static void ask(char *text, const char *end) {
    char       *at = text, *method = take_line(&at);
    char       *target = method ? strchr(method, ' ') : NULL;
    mu_exchange x;
    if (!target) return;
    *target++          = 0;
    const mu_head head = read_head(method, &at);
    if (!mu_exchange_begin(&x, service, target)) abort();
    if (mu_exchange_admit(&x, &head)) {
        if (head.has_body) take_body(&x, at, (size_t)(end - at));
        (void)mu_exchange_is_long(&x);
        mu_exchange_answer(&x, 0);
    }
    check_reply(&x.reply);
    mu_exchange_fini(&x);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!service) begin();
    const uint64_t before = muster_session_get_state(desk->session).sequence,
                   plans  = desk->shelf.count;
    char *text            = malloc(size + 1);
    if (!text) abort();
    if (size > 0) memcpy(text, data, size);
    text[size] = 0;
    ask(text, text + size);
    free(text);
    if (muster_session_get_state(desk->session).sequence != before || desk->shelf.count != plans)
        begin_anew();
    return 0;
}
