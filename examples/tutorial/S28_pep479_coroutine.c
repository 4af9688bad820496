/* A StopIteration that leaves a coroutine becomes a RuntimeError (PEP 479). */
#include <cede.h>

static void inner(void) { cede_raise(cede_StopIteration, "boom"); }

static void outer(void) {
    cede_try { cede_await(cede_coroutine(inner)); }
    cede_except (cede_RuntimeError, e) {
        cede_own (cause, cede_repr(cede_exception_cause(e)));
        cede_print("RuntimeError:", e, "| cause", cause);
    } cede_end
}

int main(void) {
    cede_own (c, cede_coroutine(outer));
    cede_try { cede_coroutine_send(c, cede_none); }
    cede_except (cede_StopIteration) { cede_print("outer finished"); } cede_end
}
