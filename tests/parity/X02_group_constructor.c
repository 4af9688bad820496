/*
 * What a group is made of decides its class, and an ExceptionGroup takes
 * exceptions only: no KeyboardInterrupt, not nothing, nothing else.
 */
#include <cede.h>

static void print_class(cede_exception *member)
{
    cede_exception *group =
        cede_exception_group_of(cede_BaseExceptionGroup, "m", &member, 1);

    cede_print(cede_exception_name(group));
    cede_unref(group);
    cede_unref(member);
}

static void refuse(void *member, size_t count)
{
    cede_exception *members[] = {member};

    cede_try {
        cede_unref(
            cede_exception_group_of(cede_ExceptionGroup, "m", members, count));
    } cede_except ((cede_TypeError, cede_ValueError), e) {
        cede_print(cede_temp(cede_str_format("%s:", cede_exception_name(e))),
                   e);
    } cede_end
    cede_unref(member);
}

int main(void)
{
    print_class(cede_exception(cede_ValueError, NULL));
    print_class(cede_exception(cede_KeyboardInterrupt, NULL));
    refuse(cede_exception(cede_KeyboardInterrupt, NULL), 1);
    refuse(NULL, 0);
    refuse(cede_list_of(1), 1);
}
