/* A class with a str of its own, made from what the exception was given. */
#include <cede.h>

static cede_value text(void *e) {
    cede_value code, name; cede_unpack(cede_ref(cede_exception_args(e)), &code, &name);
    return cede_str_format("%d, %s error occur!", (int)cede_value_int(code), cede_value_str(name));
}
static const cede_object_methods methods = {.str = text};
static CEDE_EXCEPTION(CustomException, cede_Exception, .object = &methods);

int main(void) {
    cede_try { cede_raise_args(CustomException, 1, "some exception"); }
    cede_except (cede_Exception, e) { cede_print("Exception:", e); cede_print(cede_exception_args(e)); }
    cede_end
}
