/*
 * Which calls are known to raise.
 */
#pragma once

#include "source.h"

/* May the call raise, as far as is known? */
bool raise_by_call(struct source *source, const struct node *call);

/* May an exception of this call leave the statement, which holds it? */
bool raise_leaves(struct source *source, struct tree *tree,
                  const struct node *call, const struct node *statement);

/* May calling this function raise? */
bool raise_by_function(struct source *source, struct function *function);
