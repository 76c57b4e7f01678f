/* What the server says it can do. */
#include "driver/lsp/server.h"

static void options(struct json *w, const char *name, const char *flag) {
    json_key(w, name);
    json_object(w);
    if (flag)
        json_member_bool(w, flag, true);
    json_object_end(w);
}

static void words(struct json *w, const char *name, const char *const *list) {
    json_key(w, name);
    json_array(w);
    for (; *list; list++)
        json_string(w, str_of(*list));
    json_array_end(w);
}

static void legend(struct json *w) {
    static const char *const modifiers[] = { "declaration", NULL };
    json_key(w, "legend");
    json_object(w);
    json_key(w, "tokenTypes");
    json_array(w);
    for (const struct itsupc_role *role = itsupc_roles; role->token; role++)
        json_string(w, str_of(role->token));
    json_array_end(w);
    words(w, "tokenModifiers", modifiers);
    json_object_end(w);
}

void write_features(struct json *w) {
    static const char *const plain[] = { "hoverProvider",          "definitionProvider",
                                         "referencesProvider",     "documentHighlightProvider",
                                         "documentSymbolProvider", "workspaceSymbolProvider",
                                         "foldingRangeProvider",   "documentFormattingProvider",
                                         "inlayHintProvider",      NULL };
    static const char *const triggers[] = {
        ":", "/", "|", "(", ",", "=", ".", "{", ">", " ", NULL
    };
    static const char *const calls[] = { "(", ",", NULL };
    static const char *const kinds[] = { "quickfix", "source.fixAll.itsupc", NULL };
    for (const char *const *name = plain; *name; name++)
        json_member_bool(w, *name, true);
    options(w, "renameProvider", "prepareProvider");
    options(w, "documentLinkProvider", NULL);
    options(w, "codeLensProvider", NULL);
    json_key(w, "completionProvider");
    json_object(w);
    words(w, "triggerCharacters", triggers);
    json_object_end(w);
    json_key(w, "signatureHelpProvider");
    json_object(w);
    words(w, "triggerCharacters", calls);
    json_object_end(w);
    json_key(w, "codeActionProvider");
    json_object(w);
    words(w, "codeActionKinds", kinds);
    json_object_end(w);
    json_key(w, "semanticTokensProvider");
    json_object(w);
    legend(w);
    json_member_bool(w, "full", true);
    json_member_bool(w, "range", true);
    json_object_end(w);
}
