/* NAME@file where a ready-made proxy is in view. */
#pragma once

#include "model/program.h"

void check_provided(struct program *program);
