/*
 * The names that programs may use: of forms of statements, and of classes.
 */
#include "interpret.h"

#include <string.h>

CEDE_EXCEPTION(MyError, cede_Exception);
CEDE_EXCEPTION(MyDerivedError, MyError);
CEDE_EXCEPTION(MyValueError, cede_ValueError);
CEDE_EXCEPTION(MyBaseError, cede_BaseException);

static const cede_class *const classes[] = {
    cede_BaseException, cede_BaseExceptionGroup, cede_CancelledError,
    cede_GeneratorExit, cede_KeyboardInterrupt, cede_SystemExit, cede_Exception,
    cede_ArithmeticError, cede_ZeroDivisionError, cede_AttributeError,
    cede_ExceptionGroup, cede_LookupError, cede_IndexError, cede_KeyError,
    cede_OSError, cede_TimeoutError, cede_EOFError, cede_InvalidStateError,
    cede_QueueEmpty, cede_QueueFull, cede_QueueShutDown, cede_RuntimeError,
    cede_BrokenBarrierError,
    cede_NotImplementedError, cede_RecursionError, cede_StopAsyncIteration,
    cede_StopIteration, cede_TypeError, cede_ValueError, MyError,
    MyDerivedError, MyValueError, MyBaseError,
};

const cede_class *class_of(const char *name)
{
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (strcmp(classes[i]->name, name) == 0)
            return classes[i];
    return NULL;
}

const struct form *form_of(const char *name)
{
    static const struct form *const tables[] = {
        flow_forms,    exception_forms, generator_forms,
        iterator_forms, manager_forms,  task_forms,
        many_forms,     sync_forms,     block_forms,
    };

    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (const struct form *form = tables[i]; form->name; form++)
            if (strcmp(form->name, name) == 0)
                return form;
    return NULL;
}
