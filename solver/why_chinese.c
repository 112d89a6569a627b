/* Why, in Chinese, as duty officers say it, with the terms of the report (cli/results_report/zh.json).
 *
 * Kinds are called by their names, units and incidents by name and code (chinese.h). */
#include <inttypes.h>

#include "solver/chinese.h"
#include "solver/weights.h"
#include "solver/why_text.h"

enum { MOST_INCIDENTS = 4 }; /* half of the English, which has codes alone */

static void say_unit(mu_why_writer *w, uint32_t index) {
    const muster_unit *unit = mu_why_unit(w, index);
    mu_say_called(&w->out, unit->name, unit->code);
}

static void say_incident(mu_why_writer *w, const muster_incident *incident) {
    mu_say_called(&w->out, incident->name, incident->code);
}

static const char *kind_name(const muster_kind *kind) {
    return mu_chinese_kind(kind->name, kind->code);
}

static const char *measure_of(const mu_why_writer *w) {
    return mu_chinese_measure(w->resource);
}

static const char *severity_name(const muster_incident *incident) {
    static const char *const NAME[MUSTER_SEVERITY_COUNT] = {"一般，", "较重，", "严重，",
                                                            "特别严重，"};
    return NAME[incident->severity];
}

/* ---- why is it unmet? --------------------------------------------------------------------- */

static void say_units(mu_why_writer *w, const muster_shortage *s) {
    switch (w->resource) {
    case MUSTER_PEOPLE:
        say(w, "%" PRIu32 " 支队伍共 %" PRId64 " 人", s->unit_count, s->supply);
        return;
    case MUSTER_VEHICLE:
        say(w, "%" PRIu32 " 辆车", s->unit_count);
        return;
    case MUSTER_MACHINE:
        say(w, "%" PRIu32 " 处机械共 %" PRId64 " 台", s->unit_count, s->supply);
        return;
    default:
        say(w, "%" PRIu32 " 处库存共 %" PRId64 " 件", s->unit_count, s->supply);
    }
}

static void say_incidents(mu_why_writer *w, const muster_shortage *s) {
    uint32_t               named = 0;
    const muster_incident *last  = NULL;
    for (uint32_t i = 0; i < s->need_count; ++i) {
        const muster_incident *incident = mu_why_incident(w, s->need[i]);
        if (incident == last) continue; /* needs of one incident often lie together */
        last = incident;
        if (named == MOST_INCIDENTS) {
            say(w, "等事件");
            return;
        }
        if (named++ > 0) say(w, "、");
        say_incident(w, incident);
    }
}

static void say_all_that_serve(mu_why_writer *w, const muster_shortage *s) {
    say(w, "可用于");
    if (s->need_count == 1) {
        say(w, "该需求");
    } else {
        say_incidents(w, s);
        say(w, "共 %" PRIu32 " 项需求", s->need_count);
    }
    say(w, "的全部%s为 ", w->resource == MUSTER_ITEM ? "物资" : "力量");
    say_units(w, s);
}

static void say_proof(mu_why_writer *w, const muster_shortage *s) {
    switch ((muster_proof)s->proof) {
    case MUSTER_PROOF_SUPPLY:
        say_all_that_serve(w, s);
        say(w, "，而需求%s %" PRId64 "%s，无论如何调派都不够。", s->need_count == 1 ? "为" : "合计",
            s->demand, measure_of(w));
        return;
    case MUSTER_PROOF_IN_USE:
        say_all_that_serve(w, s);
        say(w, "，均已派往%s。队伍须整队出动，其中 %" PRId64 " 人超出所需。",
            s->need_count == 1 ? "此处" : "这些事件", mu_why_surplus(w, s));
        return;
    default:
        if (w->why->nearest.verdict == MUSTER_NEAREST_IDLE) {
            say(w, "尚有可前往的力量空闲，其中最近的是");
            say_unit(w, w->why->nearest.index);
            say(w, "。");
        } else {
            say(w,
                "若其他力量相互调换，按数量计算是够的；未能满足，是因为队伍须整队出动、有最低数量"
                "要求、车辆另有装运任务，或计算提前结束。");
        }
    }
}

/* What is not with this need and who could serve it alone: a cut may be there besides. */
static void say_besides(mu_why_writer *w, const muster_shortage *s, const char *reason) {
    say(w, "%s", reason);
    if (s->proof != MUSTER_PROOF_SUPPLY) return;
    say(w, "此外，");
    say_proof(w, s);
}

static const char *resource_name(const mu_why_writer *w) {
    static const char *const NAME[MUSTER_RESOURCE_COUNT] = {"人员", "车辆", "机械", "物资"};
    return NAME[w->resource];
}

static void say_reason(mu_why_writer *w, const muster_shortage *s) {
    switch ((muster_unmet_reason)s->reason) {
    case MUSTER_UNMET_UNSNAPPED:
        say(w, "事件附近没有可通行的道路。");
        return;
    case MUSTER_UNMET_NONE_EXIST:
        say(w, "没有任何单位拥有可调用的此类%s。", resource_name(w));
        return;
    case MUSTER_UNMET_UNREACHABLE:
        say(w, "有此类%s，但没有道路可通达现场。", resource_name(w));
        return;
    case MUSTER_UNMET_GRADE:
        say(w, "能够到达的队伍中，没有达到 %" PRIu32 " 级要求的。", w->need->grade);
        return;
    case MUSTER_UNMET_SHIFT:
        say(w, "能够前往的力量当班时间均已不足，不能在交班前完成任务。");
        return;
    case MUSTER_UNMET_RULED_OUT:
        say(w, "能够前往的力量均有指令在身，或受规则限制，不能派往此处。");
        return;
    case MUSTER_UNMET_INCOMPLETE:
        say_besides(w, s, "该事件所需力量须一次配齐，缺一则全部不派，而目前无法配齐。");
        return;
    case MUSTER_UNMET_NO_OPERATORS:
        say_besides(w, s, "现场没有更多人员可操作此类机械。");
        return;
    case MUSTER_UNMET_DIVERSION:
        say_besides(w, s, "其余力量正赶往其他事件，不宜改派。");
        return;
    case MUSTER_UNMET_BELOW_MINIMUM:
        say(w, "还能派来的不足最低数量 %" PRId64 "%s。", w->need->minimum, measure_of(w));
        if (s->proof != MUSTER_PROOF_NONE) say_proof(w, s);
        return;
    case MUSTER_UNMET_EXHAUSTED:
        say_proof(w, s);
        return;
    case MUSTER_UNMET_MAX_SOURCES:
        say_besides(w, s, "尚有库存，但向此处供货的仓库数已达上限，其余仓库不能再供货。");
        return;
    case MUSTER_UNMET_NO_VEHICLE:
        say_besides(w, s, "尚有库存，但没有空闲车辆可以装运。");
        return;
    }
    say_besides(w, s, "原因在于规则、该事件的其他需求或车辆运输安排，详见派遣结果。");
}

static void say_unmet(mu_why_writer *w) {
    const muster_shortage *s = &w->why->shortage;
    if (s->missing == 0) return;
    say_incident(w, w->incident);
    say(w, "缺少“%s” %" PRId64 "%s（共需 %" PRId64 "%s）：", kind_name(w->kind), s->missing,
        measure_of(w), w->need->quantity, measure_of(w));
    say_reason(w, s);
}

/* ---- why is the nearest not sent? ----------------------------------------------------------- */

/* An incident and what it asks for; `severity` ends in a comma, or is empty. */
static void say_need(mu_why_writer *w, uint32_t need, const char *severity) {
    const muster_incident *incident = mu_why_incident(w, need);
    mu_say_called_and(&w->out, incident->name, incident->code);
    say(w, "%s“%s”）", severity, kind_name(&w->problem->kind[w->problem->need[need].kind]));
}

static void say_arrival(mu_why_writer *w, const muster_exchange *n) {
    say_unit(w, n->index);
    say(w, "可在 %.1f 分钟后到达", mu_minutes(n->eta_ms));
    say_need(w, w->why->need, "");
    if (n->last_eta_ms == MUSTER_UNREACHABLE_MS) {
        say(w, "，此处尚未派出力量");
    } else if (n->eta_ms < n->last_eta_ms) {
        say(w, "，比所派力量中最后到达的早 %.1f 分钟", mu_minutes(n->last_eta_ms - n->eta_ms));
    } else {
        say(w, "，比所派力量中最后到达的晚 %.1f 分钟", mu_minutes(n->eta_ms - n->last_eta_ms));
    }
}

static void say_replacement(mu_why_writer *w, const muster_exchange *n) {
    if (n->replacement == MUSTER_NONE) {
        say(w, "原处无力量顶替");
    } else {
        const bool     is_later = n->replacement_eta_ms >= n->other_eta_ms;
        const uint32_t apart    = is_later ? n->replacement_eta_ms - n->other_eta_ms
                                           : n->other_eta_ms - n->replacement_eta_ms;
        say(w, "原处由");
        say_unit(w, n->replacement);
        say(w, "顶替，%s %.1f 分钟到达", is_later ? "晚" : "早", mu_minutes(apart));
    }
    if (n->other_missing > 0) {
        say(w, "，且多缺 %" PRId64 "%s", n->other_missing, measure_of(w));
    }
    if (n->other_missing < 0) {
        say(w, "，且少缺 %" PRId64 "%s", -n->other_missing, measure_of(w));
    }
    say(w, "。");
}

static void say_changes(mu_why_writer *w, const muster_exchange *n) {
    const int64_t first = n->unmet_need_change, second = n->response_time_change;
    if (n->is_bound) {
        say(w, "可调换的力量受规则或事件其他需求的约束，未作比较。");
        return;
    }
    if (!n->is_possible) {
        say(w, "即使派来，也不足最低数量 %" PRId64 "%s。", w->need->minimum, measure_of(w));
        return;
    }
    if (n->verdict == MUSTER_NEAREST_ELSEWHERE) {
        say(w, "若将其%s改派此处，", n->resource > MUSTER_VEHICLE ? "一部分" : "");
        say_replacement(w, n);
    }
    if (first == 0 && second == 0) {
        say(w, "未满足需求和响应时间均无变化。");
        return;
    }
    say(w, "合计（加权）：未满足需求变化 %+" PRId64 "，响应时间变化 %+" PRId64, first, second);
    if (first == 0 && mu_weights(w->problem)->reserve_before_response) {
        say(w, "；优先考虑的预备力量未计入。");
    } else {
        say(w, first < 0 || (first == 0 && second < 0) ? "，比现在更好，可见当前派遣并非最优。"
                                                       : "，比现在更差。");
    }
}

static void say_nearest(mu_why_writer *w) {
    const muster_exchange *n = &w->why->nearest;
    switch ((muster_nearest_verdict)n->verdict) {
    case MUSTER_NEAREST_NONE:
        if (n->last_eta_ms == MUSTER_UNREACHABLE_MS) return; /* then it is unmet, which says why */
        say(w, "能够到达");
        say_incident(w, w->incident);
        say(w, "的“%s”已全部派往该处。", kind_name(w->kind));
        return;
    case MUSTER_NEAREST_NO_SOONER:
        say(w, "所派“%s”最后到达", kind_name(w->kind));
        say_incident(w, w->incident);
        say(w, "需 %.1f 分钟，没有其他力量能更早到达：其余最近的是", mu_minutes(n->last_eta_ms));
        say_unit(w, n->index);
        say(w, "，需 %.1f 分钟。", mu_minutes(n->eta_ms));
        return;
    case MUSTER_NEAREST_IDLE:
        say_arrival(w, n);
        say(w, "，现空闲。");
        break;
    case MUSTER_NEAREST_ELSEWHERE:
        say_arrival(w, n);
        say(w, "，但已派往");
        say_need(w, n->other_need, severity_name(mu_why_incident(w, n->other_need)));
        say(w, "，%.1f 分钟后到达。", mu_minutes(n->other_eta_ms));
        break;
    case MUSTER_NEAREST_CARRYING:
        say_arrival(w, n);
        say(w, "，但已有装运物资任务。");
        return;
    case MUSTER_NEAREST_SHIPPED:
        return;
    }
    say_changes(w, n);
}

/* ---- what would help? ------------------------------------------------------------------------- */

static void say_help(mu_why_writer *w) {
    const muster_help *h     = &w->why->help;
    const double       price = (double)mu_price(w->problem, w->why->need);
    if (mu_is_shipped(w->problem, w->why->need)) return;
    say(w, "若");
    say_incident(w, w->incident);
    say(w, "现场增援“%s” 1%s，", kind_name(w->kind), measure_of(w));
    if (h->unmet_need_gain == 0 && h->response_time_gain == 0) say(w, "不会有任何改善");
    if (h->unmet_need_gain != 0) {
        say(w, "未满足需求（加权）可减少 %" PRId64 "，相当于此处多满足 %.2f%s", h->unmet_need_gain,
            (double)h->unmet_need_gain / price, measure_of(w));
    }
    if (h->unmet_need_gain != 0 && h->response_time_gain != 0) say(w, "；");
    if (h->response_time_gain > 0) {
        say(w, "响应时间（加权）可减少 %" PRId64 "，相当于此处 1%s早到 %.1f 分钟",
            h->response_time_gain, measure_of(w), (double)h->response_time_gain / price / 60);
    } else if (h->response_time_gain < 0) {
        say(w, "因满足的需求更多，响应时间（加权）增加 %" PRId64, -h->response_time_gain);
    }
    say(w, h->is_exact ? "（有、无增援的最优派遣之差）。"
           : mu_why_may_carry(w) ? "（估计值：假定车辆不装运物资，且不计最低数量和规则）。"
                                 : "（估计值：假定队伍可以拆分，且不计最低数量和规则）。");
}

const mu_why_sayer mu_why_chinese[MUSTER_QUESTION_COUNT] = {say_unmet, say_nearest, say_help};
