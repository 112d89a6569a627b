#include "session/copy_world.h"

#include "core/alloc.h"

/* Rules name units and kinds by the base's own texts. */
static void share_texts(mu_world_rule *r, const mu_base *base) {
    muster_event_rule *rule = &r->rule;
    rule->unit.code         = base->unit[rule->unit.resource][r->unit].code;
    if (rule->unit.kind) rule->unit.kind = base->kind[base->unit[MUSTER_ITEM][r->unit].kind].code;
    if (rule->need) rule->need = base->kind[mu_base_find_kind(base, rule->need)].code;
}

static void share_base(mu_world *copy, mu_base *base) {
    for (uint32_t r = 0; r < copy->rule_count; ++r) share_texts(&copy->rule[r], base);
    mu_base_release(copy->base);
    copy->base = mu_base_hold(base);
}

muster_status mu_copy_world(mu_world **out, const mu_world *world) {
    char  *bytes;
    size_t size;
    *out = NULL;
    MU_TRY(mu_world_write(world, &bytes, &size));
    const muster_status status = mu_world_read(out, bytes, size);
    mu_free(bytes);
    if (status == MUSTER_OK) share_base(*out, world->base);
    return status;
}
