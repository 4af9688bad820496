/* An empty clause ignores the exception: Python's except …: pass. */
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
        divide(3, 0);
        cede_print("not reached");
    } cede_except (cede_ZeroDivisionError) {
        /* that was all */
    } cede_end
    cede_print("pass 됐습니다.");
}
