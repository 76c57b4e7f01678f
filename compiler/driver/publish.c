/* Artefacts → files below the output folder, all of them or none. */
#include "driver/publish.h"

#include "driver/diff.h"
#include "driver/manifest.h"
#include "driver/outdir.h"
#include "driver/roots.h"
#include "driver/stage.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

struct difference { /* for --check: shown when all is there, in the order of paths */
    struct str path, before, after;
    enum itsupc_output what;
    bool ours; /* else what stands in the way is told */
};

struct found { /* a list that grows */
    void *list;
    size_t count, room;
};

struct obstacle_at {
    struct str path;
    enum itsupc_output what;
};

struct publishing {
    struct run *run;
    const char *root;
    struct outdir dir;
    struct publish_options options;
    struct manifest before, pending, after;
    struct str manifest_before;
    struct stage stage;
    struct arena scratch;          /* of the artefact at hand */
    struct found shown, obstacles; /* struct difference, struct obstacle_at */
    size_t changes;
    struct buf notes; /* of a process that helps */
    bool notes_only;
    struct str same, same_at; /* the text that publish_has just found there, and its path */
    bool begun, failed;
    bool blocked;     /* the manifest itself is out of reach */
    sigset_t signals; /* as they were */
};

/* One more place at the end. */
static void *more(struct publishing *p, struct found *f, size_t size) {
    if (f->count == f->room) {
        size_t room = f->room ? 2 * f->room : 16;
        char *list = arena_alloc(p->run->arena, room * size);
        if (f->count)
            memcpy(list, f->list, f->count * size);
        f->list = list;
        f->room = room;
    }
    return (char *)f->list + f->count++ * size;
}

static int by_path(const void *a, const void *b) { /* of both kinds: it stands first */
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static bool fail(struct publishing *p, struct str path) {
    int why = errno;
    run_say(p->run, "cannot write %s%.*s: %s", p->dir.name, STR_ARG(path),
            why == EACCES ? "it is read-only, or its folder is" : strerror(why));
    p->failed = true;
    return false;
}

static void tell(struct publishing *p, struct str path, enum itsupc_output what) {
    struct str name = str_format(p->run->arena, "%s%.*s", p->dir.name, STR_ARG(path));
    itsupc_add_output(p->options.session, name.at, what);
}

static void obstacle(struct publishing *p, struct str path, enum itsupc_output what) {
    struct obstacle_at *o = more(p, &p->obstacles, sizeof *o);
    *o = (struct obstacle_at){ path, what };
}

static void tell_obstacles(struct publishing *p) {
    struct obstacle_at *list = p->obstacles.list;
    if (p->obstacles.count)
        qsort(list, p->obstacles.count, sizeof *list, by_path);
    for (size_t i = 0; i < p->obstacles.count; i++)
        tell(p, list[i].path, list[i].what);
}

/* Two of one path, or one that leads elsewhere, are our own mistake. */
static bool path_fits(struct publishing *p, struct str path) {
    bool twice = manifest_find(&p->after, path) != NULL;
    if (!twice && outdir_path_fits(path))
        return true;
    run_say(p->run, "cannot write %.*s: %s", STR_ARG(path),
            twice ? "two outputs have this path" : "it is no path below the output folder");
    p->failed = true;
    return false;
}

/* ---- what stands there ---- */

static void show(struct publishing *p, struct difference found) {
    struct difference *d = more(p, &p->shown, sizeof *d);
    *d = found;
    d->before = str_copy(p->run->arena, found.before);
    d->after = str_copy(p->run->arena, found.after);
}

/* May the file be replaced? Tells why not. */
static bool is_ours(struct publishing *p, struct str path, const struct out_file *file) {
    const struct manifest_entry *entry = manifest_find(&p->before, path);
    if (file->kind == OUT_FAILED) {
        if (errno != ELOOP && errno != ENOTDIR)
            return fail(p, path);
        obstacle(p, path, errno == ELOOP ? ITSUPC_OUTPUT_BEHIND_LINK : ITSUPC_OUTPUT_BEHIND_FILE);
        return false;
    }
    if (file->kind == OUT_OTHER) {
        obstacle(p, path, ITSUPC_OUTPUT_IS_NO_FILE);
        return false;
    }
    if (file->kind == OUT_MISSING || p->options.force ||
        (file->kind == OUT_FILE && manifest_knows(entry, file->text)))
        return true;
    obstacle(p, path,
             file->kind == OUT_LINK ? ITSUPC_OUTPUT_LINK
             : entry                ? ITSUPC_OUTPUT_EDITED
                                    : ITSUPC_OUTPUT_FOREIGN);
    return false;
}

/* What stands in no folder yet needs no look: it is written at once. */
static bool is_new(struct publishing *p, struct str path, struct str text, bool executable,
                   const char *hex) {
    bool failed = false;
    if (p->options.check || p->before.first || p->obstacles.count ||
        !stage_in_tree(&p->stage, path, text, executable, &failed))
        return false;
    if (failed)
        fail(p, path);
    manifest_add(&p->pending, path, hex);
    p->changes++;
    return true;
}

/* What a process that helps tells of one artefact; path and text follow. */
struct note {
    enum { NOTE_SAME, NOTE_NEW, NOTE_DIFFERS, NOTE_END } kind;
    size_t path, text; /* how long */
    char hex[65];
};

static void note(struct publishing *p, int kind, struct str path, struct str text,
                 const char *hex) {
    struct note n = { .kind = kind, .path = path.len };
    n.text = kind == NOTE_DIFFERS ? text.len : 0;
    memcpy(n.hex, hex, sizeof n.hex);
    buf_add(&p->notes, (struct str){ (const char *)&n, sizeof n });
    buf_add(&p->notes, path);
    buf_add(&p->notes, str_slice(text, 0, n.text));
}

static void weigh(struct publishing *p, struct str path, struct str text, bool executable) {
    char hex[65];
    sha256_hex(text, hex);
    manifest_add(&p->after, path, hex);
    bool same =
        text.len && p->same.at == text.at && p->same.len == text.len && str_eq(p->same_at, path);
    bool new = !same &&is_new(p, path, text, executable, hex);
    if (!same && !new)
        same = outdir_holds(&p->dir, path, text);
    if (p->notes_only)
        note(p, same ? NOTE_SAME : new ? NOTE_NEW : NOTE_DIFFERS, path, text, hex);
    if (same || new || p->notes_only)
        return;
    struct out_file file = outdir_read(&p->dir, &p->scratch, path);
    bool ours = is_ours(p, path, &file);
    p->changes++;
    if (p->options.check) {
        bool there = file.kind == OUT_FILE;
        show(p, (struct difference){ path, there ? file.text : STR(""), text,
                                     there ? ITSUPC_OUTPUT_STALE : ITSUPC_OUTPUT_ABSENT, ours });
        return;
    }
    if (!ours)
        return;
    manifest_add(&p->pending, path, hex);
    stage_file(&p->stage, path, str_copy(p->run->arena, text), executable,
               file.kind == OUT_FILE ? &file : NULL);
}

/* Files of an earlier build that no source asks for any more. */
static void weigh_old(struct publishing *p, const struct manifest_entry *e) {
    if (manifest_find(&p->after, e->path))
        return;
    if (p->options.partial || !roots_cover(&p->scratch, p->root, p->options.roots, e->from)) {
        p->after.from = e->from;
        for (const struct manifest_hash *h = e->hashes; h; h = h->next)
            manifest_add(&p->after, e->path, h->hex);
        return;
    }
    struct out_file file = outdir_read(&p->dir, &p->scratch, e->path);
    if (file.kind != OUT_FILE)
        return;
    if (!manifest_knows(e, file.text)) {
        run_say(p->run, "%s%.*s has no source any more, but was changed by hand and stays",
                p->dir.name, STR_ARG(e->path));
        return;
    }
    p->changes++;
    if (p->options.check)
        show(p, (struct difference){ e->path, file.text, STR(""), ITSUPC_OUTPUT_LEFT, true });
    else
        stage_removal(&p->stage, e->path);
}

static void read_manifest(struct publishing *p) {
    struct arena *arena = p->run->arena;
    struct out_file file = outdir_read(&p->dir, arena, STR(MANIFEST_PATH));
    p->manifest_before = file.kind == OUT_FILE ? file.text : STR("");
    manifest_read(&p->before, arena, p->manifest_before);
    manifest_read(&p->pending, arena, p->manifest_before); /* old and new: either is ours */
    manifest_read(&p->after, arena, STR(""));
    p->pending.from = p->after.from = p->options.several ? p->options.roots : STR("");
    if (file.kind == OUT_LINK || (file.kind == OUT_FAILED && errno == ELOOP))
        obstacle(p, STR(MANIFEST_PATH), ITSUPC_OUTPUT_BEHIND_LINK);
    else if (file.kind == OUT_FAILED || file.kind == OUT_OTHER)
        fail(p, STR(MANIFEST_PATH));
    p->blocked = p->obstacles.count > 0;
}

/* ---- from the first artefact to the last ---- */

/* Stopped in the middle, files would be left beside; what stops us then comes a moment later. */
static void hold_signals(sigset_t *before) {
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGHUP);
    sigprocmask(SIG_BLOCK, &stop, before);
}

static bool goes_on(const struct publishing *p) {
    return !p->failed && !p->obstacles.count;
}

static void begin(struct publishing *p, bool create) {
    p->begun = true;
    hold_signals(&p->signals);
    if (!outdir_open(&p->dir, p->run->arena, p->root, !p->options.check && create))
        fail(p, STR(""));
    stage_start(&p->stage, p->run->arena, &p->dir);
    p->stage.fsync = p->options.fsync;
    if (p->failed)
        return;
    if (!p->options.check)
        outdir_lock(&p->dir);
    read_manifest(p);
}

struct publishing *publish_start(struct run *run, const char *root,
                                 struct publish_options options) {
    struct publishing *p = arena_new(run->arena, struct publishing);
    *p = (struct publishing){ .run = run, .root = root, .options = options };
    return p;
}

void publish_put(struct publishing *p, const char *path, struct str text, bool executable) {
    if (!p->begun)
        begin(p, true);
    if (p->failed || p->blocked)
        return;
    progress_step(&p->run->progress, PROGRESS_WEIGHED);
    struct str kept = str_copy(p->run->arena, str_of(path));
    if (path_fits(p, kept))
        weigh(p, kept, text, executable);
    p->same = p->same_at = (struct str){ 0 };
    arena_reset(&p->scratch);
}

bool publish_has(struct publishing *p, const char *path, struct str text) {
    if (!p->begun)
        begin(p, true);
    if (p->failed || p->blocked || !manifest_find(&p->before, str_of(path)) ||
        !outdir_holds(&p->dir, str_of(path), text))
        return false;
    arena_reset(&p->scratch);
    p->same = text;
    p->same_at = str_copy(&p->scratch, str_of(path));
    return true;
}

bool publish_can_share(struct publishing *p) {
    if (!p->begun)
        begin(p, true);
    if (p->options.check || p->failed || p->blocked)
        return false;
    return p->before.first || stage_tree(&p->stage, STR("upstream"));
}

bool publish_is_first(const struct publishing *p) {
    return !p->before.first;
}

void publish_note(struct publishing *p) {
    p->notes_only = true;
    p->notes.arena = p->run->arena;
    p->notes.len = 0;
}

struct str publish_notes(struct publishing *p) {
    if (p->failed || p->obstacles.count)
        return STR("");
    note(p, NOTE_END, STR(""), STR(""), (char[65]){ 0 });
    return buf_str(&p->notes);
}

/* The next note with its texts; false when they are cut off. */
static bool next_note(struct str *notes, struct note *n, struct str *path, struct str *text) {
    if (notes->len < sizeof *n)
        return false;
    memcpy(n, notes->at, sizeof *n);
    *path = str_slice(*notes, sizeof *n, sizeof *n + n->path);
    *text = str_slice(*notes, sizeof *n + n->path, sizeof *n + n->path + n->text);
    *notes = str_from(*notes, sizeof *n + n->path + n->text);
    return path->len == n->path && text->len == n->text;
}

static bool is_whole(struct str notes) {
    struct note n;
    struct str path, text;
    while (next_note(&notes, &n, &path, &text))
        if (n.kind == NOTE_END)
            return true;
    return false;
}

bool publish_noted(struct publishing *p, struct str notes) {
    struct note n;
    struct str path, text;
    if (!is_whole(notes)) {
        p->stage.again = true;
        return false;
    }
    while (next_note(&notes, &n, &path, &text) && n.kind != NOTE_END) {
        struct str kept = str_copy(p->run->arena, path);
        if (n.kind == NOTE_DIFFERS) {
            publish_put(p, kept.at, text, false);
            continue;
        }
        if (!path_fits(p, kept))
            continue;
        manifest_add(&p->after, kept, n.hex);
        if (n.kind == NOTE_NEW) {
            manifest_add(&p->pending, kept, n.hex);
            p->changes++;
        }
    }
    return true;
}

static bool write_all(struct publishing *p) {
    struct arena *arena = p->run->arena;
    struct str after = manifest_text(&p->after, arena);
    if (!p->changes && (str_eq(after, p->manifest_before) || (!p->after.first && !p->before.first)))
        return true;
    struct str path = STR("");
    if (stage_commit(&p->stage, manifest_text(&p->pending, arena), after, &path))
        return true;
    return fail(p, path);
}

static void show_differences(struct publishing *p) {
    const struct difference *list = p->shown.list;
    for (size_t i = 0; i < p->shown.count; i++) {
        diff_print(p->options.diff, list[i].path.at, list[i].before, list[i].after);
        if (list[i].ours)
            tell(p, list[i].path, list[i].what);
    }
}

static void finish(struct publishing *p) {
    size_t shown = p->shown.count;
    if (shown)
        qsort(p->shown.list, shown, sizeof(struct difference), by_path);
    for (const struct manifest_entry *e = p->before.first; e; e = e->next) {
        weigh_old(p, e);
        arena_reset(&p->scratch);
    }
    show_differences(p);
    tell_obstacles(p);
    if (!p->options.check && goes_on(p))
        write_all(p);
}

enum outcome publish_end(struct publishing *p, bool whole) {
    if (!p->begun && whole)
        begin(p, false);
    if (!p->begun)
        return OUTCOME_FINDINGS;
    if (whole && !p->failed && !p->blocked)
        finish(p);
    else if (whole)
        tell_obstacles(p);
    stage_end(&p->stage);
    if (!whole || !goes_on(p))
        outdir_unmake(&p->dir);
    outdir_close(&p->dir);
    arena_free(&p->scratch);
    sigprocmask(SIG_SETMASK, &p->signals, NULL);
    bool stale = p->options.check && p->changes;
    return p->failed                               ? OUTCOME_FAILURE
           : !whole || p->obstacles.count || stale ? OUTCOME_FINDINGS
                                                   : OUTCOME_CLEAN;
}
