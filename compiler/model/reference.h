/* stand-in */
#pragma once
#include "support/buf.h"
void reference_word(struct buf *out, struct str word);
void reference_all(struct buf *out);
