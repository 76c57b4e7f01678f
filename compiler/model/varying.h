/* What of a route's hosts another instance of its template has otherwise. */
#pragma once

#include "model/walk.h"

enum varying varying_of(const struct walk *walk, const struct node_route *node);
