/* finally runs although the exception goes on, before anybody catches it. */
#include <cede.h>

static int64_t divide(int64_t a, int64_t b)
{
    if (b == 0)
        cede_raise(cede_ZeroDivisionError,
                   "integer division or modulo by zero");
    return a / b;
}

int main(void)
{
    cede_try {
        cede_try {
            divide(3, 0);
        } cede_finally {
            cede_print("ZeroDivisionError가 발생했지만 "
                       "finally 블록은 실행됩니다.");
        } cede_end
    } cede_except (cede_ZeroDivisionError, e) {
        cede_print("ZeroDivisionError:", e);
    } cede_end
}
