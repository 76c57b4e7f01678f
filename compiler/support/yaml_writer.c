/* Writes YAML in block style. */
#include "support/yaml_writer.h"

/* Words that some reader takes for a truth value or nothing. */
static bool is_reserved(struct str text) {
    static const char words[][6] = { "true", "false", "yes", "no",   "on",
                                     "off",  "y",     "n",   "null", "~" };
    for (size_t i = 0; text.len < sizeof *words && i < sizeof words / sizeof *words; i++)
        if (str_eq_nocase(text, str_of(words[i])))
            return true;
    return false;
}

static bool is_plain(struct str text) {
    size_t dots = 0;
    bool letters = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (char_is_alpha(c)) {
            letters = true;
            continue;
        }
        dots += c == '.';
        bool inner = c == '-' || (c == ':' && letters && i + 1 < text.len);
        if (!char_is_digit(c) && c != '_' && c != '/' && c != '.' && !(inner && i))
            return false;
    }
    /* 10.0.0.1 and 10.0.0.0/8 are text to every reader; 1.5, 1e3 and 0x1F are not. */
    bool number = text.len && (char_is_digit(text.at[0]) || text.at[0] == '.') && dots < 2;
    return text.len > 0 && !number && !is_reserved(text);
}

/* Characters beyond ASCII that YAML takes for line ends, or does not take at all: their length in
   bytes (else 0), and their number. */
static size_t escape_wide(struct str rest, unsigned *value) {
    unsigned char second = rest.len > 1 ? (unsigned char)rest.at[1] : 0;
    *value = second;
    if (str_starts(rest, STR("\xc2")) && second >= 0x80 && second < 0xa0)
        return 2;
    *value = str_starts(rest, STR("\xe2\x80\xa8"))   ? 0x2028
             : str_starts(rest, STR("\xe2\x80\xa9")) ? 0x2029
             : str_starts(rest, STR("\xef\xbb\xbf")) ? 0xfeff
             : str_starts(rest, STR("\xef\xbf\xbe")) ? 0xfffe
             : str_starts(rest, STR("\xef\xbf\xbf")) ? 0xffff
                                                     : 0;
    return *value ? 3 : 0;
}

static bool stands_for_itself(unsigned char c) {
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* The next character that has to be looked at; eight at once as long as none of them has to. */
static size_t skip_plain(struct str text, size_t i) {
    const uint64_t ones = 0x0101010101010101u, high = 0x80 * ones;
    for (uint64_t w; text.len - i >= sizeof w; i += sizeof w) {
        memcpy(&w, text.at + i, sizeof w);
        uint64_t quote = w ^ '"' * ones, slash = w ^ '\\' * ones;
        if ((w | (w + ones) | (w - ' ' * ones) | (quote - ones) | (slash - ones)) & high)
            break;
    }
    while (i < text.len && stands_for_itself((unsigned char)text.at[i]))
        i++;
    return i;
}

void yaml_quoted(struct buf *out, struct str text) {
    buf_reserve(out, text.len + 2);
    buf_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        size_t from = i;
        i = skip_plain(text, i);
        buf_add(out, str_slice(text, from, i));
        if (i == text.len)
            break;
        unsigned char c = (unsigned char)text.at[i];
        unsigned value;
        size_t wide = c < 0x80 ? 0 : escape_wide(str_from(text, i), &value);
        if (wide) {
            buf_format(out, wide == 2 ? "\\x%02X" : "\\u%04X", value);
            i += wide - 1;
        } else if (c == '"' || c == '\\')
            buf_format(out, "\\%c", c);
        else if (c == '\n')
            buf_text(out, "\\n");
        else if (c < 0x20 || c == 0x7f)
            buf_format(out, "\\x%02X", c);
        else
            buf_char(out, (char)c);
    }
    buf_char(out, '"');
}

void yaml_scalar(struct buf *out, struct str text) {
    if (is_plain(text))
        buf_add(out, text);
    else
        yaml_quoted(out, text);
}

static void add_text(struct yaml *w, struct str text) {
    yaml_scalar(w->out, text);
}

static void end_line(struct yaml *w) {
    if (w->out->len && w->out->at[w->out->len - 1] != '\n')
        buf_char(w->out, '\n');
}

void yaml_key(struct yaml *w, const char *key) {
    yaml_key_text(w, str_of(key));
}

void yaml_key_text(struct yaml *w, struct str key) {
    end_line(w);
    buf_repeat(w->out, ' ', 2 * (size_t)w->depth - (w->item ? 2 : 0));
    if (w->item)
        buf_text(w->out, "- ");
    w->item = false;
    add_text(w, key);
    buf_char(w->out, ':');
}

void yaml_comment(struct yaml *w, struct str text) {
    end_line(w);
    for (bool more = true; more;) {
        size_t end = str_find(text, '\n');
        more = end != STR_NONE;
        buf_repeat(w->out, ' ', 2 * (size_t)w->depth);
        buf_text(w->out, "# ");
        buf_add(w->out, str_slice(text, 0, end));
        buf_char(w->out, '\n');
        if (more)
            text = str_from(text, end + 1);
    }
}

static void start_entry(struct yaml *w) {
    end_line(w);
    buf_repeat(w->out, ' ', 2 * (size_t)w->depth);
    buf_text(w->out, "- ");
}

void yaml_entry(struct yaml *w, struct str text) {
    start_entry(w);
    add_text(w, text);
    buf_char(w->out, '\n');
}

void yaml_entry_plain(struct yaml *w, struct str text) {
    start_entry(w);
    buf_add(w->out, text);
    buf_char(w->out, '\n');
}

void yaml_text(struct yaml *w, struct str text) {
    buf_char(w->out, ' ');
    add_text(w, text);
    buf_char(w->out, '\n');
}

void yaml_plain(struct yaml *w, struct str text) {
    buf_char(w->out, ' ');
    buf_add(w->out, text);
    buf_char(w->out, '\n');
}

void yaml_in(struct yaml *w) {
    w->depth++;
}

void yaml_out(struct yaml *w) {
    end_line(w);
    w->depth--;
}

void yaml_item(struct yaml *w) {
    w->depth++;
    w->item = true;
}

void yaml_list(struct yaml *w) {
    buf_text(w->out, " [");
}

void yaml_list_text(struct yaml *w, struct str text, bool first) {
    if (!first)
        buf_text(w->out, ", ");
    add_text(w, text);
}

void yaml_list_end(struct yaml *w) {
    buf_text(w->out, "]\n");
}
