/* What all parts of the language server share. */
#pragma once

#include "driver/lsp/documents.h"
#include "driver/lsp/job.h"
#include "driver/lsp/wire.h"
#include "driver/workspace.h"

/* What the editor said it can do. */
struct abilities {
    bool versions;       /* of published diagnostics */
    bool related;        /* further places of a diagnostic */
    bool watches;        /* registers watchers of files when asked */
    bool snippets;       /* in completions */
    bool markdown;       /* in hovers and completions */
    bool nested_symbols; /* of a document */
    bool action_objects; /* code actions that are more than commands */
    bool document_changes;
    bool suggests; /* has the command of VS Code that asks for completions again */
};

struct root;
struct shown;

struct server {
    struct run *run;
    struct arena arena; /* as long as the server */
    struct wire wire;
    struct documents documents;
    struct names folders; /* of the editor's workspace: paths without "/" at the end */
    struct abilities abilities;
    struct root *roots;
    struct table shown_at; /* path → struct shown: what is published of which file */
    struct shown *shown;
    struct job job;    /* a check of a large tree, on the side */
    uint64_t requests; /* of ours */
    enum { SERVER_NEW, SERVER_READY, SERVER_SHUT, SERVER_GONE } state;
    bool asked_to_stop;
};

/* A message of ours: `"method":…,"params":` is written, the value comes next, then send_end. */
struct json send_begin(struct server *s, struct buf *out, const char *method, bool request);
void send_end(struct server *s, struct json *w);

/* ---- what an answer is made of ---- */

enum rpc_error {
    RPC_PARSE = -32700,
    RPC_INVALID = -32600,
    RPC_NO_METHOD = -32601,
    RPC_BAD_PARAMS = -32602,
    RPC_INTERNAL = -32603,
    RPC_NOT_INITIALIZED = -32002,
    RPC_FAILED = -32803,
    RPC_MODIFIED = -32801,
    RPC_CANCELLED = -32800,
};

struct request {
    struct server *server;
    struct arena *arena; /* of this request */
    const struct json_value *params;
    struct document *document; /* of textDocument.uri, or NULL */
    size_t offset;             /* of `position` in it */
    struct json *out;          /* one value is to be written, or … */
    enum rpc_error error;      /* … this set, */
    const char *why;           /* with a reason */
};

/* What the server can do, as members of `capabilities`. */
void write_features(struct json *w);

bool request_refuse(struct request *r, enum rpc_error error, const char *why); /* false */
