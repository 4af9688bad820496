/*
 * Every exception keeps the args it was made from, and every class of theirs
 * derives from BaseException, some past Exception. (C has no __init__ that
 * could forget the args; a class's bases are followed by hand.)
 */
#include <cede.h>

static CEDE_EXCEPTION(E, cede_Exception);

int main(void) {
    cede_own (e, cede_exception_from_args(E, 1, 2)); cede_own (mro, cede_list());
    for (const cede_class *c = E; c; c = c->base) cede_list_append(mro, c->name);
    cede_print(cede_exception_args(e), mro); cede_own (b, cede_list()); cede_own (p, cede_list());
    const cede_class *x[] = {cede_Exception, cede_KeyboardInterrupt, cede_SystemExit,
                             cede_GeneratorExit, cede_StopIteration};
    for (int i = 0; i < 4; i++) cede_list_append(b, cede_issubclass(x[i], cede_BaseException));
    for (int i = 1; i < 5; i++) cede_list_append(p, cede_issubclass(x[i], cede_Exception));
    cede_print(b, p);
}
