/* The mistakes that Traefik finds while it makes a middleware: then every router that names it is
   left out (pkg/middlewares). */
#include "analysis/middleware_faults.h"

#include "support/cidr.h"
#include "support/regex_program.h"

enum wants { A_TEXT, A_REGEX, REGEXES, RANGES, POSITIVE };

static const struct {
    const char *kind, *option;
    enum wants wants;
} rows[] = {
    { "addPrefix", "prefix", A_TEXT },        { "redirectScheme", "scheme", A_TEXT },
    { "redirectRegex", "regex", A_REGEX },    { "replacePathRegex", "regex", A_REGEX },
    { "stripPrefixRegex", "regex", REGEXES }, { "ipAllowList", "sourceRange", RANGES },
    { "ipWhiteList", "sourceRange", RANGES }, { "retry", "attempts", POSITIVE },
};

static struct str of_regex(struct arena *a, struct str text) {
    struct fault fault;
    regex_compile(a, text, &fault);
    return fault.error ? str_of(regex_error_text(fault.error)) : STR("");
}

static struct str of_ranges(const struct strs *texts) {
    struct cidr range;
    for (size_t i = 0; i < texts->count; i++) {
        struct fault fault = cidr_parse(texts->at[i], &range);
        if (fault.error)
            return str_of(cidr_error_text(fault.error));
    }
    return texts->count ? STR("") : STR("it names no address");
}

static struct str fault_of(struct arena *a, const struct untyped *kind, const char *option,
                           enum wants wants) {
    struct str text = untyped_text(kind, option), fault = STR("");
    struct strs texts = untyped_texts(kind, option, a);
    switch (wants) {
    case A_TEXT: return text.len ? STR("") : STR("it is empty");
    case A_REGEX: return of_regex(a, text);
    case REGEXES:
        for (size_t i = 0; i < texts.count && !fault.len; i++)
            fault = of_regex(a, texts.at[i]);
        return fault;
    case RANGES: return of_ranges(&texts);
    case POSITIVE: return untyped_int(kind, option, 0) > 0 ? STR("") : STR("it is not above 0");
    }
    return fault;
}

struct str middleware_fault(struct arena *a, const struct untyped *kind) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!str_eq_nocase(kind->key, str_of(rows[i].kind)))
            continue;
        struct str fault = fault_of(a, kind, rows[i].option, rows[i].wants);
        if (fault.len)
            return str_format(a, "`%s`: %.*s", rows[i].option, STR_ARG(fault));
    }
    return STR("");
}
