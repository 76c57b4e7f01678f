/* Ports. A number out of range is told apart from a word, since the cures differ. */
#include "model/port.h"

struct fault port_parse(struct str text, uint16_t *port) {
    if (!text.len)
        return fault_at(PORT_EMPTY, 0, 0);
    for (size_t i = 0; i < text.len; i++) {
        if (!char_is_digit(text.at[i])) {
            bool negative = i == 0 && text.at[0] == '-' && text.len > 1;
            uint64_t ignored;
            if (negative && str_to_uint(str_from(text, 1), UINT64_MAX, &ignored))
                return fault_at(PORT_RANGE, 0, text.len);
            return fault_at(PORT_NOT_NUMBER, 0, text.len);
        }
    }
    if (text.at[0] == '0' && text.len > 1)
        return fault_at(PORT_LEADING_ZERO, 0, text.len);
    uint64_t value;
    if (!str_to_uint(text, 65535, &value) || value == 0)
        return fault_at(PORT_RANGE, 0, text.len);
    *port = (uint16_t)value;
    return fault_none();
}

const char *port_error_text(int error) {
    static const char *const texts[] = { PORT_ERRORS(FAULT_PHRASE) };
    return texts[error];
}
