/*
 * Exceptions nobody will receive: at the end of a program, of a thread, or of
 * an object. Rules E16, E17, G15.
 */
#include "flow/flow.h"

#include <stdio.h>
#include <stdlib.h>

void cede__report_unraisable(cede_exception *exception, const char *doing)
{
    fprintf(stderr, "Exception ignored in: %s\n", doing);
    cede_print_exception(exception);
    cede_unref(exception);
}

void cede__exit_uncaught(cede_exception *exception)
{
    int status = 1;

    fflush(stdout);
    if (cede_exception_is(exception, cede_SystemExit)) {
        status = cede_exception_exit_status(exception);
        if (*cede_exception_message(exception))
            fprintf(stderr, "%s\n", cede_exception_message(exception));
    } else {
        cede_print_exception(exception);
        if (cede_exception_is(exception, cede_KeyboardInterrupt))
            status = 130;
    }
    cede_unref(exception);
    exit(status);
}
