/* SHA-256 by instructions that some processors have for it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* False, and nothing done, where there are none. */
bool sha256_cpu(uint32_t state[8], const uint32_t constants[64], const unsigned char *blocks,
                size_t count);
