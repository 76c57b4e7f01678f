/* Artefacts → files below the output folder. */
#include "driver/publish.h"

#include "driver/fs.h"

#include <errno.h>
#include <sys/stat.h>

/* The folders above the file. */
static bool make_folders(struct run *run, const char *path) {
    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        const char *folder = str_copy(run->arena, (struct str){ path, (size_t)(slash - path) }).at;
        if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
            run_say(run, "cannot make %s: %s", folder, strerror(errno));
            return false;
        }
    }
    return true;
}

bool publish_artifacts(struct run *run, const char *root, struct itsupc_artifacts artifacts) {
    for (size_t i = 0; i < artifacts.count; i++) {
        const struct itsupc_artifact *a = &artifacts.list[i];
        const char *path = str_format(run->arena, "%s%s", root, a->path).at, *reason = NULL;
        if (!make_folders(run, path))
            return false;
        if (fs_publish(run->arena, path, str_of_text(a->text), &reason) == FS_FAILED) {
            run_say(run, "cannot write %s: %s", path, reason);
            return false;
        }
    }
    return true;
}
