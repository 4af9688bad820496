/* A generator that is closed must end; what looks like its end may not leave
   it. */
#include <cede.h>

static cede_value bad(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_except (cede_GeneratorExit) {
        cede_yield(2);
    } cede_end
    return cede_none;
}

static cede_value stop(void *arg)
{
    (void)arg;
    cede_yield(1);
    cede_raise(cede_StopAsyncIteration);
}

static cede_value stop2(void *arg)
{
    (void)arg;
    cede_yield(1);
    cede_raise(cede_StopIteration);
}

static cede_value run(void *arg)
{
    cede_generator *b = cede_generator(bad, NULL);
    cede_generator *all[] = {cede_generator(stop, NULL),
                             cede_generator(stop2, NULL)};

    (void)arg;
    cede_next(b);
    cede_try {
        cede_generator_close(b);
    } cede_except (cede_RuntimeError, e) {
        cede_print("RuntimeError:", e);
    } cede_end
    cede_unref(b);
    for (int i = 0; i < 2; i++) {
        cede_generator *s = all[i];

        cede_next(s);
        cede_try {
            cede_next(s);
        } cede_except (cede_RuntimeError, e) {
            cede_value cause = cede_repr(cede_exception_cause(e));

            cede_print("RuntimeError:", e, cause);
            cede_value_unref(cause);
        } cede_end
        cede_unref(s);
    }
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
