/* A class with a str of its own, made from what the exception was given. */
#include <cede.h>

static cede_value text(void *e) {
    cede_tuple *a = cede_exception_args(e);
    return cede_str_join("", cede_tuple_get(a, 0), ", ", cede_tuple_get(a, 1), " error occur!");
}
static CEDE_EXCEPTION(CustomError, cede_Exception, .object = &(cede_object_methods){.str = text});

int main(void) {
    cede_try { cede_raise_args(CustomError, 1, "some exception"); }
    cede_except (cede_Exception, e) {
        cede_print("Exception:", e); cede_print(cede_exception_args(e));
    } cede_end
}
