/* First else or except, then finally. */
#include <cede.h>

static void f(bool fail) {
    cede_try {
        if (fail) cede_raise(cede_ValueError);
    } cede_except (cede_ValueError) { cede_print("except");
    } cede_else { cede_print("else");
    } cede_finally { cede_print("finally"); } cede_end
}

int main(void) { f(false); f(true); }
