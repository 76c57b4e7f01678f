/* Work on the side, in a child process. */
#include "driver/lsp/job.h"

#include "driver/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

bool job_start(struct job *job, struct server *s, struct root *root,
               void (*work)(struct server *s, struct root *root, struct buf *out)) {
    int ends[2];
    if (pipe(ends) != 0)
        return false;
    pid_t pid = fork();
    if (pid < 0) {
        close(ends[0]);
        close(ends[1]);
        return false;
    }
    if (pid == 0) {
        struct arena arena = { 0 };
        struct buf out = { .arena = &arena };
        close(ends[0]);
        work(s, root, &out);
        _exit(fs_write_full(ends[1], buf_str(&out)) ? 0 : 1);
    }
    close(ends[1]);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    *job = (struct job){ .root = root, .pid = pid, .fd = ends[0] };
    job->in.arena = &job->arena;
    return true;
}

bool job_read(struct job *job) {
    char piece[64 * 1024];
    ssize_t got;
    job->in.arena = &job->arena;
    while ((got = read(job->fd, piece, sizeof piece)) > 0)
        buf_add(&job->in, (struct str){ piece, (size_t)got });
    return got == 0 || (errno != EAGAIN && errno != EINTR);
}

void job_stop(struct job *job) {
    if (!job->root)
        return;
    kill(job->pid, SIGKILL);
    while (waitpid(job->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    close(job->fd);
    arena_free(&job->arena);
    *job = (struct job){ 0 };
}

void job_put_count(struct buf *out, size_t count) {
    buf_add(out, (struct str){ (const char *)&count, sizeof count });
}

void job_put(struct buf *out, struct str text) {
    job_put_count(out, text.len);
    buf_add(out, text);
}

bool job_get_count(struct str *rest, size_t *count) {
    if (rest->len < sizeof *count)
        return false;
    memcpy(count, rest->at, sizeof *count);
    *rest = str_from(*rest, sizeof *count);
    return true;
}

bool job_get(struct str *rest, struct str *text) {
    size_t len;
    if (!job_get_count(rest, &len) || rest->len < len)
        return false;
    *text = str_slice(*rest, 0, len);
    *rest = str_from(*rest, len);
    return true;
}
