/* Nobody said what the text is, so it is all the arguments. */
#include <cede.h>

static CEDE_EXCEPTION(MyException, cede_Exception);

int main(void) {
    cede_try { cede_raise_args(MyException, "hello", "world"); }
    cede_except (MyException, e) { cede_print(e); } cede_end
}
