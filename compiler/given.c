/* `${NAME}` in what proxy.itsup says: Traefik's own files expand nothing, so a value must be given.
 */
#include "session.h"

static void see_text(struct itsupc *s, struct str name, const struct text *text) {
    struct diags *diags = &s->diags;
    if (!text_has_placeholder(text))
        return;
    for (size_t from, to = 0; secrets_lack(&s->secrets, text->s, to, &from, &to);) {
        struct str placeholder = str_slice(text->s, from, to);
        struct diag *d = diag_add(diags, DIAG_SECRET_SINK, text_span(text, from, to),
                                  "`%.*s` holds %.*s, which nothing gives a value", STR_ARG(name),
                                  STR_ARG(placeholder));
        diag_effect(diags, d, "Traefik reads these characters as they stand");
        secrets_help(diags, d, &s->secrets, placeholder);
    }
}

static void see_setting(struct itsupc *s, const struct setting *setting) {
    for (size_t i = 0; i < setting->slot_count; i++)
        for (size_t n = 0; n < setting->slots[i].count; n++)
            see_text(s, setting->vocable->name, &setting->slots[i].texts[n]);
    for (const struct setting *child = setting->children; child; child = child->next)
        if (child->vocable->id != SETTING_PROXY_STACK) /* for Compose, which expands */
            see_setting(s, child);
}

static void see_chain(struct itsupc *s, const struct mw_chain *chain) {
    for (const struct mw *mw = chain->links; mw; mw = mw->next)
        for (const struct mw_option *o = mw->options; o; o = o->next)
            for (size_t i = 0; i < o->count; i++)
                see_text(s, chain->name, &o->texts[i]);
}

static bool is_in(const struct source *source, struct span span) {
    return span.start >= source->base && span.start - source->base <= source->text.len;
}

void given_check(struct itsupc *s, const struct source *proxy) {
    for (const struct setting *p = s->program.model->settings.head; p; p = p->next) {
        bool for_compose =
            p->vocable->id == SETTING_FILE_RAW && str_is(setting_word(p, "kind"), "compose");
        bool is_command = settings_find(p->children, SETTING_PROXY_COMMAND) != NULL;
        if (is_in(proxy, p->span) && !for_compose && !is_command)
            see_setting(s, p);
    }
    for (const struct mw_chain *c = s->program.model->chains; c; c = c->next)
        if (is_in(proxy, c->span))
            see_chain(s, c);
}
