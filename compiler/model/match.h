/* What can be said of a rule in Traefik's own words without taking it apart. */
#pragma once

#include "model/settings.h"

/* Judges the words and quotes of a `match`; false when the rule cannot be one. */
bool match_judge(struct settle *s, const struct text *rule);
