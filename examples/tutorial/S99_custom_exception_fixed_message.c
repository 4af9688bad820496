/*
 * An exception that always says the same: the function that raises it stands
 * for Python's __init__.
 */
#include <cede.h>

static CEDE_EXCEPTION(CustomException, cede_Exception);
static void raise_custom_exception(void) { cede_raise(CustomException, "CustomException occur!"); }

int main(void) {
    cede_try { raise_custom_exception(); }
    cede_except (cede_Exception, e) { cede_print("Exception:", e); } cede_end
}
