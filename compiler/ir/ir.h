/* What is to be built: projects with routers, services behind them, and the settings around them.

   The IR knows no tree and no language: texts are final, every node keeps its span. */
#pragma once

#include "source/source.h"
#include "support/buf.h"

struct ir_texts {
    struct str *list;
    size_t count;
};

/* A word with named values and, possibly, more words below it. */
struct ir_setting {
    struct ir_setting *next;
    struct span span;
    struct str name;
    struct ir_value {
        struct str name;
        struct ir_texts texts;
    } * values;
    size_t value_count;
    struct ir_setting *children;
};

/* One option of Traefik, by its path. */
struct ir_option {
    struct ir_option *next;
    struct str path;
    struct ir_texts texts;
    bool list;
};

struct ir_middleware {
    struct ir_middleware *next;
    struct span span;
    struct str type; /* "ipAllowList", "@" for one declared elsewhere, "strip", "canonical" */
    struct str name; /* of a plugin, or of one declared elsewhere */
    struct ir_option *options;
};

struct ir_target {
    struct ir_target *next;
    struct span span;
    struct str address; /* "http://web:3000", "web:3000", "api@internal" */
    unsigned weight;    /* 0 when none was given */
};

struct ir_pool {
    struct ir_pool *next;
    struct ir_target *targets;
};

struct ir_condition {
    struct ir_condition *next;
    struct str kind; /* "method", "header", … */
    bool negated, regex;
    struct str key;
    struct ir_texts texts;
};

struct ir_router {
    struct ir_router *next;
    struct span span;
    struct str mode;
    struct ir_texts hosts;
    struct str path; /* "/api", "/api/", "/api$", or empty for any */
    unsigned port;   /* where it listens; 0 when only the static configuration knows */
    struct ir_condition *conditions;
    struct ir_middleware *middlewares;
    struct ir_pool *pools;
    struct str redirect;
    unsigned redirect_status;
    struct ir_setting *settings;
    struct str instance;
};

struct ir_project {
    struct ir_project *next;
    struct span span;
    struct str name, at;
    bool disabled;
    struct ir_router *routers;
    struct ir_setting *settings;
};

struct ir {
    struct ir_project *projects; /* by name */
    struct ir_setting *settings; /* proxy, defaults, TLS options, … */
};

struct program;
struct ir *ir_build(struct program *program);
void ir_dump(struct buf *out, const struct ir *ir);
