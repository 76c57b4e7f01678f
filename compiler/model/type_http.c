/* Pieces of HTTP, targets, files, and texts in other languages: rules and regular expressions. */
#include "model/http.h"
#include "model/target.h"
#include "model/types.h"
#include "support/regex.h"

bool type_check_path(struct type_check *c) {
    struct path path;
    struct fault f = path_parse(c->text->s, &path);
    if (!f.error && path.kind == PATH_ANY && c->text->s.len == 0)
        return type_refuse(c, DIAG_PATH, fault_none(), "path", "");
    if (f.error == HTTP_PATH_START && c->text->s.len)
        return type_refuse_for(c, DIAG_PATH, f, "path", http_error_text(f.error), false,
                               str_format(scope_arena(c->scope), "/%.*s", STR_ARG(c->text->s)));
    if (f.error)
        return type_refuse(c, DIAG_PATH, f, "path", http_error_text(f.error));
    return true;
}

bool type_check_url(struct type_check *c) {
    struct url url;
    struct fault f = url_parse(scope_arena(c->scope), c->text->s, &url);
    return f.error ? type_refuse(c, DIAG_URL, f, "URL", http_error_text(f.error)) : true;
}

bool type_check_url_or_path(struct type_check *c) {
    struct str s = c->text->s;
    struct url url;
    struct path path;
    bool is_path = s.len && s.at[0] == '/';
    struct fault f = is_path ? path_parse(s, &path) : url_parse(scope_arena(c->scope), s, &url);
    size_t low = f.error || is_path ? STR_NONE : str_find(url.host, '_');
    if (low != STR_NONE && str_find(url.host, '$') == STR_NONE) /* no name for a browser */
        f = fault_at(HTTP_URL_DOMAIN, url.host_at + low, url.host_at + low + 1);
    if (!f.error)
        return true;
    const char *why = http_error_text(f.error);
    if (!is_path && str_find_str(s, STR("://")) == STR_NONE && str_find(s, '.') != STR_NONE)
        return type_refuse_for(c, DIAG_REDIRECT_TARGET, f, "redirect target", why, false,
                               str_format(scope_arena(c->scope), "https://%.*s", STR_ARG(s)));
    return type_refuse(c, DIAG_REDIRECT_TARGET, f, "redirect target", why);
}

/* `tcp://127.0.0.1:2375`, `unix:///var/run/docker.sock`, `ssh://user@host`, `http://…` or a bare
   `host:port`. */
bool type_check_endpoint(struct type_check *c) {
    struct str s = c->text->s;
    size_t scheme = str_find_str(s, STR("://"));
    if (scheme == STR_NONE)
        return type_check_hostport(c);
    struct str name = str_slice(s, 0, scheme), rest = str_from(s, scheme + 3);
    if (str_is(name, "http") || str_is(name, "https"))
        return type_check_url(c);
    if (str_is(name, "ssh") && rest.len)
        return true; /* with a user, and what else ssh takes */
    if (str_is(name, "unix") || str_is(name, "npipe"))
        return rest.len && rest.at[0] == '/'
                   ? true
                   : type_refuse(c, DIAG_URL, fault_at(1, scheme + 3, s.len), "endpoint",
                                 "behind unix:// and npipe:// stands an absolute path");
    if (!str_is(name, "tcp"))
        return type_refuse(c, DIAG_URL, fault_at(1, 0, scheme), "endpoint",
                           "its scheme is tcp, unix, npipe, ssh, http or https");
    struct text part = text_slice(c->text, scheme + 3, s.len), made;
    struct type_check inner = { c->scope, TYPE_HOSTPORT, &part, &made };
    if (!type_check_hostport(&inner))
        return false;
    if (!part.sample)
        c->out->s = str_format(scope_arena(c->scope), "tcp://%.*s", STR_ARG(made.s));
    return true;
}

bool type_check_status(struct type_check *c) {
    unsigned status;
    struct fault f = status_parse(c->text->s, &status);
    return f.error ? type_refuse(c, DIAG_STATUS, f, "HTTP status", http_error_text(f.error)) : true;
}

bool type_check_status_range(struct type_check *c) {
    struct status_range range;
    struct fault f = status_range_parse(c->text->s, &range);
    return f.error ? type_refuse(c, DIAG_STATUS, f, "HTTP status", http_error_text(f.error)) : true;
}

bool type_check_method(struct type_check *c) {
    struct fault f = method_check(c->text->s);
    if (f.error == HTTP_METHOD_CASE) {
        struct str upper = str_copy(scope_arena(c->scope), c->text->s);
        for (size_t i = 0; i < upper.len; i++)
            if (char_is_lower(upper.at[i]))
                ((char *)(uintptr_t)upper.at)[i] = (char)(upper.at[i] - 'a' + 'A');
        return type_refuse_for(c, DIAG_CONDITION, f, "method", http_error_text(f.error), true,
                               upper);
    }
    return f.error ? type_refuse(c, DIAG_CONDITION, f, "method", http_error_text(f.error)) : true;
}

bool type_check_header_name(struct type_check *c) {
    struct fault f = header_name_check(c->text->s);
    return f.error ? type_refuse(c, DIAG_HEADER, f, "header name", http_error_text(f.error)) : true;
}

bool type_check_regex(struct type_check *c) {
    struct regex regex;
    struct fault f = regex_parse(scope_scratch(c->scope), c->text->s, &regex);
    return f.error ? type_refuse(c, DIAG_REGEX, f, "regular expression", regex_error_text(f.error))
                   : true;
}

/* The rule's own grammar is judged where rules are taken apart; here it must only be there. */
bool type_check_rule(struct type_check *c) {
    if (str_trim(c->text->s).len)
        return true;
    return type_refuse(c, DIAG_RULE, fault_none(), "rule", "it is empty");
}

bool type_check_file(struct type_check *c) {
    struct str s = c->text->s;
    if (s.len == 0)
        return type_refuse(c, DIAG_PATH, fault_none(), "path", "");
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] < 0x20)
            return type_refuse(c, DIAG_PATH, fault_at(1, i, i + 1), "path of a file",
                               "it holds a control character");
    return true;
}

bool type_check_target(struct type_check *c) {
    struct target target;
    struct fault f = target_parse(c->text->s, &target);
    if (f.error == TARGET_PORT_RANGE) {
        type_tell(c, DIAG_PORT_RANGE, f.from, f.to, "port %.*s is outside 1-65535",
                  STR_ARG(str_slice(c->text->s, f.from, f.to)));
        return type_end(c);
    }
    if (f.error)
        return type_refuse(c, DIAG_TARGET, f, "target", target_error_text(f.error));
    if (target.kind == TARGET_PROVIDED && !provider_is_known(target.provider)) {
        size_t at = target.provider_at;
        struct diag *d =
            type_tell(c, DIAG_PROVIDER_UNKNOWN, at, at + target.provider.len,
                      "Traefik has no provider called `%.*s`", STR_ARG(target.provider));
        struct nearest near = { .wanted = target.provider,
                                .effort = &scope_diags(c->scope)->hints };
        provider_offer(&near);
        diag_suggest(scope_diags(c->scope), d, text_span(c->text, at, at + target.provider.len),
                     near.best);
        return type_end(c);
    }
    return true;
}

bool type_check_email(struct type_check *c) {
    struct str s = c->text->s;
    size_t at = str_find(s, '@');
    if (at != STR_NONE && at > 0 && at + 1 < s.len && str_find(s, ' ') == STR_NONE &&
        str_find(str_from(s, at + 1), '@') == STR_NONE)
        return true;
    return type_refuse(c, DIAG_VALUE_KIND, fault_none(), "e-mail address",
                       "it has one @ with something on both sides");
}

bool type_check_version(struct type_check *c) {
    struct str s = c->text->s;
    for (size_t i = 0; i < s.len; i++)
        if (!char_is_alnum(s.at[i]) && (i == 0 || !strchr("._+-", s.at[i])))
            return type_refuse(c, DIAG_VALUE_KIND, fault_at(1, i, i + 1), "version",
                               "it holds letters, digits and . _ + - only");
    return s.len ? true : type_refuse(c, DIAG_VALUE_KIND, fault_none(), "version", "");
}

bool type_check_module(struct type_check *c) {
    struct str s = c->text->s;
    size_t slash = str_find(s, '/');
    size_t scheme = str_find_str(s, STR("://"));
    if (scheme != STR_NONE)
        return type_refuse_for(c, DIAG_VALUE_KIND, fault_at(1, 0, scheme + 3), "module",
                               "it has no scheme", true, str_from(s, scheme + 3));
    for (size_t i = 0; i < s.len; i++)
        if (!char_is_alnum(s.at[i]) && !strchr("/._~-", s.at[i]))
            return type_refuse(c, DIAG_VALUE_KIND, fault_at(1, i, i + 1), "module",
                               "it holds letters, digits and / . _ ~ - only");
    if (slash == STR_NONE || slash == 0 || slash + 1 == s.len ||
        str_find(str_slice(s, 0, slash), '.') == STR_NONE)
        return type_refuse(c, DIAG_VALUE_KIND, fault_none(), "module",
                           "it begins with a host name and a slash");
    return true;
}
