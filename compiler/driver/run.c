/* The terminal: two streams, their colours, and whether what was written arrived. */
#include "driver/run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* A file opened later must not become a missing standard stream, so each gets a stand-in: one that
   fails where its loss matters (reading input, writing an answer), and one that swallows messages.
 */
static void fill_gaps(void) {
    static const int how[] = { O_WRONLY, O_RDONLY, O_WRONLY };
    for (int fd = 0; fd < 3; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
            (void)!open("/dev/null", how[fd]);
}

void run_open(struct run *run) {
    fill_gaps();
    signal(SIGPIPE, SIG_IGN); /* a reader that left is a failed write, not a death */
    run->out.file = stdout;
    run->err.file = stderr;
    setvbuf(stderr, NULL, _IOFBF, 1 << 14);
}

static bool wants_color(const char *when, int fd) {
    if (strcmp(when, "auto") != 0)
        return strcmp(when, "always") == 0;
    const char *no_color = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    if ((no_color && *no_color) || !terminal || strcmp(terminal, "dumb") == 0)
        return false;
    return isatty(fd);
}

void run_color(struct run *run, const char *when) {
    run->out.color = wants_color(when, STDOUT_FILENO);
    run->err.color = wants_color(when, STDERR_FILENO);
}

void run_progress(struct run *run) {
    const char *terminal = getenv("TERM");
    if (!isatty(STDERR_FILENO) || !terminal || strcmp(terminal, "dumb") == 0)
        return;
    run->progress.terminal = run->err.file;
    run->out.progress = run->err.progress = &run->progress;
}

unsigned run_width(const struct run *run) {
    struct winsize size;
    if (ioctl(fileno(run->err.file), TIOCGWINSZ, &size) != 0)
        return 0;
    return size.ws_col;
}

/* Over NFS and on full disks the error may come with the flush or the close alone. */
static void finish(struct stream *s, bool last) {
    errno = 0;
    bool failed = fflush(s->file) != 0 || ferror(s->file);
    int why = errno;
    if (last && fclose(s->file) != 0 && !failed) {
        failed = true;
        why = errno;
    }
    if (failed && !s->failure)
        s->failure = why ? why : EIO;
}

enum outcome run_close(struct run *run, enum outcome outcome) {
    progress_clear(&run->progress);
    finish(&run->out, true);
    if (run->out.failure && run->out.failure != EPIPE)
        run_say(run, "cannot write to standard output: %s", strerror(run->out.failure));
    finish(&run->err, false);
    return run->out.failure || run->err.failure ? OUTCOME_FAILURE : outcome;
}

void run_say(struct run *run, const char *format, ...) {
    char line[4096];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    for (char *c = line; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = '?';
    stream_text(&run->err, "itsupc: ");
    stream_text(&run->err, line);
    stream_text(&run->err, "\n");
}

void stream_put(struct stream *s, struct str text) {
    progress_clear(s->progress);
    if (text.len && fwrite(text.at, 1, text.len, s->file) != text.len && !s->failure)
        s->failure = errno;
}

void stream_text(struct stream *s, const char *text) {
    stream_put(s, str_of(text));
}

void stream_styled(struct stream *s, const char *style, struct str text) {
    if (s->color) {
        stream_text(s, "\033[");
        stream_text(s, style);
        stream_text(s, "m");
    }
    stream_put(s, text);
    if (s->color)
        stream_text(s, "\033[0m");
}
