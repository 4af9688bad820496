/*
 * Printing: values and objects as Python shows them.
 *
 * Python: print(), str(), repr(), "Built-in Functions" in the library
 * reference; object.__str__ and object.__repr__ in the data model, 3.3.1.
 *
 * What can be shown is what cede_box takes, and pointers to the objects cede
 * has (cede_exception *, cede_generator *, cede_tuple *, cede_list *, …; one of
 * your own classes as `&mine->head`). A void * is a plain pointer. All of it is
 * borrowed: what you make for the call alone, give up yourself. A class shows
 * its objects by its cede_object_methods, else they are `<name object>`.
 *
 * C's `true` is an int before C23 and shows as 1; (bool)x shows as True.
 *
 * All raise what a class's str or repr raises, TypeError if that returns no
 * string, RecursionError for what is nested 1000 deep, MemoryError. They
 * suspend if such a function does; a list that is changed meanwhile shows its
 * items as it comes to them. Any thread for values that hold no object, else
 * the objects' thread.
 */
#pragma once

#include "cede/impl/flow.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

#ifndef __cplusplus

/*
 * cede_print(a, b, …): writes the str of each of up to 16 arguments, spaces
 * between them and a newline behind them, to stdout; as one piece, so that
 * lines of several threads do not mix. stdout's buffering is stdio's. If one of
 * them raises while it is shown, nothing is written. Also raises OSError if
 * stdout cannot be written. Python: print(a, b, …).
 */
#define cede_print(...) CEDE_IMPL_PRINT_END("\n", __VA_ARGS__)

/* cede_print_end(end, a, b, …): the same with something else behind it; NULL
   is a newline. Python: print(a, b, end=" "). */
#define cede_print_end(end, ...) CEDE_IMPL_PRINT_END(end, __VA_ARGS__)

/*
 * cede_str_join(separator, a, b, …): the str of each of up to 16 arguments, the
 * separator between them, as a str value with a reference of its own. With ""
 * it does for values what cede_str_format does for C's types:
 * cede_str_join("", name, " is ", age). Also raises TypeError if the
 * separator is NULL. Python: separator.join(map(str, (a, b, …))); f-strings.
 */
#define cede_str_join(separator, ...)                                          \
    CEDE_IMPL_PRINTING(cede_impl_str_join, separator, __VA_ARGS__)

#define CEDE_IMPL_PRINT_END(end, ...)                                          \
    CEDE_IMPL_PRINTING(cede_impl_print, end, __VA_ARGS__)
#define CEDE_IMPL_PRINTING(call, text, ...)                                    \
    (__extension__({                                                           \
        __attribute__((cleanup(cede_impl_print_leave)))                        \
        cede_impl_printing cede_impl_print_;                                   \
        cede_impl_print_begin(&cede_impl_print_);                              \
        CEDE_IMPL_EACH(CEDE_IMPL_PRINT, __VA_ARGS__)                           \
        call(&cede_impl_print_, (text));                                       \
    }))
#define CEDE_IMPL_PRINT(x)                                                     \
    cede_impl_print_add(&cede_impl_print_, CEDE_IMPL_BORROW(x));

/* The arguments of one call, evaluated from left to right; its record gives
   the temporary ones up on every way out. */
typedef struct cede_impl_printing {
    cede_impl_defer defer;
    size_t count;
    cede_value values[16];
} cede_impl_printing;

void cede_impl_print(cede_impl_printing *printing, const char *end);
cede_value cede_impl_str_join(cede_impl_printing *printing,
                              const char *separator) CEDE_IMPL_USE_RESULT;
void cede_impl_print_end(void *printing);

CEDE_IMPL_INLINE void cede_impl_print_begin(cede_impl_printing *printing)
{
    printing->count = 0;
    cede_impl_defer_push(&printing->defer, cede_impl_print_end, printing);
}

/* Called when the value is there: a call that raises instead adds none. */
CEDE_IMPL_INLINE void cede_impl_print_add(cede_impl_printing *printing,
                                          cede_value value)
{
    printing->values[printing->count++] = value;
}

CEDE_IMPL_INLINE void cede_impl_print_leave(cede_impl_printing *printing)
{
    cede_impl_defer_leave(&printing->defer);
}

/*
 * cede_to_str(x), cede_repr(x): Python's str(x) and repr(x), a str value with
 * a reference of its own: cede_print(cede_temp(cede_repr(x))) gives it up.
 */
#define cede_to_str(...) cede_impl_to_str(CEDE_IMPL_BORROW(__VA_ARGS__))
#define cede_repr(...) cede_impl_repr(CEDE_IMPL_BORROW(__VA_ARGS__))

/* cede_type_name(x): the name of its type, "int", "str", "NoneType",
   "generator", a class's name. Borrows; never raises. Python: type(x).__name__.
   */
#define cede_type_name(...) cede_impl_type_name(CEDE_IMPL_BORROW(__VA_ARGS__))

#endif /* !__cplusplus */

const char *cede_impl_type_name(cede_value value);
cede_value cede_impl_to_str(cede_value value) CEDE_IMPL_USE_RESULT;
cede_value cede_impl_repr(cede_value value) CEDE_IMPL_USE_RESULT;

CEDE_IMPL_END
