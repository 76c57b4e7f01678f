/* Any bytes as the files of a whole workspace, parted at lines of `%%`: an itsUP tree with two
   projects, a repository, or guests. No crash, no finding outside a file, and what is built has
   paths below the workspace and stays the same when it is built again. */
#include "itsupc.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_PARTS = 8 };

struct parts {
    struct itsupc_text at[MOST_PARTS];
    size_t count;
};

static const char *const files[] = {
    "projects/a/itsup-project.yml", "projects/a/docker-compose.yml",
    "projects/itsup.yml",           "projects/b/ingress.itsup",
    "projects/b/compose.yaml",      "projects/traefik.yml",
    "projects/middlewares.yml",     "secrets/itsup.txt",
};

static struct parts split(const char *text, size_t size) {
    struct parts p = { 0 };
    size_t start = 0;
    for (size_t i = 0; i + 4 <= size && p.count + 1 < MOST_PARTS; i++)
        if (memcmp(text + i, "\n%%\n", 4) == 0) {
            p.at[p.count++] = (struct itsupc_text){ text + start, i + 1 - start };
            start = i + 4;
        }
    p.at[p.count++] = (struct itsupc_text){ text + start, size - start };
    return p;
}

/* Files beyond the parts repeat them. */
static enum itsupc_load answer(void *context, const char *name, struct itsupc *session,
                               struct itsupc_text *text) {
    const struct parts *p = context;
    (void)session;
    size_t i = 0;
    while (i < MOST_PARTS && strcmp(name, files[i]) != 0)
        i++;
    if (i == MOST_PARTS && strncmp(name, "root", 4) != 0)
        return ITSUPC_MISSING;
    *text = p->at[i % p->count];
    return ITSUPC_LOADED;
}

static void must(int condition) {
    if (!condition)
        abort();
}

static void add_tree(struct itsupc *session) {
    const char *secrets[] = { files[7] };
    struct itsupc_project projects[] = {
        { .name = "a", .routing = { NULL, NULL, files[0] }, .compose = files[1] },
        { .name = "b", .language = files[3], .compose = files[4] },
    };
    struct itsupc_tree tree = { .infra = files[2],
                                .traefik = files[5],
                                .middlewares = files[6],
                                .secrets = secrets,
                                .secret_count = 1,
                                .projects = projects,
                                .project_count = 2 };
    itsupc_add_tree(session, &tree);
}

static void add(struct itsupc *session, unsigned kind) {
    const char *repo[] = { "root.itsup" };
    const char *guests[] = { "root_lxc_configs.json", "root_vm_configs.json" };
    const char *existing[] = { "root.yml", "root-compose.yml" };
    if (kind == 0)
        add_tree(session);
    else if (kind == 1)
        itsupc_add_folder(session, repo, 1, "root-compose.yml");
    else if (kind == 2)
        itsupc_add_set(session, guests, 2, NULL, NULL);
    else
        itsupc_add_existing(session, existing, 2);
}

/* The sum of what was built; 0 for nothing. */
static uint64_t built(struct parts *p, unsigned kind) {
    struct itsupc_options options = { .loader = { .context = p, .load = answer },
                                      .folder = "place" };
    struct itsupc *session = itsupc_new(&options);
    uint64_t sum = 0;
    add(session, kind);
    itsupc_check(session);
    struct itsupc_artifacts all = itsupc_build(session, NULL);
    for (size_t i = 0; i < all.count; i++) {
        const struct itsupc_artifact *a = &all.list[i];
        must(a->path[0] && a->path[0] != '/' && !strstr(a->path, "../"));
        for (const char *c = a->path; *c; c++)
            sum = sum * 31 + (unsigned char)*c;
        for (size_t n = 0; n < a->text.len; n++)
            sum = sum * 31 + (unsigned char)a->text.at[n];
    }
    itsupc_free(session);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct parts p = split((const char *)data, size);
    unsigned kind = size ? data[size / 2] % 4 : 0;
    uint64_t first = built(&p, kind);
    must(!first || size > 2048 || first == built(&p, kind)); /* within the time of one input */
    return 0;
}
