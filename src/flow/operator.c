/*
 * Integer division as Python's: rounded down, and an exception where C's is
 * undefined. Language reference 6.7, "Binary arithmetic operations".
 */
#include "flow/flow.h"

#include "cede/operator.h"

int64_t cede_impl_floordiv(int64_t a, int64_t b, const cede_location *where)
{
    int64_t quotient;

    if (b == 0)
        cede_impl_raise_new(where, cede_ZeroDivisionError,
                            "integer division or modulo by zero");
    if (b == -1 && a == INT64_MIN)
        cede_impl_raise_new(where, cede_OverflowError,
                            "the quotient does not fit into an int64_t");
    quotient = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

int64_t cede_impl_mod(int64_t a, int64_t b, const cede_location *where)
{
    int64_t rest;

    if (b == 0)
        cede_impl_raise_new(where, cede_ZeroDivisionError,
                            "integer modulo by zero");
    if (b == -1)
        return 0; /* the processor would overflow at INT64_MIN */
    rest = a % b;
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}
