/*
 * A bare except catches everything there is: BaseException. (In C an undefined
 * name does not compile; a name that is looked up while the program runs may
 * still not be there.)
 */
#include <cede.h>

int main(void) {
    cede_try { cede_raise(cede_NameError, "name 'arr' is not defined"); }
    cede_except (cede_BaseException) { cede_print("에러 발생"); } cede_end
    cede_print("에러가 발생했지만 실행이 됩니다.");
}
