/* A StopIteration that leaves a coroutine becomes a RuntimeError (PEP 479). */
#include <cede.h>

static cede_value inner(void *arg)
{
    (void)arg;
    cede_raise(cede_StopIteration, "boom");
}

static cede_value outer(void *arg)
{
    cede_try {
        cede_await(cede_coroutine(inner, arg));
    } cede_except (cede_RuntimeError, e) {
        cede_print("RuntimeError:", e, "| cause",
                   cede_temp(cede_repr(cede_exception_cause(e))));
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_coroutine *c = cede_coroutine(outer, NULL);

    cede_try {
        cede_coroutine_send(c, cede_none);
    } cede_except (cede_StopIteration) {
        cede_print("outer finished");
    } cede_end
    cede_unref(c);
}
