/*
 * Operators of Python's integers that C's do not have.
 *
 * In C a division by zero, and INT64_MIN / -1, may do anything; here they
 * raise. The quotient is rounded down, so the remainder has the divisor's sign.
 * Nothing here suspends; any thread. Python: the operators // and %, and the
 * module operator.
 */
#pragma once

#include "cede/exception.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

#ifndef __cplusplus

/*
 * cede_floordiv(a, b): a divided by b (int64_t), rounded down. Raises
 * ZeroDivisionError; OverflowError if the result is no int64_t, which Python's
 * always is. Python: a // b.
 */
#define cede_floordiv(a, b) cede_impl_floordiv((a), (b), CEDE_IMPL_HERE)
int64_t cede_impl_floordiv(int64_t a, int64_t b, const cede_location *where);

/*
 * cede_mod(a, b): what is left of a behind b * cede_floordiv(a, b). Raises
 * ZeroDivisionError. Python: a % b.
 */
#define cede_mod(a, b) cede_impl_mod((a), (b), CEDE_IMPL_HERE)
int64_t cede_impl_mod(int64_t a, int64_t b, const cede_location *where);

#endif /* !__cplusplus */

CEDE_IMPL_END
