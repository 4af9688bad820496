/* An empty clause ignores the exception: Python's except …: pass. */
#include <cede.h>

int main(void) {
    cede_try { cede_floordiv(3, 0); cede_print("not reached"); }
    cede_except (cede_ZeroDivisionError) { /* pass */ } cede_end
    cede_print("pass 됐습니다.");
}
