/* Artefacts → files below the output folder, all of them or none. */
#include "driver/publish.h"

#include "driver/diff.h"
#include "driver/manifest.h"
#include "driver/outdir.h"
#include "driver/stage.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

struct publishing {
    struct run *run;
    struct outdir dir;
    struct publish_options options;
    const struct itsupc_artifact **artifacts; /* sorted by path */
    size_t count;
    struct manifest before, pending, after;
    struct str manifest_before;
    struct stage stage;
    size_t changes, obstacles;
    bool failed;
};

static int by_path(const void *a, const void *b) {
    const struct itsupc_artifact *const *x = a, *const *y = b;
    return strcmp((*x)->path, (*y)->path);
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
    tell(p, path, what);
    p->obstacles++;
}

/* Two of one path, or one that leads elsewhere, are our own mistake. */
static bool take_artifacts(struct publishing *p, struct itsupc_artifacts artifacts) {
    p->count = artifacts.count;
    p->artifacts = arena_array(p->run->arena, const struct itsupc_artifact *, p->count + 1);
    for (size_t i = 0; i < p->count; i++)
        p->artifacts[i] = &artifacts.list[i];
    qsort(p->artifacts, p->count, sizeof *p->artifacts, by_path);
    for (size_t i = 0; i < p->count; i++) {
        const char *path = p->artifacts[i]->path;
        bool twice = i && strcmp(path, p->artifacts[i - 1]->path) == 0;
        if (!twice && outdir_path_fits(str_of(path)))
            continue;
        run_say(p->run, "cannot write %s: %s", path,
                twice ? "two outputs have this path" : "it is no path below the output folder");
        return false;
    }
    return true;
}

/* ---- what stands there ---- */

static void show(struct publishing *p, struct str path, struct str before, struct str after) {
    diff_print(p->options.diff, str_copy(p->run->arena, path).at, before, after);
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

static void weigh(struct publishing *p, struct arena *scratch, const struct itsupc_artifact *a) {
    struct str path = str_of(a->path), text = str_of_text(a->text);
    char hex[65];
    sha256_hex(text, hex);
    manifest_add(&p->after, path, hex);
    if (outdir_holds(&p->dir, path, text))
        return;
    struct out_file file = outdir_read(&p->dir, scratch, path);
    bool ours = is_ours(p, path, &file);
    p->changes++;
    if (p->options.check) {
        show(p, path, file.kind == OUT_FILE ? file.text : STR(""), text);
        if (ours)
            tell(p, path, file.kind == OUT_FILE ? ITSUPC_OUTPUT_STALE : ITSUPC_OUTPUT_ABSENT);
        return;
    }
    if (!ours)
        return;
    manifest_add(&p->pending, path, hex);
    stage_file(&p->stage, path, text, a->executable, file.kind == OUT_FILE ? &file : NULL);
}

/* Files of an earlier build that no source asks for any more. */
static void weigh_old(struct publishing *p, struct arena *scratch, const struct manifest_entry *e) {
    if (manifest_find(&p->after, e->path))
        return;
    if (p->options.partial) {
        for (const struct manifest_hash *h = e->hashes; h; h = h->next)
            manifest_add(&p->after, e->path, h->hex);
        return;
    }
    struct out_file file = outdir_read(&p->dir, scratch, e->path);
    if (file.kind != OUT_FILE)
        return;
    if (!manifest_knows(e, file.text)) {
        run_say(p->run, "%s%.*s has no source any more, but was changed by hand and stays",
                p->dir.name, STR_ARG(e->path));
        return;
    }
    p->changes++;
    if (p->options.check) {
        show(p, e->path, file.text, STR(""));
        tell(p, e->path, ITSUPC_OUTPUT_LEFT);
    } else {
        stage_removal(&p->stage, e->path);
    }
}

static void weigh_all(struct publishing *p) {
    struct arena scratch = { 0 };
    for (size_t i = 0; i < p->count; i++) {
        weigh(p, &scratch, p->artifacts[i]);
        arena_reset(&scratch);
    }
    for (const struct manifest_entry *e = p->before.first; e; e = e->next) {
        weigh_old(p, &scratch, e);
        arena_reset(&scratch);
    }
    arena_free(&scratch);
}

static void read_manifest(struct publishing *p) {
    struct arena *arena = p->run->arena;
    struct out_file file = outdir_read(&p->dir, arena, STR(MANIFEST_PATH));
    p->manifest_before = file.kind == OUT_FILE ? file.text : STR("");
    manifest_read(&p->before, arena, p->manifest_before);
    manifest_read(&p->pending, arena, p->manifest_before); /* old and new: either is ours */
    manifest_read(&p->after, arena, STR(""));
    if (file.kind == OUT_LINK || (file.kind == OUT_FAILED && errno == ELOOP))
        obstacle(p, STR(MANIFEST_PATH), ITSUPC_OUTPUT_BEHIND_LINK);
    else if (file.kind == OUT_FAILED || file.kind == OUT_OTHER)
        fail(p, STR(MANIFEST_PATH));
}

/* ---- writing ---- */

static bool write_all(struct publishing *p) {
    struct arena *arena = p->run->arena;
    struct str after = manifest_text(&p->after, arena);
    if (!p->changes && (str_eq(after, p->manifest_before) || (!p->count && !p->before.first)))
        return true;
    struct str path = STR("");
    if (stage_commit(&p->stage, manifest_text(&p->pending, arena), after, &path))
        return true;
    return fail(p, path);
}

/* Stopped in the middle, files would be left beside; what stops us then comes a moment later. */
static void hold_signals(sigset_t *before) {
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGHUP);
    sigprocmask(SIG_BLOCK, &stop, before);
}

static void publish(struct publishing *p) {
    if (!p->options.check)
        outdir_lock(&p->dir);
    read_manifest(p);
    if (p->failed || p->obstacles)
        return;
    stage_start(&p->stage, p->run->arena, &p->dir);
    weigh_all(p);
    if (!p->options.check && !p->failed && !p->obstacles)
        write_all(p);
    stage_end(&p->stage);
    if (p->failed || p->obstacles)
        outdir_unmake(&p->dir);
}

enum outcome publish_artifacts(struct run *run, const char *root, struct itsupc_artifacts artifacts,
                               struct publish_options options) {
    struct publishing p = { .run = run, .options = options };
    if (!take_artifacts(&p, artifacts))
        return OUTCOME_FAILURE;
    sigset_t before;
    hold_signals(&before);
    if (outdir_open(&p.dir, run->arena, root, !options.check && p.count))
        publish(&p);
    else
        fail(&p, STR(""));
    outdir_close(&p.dir);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return p.failed                                      ? OUTCOME_FAILURE
           : p.obstacles || (options.check && p.changes) ? OUTCOME_FINDINGS
                                                         : OUTCOME_CLEAN;
}
