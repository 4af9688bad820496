/* A class with a str of its own, made from what the exception was given. */
#include <cede.h>

static cede_value text(void *e) {
    cede_tuple *args = cede_exception_args(e);
    cede_value code = cede_tuple_get(args, 0), name = cede_tuple_get(args, 1);
    return cede_str_format("%d, %s error occur!", (int)cede_value_int(code), cede_value_str(name));
}
static const cede_object_methods m = {.str = text};
static CEDE_EXCEPTION(CustomException, cede_Exception, .object = &m);

int main(void) {
    cede_try { cede_raise_args(CustomException, 1, "some exception"); }
    cede_except (cede_Exception, e) {
        cede_print("Exception:", e); cede_print(cede_exception_args(e));
    } cede_end
}
