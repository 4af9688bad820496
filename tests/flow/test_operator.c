/* Integer division: what CPython 3.11 gives for the same numbers. */
#include "value/said.h"

#include <stdint.h>

#include "cede/operator.h"

TEST(floordiv_rounds_down)
{
    CHECK_INT(cede_floordiv(7, 2), 3);
    CHECK_INT(cede_floordiv(-7, 2), -4);
    CHECK_INT(cede_floordiv(7, -2), -4);
    CHECK_INT(cede_floordiv(-7, -2), 3);
    CHECK_INT(cede_floordiv(-6, 2), -3);
    CHECK_INT(cede_floordiv(0, -2), 0);
    CHECK_INT(cede_floordiv(INT64_MIN, 1), INT64_MIN);
    CHECK_INT(cede_floordiv(INT64_MAX, -1), -INT64_MAX);
}

TEST(mod_has_the_divisors_sign)
{
    CHECK_INT(cede_mod(7, 3), 1);
    CHECK_INT(cede_mod(-7, 3), 2);
    CHECK_INT(cede_mod(7, -3), -2);
    CHECK_INT(cede_mod(-7, -3), -1);
    CHECK_INT(cede_mod(-6, 3), 0);
    CHECK_INT(cede_mod(INT64_MIN, -1), 0);
    CHECK_INT(cede_mod(INT64_MIN, INT64_MAX), INT64_MAX - 1);
}

TEST(what_has_no_result_raises)
{
    SAY_RAISED(cede_floordiv(1, 0));
    SAY_RAISED(cede_mod(1, 0));
    SAY_RAISED(cede_floordiv(INT64_MIN, -1));
    CHECK_SAID("ZeroDivisionError: integer division or modulo by zero\n"
               "ZeroDivisionError: integer modulo by zero\n"
               "OverflowError: the quotient does not fit into an int64_t\n");
}
