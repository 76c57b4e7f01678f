/* Some projects of a large tree, compiled by themselves: see record.h. */
#include "backends/pieces.h"
#include "claims.h"
#include "passes/pass.h"
#include "slices/record.h"
#include "source/render.h"

struct slice {
    struct itsupc *s;
    struct buf out;
    bool apart; /* nothing here bears on another slice, nor another on this */
};

struct str slice_owner(const struct itsupc *s, const struct source *source) {
    struct str above = s->above, below;
    if (!source || !above.len || !str_starts(source->name, above))
        return STR("");
    below = str_from(source->name, above.len);
    size_t slash = str_find(below, '/');
    return slash == STR_NONE ? STR("") : str_slice(below, 0, slash);
}

uint64_t slice_finding(struct itsupc *s, const struct diag *d) {
    const struct source *source =
        span_is_none(d->span) ? NULL : source_at(&s->sources, d->span.start);
    uint64_t at = source ? d->span.start - source->base + 1 : 0;
    return slice_hash(source ? source->name : STR(""), d->message) + at * 31 + (uint64_t)d->code;
}

/* ---- which projects are here ---- */

static bool is_here(const struct itsupc *s, struct str name) {
    size_t low = 0, high = s->own_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(s->own[middle], name);
        if (order == 0)
            return true;
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return false;
}

void slice_begin(struct itsupc *s, const struct itsupc_tree *tree) {
    s->above = str_of(tree->slice->above);
    s->own = arena_array(&s->arena, struct str, tree->project_count + 1);
    for (size_t i = 0; i < tree->project_count; i++)
        s->own[s->own_count++] = str_of(tree->projects[i].name);
    if (!tree->slice->generation)
        return;
    s->program.sliced = true;
    struct reached **tail = &s->program.reached;
    for (size_t i = 0; i < tree->slice->edge_count; i++) {
        *tail = arena_new(&s->arena, struct reached);
        (*tail)->from = str_of(tree->slice->edges[i].from);
        (*tail)->to = str_of(tree->slice->edges[i].to);
        tail = &(*tail)->next;
    }
}

int itsupc_generation(const struct itsupc *s) {
    return s->program.generation;
}

/* ---- the edges that begin here ---- */

static size_t edges_of(const struct project *p, struct itsupc *s, struct itsupc_edge *to) {
    size_t count = 0;
    for (const struct setting *e = p->settings.head; e; e = e->next)
        for (size_t i = 0;
             e->vocable->id == SETTING_PROJECT_EGRESS && e->slot_count && i < e->slots[0].count;
             i++) {
            if (to)
                to[count] = (struct itsupc_edge){ str_copy(&s->arena, p->name).at,
                                                  str_copy(&s->arena, e->slots[0].texts[i].s).at };
            count++;
        }
    return count;
}

static size_t edge_count(struct itsupc *s) {
    size_t count = 0;
    for (const struct project *p = s->program.model->projects; p; p = p->next)
        count += edges_of(p, s, NULL);
    return count;
}

size_t itsupc_edges(struct itsupc *s, const struct itsupc_edge **list) {
    session_check(s);
    struct itsupc_edge *edges = arena_array(&s->arena, struct itsupc_edge, edge_count(s) + 1);
    size_t count = 0;
    for (const struct project *p = s->program.model->projects; p; p = p->next)
        count += edges_of(p, s, edges + count);
    *list = edges;
    return count;
}

/* ---- what it claims ---- */

static void put_claim(struct slice *out, const char *kind, struct str what, bool meek) {
    slice_number(&out->out, SLICE_CLAIM);
    slice_number(&out->out, slice_hash(str_of(kind), what));
    slice_number(&out->out, meek);
}

/* A port that compose files publish is theirs to share, but no route's. */
static void take_claim(void *context, enum claim kind, struct str what) {
    struct slice *out = context;
    switch (kind) {
    case CLAIM_HOST:
        if (!str_is(what, "*"))
            put_claim(out, "host", what, false);
        break;
    case CLAIM_PORT: put_claim(out, "port", what, false); break;
    case CLAIM_UDP_PORT: put_claim(out, "udp port", what, false); break;
    case CLAIM_PUBLISHED: put_claim(out, "port", what, true); break;
    case CLAIM_UDP_PUBLISHED: put_claim(out, "udp port", what, true); break;
    case CLAIM_ADDRESS: put_claim(out, "address", what, false); break;
    case CLAIM_PROJECT: put_claim(out, "project", what, false); break;
    case CLAIM_OBJECT: out->apart = false; break;
    case CLAIM_REACHES:
    case CLAIM_USED: break;
    }
}

static bool is_wide(const struct ir_router *r) {
    bool wide = !r->hosts.count;
    for (size_t i = 0; i < r->hosts.count; i++)
        wide |= r->hosts.list[i].len && r->hosts.list[i].at[0] == '*';
    return wide && r->protocol != IR_UDP;
}

static bool is_of_own_port(const struct ir *ir, const struct ir_router *r) {
    bool own = r->entrypoints.count > 0;
    for (size_t i = 0; i < r->entrypoints.count; i++) {
        const struct ir_entrypoint *e = table_get(&ir->entrypoint_index, r->entrypoints.list[i]);
        own &= e && e->made;
    }
    return own;
}

/* A router for many hosts meets those of others, unless it listens alone. */
static void claim_names(struct slice *out, const struct ir *ir) {
    for (const struct ir_router *r = router_first(ir); r; r = router_next(r)) {
        if (!r->project->name.len)
            continue;
        out->apart &= !is_wide(r) || is_of_own_port(ir, r);
        put_claim(out, ir_protocol_names[r->protocol], r->name, false);
        for (const struct ir_middleware *m = r->middlewares; m; m = m->next)
            if (!m->chain.len && !str_is(m->type, "@"))
                put_claim(out, r->protocol == IR_TCP ? "tcp middleware" : "http middleware",
                          m->object, false);
    }
    static const char *const kinds[] = { "http service", "tcp service", "udp service" };
    for (const struct ir_service *s = ir->services; s; s = s->next)
        if (s->project && s->project->name.len) {
            put_claim(out, kinds[s->protocol], s->name, false);
            if (s->transport && !s->transport->wanted.len)
                put_claim(out, "transport", s->transport->name, false);
        }
}

static void claim(struct slice *out) {
    size_t here = 0;
    for (const struct project *p = out->s->program.model->projects; p; p = p->next) {
        if (!p->name.len)
            continue;
        out->apart &= is_here(out->s, p->name);
        here++;
        claims_of(out->s, p, take_claim, out);
    }
    out->apart &= here <= out->s->own_count;
    for (const struct reached *r = out->s->program.reached; r; r = r->next)
        out->apart &= !r->lost;
    for (size_t i = 0; i < out->s->sources.count; i++) {
        const struct source *source = out->s->sources.list[i];
        struct str owner = slice_owner(out->s, source);
        out->apart &= !owner.len || is_here(out->s, owner);
        if (owner.len)
            continue;
        slice_number(&out->out, SLICE_SOURCE);
        slice_number(&out->out, str_hash(source->name));
    }
}

/* Labels by hand are known to all, and so is YAML for a compose file. */
static bool is_plain(const struct itsupc *s, const struct ir *ir) {
    for (const struct ir_stack *stack = ir->stacks; stack; stack = stack->next) {
        for (const struct ir_hand *h = stack->hand; h; h = h->next)
            if (h->kind.len)
                return false;
        if (stack->raws)
            return false;
    }
    for (const struct ir_raw *raw = ir->raws; raw; raw = raw->next)
        if (!str_is(raw->kind, "static") && !str_is(raw->kind, "dynamic"))
            return false;
    return !ir->proxy_raws && !ir->command.len && !s->program.exhausted && !s->diags.full;
}

/* ---- what it gives ---- */

static void take_piece(void *context, const struct portion *piece) {
    struct slice *out = context;
    slice_number(&out->out, SLICE_PIECE);
    slice_text(&out->out, str_of(piece->file));
    slice_text(&out->out, piece->section);
    slice_text(&out->out, piece->name);
    slice_number(&out->out, piece->own);
    slice_text(&out->out, piece->place);
    slice_text(&out->out, piece->text);
}

static void take_rest(void *context, struct str path, struct str text) {
    struct slice *out = context;
    slice_number(&out->out, SLICE_REST);
    slice_number(&out->out, slice_hash(path, text));
}

static void put_shared(struct slice *out) {
    slice_number(&out->out, SLICE_COUNT);
    slice_number(&out->out, out->s->diags.count);
    for (const struct diag *d = out->s->diags.first; d; d = d->next)
        if (!slice_owner(out->s, source_at(&out->s->sources, d->span.start)).len ||
            span_is_none(d->span)) {
            slice_number(&out->out, SLICE_SHARED);
            slice_number(&out->out, slice_finding(out->s, d));
        }
}

static void put_findings(struct slice *out, struct itsupc_style style) {
    struct itsupc *s = out->s;
    struct render_style how = { .color = style.color, .width = style.width };
    size_t left[LEVEL_ERROR + 1] = { RENDER_MOST, RENDER_MOST, RENDER_MOST };
    for (const struct diag *d = s->diags.first; d; d = d->next) {
        struct source *source = source_at(&s->sources, d->span.start);
        if (span_is_none(d->span) || !slice_owner(s, source).len)
            continue;
        struct buf text = { .arena = &s->arena };
        if (left[d->level]) {
            left[d->level]--;
            render_text_one(&text, &s->sources, how, d);
        }
        slice_number(&out->out, SLICE_FINDING);
        slice_number(&out->out, d->level);
        slice_text(&out->out, source->name);
        slice_text(&out->out, buf_str(&text));
    }
}

static size_t own_files(const struct itsupc *s) {
    size_t count = 0;
    for (size_t i = 0; i < s->sources.count; i++)
        count += slice_owner(s, s->sources.list[i]).len > 0;
    return count;
}

struct itsupc_text itsupc_slice(struct itsupc *s, const struct itsupc_taker *taker,
                                struct itsupc_style style) {
    static const struct itsupc_text nothing = { NULL, 0 };
    struct slice out = { .s = s, .out = { .arena = &s->arena }, .apart = true };
    struct pieces pieces = { .context = &out, .piece = take_piece, .rest = take_rest };
    struct handing to = { s, taker };
    s->pieces = &pieces;
    bool good = session_build_start(s) && !session_is_lintable(s) && is_plain(s, s->decided);
    slice_number(&out.out, own_files(s));
    slice_number(&out.out, edge_count(s));
    if (good) {
        claim(&out);
        claim_names(&out, s->decided);
    }
    if (good && out.apart) {
        struct emission e = session_handing(s, &to);
        backends_run(&e, NULL);
        put_shared(&out);
        session_finish(s);
        put_findings(&out, style);
    }
    s->pieces = NULL;
    if (!good || !out.apart || s->diags.errors || s->diags.full)
        return nothing;
    slice_number(&out.out, SLICE_END);
    return session_text(&out.out);
}
