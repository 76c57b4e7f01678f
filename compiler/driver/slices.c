/* A large itsUP tree, built in slices of its projects: see compiler/slices/record.h for what they
   are.

   Each process makes every so many of them, compares their artefacts with what stands there and
   writes new ones beside, as the whole build would, and tells this process in a few bytes for each.
   Whatever is out of the ordinary (a finding that stops, a file that cannot be written, a process
   that dies) ends all of it, and the tree is built as a whole: messages are the same whoever works.
 */
#define _GNU_SOURCE /* sched_getaffinity, F_SETPIPE_SZ */
#include "driver/slices.h"

#include "driver/args.h"
#include "driver/fs.h"
#include "driver/report.h"
#include "support/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/prctl.h>
#endif

/* Of fewer projects the whole is as good; a slice costs the shared files once more. */
enum { MOST_WORKERS = 16, FEWEST_PROJECTS = 300, PROJECTS = 24, PIPE_SIZE = 1 << 20 };

/* ---- the edges between projects ---- */

struct edge {
    uint32_t from, to; /* projects, by number */
    const char *service;
};

struct build {
    struct slices_build *b;
    const struct tree *tree;
    struct itsupc *base;
    int generation;
    size_t slices;
    struct edge *edges;
    size_t edge_count, edge_room;
    struct itsupc_style style;
};

static size_t projects_of(const struct build *b) {
    return b->tree->files.project_count;
}

/* Where slice `i` begins; that behind the last is the end. */
static size_t slice_from(const struct build *b, size_t i) {
    return projects_of(b) * i / b->slices;
}

static size_t slice_with(const struct build *b, size_t project) {
    size_t i = project * b->slices / projects_of(b);
    while (i && slice_from(b, i) > project)
        i--;
    while (slice_from(b, i + 1) <= project)
        i++;
    return i;
}

static bool find_project(const struct build *b, struct str name, uint32_t *found) {
    size_t low = 0, high = projects_of(b);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(str_of(b->tree->files.projects[middle].name), name);
        if (order == 0) {
            *found = (uint32_t)middle;
            return true;
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return false;
}

/* A session that reads through a workspace of its own, whose memory goes with `arena`. */
static struct itsupc *session_new(const struct build *b, struct arena *arena) {
    struct workspace *ws = arena_copy(arena, b->b->ws, sizeof *ws);
    struct run *run = arena_copy(arena, b->b->run, sizeof *run);
    ws->arena = run->arena = arena;
    return report_session(run, ws, workspace_loader(ws));
}

static void add(const struct build *b, struct itsupc *session,
                const struct itsupc_project *projects, size_t count, struct itsupc_slice slice) {
    struct itsupc_tree tree = b->tree->files;
    slice.above = b->tree->above.at;
    tree.projects = projects;
    tree.project_count = count;
    tree.slice = &slice;
    itsupc_add_tree(session, &tree);
}

static bool add_edge(struct build *b, const struct itsupc_edge *e) {
    struct edge edge = { 0 };
    struct str to = str_of(e->to);
    if (b->edge_count == b->edge_room) {
        size_t room = b->edge_room ? 2 * b->edge_room : 64;
        struct edge *more = arena_array(&b->b->arena, struct edge, room);
        if (b->edge_count)
            memcpy(more, b->edges, b->edge_count * sizeof *more);
        b->edges = more;
        b->edge_room = room;
    }
    size_t slash = str_find(to, '/');
    if (slash == STR_NONE || !find_project(b, str_of(e->from), &edge.from) ||
        !find_project(b, str_slice(to, 0, slash), &edge.to))
        return false;
    edge.service = str_copy(&b->b->arena, str_from(to, slash + 1)).at;
    b->edges[b->edge_count++] = edge;
    return true;
}

/* Those of some projects, all of which say the word. */
static bool read_edges(struct build *b, const struct itsupc_project *projects, size_t count) {
    const struct itsupc_edge *list;
    struct arena arena = { 0 };
    struct itsupc *session = count ? session_new(b, &arena) : NULL;
    bool good = true;
    if (session) {
        itsupc_only_checks(session);
        add(b, session, projects, count, (struct itsupc_slice){ .generation = b->generation });
        size_t edges = itsupc_edges(session, &list);
        for (size_t i = 0; i < edges && good; i++)
            good = add_edge(b, &list[i]);
        itsupc_free(session);
    }
    arena_free(&arena);
    return good;
}

static bool says_egress(struct workspace *ws, const char *name) {
    struct itsupc_loader loader = workspace_loader(ws);
    struct itsupc_text text;
    return name && loader.load(loader.context, name, NULL, &text) == ITSUPC_LOADED &&
           str_find_str(str_of_text(text), STR("egress")) != STR_NONE;
}

static bool find_edges(struct build *b) {
    struct itsupc_project some[PROJECTS];
    struct arena scratch = { 0 };
    struct workspace ws = *b->b->ws;
    ws.arena = &scratch;
    ws.progress = NULL;
    size_t count = 0;
    bool good = true;
    for (size_t i = 0; i < projects_of(b) && good; i++) {
        const struct itsupc_project *p = &b->tree->files.projects[i];
        bool says = says_egress(&ws, p->language);
        for (size_t n = 0; n < 3 && !says; n++)
            says = says_egress(&ws, p->routing[n]);
        arena_reset(&scratch);
        if (says) {
            some[count] = *p;
            some[count++].compose = NULL; /* edges do not depend on it */
        }
        if (count == PROJECTS) {
            good = read_edges(b, some, count);
            count = 0;
        }
    }
    arena_free(&scratch);
    return good && read_edges(b, some, count);
}

/* Whoever is reached by nobody left goes; in a circle somebody stays. */
static bool has_circle(const struct build *b) {
    struct arena arena = { 0 };
    size_t projects = projects_of(b), left = b->edge_count, gone = 0;
    uint32_t *reached = arena_array(&arena, uint32_t, projects);
    uint32_t *first = arena_array(&arena, uint32_t, projects + 1);
    uint32_t *order = arena_array(&arena, uint32_t, b->edge_count + 1);
    uint32_t *free = arena_array(&arena, uint32_t, projects);
    for (size_t i = 0; i < b->edge_count; i++) {
        reached[b->edges[i].to]++;
        first[b->edges[i].from + 1]++;
    }
    for (size_t i = 0; i < projects; i++) {
        first[i + 1] += first[i];
        if (!reached[i])
            free[gone++] = (uint32_t)i;
    }
    uint32_t *at = arena_copy(&arena, first, (projects + 1) * sizeof *first);
    for (size_t i = 0; i < b->edge_count; i++)
        order[at[b->edges[i].from]++] = (uint32_t)i;
    for (size_t i = 0; i < gone; i++)
        for (uint32_t n = first[free[i]]; n < first[free[i] + 1]; n++) {
            uint32_t to = b->edges[order[n]].to;
            left--;
            if (--reached[to] == 0)
                free[gone++] = to;
        }
    arena_free(&arena);
    return left > 0;
}

static const struct build *sorting; /* qsort hands nothing on */

static int by_slice(const void *a, const void *b) {
    const struct edge *x = a, *y = b;
    size_t s = slice_with(sorting, x->to), t = slice_with(sorting, y->to);
    if (s != t)
        return s < t ? -1 : 1;
    return x->from != y->from ? (x->from < y->from ? -1 : 1) : 0;
}

/* Those that lead to slice `i` from another. */
static size_t edges_to(const struct build *b, size_t i, struct arena *arena,
                       const struct itsupc_edge **list) {
    size_t low = 0, high = b->edge_count, count = 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_with(b, b->edges[middle].to) < i)
            low = middle + 1;
        else
            high = middle;
    }
    size_t end = low;
    while (end < b->edge_count && slice_with(b, b->edges[end].to) == i)
        end++;
    struct itsupc_edge *edges = arena_array(arena, struct itsupc_edge, end - low + 1);
    const struct itsupc_project *projects = b->tree->files.projects;
    for (; low < end; low++) {
        const struct edge *e = &b->edges[low];
        if (slice_with(b, e->from) == i)
            continue;
        const char *to = str_format(arena, "%s/%s", projects[e->to].name, e->service).at;
        edges[count++] = (struct itsupc_edge){ projects[e->from].name, to };
    }
    *list = edges;
    return count;
}

/* ---- the base ---- */

static bool start_base(struct build *b) {
    const struct itsupc_tree *all = &b->tree->files;
    const struct itsupc_project *newest = NULL;
    struct itsupc_slice slice = { 0 };
    for (size_t i = 0; i < all->project_count; i++) {
        const struct itsupc_project *p = &all->projects[i];
        if (p->routing[2] && !newest)
            newest = p;
        if (p->language || p->routing[2] || !p->routing[1])
            continue;
        if (!slice.old_count++)
            slice.old = p->routing[1];
    }
    b->base = session_new(b, &b->b->arena);
    if (!b->base)
        return false;
    add(b, b->base, newest, newest != NULL, slice);
    b->generation = itsupc_generation(b->base);
    return b->generation > 1 && itsupc_base(b->base, b->slices, all->project_count);
}

/* ---- slices ---- */

/* The record is put to `to`; it is empty when there is none. */
static void make_slice(struct build *b, size_t i, struct buf *to) {
    struct arena arena = { 0 };
    struct itsupc *session = session_new(b, &arena);
    struct itsupc_taker taker = publish_taker(b->b->publishing);
    if (session) {
        const struct itsupc_edge *edges;
        size_t from = slice_from(b, i), count = edges_to(b, i, &arena, &edges);
        add(b, session, b->tree->files.projects + from, slice_from(b, i + 1) - from,
            (struct itsupc_slice){
                .generation = b->generation, .edges = edges, .edge_count = count });
        buf_add(to, str_of_text(itsupc_slice(session, &taker, b->style)));
        itsupc_free(session);
    }
    arena_free(&arena);
}

static bool make_all(struct build *b) {
    struct arena arena = { 0 };
    bool good = true;
    for (size_t i = 0; i < b->slices && good; i++) {
        struct buf record = { .arena = &arena };
        make_slice(b, i, &record);
        good = record.len && itsupc_join(b->base, (struct itsupc_text){ record.at, record.len });
        arena_reset(&arena);
    }
    arena_free(&arena);
    return good;
}

/* ---- in several processes ---- */

struct worker {
    pid_t process; /* 0: none */
    int from;
};

/* In the new process: nothing of what is done here may end in the terminal. */
static void work(struct build *b, size_t number, size_t workers, pid_t above, int to) {
    struct arena arena = { 0 };
    b->b->run->progress.terminal = NULL;
#if defined(__linux__)
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    for (size_t i = number; i < b->slices && getppid() == above; i += workers) {
        struct buf record = { .arena = &arena };
        publish_note(b->b->publishing);
        make_slice(b, i, &record);
        struct str notes = publish_notes(b->b->publishing);
        size_t lengths[2] = { record.len, notes.len };
        if (!record.len || !notes.len ||
            !fs_write_full(to, (struct str){ (const char *)lengths, sizeof lengths }) ||
            !fs_write_full(to, buf_str(&record)) || !fs_write_full(to, notes))
            break;
        arena_reset(&arena);
    }
    _exit(0);
}

static struct worker start(struct build *b, size_t number, size_t workers) {
    struct worker worker = { 0, -1 };
    int ends[2];
    pid_t above = getpid();
    if (pipe(ends) != 0)
        return worker;
#if defined(F_SETPIPE_SZ)
    fcntl(ends[1], F_SETPIPE_SZ, PIPE_SIZE); /* so that none waits for another */
#endif
    worker.process = fork();
    if (worker.process == 0) {
        close(ends[0]);
        work(b, number, workers, above, ends[1]);
    }
    close(ends[1]);
    if (worker.process > 0)
        worker.from = ends[0];
    else
        close(ends[0]);
    return worker;
}

static bool read_full(int from, void *to, size_t size) {
    char *at = to;
    while (size) {
        ssize_t got = read(from, at, size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        size -= (size_t)got;
    }
    return true;
}

/* What one of them tells of its next slice. */
static bool take_over(struct build *b, struct worker *w) {
    struct arena arena = { 0 };
    size_t lengths[2];
    bool good = w->from >= 0 && read_full(w->from, lengths, sizeof lengths);
    if (good) {
        char *record = arena_bytes(&arena, lengths[0]), *notes = arena_bytes(&arena, lengths[1]);
        good = read_full(w->from, record, lengths[0]) && read_full(w->from, notes, lengths[1]) &&
               itsupc_join(b->base, (struct itsupc_text){ record, lengths[0] }) &&
               publish_noted(b->b->publishing, (struct str){ notes, lengths[1] });
    }
    arena_free(&arena);
    return good;
}

static bool share_all(struct build *b, size_t count) {
    struct worker workers[MOST_WORKERS] = { { 0, -1 } };
    bool good = true;
    for (size_t i = 0; i < count; i++)
        workers[i] = start(b, i, count);
    for (size_t i = 0; i < b->slices && good; i++)
        good = take_over(b, &workers[i % count]);
    for (size_t i = 0; i < count; i++) {
        if (workers[i].from >= 0)
            close(workers[i].from);
        if (workers[i].process > 0 && !good)
            kill(workers[i].process, SIGKILL);
        while (workers[i].process > 0 && waitpid(workers[i].process, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    return good;
}

static size_t processors(void) {
#if defined(__linux__)
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        return (size_t)CPU_COUNT(&set);
#endif
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (size_t)count : 1;
}

/* -j, else what the machine has. */
static size_t workers_of(const struct run *run) {
    const char *given = args_last(run->args, FLAG_JOBS);
    uint64_t count = processors();
    if (given)
        str_to_uint(str_of(given), UINT64_MAX, &count);
    return (size_t)(count < MOST_WORKERS ? count : MOST_WORKERS);
}

/* ---- all of it ---- */

bool slices_fit(const struct run *run, const struct workspace *ws) {
    const struct names *formats = &run->args->values[FLAG_FORMAT];
    const struct tree *tree = ws->trees;
    if (!tree || tree->next || ws->programs || ws->obstacles || ws->takes_stdin ||
        ws->unread.count || ws->existing.count || ws->open.count)
        return false;
    for (size_t i = 0; i < formats->count; i++)
        if (strcmp(formats->at[i], "text") != 0)
            return false;
    for (size_t i = 0; i < tree->files.project_count; i++)
        if (tree->files.projects[i].routing[0]) /* it may be any generation's */
            return false;
    bool asked = args_given(run->args, FLAG_JOBS) && workers_of(run) > 1;
    return tree->files.project_count >= (asked ? 2 : FEWEST_PROJECTS);
}

static bool build_all(struct build *b) {
    struct run *run = b->b->run;
    size_t workers = workers_of(run);
    b->slices = (projects_of(b) + PROJECTS - 1) / PROJECTS;
    if (b->slices < workers)
        b->slices = workers < projects_of(b) ? workers : projects_of(b);
    if (!start_base(b) || !find_edges(b) || has_circle(b))
        return false;
    sorting = b;
    if (b->edge_count)
        qsort(b->edges, b->edge_count, sizeof *b->edges, by_slice);
    b->b->publishing = b->b->start(b->b->context, b->base);
    struct itsupc_taker taker = publish_taker(b->b->publishing);
    bool shared = workers > 1 && publish_can_share(b->b->publishing);
    return (shared ? share_all(b, workers) : make_all(b)) &&
           itsupc_joined(b->base, b->edge_count, &taker);
}

struct itsupc *slices_build(struct slices_build *build) {
    struct build all = { .b = build, .tree = build->ws->trees }, *b = &all;
    b->style =
        (struct itsupc_style){ .color = build->run->err.color, .width = run_width(build->run) };
    if (build_all(b)) {
        if (args_given(build->run->args, FLAG_VERBOSE))
            run_say(build->run, "%zu projects in %zu slices", projects_of(b), b->slices);
        return b->base;
    }
    if (b->base)
        itsupc_free(b->base);
    return NULL;
}
