/* except NameError as e: the exception has a name, and its text is printed. */
#include <cede.h>

int main(void) {
    cede_try { cede_raise(cede_NameError, "name 'arr' is not defined"); }
    cede_except (cede_NameError, e) {
        cede_print("e에는 error message가 담겼습니다."); cede_print(e);
    } cede_end
    cede_print("에러가 발생했지만 실행이 됩니다.");
}
