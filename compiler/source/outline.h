/* A compose file as plain data for the one who writes into it: what its services say about labels,
   networks and dns, where each of these stands in the text, and who else would see a change there.

   Offsets are pool offsets (see source.h) into the text; a node is known by the offset it begins
   at. */
#pragma once

#include "source/source.h"

enum outline_form {
    OUTLINE_ABSENT,  /* no such key */
    OUTLINE_NOTHING, /* the key without a value */
    OUTLINE_SCALAR,  /* also an explicit null */
    OUTLINE_LIST,
    OUTLINE_MAP,
    OUTLINE_ODD, /* with a tag or an anchor that bears on more than this value */
};

enum outline_where {
    OUTLINE_OWN,       /* written where it belongs */
    OUTLINE_ALIASED,   /* the key is, its value is `*name` */
    OUTLINE_INHERITED, /* comes through `<<`, or the whole mapping is an alias */
};

/* A value in the text. Where it is aliased, the places are those of the alias. */
struct outline_place {
    enum outline_form form;
    enum outline_where where;
    bool in_flow;        /* it stands inside brackets */
    bool flow;           /* it has brackets itself */
    bool empty;          /* … and nothing in them */
    bool last_empty;     /* its last value is written with no character */
    bool open;           /* another line behind it would change a block scalar at the file's end */
    bool anchors;        /* `&name` somewhere inside it, used elsewhere perhaps */
    uint32_t node;       /* the value that is meant, aliases followed */
    uint32_t indent;     /* block: of its keys or dashes */
    uint32_t key_indent; /* of the key that it belongs to, where that stands in a block */
    uint32_t more;       /* where one more entry goes: a line of its own, or behind the last item */
    uint32_t line_end;   /* behind the last of its lines */
    struct span key, value; /* as written, without anchor and tag */
};

struct outline_item { /* a label, a network, an address */
    struct outline_item *next;
    struct str key;   /* list: the text before "=", or all of it */
    struct str value; /* of a label, a scalar; else empty */
    bool has_value;
    struct str item; /* the item or value in YAML on one line, its scalars as they were written */
    struct str item_key;        /* of a mapping: the key, so */
    struct span span;           /* of the item, or of key and value */
    uint64_t digest;            /* of the meaning of the value */
    struct outline_place place; /* a network's options: where more of them go */
    struct outline_item *options;
};

struct outline_items {
    struct outline_item *first, *last;
    size_t count;
};

enum outline_key_id { OUTLINE_LABELS, OUTLINE_NETWORKS, OUTLINE_DNS, OUTLINE_KEYS };

struct outline_use { /* of a value by somebody who is no service of ours */
    struct outline_use *next;
    struct span span;
    bool whole; /* it names this very value, not something around it */
    bool in_flow;
    uint32_t key_indent, line_end;
};

struct outline_key {
    struct outline_place place;
    struct outline_items items; /* of this mapping and what it merges; `extends` not followed */
    struct outline_use *uses;   /* of a value of its own */
};

struct outline_ids {
    uint32_t *at;
    size_t count;
};

struct outline_service {
    struct outline_service *next;
    struct str name;
    struct span name_span;
    struct outline_place body;
    uint32_t body_node;
    struct outline_ids merges;  /* the mappings that its own takes keys from */
    struct outline_ids extends; /* the mappings of the services that it extends */
    struct span extends_span;
    const struct outline_key *keys[OUTLINE_KEYS]; /* never NULL: what is absent is so for all */
    struct outline_use *uses;      /* of the whole service, by somebody who is none */
    struct outline_items extended; /* labels that come through `extends` */
    bool has_networks, has_dns;    /* some is named here or in what it extends */
    struct span network_mode;      /* none without */
    uint64_t digest;               /* of the meaning of all other keys */
};

struct outline {
    struct source *source;
    struct str line_end; /* "\n", or what the file has */
    bool ends_open;      /* the last line has no end */
    uint32_t step;       /* columns from a service to its keys */
    uint32_t list_step;  /* … and from a key to the dashes below it */
    struct outline_place root;
    struct outline_service *services; /* those of this file */
    struct span services_odd;         /* `services` is an alias, or merges: nothing can be added */
    struct outline_key networks;
    bool brief; /* without digests and items on one line: for who only asks whether it is plain */
    bool plain; /* no label, network or address for its services can contradict what is there, or
                   find no place */
    uint64_t
        digest; /* of the meaning of all other keys, but for `x-…` that name a service's parts */
};
