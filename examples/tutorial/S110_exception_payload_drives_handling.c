/* An exception carries an object of C, and whoever handles it acts on that. */
#include <cede.h>

static CEDE_EXCEPTION(MyException, cede_Exception);

int main(void)
{
    const bool foos[] = {false, true};

    for (int i = 0; i < 2; i++) {
        cede_try {
            cede_raise_with(MyException, foos[i], "Exception!!");
        } cede_except (cede_Exception, e) {
            const bool *foo = cede_exception_payload(e);

            cede_print(e, *foo ? "do_something" : "nothing");
        } cede_end
    }
}
