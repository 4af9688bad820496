/* A class with a str of its own, made from what the exception was given. */
#include <inttypes.h>

#include <cede.h>

static cede_value custom_str(void *self)
{
    cede_tuple *args = cede_exception_args(self);

    return cede_str_format("%" PRId64 ", %s error occur!",
                           cede_value_int(cede_tuple_get(args, 0)),
                           cede_value_str(cede_tuple_get(args, 1)));
}

static const cede_object_methods custom_methods = {.str = custom_str};
static CEDE_EXCEPTION(CustomException, cede_Exception,
                      .object = &custom_methods);

int main(void)
{
    cede_try {
        cede_raise_args(CustomException, 1, "some exception");
    } cede_except (cede_Exception, e) {
        cede_print("Exception:", e);
        cede_print(cede_exception_args(e));
    } cede_end
}
