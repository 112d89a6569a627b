/* CAP 1.2: what a message says, what it gets wrong, which messages stand, and the hazards and signals
 * that come of them. */
#include <muster/alert.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "gis/geodesic.h"
#include "gis/memory.h"
#include "tests/support/cmocka_all.h"
#include "tests/support/test_folder.h"

static const int64_t SENT = 1782887400; /* 2026-07-01T06:30:00Z */

static muster_alerts *new_set(void) {
    muster_alerts *set;
    assert_int_equal(muster_alerts_new(&set), MUSTER_OK);
    return set;
}

static const char *file_of(const char *name, const char *text) {
    const char *path = path_of(name);
    write_text(path, text);
    return path;
}

static muster_status add_text(muster_alerts *set, const char *text) {
    return muster_alerts_add(set, file_of("a.xml", text));
}

#define CAP "<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'>"
#define HEAD(id, type)                                                                             \
    "<identifier>" id "</identifier><sender>台@x</sender>"                                        \
    "<sent>2026-07-01T14:30:00+08:00</sent><status>Actual</status><msgType>" type "</msgType>"     \
    "<scope>Public</scope>"
#define INFO(more)                                                                                 \
    "<info><category>Met</category><event>台风</event><urgency>Expected</urgency>"               \
    "<severity>Severe</severity><certainty>Likely</certainty>" more "</info>"
#define SQUARE     "30.7,120.7 30.7,120.8 30.8,120.8 30.7,120.7"
#define AREA(more) "<area><areaDesc>嘉兴</areaDesc>" more "</area>"

static void refused(const char *text, muster_status status, const char *message) {
    muster_alerts *set = new_set();
    assert_int_equal(add_text(set, text), status);
    if (!strstr(muster_error_message(), message)) {
        fail_msg("\"%s\" does not say \"%s\"", muster_error_message(), message);
    }
    assert_int_equal(muster_alerts_view(set).alert_count, 0);
    muster_alerts_free(set);
}

/* ---- reading --------------------------------------------------------------------------- */

static void the_sample_is_read_in_both_languages(void **state) {
    (void)state;
    muster_alerts *set = new_set();
    assert_int_equal(muster_alerts_add(set, "data/samples/typhoon-alert.xml"), MUSTER_OK);
    const muster_alerts_data d = muster_alerts_view(set);
    assert_int_equal(d.alert_count, 1);
    assert_string_equal(d.alert[0].sender, "qixiangtai@jiaxing.example");
    assert_true(d.alert[0].sent_s == SENT);
    assert_int_equal(d.alert[0].info_count, 2);
    assert_string_equal(d.info[0].language, "zh-CN");
    assert_string_equal(d.info[0].event, "台风");
    assert_string_equal(d.info[0].headline, "嘉兴市气象台发布台风橙色预警信号");
    assert_string_equal(d.info[1].language, "en");
    assert_int_equal(d.info[0].severity, MUSTER_SEVERE);
    assert_int_equal(d.info[0].urgency, MUSTER_URGENCY_EXPECTED);
    assert_int_equal(d.info[0].certainty, MUSTER_CERTAINTY_LIKELY);
    assert_true(d.info[0].onset_s == SENT + 12600);
    assert_int_equal(d.info[0].value_count, 4);
    assert_int_equal(d.value[3].kind, MUSTER_ALERT_GEOCODE);
    assert_string_equal(d.value[3].value, "330482");
    assert_int_equal(d.area[0].ring_count, 1);
    assert_true(d.ring_lon_deg[1] == 121.3 && d.ring_lat_deg[1] == 30.35); /* turned round */
    assert_true(d.circle[0].lon_deg == 121.08 && d.circle[0].radius_m == 12000);
    muster_alerts_free(set);
}

static void elements_may_come_in_any_order_and_others_are_passed_over(void **state) {
    (void)state;
    muster_alerts *set = new_set();
    assert_int_equal(
        add_text(set, CAP "<!-- 注释 -->" INFO(AREA("<circle> 30.7,120.7  5 </circle>")) HEAD(
                          "A", "Alert") "<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'>"
                                        "<a><alert/></a></Signature></alert>"),
        MUSTER_OK);
    const muster_alerts_data d = muster_alerts_view(set);
    assert_string_equal(d.alert[0].identifier, "A");
    assert_string_equal(d.info[0].language, "en-US"); /* as CAP has it where none is named */
    assert_int_equal(d.area[0].circle_count, 1);
    muster_alerts_free(set);
}

static void what_a_message_gets_wrong_is_named_with_line_and_element(void **state) {
    (void)state;
    refused("<alert/>", MUSTER_E_FORMAT, "of no namespace; expected an <alert>");
    refused("<alert xmlns='urn:oasis:names:tc:emergency:cap:1.1'/>", MUSTER_E_FORMAT, "cap:1.1\"");
    refused("<feed xmlns='urn:oasis:names:tc:emergency:cap:1.2'/>", MUSTER_E_FORMAT, "<feed>");
    refused("", MUSTER_E_FORMAT, "is not XML");
    refused(CAP "\n</alarm>", MUSTER_E_FORMAT, "line 2");
    refused(CAP "</alert>", MUSTER_E_INVALID, "line 1, <alert>: has no <identifier>");
    refused(CAP HEAD("A B", "Alert") "</alert>", MUSTER_E_INVALID, "<identifier>: 'A B'");
    refused(CAP HEAD("A", "alert") "</alert>", MUSTER_E_INVALID, "<msgType>: 'alert'");
    refused(CAP HEAD("A", "Alert") "\n<scope>Public</scope></alert>", MUSTER_E_INVALID,
            "line 2, <scope>: comes again in <alert>");
    refused(CAP HEAD("A", "Alert") "<area/></alert>", MUSTER_E_INVALID,
            "<area>: stands in <alert>");
    refused(CAP HEAD("A", "Alert") "<note><b/></note></alert>", MUSTER_E_INVALID, "<b>");
    refused(CAP HEAD("A", "Alert") "<info><category>Met</category></info></alert>",
            MUSTER_E_INVALID, "<info>: has no <event>");
    refused(CAP HEAD("A", "Alert") INFO("<onset>2026-07-01</onset>") "</alert>", MUSTER_E_INVALID,
            "<onset>: '2026-07-01'");
    refused(CAP HEAD("A", "Alert") INFO("<onset>2026-07-01</onset>") "</alert>", MUSTER_E_INVALID,
            "<onset>: '2026-07-01'");
    refused(CAP HEAD("A", "Alert")
                INFO(AREA("<polygon>120.7,30.7 1,1 1,2 120.7,30.7</polygon>")) "</alert>",
            MUSTER_E_INVALID, "are the two swapped?");
    refused(CAP HEAD("A", "Alert")
                INFO(AREA("<polygon>30.7,120.7 30.8,120.7</polygon>")) "</alert>",
            MUSTER_E_INVALID, "4 points or more");
    refused(CAP HEAD("A", "Alert") INFO(AREA("<polygon>30.7,120.7 30.8;120</polygon>")) "</alert>",
            MUSTER_E_INVALID, "<polygon>: '30.8;120'");
    refused(CAP HEAD("A", "Alert") INFO(AREA("<circle>30.7,120.7 -1</circle>")) "</alert>",
            MUSTER_E_INVALID, "a radius in km");
    refused(CAP HEAD("A", "Alert") INFO(AREA("<circle>30.7,120.7</circle>")) "</alert>",
            MUSTER_E_INVALID, "a radius in km");
    refused(CAP HEAD("A", "Alert") INFO("<parameter><value>1</value></parameter>") "</alert>",
            MUSTER_E_INVALID, "<parameter>: has no <valueName>");
    refused(CAP HEAD("A", "Update") "<references>B</references></alert>", MUSTER_E_INVALID,
            "<references>: 'B'");
}

static void entities_and_depth_are_refused(void **state) {
    (void)state;
    static char deep[4096];
    refused("<!DOCTYPE alert [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>" CAP "&b;</alert>",
            MUSTER_E_FORMAT, "<!DOCTYPE>");
    refused("<!DOCTYPE alert SYSTEM 'file:///etc/passwd'>" CAP "</alert>", MUSTER_E_FORMAT,
            "<!DOCTYPE>");
    refused(CAP "&nbsp;</alert>", MUSTER_E_FORMAT, "is not XML");
    strcpy(deep, CAP "<s xmlns='x'>");
    for (int i = 0; i < 100; ++i) strcat(deep, "<s>");
    refused(deep, MUSTER_E_INVALID, "nested 33 deep");
}

static void a_file_that_is_too_large_or_none_is_refused(void **state) {
    (void)state;
    muster_alerts *set  = new_set();
    const char    *path = path_of("large.xml");
    FILE          *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fseek(file, MUSTER_ALERT_MOST_BYTES, SEEK_SET), 0);
    assert_int_equal(fputc(' ', file), ' ');
    assert_int_equal(fclose(file), 0);
    assert_int_equal(muster_alerts_add(set, path), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "16777217 bytes"));
    assert_int_equal(muster_alerts_add(set, path_of("none.xml")), MUSTER_E_IO);
    muster_alerts_free(set);
}

/* ---- which stand ----------------------------------------------------------------------- */

#define REFER(id) "<references>台@x," id ",2026-07-01T14:30:00+08:00</references>"
#define BODY      INFO(AREA("<polygon>" SQUARE "</polygon>"))

static const char FIRST[]  = CAP HEAD("A", "Alert") BODY "</alert>";
static const char SECOND[] = CAP HEAD("B", "Update") REFER("A") BODY "</alert>";
static const char THIRD[]  = CAP HEAD("C", "Cancel") REFER("B") "</alert>";

static uint32_t count_hazards(const muster_alerts *set, const muster_alert_options *options) {
    muster_hazards *hazards;
    uint32_t        count;
    assert_int_equal(muster_hazards_new(&hazards), MUSTER_OK);
    assert_int_equal(muster_hazards_add_alerts(hazards, set, options), MUSTER_OK);
    (void)muster_hazards_list(hazards, &count);
    muster_hazards_free(hazards);
    return count;
}

static void updates_replace_and_cancels_take_back_in_any_order(void **state) {
    (void)state;
    static const char *const MESSAGE[]  = {FIRST, SECOND, THIRD};
    static const int         ORDER[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                           {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (int o = 0; o < 6; ++o) {
        muster_alerts *set = new_set();
        for (int i = 0; i < 3; ++i) {
            assert_int_equal(add_text(set, MESSAGE[ORDER[o][i]]), MUSTER_OK);
            assert_int_equal(add_text(set, MESSAGE[ORDER[o][i]]), MUSTER_OK); /* again: nothing */
        }
        const muster_alerts_data d = muster_alerts_view(set);
        assert_int_equal(d.alert_count, 3);
        for (int i = 0; i < 3; ++i) {
            const uint32_t by = d.alert[i].replaced_by;
            const char     id = *d.alert[i].identifier;
            if (id == 'C') assert_int_equal(by, MUSTER_NONE);
            if (id != 'C') assert_int_equal(*d.alert[by].identifier, id + 1);
        }
        assert_int_equal(count_hazards(set, NULL), 0);
        muster_alerts_free(set);
    }
    muster_alerts *set = new_set();
    assert_int_equal(add_text(set, FIRST), MUSTER_OK);
    assert_int_equal(add_text(set, SECOND), MUSTER_OK);
    assert_int_equal(count_hazards(set, NULL), 1);
    muster_alerts_free(set);
}

static void a_reference_names_the_moment_too(void **state) {
    (void)state;
    muster_alerts *set = new_set();
    assert_int_equal(add_text(set, FIRST), MUSTER_OK);
    assert_int_equal(
        add_text(set,
                 CAP HEAD("B", "Update") "<references>台@x,A,2026-07-01T14:30:01+08:00 y,A,"
                                         "2026-07-01T14:30:00+08:00</references>" BODY "</alert>"),
        MUSTER_OK);
    assert_int_equal(muster_alerts_view(set).alert[0].replaced_by, MUSTER_NONE);
    assert_int_equal(
        add_text(
            set,
            CAP HEAD("C",
                     "Update") "<references>台@x,A,2026-07-01T06:30:00-00:00</references></alert>"),
        MUSTER_OK); /* the same moment, told otherwise */
    assert_int_equal(muster_alerts_view(set).alert[0].replaced_by, 2);
    muster_alerts_free(set);
}

static void an_exercise_counts_only_where_it_is_asked_for_and_cancels_nothing_actual(void **state) {
    (void)state;
    static char          text[4096];
    muster_alerts       *set     = new_set();
    muster_alert_options options = MUSTER_ALERT_OPTIONS_INIT;
    options.takes_exercises      = true;
    strcpy(text, SECOND);
    char *status = strstr(text, "<status>Actual");
    memmove(status + strlen("<status>Exercise"), status + strlen("<status>Actual"),
            strlen(status + strlen("<status>Actual")) + 1);
    memcpy(status, "<status>Exercise", strlen("<status>Exercise"));
    assert_int_equal(add_text(set, FIRST), MUSTER_OK);
    assert_int_equal(add_text(set, text), MUSTER_OK);
    assert_int_equal(muster_alerts_view(set).alert[0].replaced_by, MUSTER_NONE);
    assert_int_equal(count_hazards(set, NULL), 1);
    assert_int_equal(count_hazards(set, &options), 2);
    muster_alerts_free(set);
}

/* ---- hazards --------------------------------------------------------------------------- */

static void the_sample_becomes_one_wind_of_polygon_and_circle(void **state) {
    (void)state;
    muster_alerts  *set = new_set();
    muster_hazards *hazards;
    uint32_t        count;
    assert_int_equal(muster_alerts_add(set, "data/samples/typhoon-alert.xml"), MUSTER_OK);
    assert_int_equal(muster_hazards_new(&hazards), MUSTER_OK);
    assert_int_equal(muster_hazards_add_alerts(hazards, set, NULL), MUSTER_OK);
    const muster_hazard *h = muster_hazards_list(hazards, &count);
    assert_int_equal(count, 1); /* the English block says the same again */
    uint32_t notes;
    (void)muster_hazards_notes(hazards, &notes);
    assert_int_equal(notes, 0); /* polygon and circle overlap, as they may */
    assert_string_equal(h->code, "33040041600000_20260701063000");
    assert_string_equal(h->name, "嘉兴市气象台发布台风橙色预警信号");
    assert_non_null(strstr(h->source, "area '平湖市"));
    assert_int_equal(h->kind, MUSTER_HAZARD_WIND);
    assert_int_equal(h->wind_force, 10);
    assert_int_equal(h->severity, MUSTER_SEVERE);
    assert_true(h->starts_at_s == SENT + 12600 && h->ends_at_s == SENT + 12600 + 86400);
    assert_true(muster_hazard_contains(h, 121.0, 30.40));
    double lon, lat;
    mu_geodesic_ahead(121.08, 30.60, 0, 11900, &lon, &lat);
    assert_true(muster_hazard_contains(h, lon, lat));
    mu_geodesic_ahead(121.08, 30.60, 0, 12100, &lon, &lat);
    assert_false(muster_hazard_contains(h, lon, lat));
    muster_hazards_free(hazards);
    muster_alerts_free(set);
}

static void the_language_is_the_one_that_is_asked_for(void **state) {
    (void)state;
    static const char *const ASKED[] = {"en", "ZH-cn", "fr"};
    static const char *const NAME[]  = {"Orange warning of typhoon for the coast of Jiaxing",
                                        "嘉兴市气象台发布台风橙色预警信号",
                                        "嘉兴市气象台发布台风橙色预警信号"};
    muster_alerts           *set     = new_set();
    assert_int_equal(muster_alerts_add(set, "data/samples/typhoon-alert.xml"), MUSTER_OK);
    for (int i = 0; i < 3; ++i) {
        muster_hazards      *hazards;
        uint32_t             count;
        muster_alert_options options = MUSTER_ALERT_OPTIONS_INIT;
        options.language             = ASKED[i];
        assert_int_equal(muster_hazards_new(&hazards), MUSTER_OK);
        assert_int_equal(muster_hazards_add_alerts(hazards, set, &options), MUSTER_OK);
        assert_string_equal(muster_hazards_list(hazards, &count)->name, NAME[i]);
        assert_int_equal(count, 1);
        muster_hazards_free(hazards);
    }
    muster_alerts_free(set);
}

static void what_has_no_area_or_no_time_is_left_out_and_that_is_said(void **state) {
    (void)state;
    muster_alerts  *set = new_set();
    muster_hazards *hazards;
    uint32_t        count, notes;
    assert_int_equal(
        add_text(
            set,
            CAP HEAD("A", "Alert") INFO(AREA("") AREA(
                "<circle>30.7,120.7 0</circle>") "<expires>2026-07-02T00:00:00+08:00</expires>")
                INFO(AREA(
                    "<circle>30.7,120.7 1</circle>") "<expires>2026-07-01T00:00:00+08:00</expires>") "</alert>"),
        MUSTER_OK);
    assert_int_equal(muster_hazards_new(&hazards), MUSTER_OK);
    assert_int_equal(muster_hazards_add_alerts(hazards, set, NULL), MUSTER_OK);
    (void)muster_hazards_list(hazards, &count);
    const muster_hazard_note *note = muster_hazards_notes(hazards, &notes);
    assert_int_equal(count, 0);
    assert_int_equal(notes, 3);
    assert_non_null(strstr(note[0].text, "hazard 'A/1/1'"));
    assert_non_null(strstr(note[0].text, "neither polygon nor circle"));
    assert_non_null(strstr(note[1].text, "encloses nothing"));
    assert_non_null(strstr(note[2].text, "expires before it begins"));
    muster_hazards_free(hazards);
    muster_alerts_free(set);
}

static void a_parameter_out_of_range_is_named(void **state) {
    (void)state;
    muster_alerts  *set = new_set();
    muster_hazards *hazards;
    assert_int_equal(
        add_text(
            set,
            CAP HEAD("A", "Alert") INFO(AREA(
                "<polygon>" SQUARE
                "</polygon>") "<parameter><valueName>muster.depth_m</valueName><value>deep</value>"
                              "</parameter>") "</alert>"),
        MUSTER_OK);
    assert_int_equal(muster_hazards_new(&hazards), MUSTER_OK);
    assert_int_equal(muster_hazards_add_alerts(hazards, set, NULL), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "parameter muster.depth_m is 'deep'"));
    muster_hazards_free(hazards);
    muster_alerts_free(set);
}

/* ---- signals --------------------------------------------------------------------------- */

static void the_built_in_table_has_21_signals_6_recipients_and_7_channels(void **state) {
    (void)state;
    muster_signals *signals;
    uint32_t        count, recipients, channels, kinds = 0;
    assert_int_equal(muster_signals_read(&signals, NULL), MUSTER_OK);
    const muster_signal *s = muster_signals_list(signals, &count);
    (void)muster_signals_recipients(signals, &recipients);
    (void)muster_signals_channels(signals, &channels);
    for (uint32_t i = 0; i < count; ++i) {
        kinds += i == 0 || strcmp(s[i].code, s[i - 1].code) != 0;
        assert_int_equal(s[i].readiness, 4 - s[i].colour); /* red is the first level */
    }
    assert_int_equal(kinds, 21);
    assert_int_equal(recipients, 6);
    assert_int_equal(channels, 7);
    const uint32_t orange = muster_signals_find(signals, "typhoon", MUSTER_ORANGE);
    assert_string_equal(s[orange].name, "台风");
    assert_int_equal(muster_signals_find(signals, "drought", MUSTER_BLUE), MUSTER_NONE);
    muster_signals_free(signals);
}

static uint32_t signal_of(const muster_signals *signals, const char *text) {
    muster_alerts *set = new_set();
    assert_int_equal(add_text(set, text), MUSTER_OK);
    const muster_alerts_data d     = muster_alerts_view(set);
    const uint32_t           found = muster_signals_of_info(signals, &d, 0);
    muster_alerts_free(set);
    return found;
}

#define SAYS(event, severity, headline)                                                            \
    CAP HEAD("A", "Alert") "<info><category>Met</category><event>" event                           \
                           "</event><urgency>Past</urgency><severity>" severity                    \
                           "</severity><certainty>Unknown</certainty><headline>" headline          \
                           "</headline></info></alert>"

static void a_message_is_the_signal_that_its_words_say(void **state) {
    (void)state;
    muster_signals *signals;
    assert_int_equal(muster_signals_read(&signals, NULL), MUSTER_OK);
    const struct {
        const char          *text, *code;
        muster_signal_colour colour;
    } EXPECTED[] = {
        {SAYS("暴雨", "Minor", "嘉兴市发布暴雨红色预警信号"), "rainstorm", MUSTER_RED},
        {SAYS("天气", "Severe", "沙尘暴预警"), "sandstorm", MUSTER_ORANGE},
        {SAYS("Heavy Fog", "Moderate", "Yellow warning"), "fog", MUSTER_YELLOW},
        {SAYS("Flash flood", "Extreme", "x"), "flash_flood", MUSTER_RED},
        {SAYS("干旱", "Minor", "x"), "drought", MUSTER_ORANGE}, /* it has no blue and no yellow */
        {SAYS("霾", "Extreme", "x"), "haze", MUSTER_ORANGE},    /* its highest */
    };
    for (size_t i = 0; i < sizeof EXPECTED / sizeof *EXPECTED; ++i) {
        const uint32_t found = signal_of(signals, EXPECTED[i].text);
        assert_int_equal(found, muster_signals_find(signals, EXPECTED[i].code, EXPECTED[i].colour));
    }
    assert_int_equal(signal_of(signals, SAYS("演习", "Severe", "Flooded? No: bogus")), MUSTER_NONE);
    muster_signals_free(signals);
}

static void readiness_is_the_highest_and_recipients_add_up(void **state) {
    (void)state;
    muster_signals *signals;
    const char     *path =
        file_of("s.csv", "code,name,name_en,colour,readiness,recipients,channels,source\r\n"
                         "a,\"甲, \"\"一\"\"\",A,blue,4,x y,p,s\n\nb,乙,B,red,2,z,q p,\n");
    assert_int_equal(muster_signals_read(&signals, path), MUSTER_OK);
    uint32_t               count;
    const muster_signal   *s      = muster_signals_list(signals, &count);
    static const uint32_t  BOTH[] = {0, 1};
    const muster_readiness r      = muster_readiness_of(signals, 2, BOTH);
    assert_int_equal(count, 2);
    assert_string_equal(s[0].name, "甲, \"一\"");
    assert_int_equal(r.level, 2);
    assert_int_equal(r.recipients, 7);
    assert_int_equal(r.channels, 3);
    assert_int_equal(muster_readiness_of(signals, 0, NULL).level, 0);
    muster_signals_free(signals);
}

static void what_a_table_gets_wrong_is_named_with_its_line(void **state) {
    (void)state;
#define TABLE "code,name,name_en,colour,readiness,recipients,channels,source\n"
    static const char *const WRONG[][2] = {
        {"", "line 1: is no table of signals"},
        {"a,b\n", "line 1: is no table"},
        {TABLE, "no signal"},
        {TABLE "a,b,c,blue,4,x,y\n", "line 2: 7 fields; expected 8"},
        {TABLE "a,b,c,blue,4,x,y,z,w\n", "more than 8 fields"},
        {TABLE "a,b,c,green,4,x,y,z\n", "line 2: colour is 'green'"},
        {TABLE "a,b,c,blue,5,x,y,z\n", "readiness is '5'"},
        {TABLE "a,b,c,blue,4,,y,z\n", "recipients is ''"},
        {TABLE ",b,c,blue,4,x,y,z\n", "code is ''"},
        {TABLE "a,b,c,blue,4,x,y,z\na,b,c,blue,3,x,y,z\n", "line 3: code is 'a'"},
        {TABLE "a,\"b,c,blue,4,x,y,z\n", "a quote is not closed"},
        {TABLE "a,\"b\"c,c,blue,4,x,y,z\n", "goes on behind its quote"},
        {TABLE "a,\xFF,c,blue,4,x,y,z\n", "not UTF-8"}};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; ++i) {
        muster_signals *signals;
        assert_int_equal(muster_signals_read(&signals, file_of("s.csv", WRONG[i][0])),
                         MUSTER_E_INVALID);
        assert_null(signals);
        if (!strstr(muster_error_message(), WRONG[i][1])) {
            fail_msg("\"%s\" does not say \"%s\"", muster_error_message(), WRONG[i][1]);
        }
    }
}

/* ---- memory ---------------------------------------------------------------------------- */

static void every_allocation_may_fail(void **state) {
    (void)state;
    muster_status status = MUSTER_E_NOMEM;
    for (int64_t n = 0; status != MUSTER_OK; ++n) {
        muster_alerts  *set     = NULL;
        muster_hazards *hazards = NULL;
        muster_signals *signals = NULL;
        mu_gis_alloc_fail_after(n);
        status = muster_alerts_new(&set);
        if (status == MUSTER_OK) status = muster_alerts_add(set, "data/samples/typhoon-alert.xml");
        if (status == MUSTER_OK) status = muster_hazards_new(&hazards);
        if (status == MUSTER_OK) status = muster_hazards_add_alerts(hazards, set, NULL);
        if (status == MUSTER_OK) status = muster_signals_read(&signals, NULL);
        mu_gis_alloc_fail_after(-1);
        assert_true(status == MUSTER_OK || status == MUSTER_E_NOMEM);
        muster_signals_free(signals);
        muster_hazards_free(hazards);
        muster_alerts_free(set);
        assert_true(n < 2000);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sample_is_read_in_both_languages),
        cmocka_unit_test(elements_may_come_in_any_order_and_others_are_passed_over),
        cmocka_unit_test(what_a_message_gets_wrong_is_named_with_line_and_element),
        cmocka_unit_test(entities_and_depth_are_refused),
        cmocka_unit_test(a_file_that_is_too_large_or_none_is_refused),
        cmocka_unit_test(updates_replace_and_cancels_take_back_in_any_order),
        cmocka_unit_test(a_reference_names_the_moment_too),
        cmocka_unit_test(an_exercise_counts_only_where_it_is_asked_for_and_cancels_nothing_actual),
        cmocka_unit_test(the_sample_becomes_one_wind_of_polygon_and_circle),
        cmocka_unit_test(the_language_is_the_one_that_is_asked_for),
        cmocka_unit_test(what_has_no_area_or_no_time_is_left_out_and_that_is_said),
        cmocka_unit_test(a_parameter_out_of_range_is_named),
        cmocka_unit_test(the_built_in_table_has_21_signals_6_recipients_and_7_channels),
        cmocka_unit_test(a_message_is_the_signal_that_its_words_say),
        cmocka_unit_test(readiness_is_the_highest_and_recipients_add_up),
        cmocka_unit_test(what_a_table_gets_wrong_is_named_with_its_line),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
