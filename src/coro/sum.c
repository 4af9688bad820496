/*
 * sum, any, all: what a whole iterable comes to. Semantics: "Built-in
 * Functions" in the Python library reference.
 */
#include "cede/itertools.h"

#include "flow/flow.h"

#include "cede/iterator.h"
#include "cede/print.h"

#include <math.h>

static bool is_int(cede_value value)
{
    return cede_value_kind(value) == CEDE_INT ||
           cede_value_kind(value) == CEDE_BOOL;
}

static void check_number(cede_value total, cede_value item)
{
    if (!is_int(item) && cede_value_kind(item) != CEDE_FLOAT)
        cede_raise(cede_TypeError,
                   "unsupported operand type(s) for +: '%s' and '%s'",
                   cede_type_name(total), cede_type_name(item));
}

/* Neumaier's summation: what rounding takes from the total is kept apart. */
static double add_floats(double total, double item, double *lost)
{
    double sum = total + item;

    *lost += fabs(total) >= fabs(item) ? (total - sum) + item
                                       : (item - sum) + total;
    return sum;
}

static cede_value add(cede_value total, cede_value item, double *lost)
{
    int64_t sum;

    check_number(total, item);
    if (!is_int(total) && !is_int(item))
        return cede_float(add_floats(cede_value_float(total),
                                     cede_value_float(item), lost));
    if (!is_int(total) || !is_int(item))
        return cede_float(cede_value_float(total) + cede_value_float(item));
    if (__builtin_add_overflow(cede_value_int(total), cede_value_int(item),
                               &sum))
        cede_raise(cede_OverflowError, "the sum does not fit into an int64_t");
    return cede_int(sum);
}

cede_value cede_sum(void *iterable)
{
    cede_value total = cede_int(0);
    double lost = 0;

    cede_for (item, iterable)
        total = add(total, item, &lost);
    /* 0 would change the sign of -0.0, and what is not finite has eaten it. */
    if (lost == 0 || !isfinite(lost))
        return total;
    return cede_float(cede_value_float(total) + lost);
}

bool cede_any(void *iterable)
{
    cede_for (item, iterable)
        if (cede_value_truth(item))
            return true;
    return false;
}

bool cede_all(void *iterable)
{
    cede_for (item, iterable)
        if (!cede_value_truth(item))
            return false;
    return true;
}
