/* Artefacts → files below the output folder, all of them or none. */
#include "driver/publish.h"

#include "driver/diff.h"
#include "driver/notes.h"
#include "driver/outdir.h"
#include "driver/roots.h"
#include "driver/stage.h"
#include "support/sha256.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

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
    struct manifest manifest;
    struct stage stage;
    struct arena scratch;          /* of the artefact at hand */
    struct found shown, obstacles; /* struct difference, struct obstacle_at */
    size_t changes;
    struct arena notes_arena; /* of theirs alone, so that they grow where they are */
    struct buf notes;         /* of a process that helps */
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
    *o = (struct obstacle_at){ str_copy(p->run->arena, path), what };
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
    bool twice = manifest_find(&p->manifest, path, MANIFEST_AFTER) != NULL;
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
    d->path = str_copy(p->run->arena, found.path);
    d->before = str_copy(p->run->arena, found.before);
    d->after = str_copy(p->run->arena, found.after);
}

/* May the file be replaced? Tells why not. */
static bool is_ours(struct publishing *p, struct str path, const struct out_file *file) {
    const struct manifest *m = &p->manifest;
    const struct manifest_entry *entry = manifest_find(m, path, MANIFEST_BEFORE);
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
        (file->kind == OUT_FILE && manifest_knows(m, entry, file->text)))
        return true;
    obstacle(p, path,
             file->kind == OUT_LINK ? ITSUPC_OUTPUT_LINK
             : entry                ? ITSUPC_OUTPUT_EDITED
                                    : ITSUPC_OUTPUT_FOREIGN);
    return false;
}

/* What stands in no folder yet needs no look: it is written at once. */
static bool is_new(struct publishing *p, struct str path, struct str text, bool executable) {
    bool failed = false;
    if (p->options.check || p->manifest.before || p->obstacles.count ||
        !stage_in_tree(&p->stage, path, text, executable, &failed))
        return false;
    if (failed)
        fail(p, path);
    p->changes++;
    return true;
}

static void note(struct publishing *p, struct note n) {
    if (n.kind != NOTE_DIFFERS)
        n.text = STR("");
    notes_add(&p->notes, &n);
}

static void weigh(struct publishing *p, struct str path, struct str text, bool executable) {
    struct note n = { .path = path, .text = text };
    sha256_of(text, n.hash);
    manifest_add(&p->manifest, path, n.hash);
    bool same =
        text.len && p->same.at == text.at && p->same.len == text.len && str_eq(p->same_at, path);
    bool new = !same &&is_new(p, path, text, executable);
    if (!same && !new)
        same = outdir_holds(&p->dir, path, text);
    n.kind = same ? NOTE_SAME : new ? NOTE_NEW : NOTE_DIFFERS;
    if (p->notes_only)
        note(p, n);
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
    stage_file(&p->stage, path, str_copy(p->run->arena, text), executable,
               file.kind == OUT_FILE ? &file : NULL);
}

/* Files of an earlier build that no source asks for any more. */
static void weigh_old(struct publishing *p, struct manifest_entry *e) {
    struct manifest *m = &p->manifest;
    struct str path = manifest_path(e);
    if (p->options.partial ||
        !roots_cover(&p->scratch, p->root, p->options.roots, manifest_from(m, e))) {
        manifest_keep(m, e);
        return;
    }
    struct out_file file = outdir_read(&p->dir, &p->scratch, path);
    if (file.kind != OUT_FILE)
        return;
    if (!manifest_knows(m, e, file.text)) {
        run_say(p->run, "%s%.*s has no source any more, but was changed by hand and stays",
                p->dir.name, STR_ARG(path));
        return;
    }
    p->changes++;
    if (p->options.check)
        show(p, (struct difference){ path, file.text, STR(""), ITSUPC_OUTPUT_LEFT, true });
    else
        stage_removal(&p->stage, path);
}

static void close_file(int fd) {
    int why = errno;
    close(fd);
    errno = why;
}

static void read_manifest(struct publishing *p) {
    struct out_file file;
    int in = outdir_open_file(&p->dir, STR(MANIFEST_PATH), &file);
    if (in >= 0 && !manifest_read(&p->manifest, in))
        file.kind = OUT_FAILED;
    if (in >= 0)
        close_file(in);
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
    manifest_start(&p->manifest, p->run->arena, p->options.several ? p->options.roots : STR(""));
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
    if (path_fits(p, str_of(path)))
        weigh(p, str_of(path), text, executable);
    p->same = p->same_at = (struct str){ 0 };
    arena_reset(&p->scratch);
}

bool publish_has(struct publishing *p, const char *path, struct str text) {
    if (!p->begun)
        begin(p, true);
    if (p->failed || p->blocked || !manifest_find(&p->manifest, str_of(path), MANIFEST_BEFORE) ||
        !outdir_holds(&p->dir, str_of(path), text))
        return false;
    arena_reset(&p->scratch);
    p->same = text;
    p->same_at = str_copy(&p->scratch, str_of(path));
    return true;
}

static void take(void *publishing, const char *path, struct itsupc_text text) {
    publish_put(publishing, path, str_of_text(text), false);
}

static bool has(void *publishing, const char *path, struct itsupc_text text) {
    return publish_has(publishing, path, str_of_text(text));
}

struct itsupc_taker publish_taker(struct publishing *p) {
    return (struct itsupc_taker){ p, take, has };
}

bool publish_can_share(struct publishing *p) {
    if (!p->begun)
        begin(p, true);
    if (p->options.check || p->failed || p->blocked)
        return false;
    return p->manifest.before || stage_tree(&p->stage, STR("upstream"));
}

bool publish_is_first(const struct publishing *p) {
    return !p->manifest.before;
}

void publish_note(struct publishing *p) {
    p->notes_only = true;
    arena_reset(&p->notes_arena);
    p->notes = (struct buf){ .arena = &p->notes_arena };
}

struct str publish_notes(struct publishing *p) {
    if (p->failed || p->obstacles.count)
        return STR("");
    note(p, (struct note){ .kind = NOTE_END });
    return buf_str(&p->notes);
}

bool publish_noted(struct publishing *p, struct str notes) {
    struct note n;
    if (!notes_end(notes)) {
        p->stage.again = true;
        return false;
    }
    struct arena scratch = { 0 };
    while (notes_next(&notes, &n)) {
        if (n.kind == NOTE_DIFFERS) {
            publish_put(p, str_copy(&scratch, n.path).at, n.text, false);
            arena_reset(&scratch);
            continue;
        }
        if (!path_fits(p, n.path))
            continue;
        manifest_add(&p->manifest, n.path, n.hash);
        p->changes += n.kind == NOTE_NEW;
    }
    arena_free(&scratch);
    return true;
}

/* Does the manifest say already what it is to say? */
static bool is_told(struct publishing *p) {
    struct out_file file;
    if (!p->manifest.before && !p->manifest.after)
        return true;
    int in = outdir_open_file(&p->dir, STR(MANIFEST_PATH), &file);
    bool told = in >= 0 && manifest_is(&p->manifest, MANIFEST_AFTER, in);
    if (in >= 0)
        close_file(in);
    return told;
}

static bool write_all(struct publishing *p) {
    struct str path = STR("");
    if (!p->changes && is_told(p)) {
        stage_sweep(&p->stage);
        return true;
    }
    if (stage_commit(&p->stage, &p->manifest, &path))
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
    const struct manifest *m = &p->manifest;
    for (struct manifest_entry *e = manifest_left(m, NULL); e; e = manifest_left(m, e)) {
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
    manifest_end(&p->manifest);
    arena_free(&p->scratch);
    sigprocmask(SIG_SETMASK, &p->signals, NULL);
    bool stale = p->options.check && p->changes;
    return p->failed                               ? OUTCOME_FAILURE
           : !whole || p->obstacles.count || stale ? OUTCOME_FINDINGS
                                                   : OUTCOME_CLEAN;
}
