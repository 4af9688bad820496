/* str() of an exception: nothing, its one argument, or the tuple of several. */
#include <cede.h>

int main(void) {
    cede_for (a, cede_tuple(cede_tuple(), cede_tuple("hello"), cede_tuple("hello", "world", 42))) {
        cede_own (x, cede_exception_from_tuple(cede_Exception, cede_value_object(a)));
        cede_try { cede_raise(x); }
        cede_except (cede_Exception, e) {
            cede_print(cede_temp(cede_repr(cede_exception_message(e))));
        } cede_end
    }
}
