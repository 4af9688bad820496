/* What the for statement with an else does, written out. The else clause runs
   when the loop came to the end, not after break. */
#include <cede.h>

static cede_value agen(void *arg)
{
    (void)arg;
    for (int i = 0; i < 3; i++)
        cede_yield(i);
    return cede_none;
}

static void expanded(cede_generator *iter, cede_value stop)
{
    bool running = true;

    while (running) {
        cede_value target;

        if (!cede_next_or_end(iter, &target)) {
            running = false;
        } else {
            cede_print(" block", target);
            if (cede_value_equal(target, stop))
                return;
        }
    }
    cede_print(" else");
}

static void sugar(cede_generator *iter, cede_value stop)
{
    cede_for_else (target, cede_ref(iter)) {
        cede_print(" block", target);
        if (cede_value_equal(target, stop))
            break;
    } cede_else {
        cede_print(" else");
    } cede_end
}

static cede_value run(void *arg)
{
    static const struct {
        const char *name;
        void (*f)(cede_generator *iter, cede_value stop);
    } forms[] = {{"expanded", expanded}, {"sugar", sugar}};

    (void)arg;
    for (int i = 0; i < 2; i++) {
        cede_value stops[] = {cede_none, cede_int(1)};

        for (int j = 0; j < 2; j++) {
            cede_generator *a = cede_generator(agen, NULL);

            cede_print(forms[i].name, stops[j]);
            forms[i].f(a, stops[j]);
            cede_generator_close(a);
            cede_unref(a);
        }
    }
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
