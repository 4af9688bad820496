/*
 * The checks: each looks at one function and reports what it finds. What each
 * means is said in docs/cede-lint.md.
 */
#pragma once

#include "source.h"

struct check {
    const char *name;
    const char *what; /* for --help: one line */
    void (*run)(struct source *source, struct function *function);
};

extern const struct check *const checks[]; /* up to NULL */

extern const struct check check_keep;
extern const struct check check_clause;
extern const struct check check_leave;
extern const struct check check_jump;
extern const struct check check_cleanup;
extern const struct check check_foreign;
extern const struct check check_borrow;
extern const struct check check_spent;

/* What clang itself says of a jump into a statement. */
bool check_jump_diagnostic(struct source *source, CXDiagnostic diagnostic);
