/*
 * What a generator is handling stays its own while it is suspended: neither
 * the caller sees it, nor does the caller's hide it. While the generator has
 * nothing of its own, it sees what the caller handles.
 */
#include <cede.h>

static cede_value g(void *arg)
{
    (void)arg;
    cede_try {
        cede_raise(cede_KeyError, "mine");
    } cede_except (cede_KeyError) {
        cede_yield(cede_repr(cede_sys_exception()));
        cede_yield(cede_repr(cede_sys_exception()));
        cede_try {
            cede_reraise();
        } cede_except (cede_KeyError, e) {
            cede_value text = cede_repr(e);
            cede_value line =
                cede_str_format("re-raise %s", cede_value_str(text));

            cede_value_unref(text);
            cede_yield(line);
        } cede_end
    } cede_end
    return cede_none;
}

static cede_value h(void *arg)
{
    (void)arg;
    cede_yield(cede_repr(cede_sys_exception()));
    cede_yield(cede_repr(cede_sys_exception()));
    return cede_none;
}

int main(void)
{
    cede_generator *a = cede_generator(g, NULL);
    cede_generator *b = cede_generator(h, NULL);
    cede_value seen = cede_next(a);

    cede_print(seen, cede_sys_exception());
    cede_value_unref(seen);
    cede_try {
        cede_raise(cede_ValueError, "callers");
    } cede_except (cede_ValueError) {
        cede_value mine = cede_next(a);
        cede_value callers = cede_repr(cede_sys_exception());
        cede_value again = cede_next(a);

        cede_print(mine, callers);
        cede_print(again);
        cede_value_unref(again);
        cede_value_unref(callers);
        cede_value_unref(mine);
    } cede_end
    cede_try {
        cede_raise(cede_ValueError, "seen inside");
    } cede_except (cede_ValueError) {
        seen = cede_next(b);
        cede_print(seen);
        cede_value_unref(seen);
    } cede_end
    seen = cede_next(b);
    cede_print(seen);
    cede_value_unref(seen);
    cede_unref(b);
    cede_unref(a);
}
