/** @file muster/alert.h
 *  Alerts of the Common Alerting Protocol (CAP 1.2, OASIS 2010): read, replaced and cancelled by each
 *  other, made hazards; and the signals that raise a city's readiness. docs/hazards.md tells what of
 *  a message counts. Part of libmuster_gis. */
#ifndef MUSTER_ALERT_H
#define MUSTER_ALERT_H

#include <muster/hazard.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- messages -------------------------------------------------------------------------- */

typedef enum muster_alert_status {
    MUSTER_ALERT_ACTUAL,
    MUSTER_ALERT_EXERCISE,
    MUSTER_ALERT_SYSTEM,
    MUSTER_ALERT_TEST,
    MUSTER_ALERT_DRAFT,
    MUSTER_ALERT_STATUS_COUNT
} muster_alert_status;
/** "actual", "exercise", "system", "test", "draft"; NULL for a number outside the enum. */
MUSTER_API const char *muster_alert_status_name(muster_alert_status status);

typedef enum muster_alert_type {
    MUSTER_ALERT_ALERT,
    MUSTER_ALERT_UPDATE, /**< Replaces the messages that it refers to. */
    MUSTER_ALERT_CANCEL, /**< Takes them back. */
    MUSTER_ALERT_ACK,
    MUSTER_ALERT_ERROR,
    MUSTER_ALERT_TYPE_COUNT
} muster_alert_type;
/** "alert", "update", "cancel", "ack", "error"; NULL for a number outside the enum. */
MUSTER_API const char *muster_alert_type_name(muster_alert_type type);

/** What kind of pair a muster_alert_value is. */
typedef enum muster_alert_value_kind {
    MUSTER_ALERT_EVENT_CODE,
    MUSTER_ALERT_PARAMETER,
    MUSTER_ALERT_GEOCODE
} muster_alert_value_kind;

/** A valueName and its value. */
typedef struct muster_alert_value {
    uint8_t     kind; /**< A muster_alert_value_kind. */
    uint32_t    area; /**< Of a geocode: in muster_alerts_data.area; else MUSTER_NONE. */
    const char *name, *value;
} muster_alert_value;

typedef struct muster_alert_circle {
    double lon_deg, lat_deg, radius_m;
} muster_alert_circle;

typedef struct muster_alert_area {
    const char *description;
    uint32_t    first_ring, ring_count;     /**< Polygons, as they stand in the message. */
    uint32_t    first_circle, circle_count; /**< In muster_alerts_data.circle. */
} muster_alert_area;

/** One info block: what is said in one language, or of one event. Texts that are missing are NULL. */
typedef struct muster_alert_info {
    const char *language; /**< "en-US" where the message names none, as CAP has it. */
    const char *event, *sender_name, *headline, *description, *instruction;
    uint8_t     severity, urgency, certainty; /**< As those of a hazard. */
    /** MUSTER_MOMENT_FIRST where they are missing; expires_s: MUSTER_MOMENT_LAST. */
    int64_t  effective_s, onset_s, expires_s;
    uint32_t first_value, value_count; /**< In muster_alerts_data.value. */
    uint32_t first_area, area_count;   /**< In muster_alerts_data.area. */
} muster_alert_info;

/** Another message that one refers to. */
typedef struct muster_alert_reference {
    const char *sender, *identifier;
    int64_t     sent_s;
} muster_alert_reference;

typedef struct muster_alert {
    const char *identifier, *sender, *file;
    int64_t     sent_s;
    uint8_t     status; /**< A muster_alert_status. */
    uint8_t     type;   /**< A muster_alert_type. */
    uint32_t    first_info, info_count;
    uint32_t    first_reference, reference_count;
    /** The message of the set that replaces or cancels it, of the same status; of several the one
     *  sent last. MUSTER_NONE: it stands. */
    uint32_t replaced_by;
} muster_alert;

/** All messages of a set, flat: in the order in which they were added. */
typedef struct muster_alerts_data {
    uint32_t                      alert_count;
    const muster_alert           *alert;
    const muster_alert_info      *info;
    const muster_alert_area      *area;
    const muster_alert_value     *value;
    const muster_alert_circle    *circle;
    const muster_alert_reference *reference;
    const uint32_t               *ring_first_point; /**< Ring r: up to ring_first_point[r + 1]. */
    const double                 *ring_lon_deg, *ring_lat_deg;
} muster_alerts_data;

/** One thread at a time while messages are added. */
typedef struct muster_alerts muster_alerts;

/** Larger files are refused, and elements nested deeper. */
#define MUSTER_ALERT_MOST_BYTES 16777216
#define MUSTER_ALERT_MOST_DEPTH 32

MUSTER_API muster_status muster_alerts_new(muster_alerts **out);
MUSTER_API void          muster_alerts_free(muster_alerts *alerts);

/** Read a CAP 1.2 message. It is not trusted: a document type declaration, and so every entity, is
 *  refused, sizes and depth are bounded. Elements of other namespaces (signatures) are passed over. A
 *  message that the set has (same sender, identifier and time) is not added again. Messages may come
 *  in any order.
 *  @return MUSTER_E_IO, MUSTER_E_FORMAT (no XML, no CAP 1.2), MUSTER_E_INVALID naming file, line,
 *          element, value and what was expected, MUSTER_E_NOMEM; the set is then as it was. */
MUSTER_API muster_status muster_alerts_add(muster_alerts *alerts, const char *path);

/** They live until the set is added to or freed. */
MUSTER_API muster_alerts_data muster_alerts_view(const muster_alerts *alerts);

/** Which messages count, and in which language. Start from `MUSTER_ALERT_OPTIONS_INIT`. */
typedef struct muster_alert_options {
    size_t struct_size;
    /** Info blocks in this language, "zh" or "zh-CN"; of a message without one, those in the language
     *  of its first. */
    const char *language;
    bool        takes_exercises; /**< Messages of status Exercise count like actual ones. */
} muster_alert_options;

#define MUSTER_ALERT_OPTIONS_INIT                                                                  \
    { sizeof(muster_alert_options), "zh", false }

/** Does the info block count: of a message that stands, alerts or updates, and in the language?
 *  @param data     the messages
 *  @param alert    which message
 *  @param info     which of its info blocks, from 0
 *  @param options  may be NULL: MUSTER_ALERT_OPTIONS_INIT */
MUSTER_API bool muster_alert_info_counts(const muster_alerts_data *data, uint32_t alert,
                                         uint32_t info, const muster_alert_options *options);

/** From when an info block of a message holds: onset, or else effective, or else when it was sent. Up to
 *  its expires_s. */
MUSTER_API int64_t muster_alert_info_begins_s(const muster_alert      *alert,
                                              const muster_alert_info *info);

/** Add a hazard for each area of each info block that counts: from onset, or effective, or sent, up to
 *  expires. It is an alert, and does nothing to roads, unless parameters of the message say otherwise:
 *  muster.kind, muster.depth_m, muster.speed_factor, muster.wind_force. One without polygon or circle,
 *  or that expires before it begins, is left out, and a note says so.
 *  @return as muster_hazards_add. */
MUSTER_API muster_status muster_hazards_add_alerts(muster_hazards             *hazards,
                                                   const muster_alerts        *alerts,
                                                   const muster_alert_options *options);

/* ---- signals and readiness ------------------------------------------------------------- */

typedef enum muster_signal_colour {
    MUSTER_BLUE,
    MUSTER_YELLOW,
    MUSTER_ORANGE,
    MUSTER_RED,
    MUSTER_SIGNAL_COLOUR_COUNT
} muster_signal_colour;
/** "blue", "yellow", "orange", "red"; NULL for a number outside the enum. */
MUSTER_API const char *muster_signal_colour_name(muster_signal_colour colour);
/** Which one has that name; MUSTER_SIGNAL_COLOUR_COUNT where none has. */
MUSTER_API muster_signal_colour muster_signal_colour_from_name(const char *name);

/** A row of the table: what a signal of a colour sets off. */
typedef struct muster_signal {
    const char *code;           /**< "typhoon"; unique with the colour. */
    const char *name, *name_en; /**< As messages call it. */
    uint8_t     colour;         /**< A muster_signal_colour. */
    uint8_t     readiness;      /**< 1, the highest, to 4, as responses are counted in China. */
    uint32_t    recipients;     /**< Bits: whom it goes to, by muster_signals_recipients. */
    uint32_t    channels;       /**< Bits: how, by muster_signals_channels. */
    const char *source;         /**< Who defines the signal. */
} muster_signal;

typedef struct muster_signals muster_signals;

/** Read a table of signals: CSV as docs/hazards.md has it.
 *  @param out   receives the table, yours: muster_signals_free
 *  @param path  NULL: the built-in table, data/signals.csv
 *  @return MUSTER_E_IO, MUSTER_E_INVALID naming file, line, column, value and what was expected,
 *          MUSTER_E_NOMEM. */
MUSTER_API muster_status        muster_signals_read(muster_signals **out, const char *path);
MUSTER_API void                 muster_signals_free(muster_signals *signals);
MUSTER_API const muster_signal *muster_signals_list(const muster_signals *signals,
                                                    uint32_t             *out_count);
/** The classes of recipients, and the channels, in the order in which the table names them. */
MUSTER_API const char *const *muster_signals_recipients(const muster_signals *signals,
                                                        uint32_t             *out_count);
MUSTER_API const char *const *muster_signals_channels(const muster_signals *signals,
                                                      uint32_t             *out_count);

/** The row of a signal; MUSTER_NONE where there is none. */
MUSTER_API uint32_t muster_signals_find(const muster_signals *signals, const char *code,
                                        muster_signal_colour colour);

/** Which signal an info block is. A parameter or event code muster.signal says so itself
 *  ("typhoon:red"). Else the one whose name stands in the event or the headline, the longest of
 *  several; its colour by the word for it there, else by severity (minor blue, moderate yellow, severe
 *  orange, extreme red). A colour that the signal does not have is the next higher one of it, or its
 *  highest. MUSTER_NONE: it is none. */
MUSTER_API uint32_t muster_signals_of_info(const muster_signals     *signals,
                                           const muster_alerts_data *data, uint32_t info);

/** What several signals set off together. */
typedef struct muster_readiness {
    uint8_t  level; /**< The highest of theirs, 1 to 4; 0: no signal. */
    uint32_t recipients, channels;
} muster_readiness;

MUSTER_API muster_readiness muster_readiness_of(const muster_signals *signals, uint32_t count,
                                                const uint32_t *signal);

#ifdef __cplusplus
}
#endif
#endif
