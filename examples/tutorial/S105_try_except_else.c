/* else runs when nothing was raised. */
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
        cede_print("hello world");
    } cede_except (cede_BaseException) {
        cede_print("error!");
    } cede_else {
        cede_print("no error!");
    } cede_end

    cede_try {
        divide(1, 0);
    } cede_except (cede_BaseException) {
        cede_print("error!");
    } cede_else {
        cede_print("no error!");
    } cede_end
}
