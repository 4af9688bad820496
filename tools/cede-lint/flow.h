/*
 * Which mention of a local sees the value that it has at some point.
 */
#pragma once

#include "form.h"
#include "use.h"

/*
 * What is looked for is the first read of the local that is reached before it
 * gets a new value. Where several ways lead on, all of them are looked at. Each
 * function returns the node that reads it, or NULL.
 */

/* Does this read count? NULL for a filter: they all do. */
typedef bool flow_filter(const struct node *read);

/* From the beginning of the statement to its end. */
struct node *flow_in(struct tree *tree, const struct variable *variable,
                     flow_filter *counts, struct node *statement);

/* Behind the statement, up to the end of the block that it is in. */
struct node *flow_behind(struct tree *tree, const struct variable *variable,
                         flow_filter *counts, struct node *statement);

/* Behind the form, however it is left; not behind a form that has it in a
   clause. */
struct node *flow_after_form(struct tree *tree, const struct variable *variable,
                             flow_filter *counts, const struct form *form);

/* A filter: reads that only compare the value with another one do not count. */
bool flow_more_than_compared(const struct node *read);
