/* An exception carries an object of C, and whoever handles it acts on that. */
#include <cede.h>

static CEDE_EXCEPTION(MyException, cede_Exception);

int main(void) {
    for (int foo = false; foo <= true; foo++) {
        cede_try { cede_raise_with(MyException, foo, "Exception!!"); }
        cede_except (cede_Exception, e) {
            cede_print(e, *(int *)cede_exception_payload(e) ? "do_something" : "nothing");
        } cede_end
    }
}
