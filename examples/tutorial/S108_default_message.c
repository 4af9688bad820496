/* A default for the text, in the function that makes and raises. */
#include <cede.h>

static CEDE_EXCEPTION(MyException, cede_Exception);

static void raise_my_exception(const char *foo, const char *msg) {
    cede_print(foo);
    if (!msg) msg = "Default detail message";
    cede_raise(MyException, "%s", msg);
}

int main(void) {
    const char *given[] = {NULL, "given"};
    for (int i = 0; i < 2; i++) {
        cede_try { raise_my_exception("f", given[i]); }
        cede_except (MyException, e) { cede_print(e, cede_exception_args(e)); } cede_end
    }
}
