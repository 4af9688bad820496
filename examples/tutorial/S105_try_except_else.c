/* else runs when nothing was raised. */
#include <cede.h>

int main(void) {
    cede_try { cede_print("hello world"); }
    cede_except (cede_BaseException) { cede_print("error!"); }
    cede_else { cede_print("no error!"); } cede_end
    cede_try { cede_floordiv(1, 0); }
    cede_except (cede_BaseException) { cede_print("error!"); }
    cede_else { cede_print("no error!"); } cede_end
}
