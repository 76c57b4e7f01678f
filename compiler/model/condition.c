/* `where`: conditions on a request beside host and path. */
#include "model/condition.h"

#include "model/regex_lint.h"
#include "support/nearest.h"
#include "support/regex.h"

enum form {
    FORM_LIST,  /* where method GET, POST */
    FORM_KEYED, /* where header X-Env = beta, or ~ a regular expression */
    FORM_BARE,  /* where path = /x, or ~ a regular expression */
};

static const struct condition_row {
    const char *word;
    enum condition_kind kind;
    enum form form;
    enum type_kind key, value;
    unsigned modes, regex_modes; /* that Traefik has a matcher for */
    const char *example;
} rows[] = {
#define HTTP_BITS (MODE_BIT(MODE_HTTP) | MODE_BIT(MODE_HTTPS))
#define SNI_BITS  (MODE_BIT(MODE_TLS) | MODE_BIT(MODE_PASSTHROUGH))
    { "method", WHERE_METHOD, FORM_LIST, TYPE_COUNT, TYPE_METHOD, HTTP_BITS, 0,
      "where method GET, POST" },
    { "client", WHERE_CLIENT, FORM_LIST, TYPE_COUNT, TYPE_CIDR, ALL_MODES, 0,
      "where client 10.0.0.0/8" },
    { "header", WHERE_HEADER, FORM_KEYED, TYPE_HEADER_NAME, TYPE_STRING, HTTP_BITS, HTTP_BITS,
      "where header X-Env = beta" },
    { "query", WHERE_QUERY, FORM_KEYED, TYPE_WORD, TYPE_STRING, HTTP_BITS, HTTP_BITS,
      "where query v = 2" },
    { "path", WHERE_PATH, FORM_BARE, TYPE_COUNT, TYPE_PATH, HTTP_BITS, HTTP_BITS,
      "where path ~ `^/v[0-9]+/`" },
    { "host", WHERE_HOST, FORM_BARE, TYPE_COUNT, TYPE_DOMAIN_OR_WILDCARD, HTTP_BITS | SNI_BITS,
      HTTP_BITS | SNI_BITS, "where host ~ `^[a-z]+\\.example\\.com$`" },
};
enum { ROWS = sizeof rows / sizeof *rows };

enum { SLOT_NOT, SLOT_KIND, SLOT_KEY, SLOT_REGEX, SLOT_VALUES, SLOTS };

static struct diags *diags_of(const struct settle *s) {
    return scope_diags(s->scope);
}

static bool tell_form(struct settle *s, struct span span, const struct condition_row *row) {
    struct diag *d = diag_add(diags_of(s), DIAG_CONDITION, span,
                              "this does not read as a condition on the %s", row->word);
    diag_help(diags_of(s), d, "write %s", row->example);
    return false;
}

/* ---- regular expressions ---- */

/* A backslash or an anchor may be put in only where the source is the text itself. */
static bool can_edit(const struct text *t, const struct node *node) {
    return node->kind == NODE_RAW && !t->pieces && t->inner;
}

static bool read_regex(struct settle *s, const struct condition_row *row, struct node *node) {
    struct text *texts;
    size_t count;
    if (!node || node->next)
        return tell_form(s, node ? node->next->span : s->node->name_span, row);
    if (!settle_texts(s, node, TYPE_REGEX, false, &texts, &count))
        return false;
    settle_fill(s, SLOT_REGEX, NULL, 0);
    settle_fill(s, SLOT_VALUES, texts, count);
    struct regex re;
    bool lint = row->kind == WHERE_HOST || row->kind == WHERE_PATH;
    if (!lint || texts[0].sample || text_has_placeholder(&texts[0]) ||
        regex_parse(scope_scratch(s->scope), texts[0].s, &re).error)
        return true;
    if (row->kind == WHERE_HOST && regex_needs_capital(re.root)) {
        struct diag *d = diag_add(diags_of(s), DIAG_HOST_DEAD, texts[0].span,
                                  "hosts are compared in lower case, and this needs a capital");
        diag_help(diags_of(s), d, "write it in lower case, or begin it with (?i)");
        return true;
    }
    regex_lint(&(struct regex_lint){ .diags = diags_of(s),
                                     .arena = scope_arena(s->scope),
                                     .text = &texts[0],
                                     .what = row->word,
                                     .start_is_enough = row->kind == WHERE_PATH,
                                     .editable = can_edit(&texts[0], node) },
               &re);
    return true;
}

/* ---- the forms ---- */

static const struct condition_row *find_row(struct settle *s, struct str word, struct span span) {
    struct nearest near = { .wanted = word, .effort = &diags_of(s)->hints };
    for (size_t i = 0; i < ROWS; i++) {
        if (str_is(word, rows[i].word))
            return &rows[i];
        nearest_offer(&near, str_of(rows[i].word));
    }
    struct diag *d =
        diag_add(diags_of(s), DIAG_CONDITION, span, "`where` knows no `%.*s`", STR_ARG(word));
    if (near.best.len)
        diag_suggest(diags_of(s), d, span, near.best);
    else
        diag_help(diags_of(s), d, "it knows method, header, query, client, path and host");
    return NULL;
}

static bool fits_mode(struct settle *s, const struct condition_row *row, bool regex,
                      struct span span) {
    unsigned modes = regex ? row->regex_modes : row->modes;
    if (s->mode == MODE_UNKNOWN || (modes & MODE_BIT(s->mode)))
        return true;
    struct diag *d = diag_add(diags_of(s), DIAG_SETTING_MODE, span,
                              "%.*s:// routes cannot tell requests apart by %s",
                              STR_ARG(mode_infos[s->mode].scheme), row->word);
    diag_effect(diags_of(s), d,
                s->mode == MODE_TCP && row->kind == WHERE_HOST
                    ? "plain connections name none: it is compared with nothing"
                    : "Traefik would refuse the rule");
    return false;
}

/* `key = value`, or the first of `key = a, b`. */
static struct node *assignment(struct node *node) {
    if (node && node->kind == NODE_ARG)
        return node;
    if (node && node->kind == NODE_LIST && node_list(node)->items.head &&
        node_list(node)->items.head->kind == NODE_ARG)
        return node_list(node)->items.head;
    return NULL;
}

/* The value of an assignment, and the rest of its list. */
static bool read_values(struct settle *s, const struct condition_row *row, struct node *node) {
    struct node *arg = assignment(node);
    if (node->next)
        return tell_form(s, node->next->span, row);
    struct node *rest = node->kind == NODE_LIST ? arg->next : NULL;
    size_t most = 1, count = 0;
    for (struct node *n = rest; n; n = n->next)
        most++;
    struct text *all = arena_array(scope_arena(s->scope), struct text, most);
    for (struct node *n = node_arg(arg)->value; n; n = rest, rest = rest ? rest->next : NULL) {
        struct text *texts;
        size_t one;
        if (n->kind == NODE_ARG)
            return tell_form(s, n->span, row);
        if (!settle_texts(s, n, row->value, false, &texts, &one))
            return false;
        all[count++] = texts[0];
    }
    settle_fill(s, SLOT_VALUES, all, count);
    return true;
}

static bool read_key(struct settle *s, const struct condition_row *row, struct node *node) {
    struct node *arg = assignment(node);
    struct text key, out;
    if (arg) {
        key = text_made(node_arg(arg)->name, node_arg(arg)->name_span);
        key.inner = key.span.start;
        if (!check_type(s->scope, row->key, &key, &out))
            return false;
        settle_fill(s, SLOT_KEY, &out, 1);
        return fits_mode(s, row, false, key.span) && read_values(s, row, node);
    }
    struct text *texts;
    size_t count;
    if (!node || !node_is_word(node->next, STR("~")))
        return tell_form(s, node ? node->span : s->node->name_span, row);
    if (!settle_texts(s, node, row->key, false, &texts, &count))
        return false;
    settle_fill(s, SLOT_KEY, texts, 1);
    return fits_mode(s, row, true, node->span) && read_regex(s, row, node->next->next);
}

static bool read_list(struct settle *s, const struct condition_row *row, struct node *node,
                      struct span span) {
    struct text *texts;
    size_t count;
    if (!fits_mode(s, row, false, span))
        return false;
    if (!node || node->next)
        return tell_form(s, node ? node->next->span : span, row);
    if (!settle_texts(s, node, row->value, true, &texts, &count))
        return false;
    settle_fill(s, SLOT_VALUES, texts, count);
    return true;
}

bool condition_read(struct settle *s) {
    static const char *const names[SLOTS] = { "not", "kind", "key", "regex", "values" };
    struct node *n = s->node->args.head;
    settle_slots(s, SLOTS, names);
    if (node_is_word(n, STR("not"))) {
        settle_fill(s, SLOT_NOT, NULL, 0);
        n = n->next;
    }
    struct node *arg = assignment(n);
    if (!n || (!arg && !node_is_text(n))) {
        struct diag *d = diag_add(diags_of(s), DIAG_CONDITION, n ? n->span : s->node->name_span,
                                  "`where` needs a condition");
        settle_usage(s, d);
        return false;
    }
    struct span span = arg ? node_arg(arg)->name_span : n->span;
    struct text kind = text_made(arg ? node_arg(arg)->name : node_text(n)->text, span);
    const struct condition_row *row = find_row(s, kind.s, span);
    if (!row)
        return false;
    kind.s = str_of(row->word);
    settle_fill(s, SLOT_KIND, &kind, 1);
    if (arg && row->form != FORM_BARE)
        return tell_form(s, arg->span, row);
    switch (row->form) {
    case FORM_LIST: return read_list(s, row, n->next, span);
    case FORM_KEYED: return read_key(s, row, n->next);
    case FORM_BARE: break;
    }
    if (arg)
        return fits_mode(s, row, false, span) && read_values(s, row, n);
    if (!node_is_word(n->next, STR("~")))
        return tell_form(s, span, row);
    return fits_mode(s, row, true, span) && read_regex(s, row, n->next->next);
}

struct condition *setting_condition(struct arena *a, const struct setting *setting) {
    if (setting->poisoned)
        return NULL;
    struct condition *c = arena_new(a, struct condition);
    const struct slot *values = setting_slot(setting, "values");
    c->span = setting->span;
    c->kind = WHERE_MATCH;
    if (setting->vocable->id == SETTING_ROUTE_MATCH) {
        values = setting_slot(setting, "rule");
    } else {
        struct str word = setting_word(setting, "kind");
        for (size_t i = 0; i < ROWS; i++)
            if (str_is(word, rows[i].word))
                c->kind = rows[i].kind;
        c->negated = setting_slot(setting, "not") != NULL;
        c->regex = setting_slot(setting, "regex") != NULL;
        c->key = setting_word(setting, "key");
    }
    c->texts = values ? values->texts : NULL;
    c->count = values ? values->count : 0;
    return c;
}
