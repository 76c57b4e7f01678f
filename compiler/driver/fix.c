/* check --fix: applies what is safe, as long as there is something.

   Each round applies all fixes that do not touch each other, in memory, and checks again. Where
   that made text that cannot be read, the halves are tried by themselves, down to the fix at fault,
   which is left out. The disk is written once, at the end. */
#include "driver/fix.h"

#include "driver/fs.h"

enum { MOST_ROUNDS = 20 }; /* a chain of that many fixes, each seen after the one before */

struct fixing {
    struct run *run;
    struct workspace *ws;
    struct table read;   /* name → struct str: files as the disk has them, read once */
    struct table done;   /* … as the rounds so far made them */
    struct table trial;  /* … as the set of fixes at hand makes them */
    struct names edited; /* keys of `done`, in the order of their first edit */
    bool *chosen;        /* by number of fix: accepted, or on trial */
    size_t fixed;
};

static enum itsupc_load load(void *context, const char *name, struct itsupc *session,
                             struct itsupc_text *text) {
    struct fixing *f = context;
    struct str key = str_of(name);
    struct table *const tables[] = { &f->trial, &f->done, &f->read };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        const struct str *found = table_get(tables[i], key);
        if (found) {
            *text = (struct itsupc_text){ found->at, found->len };
            return ITSUPC_LOADED;
        }
    }
    struct itsupc_loader disk = workspace_loader(f->ws);
    enum itsupc_load result = disk.load(disk.context, name, session, text);
    if (result == ITSUPC_LOADED) {
        struct str *kept = arena_new(f->run->arena, struct str);
        *kept = (struct str){ text->at, text->len };
        *table_at(&f->read, str_copy(f->run->arena, key)) = kept;
    }
    return result;
}

static struct itsupc *check(struct fixing *f) {
    struct itsupc *session = report_session(f->run, f->ws, (struct itsupc_loader){ f, load });
    if (session) {
        itsupc_only_checks(session);
        workspace_add(f->ws, session);
        itsupc_rehearse(session);
    }
    return session;
}

/* The files as the chosen fixes make them, in `trial`, kept beyond the session. */
static struct names apply(struct fixing *f, struct itsupc *session) {
    struct arena *arena = f->run->arena;
    const struct itsupc_file *files;
    struct names names = { 0 };
    size_t count = itsupc_fixed(session, f->chosen, &files);
    f->trial = (struct table){ .arena = arena };
    for (size_t i = 0; i < count; i++) {
        struct str *text = arena_new(arena, struct str);
        struct str name = str_copy(arena, str_of(files[i].name));
        *text = str_copy(arena, (struct str){ files[i].text.at, files[i].text.len });
        *table_at(&f->trial, name) = text;
        names_add(&names, arena, name.at);
    }
    return names;
}

static void choose(struct fixing *f, size_t from, size_t to, bool chosen) {
    for (size_t i = from; i < to; i++)
        f->chosen[i] = chosen;
}

/* Adds the fixes [from, to) to those accepted, or the halves of them that do no harm. */
static void accept(struct fixing *f, struct itsupc *before, size_t from, size_t to) {
    choose(f, from, to, true);
    apply(f, before);
    struct itsupc *after = check(f);
    bool good = after && itsupc_unreadable(after) <= itsupc_unreadable(before);
    if (after)
        itsupc_free(after);
    if (good)
        return;
    choose(f, from, to, false);
    if (to - from == 1)
        return;
    size_t middle = from + (to - from) / 2;
    accept(f, before, from, middle);
    accept(f, before, middle, to);
}

/* One round: false when nothing was there to apply. */
static bool apply_round(struct fixing *f, struct itsupc *session) {
    size_t count = itsupc_fixes(session), accepted = 0;
    if (count == 0)
        return false;
    f->chosen = arena_array(f->run->arena, bool, count);
    accept(f, session, 0, count);
    for (size_t i = 0; i < count; i++)
        accepted += f->chosen[i];
    struct names names = apply(f, session);
    for (size_t i = 0; i < names.count; i++) {
        void **place = table_at(&f->done, str_of(names.at[i]));
        if (!*place)
            names_add(&f->edited, f->run->arena, names.at[i]);
        *place = table_get(&f->trial, str_of(names.at[i]));
    }
    f->trial = (struct table){ .arena = f->run->arena };
    f->fixed += accepted;
    return accepted > 0;
}

static bool publish(struct fixing *f, const char *name) {
    const struct str *text = table_get(&f->done, str_of(name));
    const struct str *before = table_get(&f->read, str_of(name));
    const char *reason = NULL;
    if (!before || str_eq(*before, *text))
        return true; /* no file of the workspace; or one round undid what another one did */
    enum fs_write how = fs_publish(f->run->arena, workspace_path(f->ws, name), *text, &reason);
    if (how == FS_FAILED)
        run_say(f->run, "cannot write %s: %s", name, reason);
    else if (!args_given(f->run->args, FLAG_QUIET))
        run_say(f->run, "fixed %s", name);
    return how != FS_FAILED;
}

bool fix_all(struct report *report, struct workspace *ws) {
    struct arena *arena = report->run->arena;
    struct fixing f = { .run = report->run,
                        .ws = ws,
                        .read = { .arena = arena },
                        .done = { .arena = arena },
                        .trial = { .arena = arena } };
    bool written = true;
    for (int round = 0;; round++) {
        struct itsupc *session = check(&f);
        if (!session)
            break;
        itsupc_free(report->session);
        report->session = session;
        if (round == MOST_ROUNDS || !apply_round(&f, session))
            break;
    }
    for (size_t i = 0; i < f.edited.count; i++)
        written = publish(&f, f.edited.at[i]) && written;
    return written;
}
