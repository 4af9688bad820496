/*
 * The list of checks.
 */
#include "check.h"

const struct check *const checks[] = {
    &check_keep,    &check_clause, &check_leave, &check_jump, &check_cleanup,
    &check_foreign, &check_borrow, &check_spent, NULL,
};
