/* An instance as text: labels, JSON, shell assignments, arguments of `docker run`, a compose file,
   a document of the file provider. */
#include "backends/instance.h"
#include "support/json_writer.h"
#include "support/yaml_writer.h"

static void write_labels(struct emission *e, const struct instance *it, struct buf *out) {
    (void)e;
    for (const struct ir_pair *p = it->labels; p; p = p->next)
        buf_format(out, "%.*s=%.*s\n", STR_ARG(p->key), STR_ARG(p->value));
}

static void write_json(struct emission *e, const struct instance *it, struct buf *out) {
    (void)e;
    struct json w = { .out = out };
    json_object(&w);
    json_member(&w, "name", it->name);
    json_member(&w, "url", it->url);
    json_member(&w, "network", it->network);
    json_key(&w, "labels");
    json_object(&w);
    for (const struct ir_pair *p = it->labels; p; p = p->next) {
        json_key_str(&w, p->key);
        json_string(&w, p->value);
    }
    json_object_end(&w);
    if (it->publish.len)
        json_member(&w, "publish", it->publish);
    json_object_end(&w);
    buf_char(out, '\n');
}

/* ---- for shells ---- */

/* One word of a POSIX shell, plain where nothing in it means anything to one. */
static void add_word(struct buf *out, struct str s) {
    bool plain = s.len > 0;
    for (size_t i = 0; i < s.len; i++)
        plain &= char_is_alnum(s.at[i]) || (s.at[i] && memchr("_-./:=,@%+", s.at[i], 10));
    if (plain) {
        buf_add(out, s);
        return;
    }
    buf_char(out, '\'');
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] == '\'')
            buf_text(out, "'\\''");
        else
            buf_char(out, s.at[i]);
    buf_char(out, '\'');
}

static void add_variable(struct buf *out, const char *name, struct str value) {
    buf_format(out, "%s=", name);
    add_word(out, value);
    buf_char(out, '\n');
}

static struct str label_text(struct emission *e, const struct ir_pair *p) {
    return str_format(e->arena, "%.*s=%.*s", STR_ARG(p->key), STR_ARG(p->value));
}

static void write_env(struct emission *e, const struct instance *it, struct buf *out) {
    add_variable(out, "ITSUP_NAME", it->name);
    add_variable(out, "ITSUP_URL", it->url);
    add_variable(out, "ITSUP_NETWORK", it->network);
    if (it->publish.len)
        add_variable(out, "ITSUP_PUBLISH", it->publish);
    unsigned n = 1;
    for (const struct ir_pair *p = it->labels; p; p = p->next, n++)
        add_variable(out, str_format(e->arena, "ITSUP_LABEL_%u", n).at, label_text(e, p));
}

static void add_argument(struct buf *out, const char *flag, struct str value) {
    buf_format(out, "%s%s ", out->len && out->at[out->len - 1] != '\n' ? " " : "", flag);
    add_word(out, value);
}

static void write_docker(struct emission *e, const struct instance *it, struct buf *out) {
    add_argument(out, "--name", it->name);
    if (it->network.len)
        add_argument(out, "--network", it->network);
    if (it->publish.len)
        add_argument(out, "--publish", it->publish);
    for (const struct ir_pair *p = it->labels; p; p = p->next)
        add_argument(out, "--label", label_text(e, p));
    buf_char(out, '\n');
}

/* ---- files ---- */

static void write_networks(const struct instance *it, struct yaml *w) {
    if (!it->network.len)
        return;
    yaml_key(w, "networks");
    yaml_in(w);
    yaml_entry(w, STR("proxy"));
    yaml_out(w);
}

static void write_compose(struct emission *e, const struct instance *it, struct buf *out) {
    struct yaml w = { .out = out };
    yaml_comment(&w, STR("Written by itsupc expand: one service. ITSUP_IMAGE says what it runs."));
    yaml_key(&w, "services");
    yaml_in(&w);
    yaml_key_text(&w, it->name);
    yaml_in(&w);
    yaml_key(&w, "container_name");
    yaml_text(&w, it->name);
    yaml_key(&w, "image");
    yaml_text(&w, str_format(e->arena, "${ITSUP_IMAGE:-%.*s}", STR_ARG(it->name)));
    if (it->labels) {
        yaml_key(&w, "labels");
        yaml_in(&w);
        for (const struct ir_pair *p = it->labels; p; p = p->next)
            yaml_entry(&w, text_for_compose(e->arena, label_text(e, p)));
        yaml_out(&w);
    }
    if (it->publish.len) {
        yaml_key(&w, "ports");
        yaml_in(&w);
        yaml_entry(&w, it->publish);
        yaml_out(&w);
    }
    write_networks(it, &w);
    yaml_out(&w);
    yaml_out(&w);
    if (!it->network.len)
        return;
    yaml_key(&w, "networks");
    yaml_in(&w);
    yaml_key(&w, "proxy");
    yaml_in(&w);
    yaml_key(&w, "name");
    yaml_text(&w, text_for_compose(e->arena, it->network));
    yaml_key(&w, "external");
    yaml_plain(&w, STR("true"));
    yaml_out(&w);
    yaml_out(&w);
}

static void write_dynamic(struct emission *e, const struct instance *it, struct buf *out) {
    if (!it->publish.len) /* without a proxy nobody would read it */
        buf_add(out, file_provider_document(e, "Written by itsupc expand: one instance."));
}

/* ---- the table ---- */

static const struct {
    const char *word;
    void (*write)(struct emission *e, const struct instance *it, struct buf *out);
} forms[] = {
#define INSTANCE(name, word, write) [INSTANCE_##name] = { word, write },
#include "backends/instance_forms.def"
#undef INSTANCE
};

bool instance_kind_find(struct str word, enum instance_kind *kind) {
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (str_is(word, forms[i].word)) {
            *kind = (enum instance_kind)i;
            return true;
        }
    return false;
}

void instance_write(struct emission *e, const struct instance *it, enum instance_kind kind,
                    struct buf *out) {
    forms[kind].write(e, it, out);
}
