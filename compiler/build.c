/* What was checked → artefacts: kept in memory, handed over one by one, or made in several parts.
 */
#include "backends/backend.h"
#include "session.h"

/* The path with its end. */
static const char *whole_path(const struct handing *to, struct str path, char brief[512]) {
    if (path.len >= 512)
        return str_copy(&to->session->arena, path).at;
    memcpy(brief, path.at, path.len);
    brief[path.len] = 0;
    return brief;
}

static void hand_over(void *context, struct str path, struct str text) {
    const struct handing *to = context;
    char brief[512];
    to->taker->take(to->taker->context, whole_path(to, path, brief),
                    (struct itsupc_text){ text.at, text.len });
}

static bool is_there(void *context, struct str path, struct str text) {
    const struct handing *to = context;
    char brief[512];
    return to->taker->has(to->taker->context, whole_path(to, path, brief),
                          (struct itsupc_text){ text.at, text.len });
}

bool session_build_start(struct itsupc *s) {
    session_check(s);
    s->decided = session_decided(s);
    if (s->decided) {
        struct emission e = session_emission(s);
        e.ir = s->decided;
        backends_start(&e);
        given_check_hosts(s, e.ir);
    }
    return s->decided != NULL;
}

struct emission session_handing(struct itsupc *s, struct handing *to) {
    struct emission e = session_emission(s);
    e.ir = s->decided;
    e.put = hand_over;
    e.has = to->taker->has ? is_there : NULL;
    e.taker = to;
    return e;
}

static bool build_end(struct itsupc *s) {
    if (s->decided && session_goes_on(s) && session_is_lintable(s)) {
        struct emission e = session_emission(s);
        e.ir = s->decided;
        session_lint_workspace(s, &e);
    }
    session_finish(s);
    return s->diags.errors == 0;
}

bool itsupc_build_into(struct itsupc *s, const char *const *emit,
                       const struct itsupc_taker *taker) {
    struct handing to = { s, taker };
    if (session_build_start(s)) {
        struct emission e = session_handing(s, &to);
        e.last = &e.first;
        backends_run(&e, emit);
    }
    return build_end(s);
}

static struct itsupc_artifacts listed(struct itsupc *s, const struct emission *e) {
    size_t count = 0;
    for (struct artifact *a = e->first; a; a = a->next)
        count++;
    struct itsupc_artifact *list = arena_array(&s->arena, struct itsupc_artifact, count + 1);
    struct itsupc_artifacts all = { list, 0 };
    for (struct artifact *a = e->first; a; a = a->next)
        list[all.count++] =
            (struct itsupc_artifact){ a->path.at, { a->text.at, a->text.len }, false };
    return all;
}

static struct itsupc_artifacts build(struct itsupc *s, const char *const *emit, bool lint) {
    session_build_start(s);
    struct emission e = session_emission(s);
    e.last = &e.first;
    e.ir = s->decided;
    if (e.ir)
        backends_run(&e, emit);
    if (lint)
        build_end(s);
    else
        session_finish(s);
    return s->diags.errors ? (struct itsupc_artifacts){ NULL, 0 } : listed(s, &e);
}

struct itsupc_artifacts itsupc_build(struct itsupc *s, const char *const *emit) {
    return build(s, emit, true);
}

struct itsupc_artifacts session_made(struct itsupc *s) {
    return build(s, NULL, false);
}
