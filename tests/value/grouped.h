/*
 * grouped.h - exception groups written as an expression
 *
 *     GROUP("eg", ERROR(cede_ValueError, "one"),
 *           cede_object(GROUP("inner", ERROR(cede_KeyError, "two"))))
 */
#pragma once

#include "value/said.h"

#include "cede/group.h"
#include "cede/tuple.h"

#define ERROR(...) cede_object(cede_exception(__VA_ARGS__))
#define GROUP(message, ...) group_of_tuple(message, cede_tuple(__VA_ARGS__))

/* Takes the tuple; what is made before something raises is given up. */
__attribute__((unused)) static cede_exception *
group_of_tuple(const char *message, cede_tuple *members)
{
    cede_exception *exceptions[64];
    size_t count = cede_tuple_size(members);

    cede_defer (cede_unref, members);
    for (size_t i = 0; i < count; i++)
        exceptions[i] = cede_value_object(cede_tuple_get(members, (int64_t)i));
    return cede_exception_group(message, exceptions, count);
}

__attribute__((unused)) static void give_up_value(void *value)
{
    cede_value_unref(*(cede_value *)value);
}

/* Says a str value and a newline, and gives it up. */
__attribute__((unused)) static void say_str(cede_value text)
{
    cede_defer (give_up_value, &text);
    say("%s\n", cede_value_str(text));
}
