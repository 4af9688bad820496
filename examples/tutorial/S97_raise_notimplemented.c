/*
 * A method that derived classes must override raises NotImplementedError: the
 * class alone will do, without a text. C's methods are a table of functions,
 * and what a kind does not override it takes over.
 */
#include <cede.h>

struct dog { void (*bark)(void); };
static void dog_bark(void) { cede_raise(cede_NotImplementedError); }
static struct dog bichon = {dog_bark};

int main(void) {
    cede_try { bichon.bark(); }
    cede_except (cede_NotImplementedError, e) {
        cede_print(cede_exception_name(e), cede_temp(cede_repr(cede_exception_message(e))),
                   cede_exception_is(e, cede_RuntimeError));
    } cede_end
}
