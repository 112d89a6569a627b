/* What is to be done next about promises: each case by an example; and beside a database that is a short
 * list, nights of orders, lost answers and restarts, after which the two always come to say the same. */
#include <stdio.h>

#include "core/alloc.h"
#include "session/claim_ask.h"
#include "session/elsewhere.h"
#include "tests/support/random.h"
#include "tests/support/small_base.h"

enum { TABLE = 4000, NIGHTS = 60, STEPS = 60 };

static const char *const INCIDENT[] = {"I-1", "I-1"}; /* where all go */

static muster_event of_order(uint8_t type, int64_t seconds, uint64_t order) {
    muster_event e = small_event(type, seconds);
    e.order        = order;
    return e;
}

static void tell(mu_world *w, uint8_t type, int64_t seconds, uint64_t order) {
    const muster_event e = of_order(type, seconds, order);
    small_apply(w, &e);
}

/* A trip with its load, and a team: orders 1, 2 and 3. */
static mu_world *world_with_orders(void) {
    mu_world *w = small_world();
    small_report(w, "I-1", NULL);
    mu_world_order order[] = {small_order(w, MUSTER_VEHICLE, "V-2", "I-1", "truck", 1),
                              small_order(w, MUSTER_ITEM, "W-1", "I-1", "sandbag", 100),
                              small_order(w, MUSTER_PEOPLE, "T-1", "I-1", "rescue", 12)};
    order[0].need          = MUSTER_NONE;
    order[0].warehouse     = order[1].unit;
    order[1].trip          = 1;
    (void)small_give(w, 3, order);
    return w;
}

static muster_held held(int64_t claim, const char *dispatcher) {
    return (muster_held){.claim      = claim,
                         .resource   = MUSTER_PEOPLE,
                         .code       = "T-1",
                         .quantity   = 12,
                         .dispatcher = dispatcher};
}

static void an_open_order_without_a_promise_is_to_be_claimed(void **state) {
    (void)state;
    mu_world *w = world_with_orders();
    mu_claims c = {0};
    assert_int_equal(mu_claims_next_open(&c, w, 0), 0);
    assert_int_equal(mu_claims_reserve(&c, 3), MUSTER_OK);
    mu_claims_add(&c, 3, 93, 103);
    mu_claims_add(&c, 1, 91, 101);
    assert_int_equal(mu_claims_next_open(&c, w, 0), 1);
    assert_int_equal(mu_claims_find(&c, 3)->claim, 93);
    mu_claims_add(&c, 2, 92, 102);
    assert_int_equal(mu_claims_next_open(&c, w, 0), MUSTER_NONE);
    mu_claims_fini(&c);
    assert_int_equal(mu_claims_add_late(&c, 1), MUSTER_OK); /* with what it brings */
    assert_int_equal(mu_claims_next_open(&c, w, 0), 2);
    mu_claims_fini(&c);
    mu_world_free(w);
}

static void a_promise_is_written_down_and_how_far_its_order_is_is_said_step_by_step(void **state) {
    (void)state;
    mu_world   *w = world_with_orders();
    mu_claims   c = {0};
    const char *name;
    assert_int_equal(mu_claims_reserve(&c, 3), MUSTER_OK);
    mu_claims_add(&c, 3, 93, 103);
    assert_int_equal(mu_claims_next_unwritten(&c, w)->order, 3);
    muster_event e   = of_order(MUSTER_EVENT_CLAIM_HELD, 5, 3);
    e.claim          = 93;
    e.dispatch_order = 103;
    small_apply(w, &e);
    assert_null(mu_claims_next_unwritten(&c, w));
    assert_null(mu_claims_next_state(&c, w, &name));
    tell(w, MUSTER_EVENT_ORDER_ON_SCENE, 6, 3);
    static const char *const STEP[] = {"accepted", "en_route", "on_scene"};
    for (int i = 0; i < 3; ++i) {
        assert_non_null(mu_claims_next_state(&c, w, &name));
        assert_string_equal(name, STEP[i]);
        mu_claims_said(&c, 3);
    }
    assert_null(mu_claims_next_state(&c, w, &name));
    int64_t over[4];
    assert_int_equal(mu_claims_list_over(&c, w, over), 0);
    tell(w, MUSTER_EVENT_ORDER_RELEASED, 7, 3);
    assert_null(mu_claims_next_state(&c, w, &name));
    assert_int_equal(mu_claims_list_over(&c, w, over), 1);
    assert_int_equal(over[0], 93);
    mu_claims_remove(&c, 1, over);
    assert_null(mu_claims_find(&c, 3));
    mu_claims_fini(&c);
    mu_world_free(w);
}

static void who_declines_says_so_and_what_cannot_be_declined_any_more_is_given_back(void **state) {
    (void)state;
    mu_world   *w = world_with_orders();
    mu_claims   c = {0};
    const char *name;
    int64_t     over[4];
    assert_int_equal(mu_claims_reserve(&c, 3), MUSTER_OK);
    mu_claims_add(&c, 3, 93, 103);
    tell(w, MUSTER_EVENT_ORDER_DECLINED, 6, 3);
    assert_non_null(mu_claims_next_state(&c, w, &name));
    assert_string_equal(name, "declined");
    assert_int_equal(mu_claims_list_over(&c, w, over), 0);
    mu_claims_said(&c, 3);
    mu_claims_said(&c, 3);
    assert_null(mu_claims_next_state(&c, w, &name));
    assert_int_equal(mu_claims_list_over(&c, w, over), 1);
    mu_claims_fini(&c);
    mu_world_free(w);
}

static void what_is_held_and_not_known_is_given_back_and_others_is_let_alone(void **state) {
    (void)state;
    mu_world    *w = world_with_orders();
    mu_claims    c = {0};
    muster_event e = of_order(MUSTER_EVENT_CLAIM_HELD, 5, 3);
    int64_t      over[4];
    e.claim                   = 93;
    e.dispatch_order          = 103;
    const muster_held table[] = {held(90, "B"), held(93, "A"), held(94, "A")};
    small_apply(w, &e);
    assert_int_equal(mu_claims_begin(&c, w, "A", 3, table), MUSTER_OK);
    assert_int_equal(mu_claims_find(&c, 3)->claim, 93);
    assert_int_equal(mu_claims_list_over(&c, w, over), 1);
    assert_int_equal(over[0], 94);
    mu_claims_remove(&c, 1, over);
    assert_int_equal(mu_claims_list_over(&c, w, over), 0);
    /* Nothing is held: what the world believes to be held is claimed again. */
    assert_int_equal(mu_claims_begin(&c, w, "A", 0, NULL), MUSTER_OK);
    assert_int_equal(mu_claims_next_open(&c, w, 2), 2);
    mu_claims_fini(&c);
    mu_world_free(w);
}

static void what_is_not_held_any_more_is_claimed_again_if_it_is_open(void **state) {
    (void)state;
    mu_world         *w      = world_with_orders();
    mu_claims         c      = {0};
    const muster_held left[] = {held(90, "B"), held(93, "A")};
    assert_int_equal(mu_claims_reserve(&c, 4), MUSTER_OK);
    mu_claims_add(&c, 1, 91, 101);
    mu_claims_add(&c, 2, 92, 102);
    mu_claims_add(&c, 3, 93, 103);
    mu_claims_add_spare(&c, 94);
    assert_int_equal(mu_claims_forget_gone(&c, 2, left), 1);
    assert_int_equal(c.count, 1);
    assert_int_equal(c.spare_count, 0);
    assert_int_equal(mu_claims_next_open(&c, w, 0), 0);
    assert_int_equal(mu_claims_next_open(&c, w, 1), 1);
    assert_int_equal(mu_claims_next_open(&c, w, 2), MUSTER_NONE);
    assert_int_equal(mu_claims_forget_gone(&c, 2, left), 0);
    mu_claims_fini(&c);
    mu_world_free(w);
}

static void what_others_have_is_known_until_the_database_says_more(void **state) {
    (void)state;
    mu_world      *w;
    mu_base       *b = small_base_and_world(&w);
    mu_elsewhere  *e;
    const uint32_t t1     = mu_base_find_unit(b, MUSTER_PEOPLE, "T-1", MUSTER_NONE);
    const uint32_t bags   = mu_base_find_unit(b, MUSTER_ITEM, "W-1", SMALL_SANDBAG);
    muster_held    some[] = {held(1, "B"), held(2, "A"), held(3, "B"), held(4, "B")};
    assert_int_equal(mu_elsewhere_new(&e, b), MUSTER_OK);
    some[1].code = "T-2";
    some[2]      = (muster_held){.resource   = MUSTER_ITEM,
                                 .code       = "W-1",
                                 .kind       = "sandbag",
                                 .quantity   = 30,
                                 .dispatcher = "B"};
    some[3].code = "nobody's";
    mu_elsewhere_read(e, "A", 4, some);
    assert_int_equal(mu_elsewhere_quantity(e, MUSTER_PEOPLE, t1), 12);
    assert_int_equal(mu_elsewhere_quantity(e, MUSTER_ITEM, bags), 30);
    mu_elsewhere_refuse(e, MUSTER_ITEM, bags, 50);
    assert_int_equal(mu_elsewhere_quantity(e, MUSTER_ITEM, bags), 50);
    mu_elsewhere_forget(e, "T-1");
    assert_int_equal(mu_elsewhere_quantity(e, MUSTER_ITEM, bags), 50);
    mu_elsewhere_forget(e, "W-1");
    assert_int_equal(mu_elsewhere_quantity(e, MUSTER_ITEM, bags), 30);
    mu_elsewhere_read(e, "A", 0, NULL);
    assert_int_equal(mu_elsewhere_quantity(e, MUSTER_PEOPLE, t1), 0);
    mu_elsewhere_free(e);
    mu_elsewhere_free(NULL);
    mu_world_free(w);
    mu_base_release(b);
}

static void a_refusal_says_who_has_it_and_since_when(void **state) {
    (void)state;
    mu_world             *w = world_with_orders();
    mu_claim_ask         *ask;
    mu_world_order        order[2] = {w->order[0], w->order[2]};
    muster_claim_conflict k[]      = {
             {.line = 0, .reason = MUSTER_CLAIM_UNAVAILABLE},
             {.line = 1, .reason = MUSTER_CLAIM_HELD, .holder = "B", .since_ms = 1782864000000}};
    const muster_claim_answer answer = {
        .outcome = MUSTER_CLAIM_LOST, .conflict_count = 2, .conflict = k};
    assert_int_equal(mu_claim_ask_new(&ask, w->base, 0, 2, order, INCIDENT, 0, NULL), MUSTER_OK);
    assert_int_equal(mu_claim_ask_take(ask, &answer), MUSTER_OK);
    assert_string_equal(ask->refusal[0].message,
                        "the database says that vehicle \"V-2\" is not available");
    assert_string_equal(ask->refusal[1].message,
                        "dispatcher \"B\" has people \"T-1\" since 2026-07-01T00:00:00Z");
    bool taken[2] = {false, false};
    assert_int_equal(mu_claim_ask_match(ask, &order[1], taken), 1);
    taken[1] = true;
    assert_int_equal(mu_claim_ask_match(ask, &order[1], taken), MUSTER_NONE);
    mu_claim_ask_free(ask);
    mu_world_free(w);
}

/* Killed between the database's answer and the journal, a session still has the orders that it wanted to take
 * back. So all that they have of a unit stays claimed, by the lines that come in their place or beside them. */
static void nothing_comes_free_before_it_is_written_that_it_is_taken_back(void **state) {
    (void)state;
    mu_world *w = small_world();
    mu_claims c = {0};
    small_report(w, "I-1", NULL);
    const mu_world_order before[]    = {small_order(w, MUSTER_ITEM, "W-1", "I-1", "sandbag", 100),
                                        small_order(w, MUSTER_ITEM, "W-1", "I-1", "sandbag", 30),
                                        small_order(w, MUSTER_PEOPLE, "T-1", "I-1", "rescue", 12),
                                        small_order(w, MUSTER_PEOPLE, "T-2", "I-1", "rescue", 8)};
    const mu_world_order after[]     = {small_order(w, MUSTER_ITEM, "W-1", "I-1", "sandbag", 40),
                                        small_order(w, MUSTER_PEOPLE, "T-1", "I-1", "rescue", 12)};
    const uint64_t       cancelled[] = {1, 2, 3, 4};
    muster_claimed       claimed[]   = {{201, 301}, {202, 302}, {203, 303}};
    muster_claim_answer  answer      = {
              .outcome = MUSTER_CLAIM_DONE, .claimed_count = 3, .claimed = claimed};
    mu_claim_ask *ask;
    (void)small_give(w, 4, before);
    assert_int_equal(mu_claims_reserve(&c, 4), MUSTER_OK);
    for (uint64_t o = 1; o <= 4; ++o) mu_claims_add(&c, o, 90 + (int64_t)o, 100 + (int64_t)o);
    assert_int_equal(mu_claim_ask_new(&ask, w->base, 0, 2, after, INCIDENT, 4, cancelled),
                     MUSTER_OK);
    assert_int_equal(mu_claim_ask_release(ask, &c, w), MUSTER_OK);
    const muster_claim_plan plan = mu_claim_ask_plan(ask);
    assert_int_equal(plan.release_count, 3); /* nobody asks for the other team: it has time */
    for (int i = 0; i < 3; ++i) assert_int_equal(plan.release[i], 91 + i);
    assert_int_equal(plan.line_count, 3);
    assert_int_equal(plan.line[0].quantity + plan.line[2].quantity, 130);
    assert_string_equal(plan.line[2].code, "W-1");
    assert_string_equal(plan.line[2].kind, "sandbag");
    assert_null(plan.line[2].incident);
    assert_int_equal(mu_claims_reserve(&c, plan.line_count), MUSTER_OK);
    assert_int_equal(mu_claim_ask_take(ask, &answer), MUSTER_OK);
    ask->order[0] = 5, ask->order[1] = 6;
    mu_claim_ask_keep(ask, &c);
    assert_int_equal(mu_claims_find(&c, 5)->claim, 201);
    assert_int_equal(c.spare_count, 1); /* which goes back when the commit is written */
    assert_int_equal(c.spare[0], 203);
    assert_non_null(mu_claims_find(&c, 4));
    assert_null(mu_claims_find(&c, 1));
    /* What is only kept can be refused, when stock was lost there: then nobody who asked is told so. */
    muster_claim_conflict k[] = {{.line = 2, .reason = MUSTER_CLAIM_SHORT},
                                 {.line = 1, .reason = MUSTER_CLAIM_HELD, .holder = "B"}};
    answer =
        (muster_claim_answer){.outcome = MUSTER_CLAIM_LOST, .conflict_count = 2, .conflict = k};
    assert_int_equal(mu_claim_ask_take(ask, &answer), MUSTER_OK);
    assert_int_equal(ask->refusal_count, 1);
    assert_int_equal(ask->refusal[0].line, 1);
    mu_claim_ask_free(ask);
    mu_claims_fini(&c);
    mu_world_free(w);
}

static void goods_that_are_handed_over_are_used_up_once(void **state) {
    (void)state;
    mu_world *w = small_world();
    mu_claims c = {0};
    int64_t   some[4];
    small_report(w, "I-1", NULL);
    mu_world_order order[] = {small_order(w, MUSTER_ITEM, "W-1", "I-1", "sandbag", 100),
                              small_order(w, MUSTER_ITEM, "W-1", "I-1", "sandbag", 30),
                              small_order(w, MUSTER_ITEM, "W-1", "I-1", "sandbag", 7)};
    for (int i = 0; i < 3; ++i) order[i].claim = MUSTER_CLAIM_STATE_PENDING;
    order[0].claim        = MUSTER_CLAIM_STATE_HELD;
    order[0].claim_number = 91;
    (void)small_give(w, 3, order);
    assert_int_equal(mu_claims_reserve(&c, 3), MUSTER_OK);
    mu_claims_add(&c, 1, 91, 101);
    assert_int_equal(mu_claims_list_used(&c, w, some), 0);
    for (uint64_t o = 1; o <= 2; ++o) {
        tell(w, MUSTER_EVENT_ORDER_ON_SCENE, 6, o);
        if (o == 2) tell(w, MUSTER_EVENT_ORDER_RELEASED, 7, o);
    }
    tell(w, MUSTER_EVENT_ORDER_RELEASED, 7, 3); /* it has come back */
    assert_int_equal(mu_claims_list_used(&c, w, some), 1);
    assert_int_equal(some[0], 91);
    assert_int_equal(mu_claims_list_over(&c, w, some), 0);
    /* Of what was never promised there has to be a claim, to be used up. */
    assert_int_equal(mu_claims_next_open(&c, w, 0), 1);
    mu_claims_add(&c, 2, 92, 102);
    assert_int_equal(mu_claims_next_open(&c, w, 0), MUSTER_NONE);
    assert_int_equal(mu_claims_next_unwritten(&c, w)->order, 2);
    muster_event e   = of_order(MUSTER_EVENT_CLAIM_HELD, 8, 2);
    e.claim          = 92;
    e.dispatch_order = 102;
    small_apply(w, &e);
    assert_null(mu_claims_next_unwritten(&c, w));
    assert_int_equal(mu_claims_list_used(&c, w, some), 2);
    mu_claims_remove(&c, 2, some);
    /* It was said; that the promise is not there any more does not bring it back. */
    assert_int_equal(mu_claims_next_open(&c, w, 0), MUSTER_NONE);
    tell(w, MUSTER_EVENT_ORDER_RELEASED, 9, 1);
    assert_int_equal(mu_claims_next_open(&c, w, 0), MUSTER_NONE);
    assert_int_equal(mu_world_verify(w), MUSTER_OK);
    mu_claims_fini(&c);
    mu_world_free(w);
}

/* ---- nights -------------------------------------------------------------------------------- */

/* The database: claim i + 1 is of an order, or was; it is held or not. */
typedef struct table {
    uint32_t count;
    uint64_t order[TABLE];
    bool     is_held[TABLE], is_used[TABLE];
} table;

typedef struct night {
    uint64_t  rng;
    mu_world *w;
    mu_claims c;
    table     db;
    int64_t   second;
} night;

static void restart(night *n) {
    static muster_held all[TABLE];
    uint32_t           count = 0;
    for (uint32_t i = 0; i < n->db.count; ++i) {
        if (n->db.is_held[i]) all[count++] = held(i + 1, "A");
    }
    assert_int_equal(mu_claims_begin(&n->c, n->w, "A", count, all), MUSTER_OK);
}

/* One thing that is to be done; its answer may be lost with the session. False: there is nothing. */
static bool make_up(night *n, bool may_die) {
    const bool      dies = may_die && random_below(&n->rng, 4) == 0;
    const char     *name;
    int64_t         over[TABLE];
    const mu_claim *unwritten = mu_claims_next_unwritten(&n->c, n->w);
    if (unwritten) {
        muster_event e   = of_order(MUSTER_EVENT_CLAIM_HELD, ++n->second, unwritten->order);
        e.claim          = unwritten->claim;
        e.dispatch_order = unwritten->dispatch_order;
        if (!dies) small_apply(n->w, &e);
        return true;
    }
    const uint32_t open = mu_claims_next_open(&n->c, n->w, 0);
    if (open != MUSTER_NONE) {
        const uint64_t number        = n->w->order[open].number;
        n->db.order[n->db.count]     = number;
        n->db.is_held[n->db.count++] = true;
        assert_int_equal(mu_claims_reserve(&n->c, 1), MUSTER_OK);
        if (!dies) mu_claims_add(&n->c, number, n->db.count, n->db.count);
        if (dies) restart(n);
        return true;
    }
    mu_claim *claim = mu_claims_next_state(&n->c, n->w, &name);
    if (claim) {
        mu_claims_said(&n->c, claim->order);
        return true;
    }
    size_t     count   = mu_claims_list_used(&n->c, n->w, over);
    const bool is_used = count > 0;
    if (!is_used) count = mu_claims_list_over(&n->c, n->w, over);
    for (size_t i = 0; i < count; ++i) {
        n->db.is_used[over[i] - 1] = is_used && n->db.is_held[over[i] - 1];
        n->db.is_held[over[i] - 1] = false;
    }
    if (!dies) mu_claims_remove(&n->c, count, over);
    if (dies) restart(n);
    return count > 0;
}

static void happen(night *n) {
    static const uint8_t WHAT[] = {MUSTER_EVENT_ORDER_ACCEPTED, MUSTER_EVENT_ORDER_ON_SCENE,
                                   MUSTER_EVENT_ORDER_RELEASED, MUSTER_EVENT_ORDER_CANCELLED};
    const uint32_t       last   = (uint32_t)n->w->order_last;
    if (random_below(&n->rng, 3) == 0) {
        mu_world_order order = small_order(n->w, MUSTER_ITEM, "W-1", "I-1", "sandbag", 1);
        order.claim          = MUSTER_CLAIM_STATE_PENDING;
        const mu_issue issue = small_issue(1, &order);
        (void)small_commit(n->w, &issue);
    } else if (last > 0) {
        const muster_event e =
            of_order(WHAT[random_below(&n->rng, 4)], ++n->second, 1 + random_below(&n->rng, last));
        (void)small_tell(n->w, &e);
    }
}

/* What has left the books has left the stock there, each once. */
static void assert_used_once(const night *n) {
    uint32_t       used_count = 0;
    const int64_t  there      = n->w->unit[MUSTER_ITEM][0].quantity;
    static uint8_t is_used[TABLE];
    memset(is_used, 0, sizeof is_used);
    for (uint32_t i = 0; i < n->db.count; ++i) {
        if (!n->db.is_used[i]) continue;
        assert_false(is_used[n->db.order[i]]);
        is_used[n->db.order[i]] = 1;
        ++used_count;
    }
    assert_int_equal(1000 - there, used_count);
}

static void assert_the_same(const night *n) {
    uint32_t held_count = 0, open_count = 0;
    for (uint32_t i = 0; i < n->db.count; ++i) {
        if (!n->db.is_held[i]) continue;
        const mu_world_order *o = mu_world_find_order(n->w, n->db.order[i]);
        assert_true(o && !muster_order_is_over((muster_order_state)o->state));
        assert_int_equal(o->claim, MUSTER_CLAIM_STATE_HELD);
        assert_int_equal(o->claim_number, i + 1);
        ++held_count;
    }
    for (uint32_t i = 0; i < n->w->order_count; ++i) {
        open_count += n->w->order[i].state < MUSTER_ORDER_ON_SCENE; /* all are items */
    }
    assert_int_equal(held_count, open_count);
}

static void the_database_and_the_journal_always_come_to_say_the_same(void **state) {
    static night n;
    (void)state;
    for (uint32_t seed = 1; seed <= NIGHTS; ++seed) {
        n     = (night){.w = small_world(), .second = 1000};
        n.rng = seed;
        small_report(n.w, "I-1", NULL);
        for (int step = 0; step < STEPS; ++step) {
            happen(&n);
            for (uint32_t i = random_below(&n.rng, 4); i > 0; --i) (void)make_up(&n, true);
            if (random_below(&n.rng, 10) == 0) restart(&n);
        }
        while (make_up(&n, false)) continue;
        assert_the_same(&n);
        assert_used_once(&n);
        mu_claims_fini(&n.c);
        mu_world_free(n.w);
    }
}

static void promises_survive_a_lack_of_memory(void **state) {
    (void)state;
    mu_world     *w = world_with_orders();
    mu_claims     c = {0};
    mu_claim_ask *ask;
    muster_status status = MUSTER_E_NOMEM;
    for (int64_t n = 0; status != MUSTER_OK; ++n) {
        mu_alloc_fail_after(n);
        status = mu_claims_reserve(&c, 5);
        mu_alloc_fail_after(-1);
        if (status != MUSTER_OK) assert_int_equal(status, MUSTER_E_NOMEM);
        assert_int_equal(c.count, 0);
    }
    status = MUSTER_E_NOMEM;
    for (int64_t n = 0; status != MUSTER_OK; ++n) {
        mu_alloc_fail_after(n);
        status = mu_claim_ask_new(&ask, w->base, 0, 1, w->order, INCIDENT, 0, NULL);
        mu_alloc_fail_after(-1);
        if (status != MUSTER_OK) assert_null(ask);
    }
    mu_claim_ask_free(ask);
    mu_claims_fini(&c);
    mu_world_free(w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_open_order_without_a_promise_is_to_be_claimed),
        cmocka_unit_test(a_promise_is_written_down_and_how_far_its_order_is_is_said_step_by_step),
        cmocka_unit_test(who_declines_says_so_and_what_cannot_be_declined_any_more_is_given_back),
        cmocka_unit_test(what_is_held_and_not_known_is_given_back_and_others_is_let_alone),
        cmocka_unit_test(what_is_not_held_any_more_is_claimed_again_if_it_is_open),
        cmocka_unit_test(what_others_have_is_known_until_the_database_says_more),
        cmocka_unit_test(a_refusal_says_who_has_it_and_since_when),
        cmocka_unit_test(nothing_comes_free_before_it_is_written_that_it_is_taken_back),
        cmocka_unit_test(goods_that_are_handed_over_are_used_up_once),
        cmocka_unit_test(the_database_and_the_journal_always_come_to_say_the_same),
        cmocka_unit_test(promises_survive_a_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
