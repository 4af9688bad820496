/*
 * nullcontext: contextlib.nullcontext.
 */
#include "value/said.h"

#include "cede/contextlib.h"
#include "cede/list.h"
#include "cede/print.h"

/* For cede_auto. */
static void drop(void *variable)
{
    cede_unref(*(void **)variable);
}

TEST(carries_a_value_and_swallows_nothing)
{
    cede_auto (cede_nullcontext *, it, drop) = cede_nullcontext(7);

    cede_with (context, cede_ref(it))
        say_value(cede_nullcontext_value(context));
    cede_end
    SAY_RAISED(cede_with (context, cede_ref(it)) {
        cede_raise(cede_ValueError, " v");
    } cede_end);
    CHECK_SAID("7ValueError:  v\n");
}

TEST(takes_the_reference_and_gives_it_up)
{
    cede_with (context, cede_nullcontext(cede_list_of(1, 2))) {
        cede_list *list = cede_value_object(cede_nullcontext_value(context));

        say("%zu ", cede_list_size(list));
    } cede_end
    cede_with (context, cede_nullcontext(cede_none))
        say_value(cede_nullcontext_value(context));
    cede_end
    CHECK_SAID("2 None");
}

TEST(as_an_item_of_an_exit_stack)
{
    cede_with (stack, cede_exit_stack()) {
        cede_nullcontext *context =
            cede_exit_stack_enter_context(stack, cede_nullcontext("text"));

        say_value(cede_nullcontext_value(context));
    } cede_end
    CHECK_SAID("text");
}
