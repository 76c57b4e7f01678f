/* Lines of expectations: `expect URL [METHOD] [WORD VALUE]… -> ANSWER`. */
#include "analysis/expect.h"
#include "support/utf8.h"

/* The next word of the line; a quoted part may hold blanks and `#`. Empty at the end. */
static struct str word(struct arena *a, struct str *rest) {
    struct buf out = { .arena = a };
    size_t i = 0;
    bool quoted = false;
    while (i < rest->len && (rest->at[i] == ' ' || rest->at[i] == '\t'))
        i++;
    for (; i < rest->len && (quoted || (rest->at[i] != ' ' && rest->at[i] != '\t')); i++) {
        if (rest->at[i] == '#' && !out.len && !quoted) {
            i = rest->len;
            break;
        }
        if (rest->at[i] == '"')
            quoted = !quoted;
        else
            buf_char(&out, rest->at[i]);
    }
    *rest = str_from(*rest, i);
    return buf_str(&out);
}

enum word_kind { A_HEADER, A_CLIENT, A_HOST, A_SNI, AN_ALPN, AN_ENTRY };

static const struct {
    const char *name;
    enum word_kind kind;
} words[] = {
    { "header", A_HEADER }, { "client", A_CLIENT }, { "host", A_HOST },
    { "sni", A_SNI },       { "alpn", AN_ALPN },    { "entrypoint", AN_ENTRY },
};

static bool is_method(struct str text) {
    for (size_t i = 0; i < text.len; i++)
        if (!char_is_upper(text.at[i]))
            return false;
    return text.len > 0;
}

static void add_header(struct arena *a, struct expectation *e, struct str value) {
    size_t equals = str_find(value, '=');
    if (equals == STR_NONE) {
        e->wrong = str_format(a, "a header is written NAME=VALUE, not `%.*s`", STR_ARG(value));
        return;
    }
    struct test_pair *pair = arena_new(a, struct test_pair), **tail = &e->request.headers;
    *pair = (struct test_pair){ .key = str_slice(value, 0, equals),
                                .value = str_from(value, equals + 1) };
    while (*tail)
        tail = &(*tail)->next;
    *tail = pair;
}

static void add_protocols(struct arena *a, struct strs *list, struct str rest) {
    while (rest.len) {
        size_t comma = str_find(rest, ',');
        strs_add(list, a, str_trim(str_slice(rest, 0, comma)));
        rest = comma == STR_NONE ? STR("") : str_from(rest, comma + 1);
    }
}

static void set_word(struct arena *a, struct expectation *e, struct str name, struct str value) {
    struct request *r = &e->request;
    size_t i = 0, count = sizeof words / sizeof *words;
    while (i < count && !str_is(name, words[i].name))
        i++;
    if (i == count) {
        e->wrong = str_format(a,
                              "`%.*s` is no word of a request; there are header, client, host, "
                              "sni, alpn and entrypoint, and the method in capitals",
                              STR_ARG(name));
        return;
    }
    switch (words[i].kind) {
    case A_HEADER: add_header(a, e, value); return;
    case A_CLIENT: r->ip = value; return;
    case A_HOST:
        r->host = value;
        r->has_host = true;
        return;
    case A_SNI:
        r->sni = value;
        r->has_sni = true;
        return;
    case AN_ALPN: add_protocols(a, &r->alpn, value); return;
    case AN_ENTRY: r->entry_point = value; return;
    }
}

/* Behind `->`: a router or server, `with` its middlewares; `none` with a status; `acme`. */
static void read_answer(struct arena *a, struct expectation *e, struct str rest) {
    struct str first = word(a, &rest), next = word(a, &rest);
    e->target = first;
    e->kind = str_is(first, "none")              ? WANTED_NONE
              : str_is(first, "acme")            ? WANTED_ACME
              : str_find(first, ':') != STR_NONE ? WANTED_SERVER
                                                 : WANTED_NAME;
    if (!first.len)
        e->wrong = STR("there is nothing behind the arrow");
    if (e->kind == WANTED_NONE && next.len) {
        e->closes = str_is(next, "close");
        if (!e->closes && !str_to_uint(next, 599, &e->status))
            e->wrong = str_format(a, "`none` has a status or `close` behind it, not `%.*s`",
                                  STR_ARG(next));
        next = word(a, &rest);
    } else if (e->kind != WANTED_ACME && str_is(next, "with")) {
        struct str list = word(a, &rest);
        if (!list.len)
            e->wrong = STR("`with` has middlewares behind it, parted by commas");
        add_protocols(a, &e->with, list);
        next = word(a, &rest);
    }
    if (next.len && !e->wrong.len)
        e->wrong = str_format(a, "`%.*s` is too much here", STR_ARG(next));
}

static void read_redirect(struct arena *a, struct expectation *e, struct str rest) {
    struct str status;
    e->kind = WANTED_REDIRECT;
    e->target = word(a, &rest);
    status = word(a, &rest);
    if (!e->target.len)
        e->wrong = STR("there is no URL behind the arrow");
    else if (status.len && !str_to_uint(status, 399, &e->status))
        e->wrong = str_format(a, "behind the URL stands a status, not `%.*s`", STR_ARG(status));
    else if (word(a, &rest).len)
        e->wrong = STR("behind the status the line ends");
}

static void read_line(struct arena *a, struct expectation *e, struct str line) {
    struct str rest = line, first = word(a, &rest);
    if (!str_is(first, "expect")) {
        e->wrong = str_format(a, "a line begins with `expect`, not with `%.*s`", STR_ARG(first));
        return;
    }
    struct str url = word(a, &rest), start = rest, next = word(a, &rest);
    while (next.len && !str_is(next, "->") && !str_is(next, "=>") && !e->wrong.len) {
        if (is_method(next) && !e->request.method.len)
            e->request.method = next;
        else
            set_word(a, e, next, word(a, &rest));
        start = rest;
        next = word(a, &rest);
    }
    if (e->wrong.len)
        return;
    e->wanted = str_trim(start);
    if (str_is(next, "->"))
        read_answer(a, e, rest);
    else if (str_is(next, "=>"))
        read_redirect(a, e, rest);
    else
        e->wrong = STR("the line has no `->` ROUTER and no `=>` URL");
    struct str fault = request_read_url(&e->request, url);
    if (!e->wrong.len)
        e->wrong = fault;
}

/* What fails is printed, and a terminal could take such bytes as commands. */
static bool is_plain(struct str line) {
    for (size_t i = 0; i < line.len; i++)
        if (((unsigned char)line.at[i] < ' ' && line.at[i] != '\t') || line.at[i] == 0x7F)
            return false;
    return utf8_is_valid(line);
}

void expectations_read(struct expectations *all, struct str text) {
    all->last = &all->first;
    if (str_starts(text, UTF8_BOM))
        text = str_from(text, UTF8_BOM.len);
    for (size_t number = 1; text.len; number++) {
        size_t end = str_find(text, '\n');
        struct str line = str_trim(str_slice(text, 0, end));
        text = end == STR_NONE ? STR("") : str_from(text, end + 1);
        if (!line.len || line.at[0] == '#')
            continue;
        struct expectation *e = arena_new(all->arena, struct expectation);
        e->line = number;
        e->text = line;
        if (is_plain(line)) {
            read_line(all->arena, e, line);
        } else {
            e->text = STR("…");
            e->wrong = STR("the line holds control characters, or is no UTF-8");
        }
        *all->last = e;
        all->last = &e->next;
        all->count++;
    }
}
