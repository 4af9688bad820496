/* finally runs although the exception goes on, before anybody catches it. */
#include <cede.h>

int main(void) {
    cede_try {
        cede_try { cede_floordiv(3, 0); }
        cede_finally {
            cede_print("ZeroDivisionError가 발생했지만 finally 블록은 실행됩니다.");
        } cede_end
    } cede_except (cede_ZeroDivisionError, e) { cede_print("ZeroDivisionError:", e); } cede_end
}
