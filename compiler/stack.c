/* `stack itsup N`: the ready-made proxy of runtime/stack, in our own language, beside the user's.
 */
#include "grammar/parse.h"
#include "model/conflicts.h"
#include "session.h"
#include "support/runtime.h"

/* What the `stack` statement says. */
struct said {
    const struct setting *stack;
    struct str dashboard, router, traefik, crowdsec_version, collections;
    bool crowdsec, command; /* crowdsec runs; the proxy is configured by its command */
};

static const struct setting *find_stack(const struct model *model) {
    for (struct setting *s = model->settings.head; s; s = s->next) {
        const struct setting *stack = s->vocable->id == SETTING_FILE_PROXY
                                          ? settings_find(s->children, SETTING_PROXY_STACK)
                                          : NULL;
        if (stack)
            return stack;
    }
    return NULL;
}

/* Collections stand between double quotes. */
static struct str join(struct arena *a, const struct slot *slot) {
    struct buf out = { .arena = a };
    for (size_t i = 0; slot && i < slot->count; i++) {
        buf_text(&out, i ? " " : "");
        for (size_t n = 0; n < slot->texts[i].s.len; n++) {
            char c = slot->texts[i].s.at[n];
            if (c == '"' || c == '\\')
                buf_char(&out, '\\');
            buf_char(&out, c);
        }
    }
    return buf_str(&out);
}

static struct said read_stack(struct itsupc *s, const struct setting *stack) {
    struct said said = { .stack = stack,
                         .traefik = STR("v3.2"), /* what generation 2 took without being told */
                         .crowdsec_version = STR("v1.6.8") };
    for (const struct setting *c = stack->children; c; c = c->next)
        switch (c->vocable->id) {
        case SETTING_STACK_DASHBOARD: said.dashboard = setting_word(c, "domain"); break;
        case SETTING_STACK_ROUTER: said.router = setting_word(c, "ip"); break;
        case SETTING_STACK_IMAGE:
            if (str_is(setting_word(c, "part"), "traefik"))
                said.traefik = setting_word(c, "version");
            else
                said.crowdsec_version = setting_word(c, "version");
            break;
        case SETTING_STACK_CROWDSEC:
            said.crowdsec = true;
            said.collections = join(&s->arena, setting_slot(c, "collection"));
            break;
        default: break;
        }
    return said;
}

/* ---- texts ---- */

/* "itsup-3.itsup", "compose-3.yml" */
static struct str text_named(struct itsupc *s, const char *kind, const char *ending,
                             const struct said *said) {
    struct str generation = setting_word(said->stack, "generation");
    struct str name = str_format(&s->arena, "%s-%.*s.%s", kind, STR_ARG(generation), ending);
    for (const struct runtime_text *t = runtime_texts; t->name; t++)
        if (str_is(name, t->name))
            return str_of(t->text);
    return STR("");
}

static bool has(const struct said *said, struct str name) {
    const struct {
        const char *name;
        bool said;
    } all[] = {
        { "crowdsec", said->crowdsec },
        { "command", said->command },
        { "router", said->router.len > 0 },
        { "dashboard", said->dashboard.len > 0 },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (str_is(name, all[i].name))
            return all[i].said;
    return false;
}

/* A line that ends in `# with NAME` or `# without NAME` stays only then; false drops it. */
static bool keep(const struct said *said, struct str *line) {
    static const struct {
        const char *mark;
        bool wanted;
    } marks[] = { { "# with ", true }, { "# without ", false } };
    for (size_t i = 0; i < 2; i++) {
        size_t at = str_find_str(*line, str_of(marks[i].mark));
        if (at == STR_NONE)
            continue;
        struct str name = str_from(*line, at + strlen(marks[i].mark));
        *line = str_slice(*line, 0, at);
        while (line->len && line->at[line->len - 1] == ' ')
            line->len--;
        return has(said, name) == marks[i].wanted;
    }
    return true;
}

static void add_line(struct buf *out, const struct said *said, struct str line) {
    const struct {
        struct str name, value;
    } values[] = {
        { STR("{dashboard}"), said->dashboard },     { STR("{router}"), said->router },
        { STR("{traefik}"), said->traefik },         { STR("{crowdsec}"), said->crowdsec_version },
        { STR("{collections}"), said->collections },
    };
    while (line.len) {
        size_t brace = str_find(line, '{'), taken = 1;
        buf_add(out, str_slice(line, 0, brace));
        line = str_from(line, brace);
        struct str value = str_slice(line, 0, 1);
        for (size_t v = 0; v < sizeof values / sizeof *values && line.len; v++)
            if (str_starts(line, values[v].name)) {
                value = values[v].value;
                taken = values[v].name.len;
            }
        buf_add(out, value);
        line = str_from(line, taken);
    }
    buf_char(out, '\n');
}

static struct str fill(struct itsupc *s, const struct said *said, struct str text) {
    struct buf out = { .arena = &s->arena };
    while (text.len) {
        size_t end = str_find(text, '\n');
        struct str line = str_slice(text, 0, end);
        text = end == STR_NONE ? STR("") : str_from(text, end + 1);
        bool comment = line.len && line.at[0] == '#'; /* the file's own head */
        if (comment || keep(said, &line))
            add_line(&out, said, line);
    }
    return buf_str(&out);
}

/* ---- its program beside the user's ---- */

static void append_settings(struct setting_list *to, struct setting *list, bool proxies) {
    for (struct setting *next; list; list = next) {
        next = list->next;
        list->next = NULL;
        if ((list->vocable->id == SETTING_FILE_PROXY) == proxies)
            setting_list_append(to, list);
    }
}

/* The stack's proxy first, since the user's is merged over it; its defaults last, since what is
   said first holds. */
static void add_model(struct model *to, struct model *from) {
    struct setting_list all = { 0 }, own = to->settings;
    struct setting *rest = NULL, **tail = &rest, *next;
    for (struct setting *s = from->settings.head; s; s = next) {
        next = s->next;
        s->next = NULL;
        if (s->vocable->id == SETTING_FILE_PROXY) {
            setting_list_append(&all, s);
        } else {
            *tail = s;
            tail = &s->next;
        }
    }
    if (own.head) {
        all.tail ? (void)(all.tail->next = own.head) : (void)(all.head = own.head);
        all.tail = own.tail;
    }
    append_settings(&all, rest, false);
    to->settings = all;
    struct mw_chain **chains = &from->chains;
    while (*chains)
        chains = &(*chains)->next;
    *chains = to->chains;
    to->chains = from->chains;
    struct project **projects = &to->projects;
    while (*projects)
        projects = &(*projects)->next;
    *projects = from->projects;
}

void stack_add(struct itsupc *s) {
    const struct setting *stack = find_stack(s->program.model);
    if (!stack)
        return;
    struct said said = read_stack(s, stack);
    for (const struct setting *p = s->program.model->settings.head; p; p = p->next)
        said.command |= p->vocable->id == SETTING_FILE_PROXY &&
                        settings_find(p->children, SETTING_PROXY_COMMAND);
    struct str generation = setting_word(stack, "generation");
    struct str name = str_format(&s->arena, "stack itsup %.*s", STR_ARG(generation));
    struct source *source =
        source_add(&s->sources, name, fill(s, &said, text_named(s, "itsup", "itsup", &said)));
    struct ast *ast = source ? parse_text(&s->trees, source, &s->diags) : NULL;
    if (!ast)
        return;
    struct program *program = arena_new(&s->arena, struct program);
    *program = (struct program){ .arena = &s->arena,
                                 .diags = &s->diags,
                                 .loader = s->program.loader,
                                 .traefik = s->program.traefik };
    program_start(program);
    program_add(program, name, STR(""), ast, NULL);
    program_check(program);
    arena_free(&program->scratch);
    add_model(s->program.model, program->model);
    s->stack_compose = fill(s, &said, text_named(s, "compose", "yml", &said));
    arena_free(&s->trees);
    model_index_defaults(s->program.model);
    uint64_t number;
    if (str_to_uint(generation, 3, &number))
        s->program.generation = (int)number;
}
