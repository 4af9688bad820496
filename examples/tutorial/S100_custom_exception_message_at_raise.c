/* An exception class of one's own takes a line; whoever raises gives a text. */
#include <cede.h>

static CEDE_EXCEPTION(CustomException, cede_Exception);

int main(void) {
    cede_try { cede_raise(CustomException, "CustomException occur!"); }
    cede_except (cede_Exception, e) { cede_print("Exception:", e); } cede_end
}
