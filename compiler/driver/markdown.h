/* Markdown as a terminal shows it: headings bold, code indented, the rest as written. */
#pragma once

#include "driver/run.h"

void markdown_print(struct stream *out, struct str text);
