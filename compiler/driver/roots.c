/* Which workspaces the outputs of a folder come from. */
#define _GNU_SOURCE /* realpath */
#include "driver/roots.h"

#include "driver/fs.h"
#include "support/buf.h"

#include <limits.h>
#include <stdlib.h>

enum { PART = '\t' };

/* The folder without links and dots; of one that is not there yet, what is there of it. */
static struct str real(struct arena *arena, struct str folder) {
    char path[PATH_MAX];
    struct str rest = STR("");
    while (folder.len > 1 && folder.at[folder.len - 1] == '/')
        folder.len--;
    for (;;) {
        const char *name = folder.len ? str_copy(arena, folder).at : ".";
        if (realpath(name, path))
            break;
        size_t slash = str_find_last(folder, '/');
        struct str last = str_from(folder, slash == STR_NONE ? 0 : slash + 1);
        rest = str_format(arena, "/%.*s%.*s", STR_ARG(last), (int)rest.len, rest.at);
        if (slash == STR_NONE && !folder.len)
            return STR("");
        folder.len = slash == STR_NONE ? 0 : slash ? slash : 1;
    }
    return str_format(arena, "%s%.*s", strcmp(path, "/") == 0 ? "" : path, STR_ARG(rest));
}

/* How `to` is reached from `from`. */
static struct str way(struct arena *arena, struct str from, struct str to) {
    size_t same = 0, slash = 0;
    while (same < from.len && same < to.len && from.at[same] == to.at[same])
        if (from.at[same++] == '/')
            slash = same;
    bool inside = same == from.len && (same == to.len || to.at[same] == '/');
    struct buf out = { .arena = arena };
    if (inside)
        return same == to.len ? STR(".") : str_from(to, same + 1);
    if (same == to.len && from.at[same] == '/')
        slash = same + 1;
    for (size_t i = slash; i <= from.len; i++)
        if (i == from.len || from.at[i] == '/')
            buf_text(&out, out.len ? "/.." : "..");
    if (slash < to.len) {
        buf_char(&out, '/');
        buf_add(&out, str_from(to, slash));
    }
    return buf_str(&out);
}

static bool is_simple(struct str path) {
    for (size_t i = 0; i < path.len; i++)
        if ((unsigned char)path.at[i] < 0x20)
            return false;
    return path.len > 0;
}

struct str roots_of(struct arena *arena, const char *output, const struct names *operands) {
    struct buf out = { .arena = arena };
    struct str from = real(arena, str_of(*output ? output : "."));
    for (size_t i = 0; i < operands->count; i++) {
        if (fs_kind(operands->at[i]) != FS_FOLDER)
            continue;
        struct str root = way(arena, from, real(arena, str_of(operands->at[i])));
        if (!is_simple(root))
            continue;
        if (out.len)
            buf_char(&out, PART);
        buf_add(&out, root);
    }
    return buf_str(&out);
}

static struct str cut(struct str *list) {
    size_t end = str_find(*list, PART);
    struct str first = str_slice(*list, 0, end);
    *list = end == STR_NONE ? STR("") : str_from(*list, end + 1);
    return first;
}

static bool has(struct str list, struct str root) {
    while (list.len)
        if (str_eq(cut(&list), root))
            return true;
    return false;
}

bool roots_cover(struct arena *arena, const char *output, struct str now, struct str then) {
    while (then.len) {
        struct str root = cut(&then);
        const char *path = str_format(arena, "%s%.*s", output, STR_ARG(root)).at;
        if (!has(now, root) && fs_kind(path) != FS_MISSING)
            return false;
    }
    return true;
}
