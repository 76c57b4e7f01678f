/* Any bytes as traefik.yml, as a dynamic file, as a compose file and as requests, all at once: no
   crash, and every answer is one line of JSON or a text. */
#include "itsupc.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum itsupc_load answer(void *context, const char *name, struct itsupc *session,
                               struct itsupc_text *text) {
    (void)name;
    (void)session;
    *text = *(struct itsupc_text *)context;
    return ITSUPC_LOADED;
}

static void must(int condition) {
    if (!condition)
        abort();
}

static void ask(struct itsupc *session, const char *url) {
    const char *headers[] = { "X-A=b" };
    struct itsupc_request request = {
        .url = url, .ip = "10.0.0.1", .alpn = "h2,http/1.1", .headers = headers, .header_count = 1
    };
    enum itsupc_answer kind;
    for (int json = 0; json < 2; json++) {
        struct itsupc_text text = itsupc_trace(session, &request, json, &kind);
        must(text.len && text.at[text.len - 1] == '\n');
        must(!json || memchr(text.at, '\n', text.len) == text.at + text.len - 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const urls[] = {
        "http://app.example.com/a/%2F../b?c=d",
        "https://app.example.com/%41?preview",
        "tcp://app.example.com:443",
        "tls://db.example.com:443",
        "pg://db.example.com:443",
        "udp://:53",
    };
    struct itsupc_text whole = { (const char *)data, size };
    struct itsupc_options options = { .loader = { .context = &whole, .load = answer } };
    struct itsupc *session = itsupc_new(&options);
    const char *names[] = { "a.yml", "b.yml" };
    itsupc_trace_static(session, "traefik.yml");
    itsupc_trace_dynamic(session, names, size % 2 + 1);
    static const char *const composes[] = { "compose.yml" }, *const projects[] = { "project" };
    itsupc_trace_compose(session, composes, projects, 1);
    itsupc_trace_notes(session);
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++)
        ask(session, urls[i]);
    /* Lines of the input as requests, and as URLs. */
    for (size_t at = 0, lines = 0; at < size && lines < 20; lines++) {
        const char *end = memchr(whole.at + at, '\n', size - at);
        size_t len = end ? (size_t)(end - (whole.at + at)) : size - at;
        enum itsupc_answer kind;
        struct itsupc_text text =
            itsupc_trace_line(session, (struct itsupc_text){ whole.at + at, len }, &kind);
        must(text.len && memchr(text.at, '\n', text.len) == text.at + text.len - 1);
        char url[512] = "http://";
        size_t room = len < sizeof url - 8 ? len : sizeof url - 8;
        memcpy(url + 7, whole.at + at, room);
        ask(session, url);
        at += len + 1;
    }
    itsupc_free(session);
    return 0;
}
