/* muster serve: a local HTTP service on a network. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/network_file.h"
#include "cli/profile.h"
#include "service/desk.h"
#include "service/service.h"

enum {
    KEY_LISTEN = 0x100,
    KEY_TOKENS,
    KEY_REMOTE,
    KEY_REQUIRE_TOKEN,
    KEY_HOST,
    KEY_ALLOW_ORIGIN,
    KEY_JOURNAL,
    KEY_SCENARIO,
    KEY_WITH_INCIDENTS,
    KEY_TAKE_OVER,
    KEY_CENTRAL,
    KEY_DISPATCHER,
    KEY_FIRST_LIMIT = 0x300
};
enum { MAX_WORDS = 64, MAX_LIMITS = 32, OWN_OPTIONS = 14 };

static const char *const NORMALLY = "127.0.0.1:5000";

/* The values of an option that may be given several times. */
typedef struct words {
    uint32_t    count;
    const char *word[MAX_WORDS];
} words;

typedef struct serve_options {
    const char        *store;
    words              listen, profile, host, origin;
    profile_choice     profiles; /* of a file */
    mu_service_options service;
    bool               is_session_meant; /* an option was given that only a journal gives a sense */
    muster_session_options session;      /* of a journal, or NULL there */
    muster_link_options    central;      /* likewise */
} serve_options;

/* ---- options --------------------------------------------------------------------------- */

static const struct argp_option OWN[OWN_OPTIONS] = {
    {"listen", KEY_LISTEN, "ADDRESS", 0,
     "127.0.0.1:5000, [::1]:5000 or unix:/PATH; give it again for several", 0},
    {"profile", KEY_PROFILE, "NAME", 0,
     "serve this profile; give it again for several; all of them by default", 0},
    {"profiles", KEY_PROFILES, "FILE", 0, "JSON of further profiles: see muster profiles", 0},
    {"tokens", KEY_TOKENS, "FILE", 0, "who may do what: a name, a role and a SHA-256 a line", 0},
    {"require-token", KEY_REQUIRE_TOKEN, NULL, 0, "also for reading from this machine", 0},
    {"remote", KEY_REMOTE, NULL, 0, "allow addresses that other machines reach", 0},
    {"host", KEY_HOST, "NAME", 0, "a name that requests call the service by, beside localhost", 0},
    {"allow-origin", KEY_ALLOW_ORIGIN, "ORIGIN", 0,
     "let pages of this origin (https://map.example.org) ask", 0},
    {"journal", KEY_JOURNAL, "FOLDER", 0,
     "serve live dispatch too: events, plans, orders and news, kept in this journal", 0},
    {"scenario", KEY_SCENARIO, "CODE", 0, "whose weights and zones a new journal begins with", 0},
    {"with-incidents", KEY_WITH_INCIDENTS, NULL, 0,
     "a new journal begins with the incidents of the scenario too", 0},
    {"take-over", KEY_TAKE_OVER, NULL, 0, "shut out whoever writes the journal now", 0},
    {"central", KEY_CENTRAL, "CONNECTION", 0,
     "claim units in the dispatch centre's database before they are ordered", 0},
    {"dispatcher", KEY_DISPATCHER, "CODE", 0, "who this desk is there; no other program is it", 0},
};

/* Its own options and then the limits, as service/limits.c has them. */
static const struct argp_option *list_options(void) {
    static struct argp_option option[OWN_OPTIONS + MAX_LIMITS + 1];
    uint32_t                  count;
    const mu_limit           *limit = mu_limits_list(&count);
    memcpy(option, OWN, sizeof OWN);
    for (uint32_t i = 0; i < count && i < MAX_LIMITS; ++i) {
        option[OWN_OPTIONS + i] = (struct argp_option){
            limit[i].option, KEY_FIRST_LIMIT + (int)i, "N", 0, limit[i].about, 1};
    }
    return option;
}

static error_t add_word(words *list, const char *option, const char *word) {
    if (list->count == MAX_WORDS) {
        return arguments_reject("%s is given more than %d times", option, MAX_WORDS);
    }
    list->word[list->count++] = word;
    return 0;
}

static error_t take_limit(mu_limits *limits, int key, const char *value) {
    uint32_t        count;
    const mu_limit *limit = mu_limits_list(&count);
    char            option[64];
    if (key < KEY_FIRST_LIMIT || key >= KEY_FIRST_LIMIT + (int)count) return ARGP_ERR_UNKNOWN;
    limit += key - KEY_FIRST_LIMIT;
    snprintf(option, sizeof option, "--%s", limit->option);
    return arguments_number(mu_limits_field(limits, limit), option, value, limit->least,
                            limit->most);
}

static error_t parse_session(serve_options *o, int key, const char *value) {
    switch (key) {
    case KEY_JOURNAL:
        o->session.journal = value;
        return 0;
    case KEY_SCENARIO:
        o->session.scenario = value;
        break;
    case KEY_WITH_INCIDENTS:
        o->session.with_incidents = 1;
        break;
    case KEY_TAKE_OVER:
        o->session.role = MUSTER_SESSION_TAKE_OVER;
        break;
    case KEY_CENTRAL:
        o->central.connection = value;
        break;
    case KEY_DISPATCHER:
        o->session.dispatcher = value;
        break;
    default:
        return take_limit(&o->service.limits, key, value);
    }
    o->is_session_meant = true;
    return 0;
}

static error_t check_together(const serve_options *o) {
    if (!o->store) return arguments_reject("no network; expected STORE");
    if (o->is_session_meant && !o->session.journal) {
        return arguments_reject("--scenario, --with-incidents, --take-over, --central and "
                                "--dispatcher are of a journal; expected --journal FOLDER");
    }
    if (!o->central.connection != !o->session.dispatcher) {
        return arguments_reject("--central and --dispatcher go together; expected %s",
                                o->central.connection ? "--dispatcher CODE"
                                                      : "--central CONNECTION");
    }
    if (o->session.journal && o->profiles.file) {
        return arguments_reject("--profiles is not for a journal, whose profiles are those of its "
                                "scenario; expected --profile NAME");
    }
    return 0;
}

static error_t parse(int key, char *value, struct argp_state *state) {
    serve_options *o = state->input;
    switch (key) {
    case KEY_LISTEN:
        return add_word(&o->listen, "--listen", value);
    case KEY_PROFILE:
        return add_word(&o->profile, "--profile", value);
    case KEY_PROFILES:
        o->profiles.file = value;
        return 0;
    case KEY_TOKENS:
        o->service.tokens = value;
        return 0;
    case KEY_REMOTE:
        o->service.may_be_far = true;
        return 0;
    case KEY_REQUIRE_TOKEN:
        o->service.needs_token = true;
        return 0;
    case KEY_HOST:
        return add_word(&o->host, "--host", value);
    case KEY_ALLOW_ORIGIN:
        return add_word(&o->origin, "--allow-origin", value);
    case ARGP_KEY_ARG:
        return arguments_take(&o->store, value, "STORE");
    case ARGP_KEY_END:
        return check_together(o);
    default:
        return parse_session(o, key, value);
    }
}

static const char ABOUT[] =
    "Answer routes, tables, nearest roads and isochrones over HTTP, as OSRM does; with --journal, "
    "live dispatch too.\v"
    "Only this machine can ask unless --remote says otherwise. What it answers is described by "
    "/v1/openapi.json, and docs/serve.md. SIGTERM and Ctrl-C: it answers what is in flight and "
    "stops.";

/* ---- the roads ------------------------------------------------------------------------- */

typedef struct served {
    mu_desk        *desk; /* of a journal: then it has the roads, and the rest is not there */
    muster_network *network;
    uint32_t        count;
    muster_profile *profile; /* [count] */
    muster_metric **metric;  /* [count] */
} served;

static void free_served(served *s) {
    mu_desk_close(s->desk);
    for (uint32_t m = 0; s->metric && m < s->count; ++m) muster_metric_free(s->metric[m]);
    muster_network_free(s->network);
    free(s->metric);
    free(s->profile);
}

/* Those that are named, or all there are. */
static int choose_profiles(served *s, const serve_options *o) {
    uint32_t              all;
    const muster_profile *list  = muster_profiles_list(o->profiles.set, &all, NULL), *one;
    const uint32_t        count = o->profile.count > 0 ? o->profile.count : all;
    s->profile                  = calloc(count, sizeof *s->profile);
    s->metric                   = calloc(count, sizeof(muster_metric *));
    if (!s->profile || !s->metric) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    for (; s->count < count; ++s->count) {
        one = &list[s->count];
        if (o->profile.count > 0 &&
            muster_profiles_find(&one, o->profiles.set, o->profile.word[s->count]) != MUSTER_OK) {
            return command_fail(COMMAND_USAGE, "--profile: %s", muster_error_message());
        }
        s->profile[s->count] = *one;
    }
    return COMMAND_DONE;
}

/* Answers come soonest from a hierarchy, and from metrics that leave out what they do not need. */
static int load(served *s, const serve_options *o) {
    muster_status status = network_file_load(&s->network, o->store);
    if (status == MUSTER_OK) status = muster_network_build_hierarchy(s->network);
    if (status == MUSTER_OK) {
        status = muster_metrics_new(s->metric, s->network, s->count, s->profile, 0);
    }
    for (uint32_t m = 0; m < s->count && status == MUSTER_OK; ++m) {
        status = muster_metric_perfect(s->metric[m], 0);
    }
    return status == MUSTER_OK ? COMMAND_DONE : command_fail_status(status);
}

/* ---- running --------------------------------------------------------------------------- */

static void say_where(const mu_service *service) {
    for (uint32_t i = 0; i < mu_service_address_count(service); ++i) {
        printf("listening on %s\n", mu_service_address(service, i));
    }
    fflush(stdout);
}

static mu_service_options describe(const serve_options *o, const served *s) {
    mu_service_options options = o->service;
    if (s->desk) {
        options.metric    = mu_desk_metrics(s->desk, &options.metric_count);
        options.extension = mu_desk_extension(s->desk);
    } else {
        options.metric       = (const muster_metric *const *)s->metric;
        options.metric_count = s->count;
    }
    return options;
}

static int serve(const serve_options *o, const served *s, const sigset_t *signals) {
    mu_service              *service;
    int                      number;
    const mu_service_options options = describe(o, s);
    muster_status            status  = mu_service_start(&service, &options);
    if (status == MUSTER_OK && s->desk) status = mu_desk_start(s->desk, service);
    if (status == MUSTER_OK) {
        say_where(service);
        (void)sigwait(signals, &number);
        pthread_sigmask(SIG_UNBLOCK, signals, NULL); /* a second one ends it at once */
    }
    mu_desk_stop(s->desk);
    mu_service_stop(service);
    return status == MUSTER_OK ? COMMAND_DONE : command_fail_status(status);
}

/* ---- the journal ----------------------------------------------------------------------- */

static int open_desk(served *s, const serve_options *o) {
    char                   author[128];
    struct timespec        now;
    muster_session_options options = o->session;
    clock_gettime(CLOCK_REALTIME, &now);
    snprintf(author, sizeof author, "muster serve %s, process %ld", muster_version(),
             (long)getpid());
    options.store  = o->store;
    options.author = author;
    options.now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    if (o->central.connection) options.central = &o->central;
    const muster_status status =
        mu_desk_open(&s->desk, &options, o->profile.word, o->profile.count);
    return status == MUSTER_OK ? COMMAND_DONE : command_fail_status(status);
}

static int open_roads(served *s, const serve_options *o) {
    const int code = choose_profiles(s, o);
    return code == COMMAND_DONE ? load(s, o) : code;
}

/* Without --listen it is what systemd has opened, or the usual address. */
static void complete(serve_options *o) {
    if (o->listen.count == 0 && !getenv("LISTEN_FDS")) o->listen.word[o->listen.count++] = NORMALLY;
    o->service.listen       = o->listen.word;
    o->service.listen_count = o->listen.count;
    o->service.host         = o->host.word;
    o->service.host_count   = o->host.count;
    o->service.origin       = o->origin.word;
    o->service.origin_count = o->origin.count;
}

int command_serve(int argc, char **argv) {
    serve_options     o    = {.service.limits = mu_limits_default(),
                              .session        = MUSTER_SESSION_OPTIONS_INIT,
                              .central        = MUSTER_LINK_OPTIONS_INIT};
    served            s    = {0};
    const struct argp argp = {
        .options = list_options(), .parser = parse, .args_doc = "STORE", .doc = ABOUT};
    sigset_t signals;
    int      code = arguments_parse(&argp, argc, argv, &o);
    if (code != COMMAND_DONE) return code;
    complete(&o);
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    code = profile_read(&o.profiles);
    /* Before any thread is started, so that none takes them. */
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    if (code == COMMAND_DONE) code = o.session.journal ? open_desk(&s, &o) : open_roads(&s, &o);
    if (code == COMMAND_DONE) code = serve(&o, &s, &signals);
    free_served(&s);
    profile_free(&o.profiles);
    return code;
}
