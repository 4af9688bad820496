/* What is raised in the try block is handled in the except clause. */
#include <cede.h>

int main(void) {
    cede_try { cede_raise(cede_ValueError, "m"); }
    cede_except (cede_ValueError, e) { cede_print("handled", e); } cede_end
}
