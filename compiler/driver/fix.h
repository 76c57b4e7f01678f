/* check --fix: applies what is safe, as long as there is something. */
#pragma once

#include "driver/report.h"

/* Takes the place of workspace_add and itsupc_check: the report's session is the one after all
   fixes. False when a file could not be written. */
bool fix_all(struct report *report, struct workspace *ws);
