/* A clause for another class does not catch: the next statement around may. */
#include <cede.h>

int main(void) {
    cede_try {
        cede_try { cede_floordiv(3, 0); }
        cede_except (cede_NameError) {
            cede_print("에러 종류가 다르므로 빠지지 않습니다.");
        } cede_end
    } cede_except (cede_ZeroDivisionError, e) { cede_print("ZeroDivisionError:", e); } cede_end
}
