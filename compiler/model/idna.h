/* One international label: mapped, composed, checked by IDNA 2008, and turned into its A-label. */
#pragma once

#include "model/domain.h"

/* A code point and the bytes of the text that it came from. */
struct idna_char {
    uint32_t code;
    size_t from, to;
};

struct idna_label {
    struct idna_char *at;
    size_t len;
};

/* More code points than this cannot become 63 characters, however well they compose. */
#define IDNA_LABEL_MAX 512

/* Reads UTF-8; the offsets are those within the text plus `base`. */
struct fault idna_read(struct arena *a, struct str text, size_t base, struct idna_label *out);

/* Case and width folded, then composed (NFC); the result may be plain ASCII. */
void idna_map(struct arena *a, struct idna_label *label);
bool idna_is_ascii(const struct idna_label *label);

/* Whether a mapped label with a character beyond ASCII is a legal U-label. */
struct fault idna_check(const struct idna_label *label);

/* The A-label, "xn--" included; its length is for the caller to judge. */
struct str idna_encode(struct arena *a, const struct idna_label *label);
/* The reverse of the part after "xn--"; every char gets the offsets [from, to). False when it is
   no punycode. */
bool idna_decode(struct arena *a, struct str punycode, size_t from, size_t to,
                 struct idna_label *out);
