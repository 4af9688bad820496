/*
 * Three ways for a generator to answer close: return (close hands the value
 * over, as since Python 3.13), raise something else (it comes out of close,
 * with GeneratorExit as its context), or just run its finally clauses.
 */
#include <cede.h>

static cede_value ret(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_except (cede_GeneratorExit) {
        return cede_str("value dropped");
    } cede_end
    return cede_none;
}

static cede_value err(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_except (cede_GeneratorExit) {
        cede_raise(cede_KeyError, "from close");
    } cede_end
    return cede_none;
}

static cede_value fin(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_finally {
        cede_print("finally");
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_generator *a = cede_generator(ret, NULL);
    cede_generator *b = cede_generator(err, NULL);
    cede_generator *c = cede_generator(fin, NULL);

    cede_next(a);
    cede_print("close ->", cede_generator_close(a),
               "(3.13+: the return value)");
    cede_next(b);
    cede_try {
        cede_generator_close(b);
    } cede_except (cede_KeyError, e) {
        cede_value context = cede_repr(cede_exception_context(e));

        cede_print("KeyError", e, "context", context);
        cede_value_unref(context);
    } cede_end
    cede_next(c);
    cede_generator_close(c);
    cede_generator_close(c);
    cede_print("second close is a no-op");
    cede_unref(a);
    cede_unref(b);
    cede_unref(c);
}
