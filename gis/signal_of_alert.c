/* Which signal a message is: by a parameter that says so, else by the words of its event and headline,
 * as issuing centres write them: 嘉兴市气象台发布台风橙色预警信号. */
#include <muster/alert.h>

#include <string.h>

enum { CODE_BYTES = 64 };

/* ---- stated ---------------------------------------------------------------------------- */

/* "typhoon:red" */
static uint32_t find_stated(const muster_signals *signals, const char *text) {
    const char  *colon  = strchr(text, ':');
    const size_t length = colon ? (size_t)(colon - text) : 0;
    char         code[CODE_BYTES];
    if (!colon || length >= sizeof code) return MUSTER_NONE;
    memcpy(code, text, length);
    code[length]                      = 0;
    const muster_signal_colour colour = muster_signal_colour_from_name(colon + 1);
    return colour < MUSTER_SIGNAL_COLOUR_COUNT ? muster_signals_find(signals, code, colour)
                                               : MUSTER_NONE;
}

static const char *stated_signal(const muster_alerts_data *data, const muster_alert_info *info) {
    for (uint32_t v = info->first_value; v < info->first_value + info->value_count; ++v) {
        const muster_alert_value *value = &data->value[v];
        if (value->kind != MUSTER_ALERT_GEOCODE && strcmp(value->name, "muster.signal") == 0) {
            return value->value;
        }
    }
    return NULL;
}

/* ---- by words -------------------------------------------------------------------------- */

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_letter(char c) {
    return lower(c) >= 'a' && lower(c) <= 'z';
}

static size_t common_length(const char *text, const char *word) {
    size_t i = 0;
    while (word[i] != 0 && lower(text[i]) == lower(word[i])) ++i;
    return i;
}

/* Whatever the case of letters; a word of Latin letters is no part of a longer one. */
static bool has_word(const char *text, const char *word) {
    const size_t length = strlen(word);
    for (const char *at = text; text && *at != 0; ++at) {
        if (common_length(at, word) < length) continue;
        const bool goes_on = is_letter(word[length - 1]) && is_letter(at[length]);
        const bool began   = is_letter(word[0]) && at > text && is_letter(at[-1]);
        if (!goes_on && !began) return true;
    }
    return false;
}

static bool says(const muster_alert_info *info, const char *word) {
    return has_word(info->event, word) || has_word(info->headline, word);
}

/* A row of the signal with the longest name that is said. */
static uint32_t find_said(const muster_signals *signals, const muster_alert_info *info) {
    uint32_t             count, best = MUSTER_NONE;
    size_t               longest = 0;
    const muster_signal *signal  = muster_signals_list(signals, &count);
    for (uint32_t i = 0; i < count; ++i) {
        const char *name[] = {signal[i].name, signal[i].name_en};
        for (int n = 0; n < 2; ++n) {
            if (strlen(name[n]) <= longest || !says(info, name[n])) continue;
            longest = strlen(name[n]);
            best    = i;
        }
    }
    return best;
}

/* One colour a severity, as Chinese alerts pair them; an unknown one is taken for moderate. */
static muster_signal_colour colour_of_severity(uint8_t severity) {
    static const muster_signal_colour COLOUR[MUSTER_SEVERITY_COUNT + 1] = {
        MUSTER_BLUE, MUSTER_YELLOW, MUSTER_ORANGE, MUSTER_RED, MUSTER_YELLOW};
    return COLOUR[severity];
}

/* The highest of those that are said. */
static muster_signal_colour find_colour(const muster_alert_info *info) {
    static const char *const CHINESE[] = {"蓝色", "黄色", "橙色", "红色"};
    for (int c = MUSTER_SIGNAL_COLOUR_COUNT; c-- > 0;) {
        const char *english = muster_signal_colour_name((muster_signal_colour)c);
        if (says(info, CHINESE[c]) || says(info, english)) return (muster_signal_colour)c;
    }
    return colour_of_severity(info->severity);
}

uint32_t muster_signals_of_info(const muster_signals *signals, const muster_alerts_data *data,
                                uint32_t info_index) {
    const muster_alert_info *info   = &data->info[info_index];
    const char              *stated = stated_signal(data, info);
    if (stated) return find_stated(signals, stated);
    uint32_t             count, found = MUSTER_NONE;
    const muster_signal *signal = muster_signals_list(signals, &count);
    const uint32_t       said   = find_said(signals, info);
    if (said == MUSTER_NONE) return MUSTER_NONE;
    const muster_signal_colour colour = find_colour(info);
    for (int c = colour; c < MUSTER_SIGNAL_COLOUR_COUNT && found == MUSTER_NONE; ++c) {
        found = muster_signals_find(signals, signal[said].code, (muster_signal_colour)c);
    }
    for (int c = colour; c-- > 0 && found == MUSTER_NONE;) {
        found = muster_signals_find(signals, signal[said].code, (muster_signal_colour)c);
    }
    return found;
}
