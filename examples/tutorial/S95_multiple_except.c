/* Several clauses, of which the first that matches runs; several classes in
   one clause. */
#include <cede.h>

int main(void) {
    cede_try { cede_floordiv(3, 0); cede_raise(cede_NameError); }
    cede_except (cede_ZeroDivisionError, e) { cede_print(e); }
    cede_except (cede_NameError, e) { cede_print(e); } cede_end
    cede_try { cede_floordiv(3, 0); cede_raise(cede_NameError); }
    cede_except ((cede_ZeroDivisionError, cede_NameError), e) { cede_print(e); } cede_end
}
