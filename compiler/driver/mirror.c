/* projects/NAME/files → upstream/NAME/files, byte for byte. */
#include "driver/mirror.h"

#include "driver/fs.h"

#include <errno.h>
#include <unistd.h>

#define DEEPEST_FOLDER 64

static void add(struct mirror *m, struct arena *arena, const char *path, struct str text,
                bool executable) {
    if (m->count == m->room) {
        struct itsupc_artifact *old = m->list;
        m->room = m->room ? 2 * m->room : 16;
        m->list = arena_array(arena, struct itsupc_artifact, m->room);
        if (m->count)
            memcpy(m->list, old, m->count * sizeof *old);
    }
    m->list[m->count++] = (struct itsupc_artifact){ path, { text.at, text.len }, executable };
}

/* A symlink to a folder is not followed: it may lead anywhere, and into itself. */
static void read_entry(struct mirror *m, struct workspace *ws, const char *from, const char *to,
                       size_t depth) {
    const char *path = workspace_path(ws, from), *reason = NULL;
    enum fs_kind kind = fs_kind(path);
    if (kind == FS_FOLDER) {
        struct names names = { 0 };
        if (depth == DEEPEST_FOLDER)
            workspace_obstacle(ws, from, ITSUPC_FAILED, "folders are nested too deep");
        else if (!fs_list_all(ws->arena, path, &names))
            workspace_obstacle(ws, from, errno == EACCES ? ITSUPC_DENIED : ITSUPC_FAILED,
                               strerror(errno));
        for (size_t i = 0; i < names.count; i++)
            read_entry(m, ws, str_format(ws->arena, "%s/%s", from, names.at[i]).at,
                       str_format(ws->arena, "%s/%s", to, names.at[i]).at, depth + 1);
        return;
    }
    struct str text = { 0 };
    enum itsupc_load load =
        kind == FS_LINKED_FOLDER ? ITSUPC_NOT_A_FILE : fs_read(ws->arena, path, &text, &reason);
    if (load == ITSUPC_LOADED)
        add(m, ws->arena, to, text, access(path, X_OK) == 0);
    else
        workspace_obstacle(ws, from, load, reason);
}

void mirror_read(struct mirror *m, struct workspace *ws) {
    *m = (struct mirror){ NULL, 0, 0 };
    for (const struct tree *t = ws->trees; t; t = t->next)
        for (size_t i = 0; i < t->files.project_count; i++) {
            const struct itsupc_project *p = &t->files.projects[i];
            struct folder beside = folder_kept(&ws->pool, t->folders[i]);
            if (!p->compose || folder_lacks(&beside, "files"))
                continue;
            size_t folder = (size_t)(strrchr(p->compose, '/') - p->compose);
            const char *from = str_format(ws->arena, "%.*s/files", (int)folder, p->compose).at;
            enum fs_kind kind = fs_kind(workspace_path(ws, from));
            if (kind == FS_FOLDER || kind == FS_UNKNOWN)
                read_entry(m, ws, from, str_format(ws->arena, "upstream/%s/files", p->name).at, 0);
        }
}
