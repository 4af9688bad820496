/* A clause for another class does not catch: the next statement around may. */
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
        } cede_except (cede_NameError) {
            cede_print("에러 종류가 다르므로 빠지지 않습니다.");
        } cede_end
    } cede_except (cede_ZeroDivisionError, e) {
        cede_print("ZeroDivisionError:", e);
    } cede_end
}
