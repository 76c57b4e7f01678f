/* What a program means, typed: projects with routes, the proxy, middlewares, TLS options.

   Everything here lives in the compilation's arena and points into no tree; spans lead back. */
#pragma once

#include "model/http.h"
#include "model/target.h"
#include "model/value.h"
#include "model/vocabulary.h"

/* ---- settings: one accepted row of the vocabulary with its typed values ---- */

struct mw;

struct slot {
    struct str name; /* of the shape's item: "duration", "every", "path" … */
    struct text
        *texts; /* canonical: domains in lower case and A-labels, durations as Go writes them … */
    uint32_t count; /* 0 for a flag that is given (see present) */
    bool present;
};

struct setting {
    struct setting *next;
    const struct vocable *vocable;
    struct span span, name_span;
    struct slot *slots; /* one per item of the shape, in order */
    size_t slot_count;
    struct setting *children; /* of its block */
    struct mw *links;         /* of `use` */
    bool poisoned;            /* something in it was told: what is missing is not missing */
};

struct setting_list {
    struct setting *head, *tail;
};
static inline void setting_list_append(struct setting_list *list, struct setting *setting) {
    if (list->tail)
        list->tail->next = setting;
    else
        list->head = setting;
    list->tail = setting;
}

/* The slot of that name when it is present; else NULL. */
const struct slot *setting_slot(const struct setting *setting, const char *name);
/* Its first text, or the empty text. */
struct str setting_word(const struct setting *setting, const char *name);
struct setting *settings_find(struct setting *list, int id);

/* ---- middlewares ---- */

/* One option of a middleware, by its path below the middleware's kind: `sourceRange`,
 * `ipStrategy.depth`. */
struct mw_option {
    struct mw_option *next;
    struct str path;
    struct text *texts;
    size_t count;
    bool list; /* the option is a list, even with one text */
};

enum mw_kind {
    MW_INLINE,    /* a call: an object of its own */
    MW_NAMED,     /* a `middleware NAME = …` of the program: `named` */
    MW_OTHER,     /* NAME@provider, declared elsewhere */
    MW_STRIP_OWN, /* strip of the route's own path */
    MW_CANONICAL, /* redirect the route's aliases to its first host */
};

struct mw {
    struct mw *next;
    enum mw_kind kind;
    struct span span;
    struct str name; /* NAMED, OTHER: as written */
    struct str
        type; /* INLINE: Traefik's name, `ipAllowList`; "plugin" keeps the plugin in `name` */
    struct str tcp_type; /* INLINE: its name in TCP, where it has one */
    unsigned protocols;  /* bits of enum protocol that have it */
    struct mw_option *options;
    struct mw_chain *named;
};

struct mw_chain {
    struct mw_chain *next;
    struct mw_chain *outer; /* while it is built: the chain that asked for it */
    struct str name;        /* empty for a `chain(a, b)` inside another */
    struct span span;
    struct mw *links;
    size_t length;      /* laid out flat, itself counted */
    unsigned protocols; /* that all links have */
    bool used;
    enum { CHAIN_NEW, CHAIN_BUSY, CHAIN_DONE } state;
};

/* ---- routes ---- */

struct host {
    struct host *next;
    struct str name; /* canonical; "*" for any; a wildcard keeps its "*." */
    struct span span;
    bool any, wildcard, opaque; /* opaque: holds a placeholder */
};

enum condition_kind {
    WHERE_METHOD,
    WHERE_HEADER,
    WHERE_QUERY,
    WHERE_CLIENT,
    WHERE_PATH,
    WHERE_HOST,
    WHERE_MATCH
};

struct condition {
    struct condition *next;
    enum condition_kind kind;
    bool negated, regex;
    struct str key; /* of a header or query */
    struct text *texts;
    size_t count;
    struct span span;
};

struct route_target {
    struct route_target *next;
    struct target to; /* its texts are the compilation's own */
    uint16_t weight;  /* percent; 0 when none is given */
    struct span span, host_span, port_span, weight_span;
    bool loose; /* only instantiated at run time: its service need not exist */
};

struct pool {
    struct pool *next;
    struct route_target *targets;
    struct span span;
};

/* What other instances of a template have for a host: the same, another first label, or anything.
 */
enum varying { VARYING_NOTHING, VARYING_LABEL, VARYING_MORE };

struct route {
    struct route *next;
    enum mode mode;
    struct span span; /* of the statement's head */
    struct str label; /* for messages: the first pattern as written */
    struct host *hosts;
    struct path path;
    struct span path_span;
    uint16_t hostport;
    struct span hostport_span;
    struct mw *links;
    struct pool *pools; /* NULL for a redirect */
    struct str redirect;
    struct span redirect_span;
    uint16_t redirect_status;
    struct condition *conditions;
    struct setting *settings; /* the route's own, then those of the groups around it */
    struct project *project;
    struct stack *stack; /* the compose file beside its file, or NULL */
    struct str instance; /* "preview(project=12)", or empty */
    bool spawned;        /* of the one instance that program.h: struct spawn asks for */
    enum varying varying;
    bool one_certificate; /* for all instances: a wildcard */
};

struct project {
    struct project *next;
    struct str name;
    struct span span;
    struct str at; /* external host, or empty */
    struct span at_span;
    bool declared;       /* by a `project NAME` block */
    struct unit *unit;   /* the file in its folder, or NULL */
    struct stack *stack; /* its compose file, or NULL */
    bool disabled;
    struct route *routes, *last_route;
    struct setting_list settings; /* service, egress, … */
};

struct model {
    struct arena *arena;
    struct project *projects; /* the nameless one of a file without projects included */
    struct mw_chain *chains, *last_chain, *building;
    struct setting_list settings; /* of the files themselves: proxy, defaults, tls, raw, … */
    /* By mode and kind, what `defaults` say; NULL while they say nothing. */
    const struct setting *(*defaults)[SETTING_COUNT];
    size_t route_count;
    struct route *samples; /* of templates, with stand-ins for what their hosts are made of */
};
