/*
 * Every exception keeps the args it was made from, and every class of theirs
 * derives from BaseException, some past Exception. (C has no __init__ that
 * could forget the args; a class's bases are followed by hand.)
 */
#include <cede.h>

static CEDE_EXCEPTION(E, cede_Exception);

static void print_args_and_bases(void)
{
    cede_exception *e = cede_exception_from_args(E, 1, 2);
    cede_list *names = cede_list();

    for (const cede_class *c = E; c; c = c->base)
        cede_list_append(names, c->name);
    cede_print(cede_exception_args(e), names);
    cede_unref(names);
    cede_unref(e);
}

static cede_list *derived(const cede_class *const classes[4],
                          const cede_class *base)
{
    cede_list *answers = cede_list();

    for (int i = 0; i < 4; i++)
        cede_list_append(answers, cede_issubclass(classes[i], base));
    return answers;
}

int main(void)
{
    const cede_class *const base[] = {cede_Exception, cede_KeyboardInterrupt,
                                      cede_SystemExit, cede_GeneratorExit};
    const cede_class *const plain[] = {cede_KeyboardInterrupt, cede_SystemExit,
                                       cede_GeneratorExit, cede_StopIteration};

    print_args_and_bases();
    cede_print(cede_temp(derived(base, cede_BaseException)),
               cede_temp(derived(plain, cede_Exception)));
}
