/* Changes in Chinese, in the words of explanations (why_chinese.c) and of the report. */
#include <inttypes.h>

#include "solver/changes_text.h"
#include "solver/chinese.h"

/* ---- what --------------------------------------------------------------------------------- */

/* A unit with how much of it: "排涝站（M-1，“水泵” 2 台）"; a vehicle is one. */
static void say_unit(mu_sentence *w, const muster_change *c, const mu_change_names *name) {
    const bool            is_now   = c->incident != NULL;
    const muster_resource resource = (muster_resource)c->resource;
    const int64_t         quantity = is_now ? c->quantity : c->quantity_before;
    const char           *measure  = mu_chinese_measure(resource);
    if (resource == MUSTER_VEHICLE) {
        mu_say_called(w, name->unit, c->code);
        return;
    }
    mu_say_called_and(w, name->unit, c->code);
    if (resource != MUSTER_PEOPLE) {
        mu_say(w, "“%s” ",
               is_now ? mu_chinese_kind(name->kind, c->kind)
                      : mu_chinese_kind(name->kind_before, c->kind_before));
    }
    mu_say(w, "%" PRId64 "%s）", quantity, measure);
}

/* An incident and what it asks for. */
static void say_need(mu_sentence *w, const char *incident_name, const char *incident,
                     const char *kind_name, const char *kind) {
    mu_say_called_and(w, incident_name, incident);
    mu_say(w, "“%s”）", mu_chinese_kind(kind_name, kind));
}

static void say_carriage(mu_sentence *w, const char *prefix, const char *name, const char *code) {
    mu_say(w, "%s由", prefix);
    mu_say_called(w, name, code);
    mu_say(w, "运送");
}

/* Who brings it now, and who did; items may come without a vehicle. */
static void say_carriers(mu_sentence *w, const muster_change *c, const mu_change_names *name) {
    if (c->vehicle) {
        say_carriage(w, "改", name->vehicle, c->vehicle);
    } else {
        mu_say(w, "不再由车辆运送");
    }
    if (c->vehicle_before) {
        say_carriage(w, "，原", name->vehicle_before, c->vehicle_before);
    } else {
        mu_say(w, "，原不由车辆运送");
    }
}

static void say_what(mu_sentence *w, const muster_change *c, const mu_change_names *name) {
    say_unit(w, c, name);
    switch ((muster_change_type)c->type) {
    case MUSTER_CHANGE_SENT:
        mu_say(w, "派往");
        mu_say_called(w, name->incident, c->incident);
        if (c->vehicle) say_carriage(w, "，", name->vehicle, c->vehicle);
        mu_say(w, "，%.1f 分钟后到达", mu_minutes(c->eta_ms));
        return;
    case MUSTER_CHANGE_TAKEN_BACK:
        mu_say(w, "不再派往");
        mu_say_called(w, name->incident_before, c->incident_before);
        return;
    case MUSTER_CHANGE_REDIRECTED:
        mu_say(w, "由");
        say_need(w, name->incident_before, c->incident_before, name->kind_before, c->kind_before);
        mu_say(w, "改派往");
        say_need(w, name->incident, c->incident, name->kind, c->kind);
        mu_say(w, "，%.1f 分钟后到达", mu_minutes(c->eta_ms));
        return;
    case MUSTER_CHANGE_QUANTITY:
        mu_say(w, "派往");
        mu_say_called(w, name->incident, c->incident);
        if (c->vehicle) say_carriage(w, "，", name->vehicle, c->vehicle);
        mu_say(w, "，原为 %" PRId64 "%s", c->quantity_before,
               mu_chinese_measure((muster_resource)c->resource));
        return;
    case MUSTER_CHANGE_TIME:
        mu_say(w, "到达");
        mu_say_called(w, name->incident, c->incident);
        mu_say(w, "需 %.1f 分钟，原需 %.1f 分钟", mu_minutes(c->eta_ms),
               mu_minutes(c->eta_before_ms));
        return;
    default:
        mu_say(w, "派往");
        mu_say_called(w, name->incident, c->incident);
        mu_say(w, "，");
        say_carriers(w, c, name);
    }
}

/* ---- why ---------------------------------------------------------------------------------- */

static void say_why(mu_sentence *w, const muster_change *c, const mu_change_names *name) {
    const bool  is_whole = c->resource == MUSTER_PEOPLE || c->resource == MUSTER_VEHICLE;
    const bool  is_other = c->type == MUSTER_CHANGE_REDIRECTED;
    const char *there    = is_other ? "原事件" : "该事件"; /* where it was */
    mu_say(w, "：");
    switch ((muster_change_reason)c->reason) {
    case MUSTER_BECAUSE_INCIDENT_CLOSED:
        mu_say(w, "%s已结束。", there);
        return;
    case MUSTER_BECAUSE_UNIT_LOST:
        mu_say(w, c->index == MUSTER_NONE || is_whole ? "已不可调用。"
                                                      : "可调用的数量减少，或无车辆运送。");
        return;
    case MUSTER_BECAUSE_NEED_CHANGED:
        mu_say(w, is_other ? "需求有变化。" : "该事件的需求有变化。");
        return;
    case MUSTER_BECAUSE_ORDERS:
        mu_say(w, "规则要求如此。");
        return;
    case MUSTER_BECAUSE_UNIT_MOVED:
        mu_say(w, "出发地点与此前不同。");
        return;
    case MUSTER_BECAUSE_UNIT_CHANGED:
        mu_say(w, "其能力或可用时间有变化。");
        return;
    case MUSTER_BECAUSE_ROADS:
        mu_say(w, "通往%s的道路有变化。", there);
        return;
    case MUSTER_BECAUSE_UNFIT:
        mu_say(w, "按%s目前的情况，派往该处已无用处。", there);
        return;
    case MUSTER_BECAUSE_NEW_INCIDENT:
        mu_say(w, "该事件为新接报事件。");
        return;
    case MUSTER_BECAUSE_REPLACEMENT:
        mu_say(w, "顶替");
        mu_say_called(w, name->replaced, c->replaced);
        mu_say(w, "。");
        return;
    case MUSTER_BECAUSE_GAP:
        mu_say(w, "该事件此前缺少“%s”。", mu_chinese_kind(name->kind, c->kind));
        return;
    default:
        mu_say(w, "总体更优。");
    }
}

void mu_change_say_chinese(mu_sentence *out, const muster_change *change,
                           const mu_change_names *name) {
    say_what(out, change, name);
    say_why(out, change, name);
}
