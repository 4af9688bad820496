/*
 * A bare except catches everything there is: BaseException. (In C an undefined
 * name does not compile; a name that is looked up while the program runs may
 * still not be there.)
 */
#include <cede.h>

static const char *lookup(const char *name)
{
    cede_raise(cede_NameError, "name '%s' is not defined", name);
}

int main(void)
{
    cede_try {
        cede_print(lookup("arr"));
    } cede_except (cede_BaseException) {
        cede_print("에러 발생");
    } cede_end
    cede_print("에러가 발생했지만 실행이 됩니다.");
}
