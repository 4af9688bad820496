/* str() of an exception: nothing, its one argument, or the tuple of several. */
#include <cede.h>

int main(void) {
    cede_exception *all[] = {cede_exception_from_args(cede_Exception),
                             cede_exception_from_args(cede_Exception, "hello"),
                             cede_exception_from_args(cede_Exception, "hello", "world", 42)};
    for (int i = 0; i < 3; i++) {
        cede_own (a, all[i]);
        cede_try { cede_raise(a); }
        cede_except (cede_Exception, e) { cede_print(cede_temp(cede_repr(cede_exception_message(e)))); }
        cede_end
    }
}
