/* Snippets of the language judged in one place of a small program, and what comes out as text. */
#pragma once

#include "grammar/parse.h"
#include "model/check.h"
#include "model/walk.h"
#include "source/diag.h"
#include "unit.h"

struct bench {
    struct arena arena;
    struct sources sources;
    struct diags diags;
    struct program program;
    struct unit *unit;
};

static inline struct ast *bench_none(void *context, struct str name, struct span at) {
    (void)context;
    (void)name;
    (void)at;
    return NULL;
}

static inline struct ast *bench_parse(struct bench *b, const char *name, const char *text) {
    struct source *source = source_add(&b->sources, str_of(name), str_of(text));
    return parse_text(&b->arena, source, &b->diags);
}

/* A program that consists of `world`: what the snippets refer to. */
static inline void bench_start(struct bench *b, const char *world) {
    memset(b, 0, sizeof *b);
    b->sources.arena = &b->arena;
    b->diags.arena = &b->arena;
    b->diags.sources = &b->sources;
    b->program.arena = &b->arena;
    b->program.diags = &b->diags;
    b->program.loader.parse = bench_none;
    program_start(&b->program);
    b->unit =
        program_add(&b->program, STR("world.itsup"), STR(""), bench_parse(b, "world", world), NULL);
    if (b->diags.first)
        fail_msg("the world itself is wrong: %.*s", STR_ARG(b->diags.first->message));
}

static inline void bench_end(struct bench *b) {
    arena_free(&b->program.scratch);
    arena_free(&b->arena);
}

/* Every finding as `E0408:8-10`, columns counted in bytes from 1, the end not included. */
static inline void bench_findings(struct bench *b, struct buf *out) {
    for (struct diag *d = b->diags.first; d; d = d->next) {
        struct source *source = d->span.end ? source_at(&b->sources, d->span.start) : NULL;
        uint32_t base = source ? source->base : 0;
        if (out->len)
            buf_char(out, ' ');
        buf_format(out, "%.*s:%u-%u", STR_ARG(diag_infos[d->code].code), d->span.start - base + 1,
                   d->span.end - base + 1);
    }
}

static inline void bench_texts(struct buf *out, const struct text *texts, size_t count, bool list) {
    if (list)
        buf_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_text(out, ", ");
        buf_add(out, texts[i].s);
    }
    if (list)
        buf_char(out, ']');
}

static inline void bench_mw(struct buf *out, const struct mw *mw);

static inline void bench_chain(struct buf *out, const struct mw *mw) {
    for (bool first = true; mw; mw = mw->next, first = false) {
        if (!first)
            buf_text(out, " | ");
        bench_mw(out, mw);
    }
}

static inline void bench_mw(struct buf *out, const struct mw *mw) {
    static const char *const kinds[] = { "", "", "other ", "own-strip", "canonical" };
    buf_text(out, kinds[mw->kind]);
    if (mw->kind == MW_NAMED) {
        buf_format(out, "%.*s{", STR_ARG(mw->named->name));
        bench_chain(out, mw->named->links);
        buf_char(out, '}');
        return;
    }
    if (mw->kind == MW_OTHER)
        buf_add(out, mw->name);
    if (mw->kind != MW_INLINE)
        return;
    buf_add(out, mw->type.len ? mw->type : mw->tcp_type);
    if (mw->name.len)
        buf_format(out, " %.*s", STR_ARG(mw->name));
    if (mw->tcp_type.len && mw->type.len)
        buf_format(out, "/%.*s", STR_ARG(mw->tcp_type));
    for (const struct mw_option *o = mw->options; o; o = o->next) {
        buf_format(out, " %.*s=", STR_ARG(o->path));
        bench_texts(out, o->texts, o->count, o->list);
    }
}

static inline void bench_setting(struct buf *out, const struct setting *s) {
    buf_add(out, s->vocable->name);
    for (size_t i = 0; i < s->slot_count; i++) {
        const struct slot *slot = &s->slots[i];
        if (!slot->present)
            continue;
        buf_format(out, " %.*s", STR_ARG(slot->name));
        if (slot->count)
            buf_char(out, '=');
        bench_texts(out, slot->texts, slot->count, slot->count > 1);
    }
    if (s->links) {
        buf_char(out, ' ');
        bench_chain(out, s->links);
    }
    if (s->children) {
        buf_text(out, " {");
        for (const struct setting *c = s->children; c; c = c->next) {
            buf_char(out, ' ');
            bench_setting(out, c);
            buf_char(out, c->next ? ';' : ' ');
        }
        buf_char(out, '}');
    }
}

/* One setting of a place: its canonical text, or what is wrong with it. */
static inline struct str judge_setting(struct bench *b, enum place_kind place, enum mode mode,
                                       const char *text) {
    struct buf out = { .arena = &b->arena };
    struct ast *ast = bench_parse(b, "snippet", text);
    struct node *node = ast->body.head;
    if (!node || node->kind != NODE_SETTING) {
        bench_findings(b, &out);
        buf_text(&out, " no setting");
        return buf_str(&out);
    }
    struct setting *s = check_setting(b->unit->scope, place, mode, node);
    bench_findings(b, &out);
    if (out.len || !s)
        return buf_str(&out);
    bench_setting(&out, s);
    return buf_str(&out);
}

/* A chain as behind a route's pattern. */
static inline struct str judge_chain(struct bench *b, enum mode mode, const char *text) {
    struct buf out = { .arena = &b->arena }, line = { .arena = &b->arena };
    buf_format(&line, "%s", "middleware t = ");
    buf_text(&line, text);
    buf_char(&line, '\0');
    struct ast *ast = bench_parse(b, "snippet", line.at);
    struct node *node = ast->body.head;
    struct mw *first = NULL, **tail = &first;
    for (struct node *n = node && node->kind == NODE_MIDDLEWARE ? node_let(node)->links.head : NULL;
         n; n = n->next) {
        struct mw *mw = check_link(b->unit->scope, n);
        if (!mw)
            continue;
        check_link_mode(b->unit->scope, mw, mode);
        *tail = mw;
        tail = &mw->next;
    }
    bench_findings(b, &out);
    if (out.len == 0)
        bench_chain(&out, first);
    return buf_str(&out);
}
