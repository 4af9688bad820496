/*
 * error.c - OSErrors that say more than strerror does (see error.h)
 */
#include "net/error.h"

#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cede/try.h"

static cede_exception *with_errno(cede_exception *exception, int error)
{
    cede_exception_set_errno(exception, error);
    return exception;
}

cede_exception *cede__os_error(int error, const char *format, ...)
{
    char text[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return with_errno(cede_exception(cede_errno_class(error), "[Errno %d] %s",
                                     error, text),
                      error);
}

cede_exception *cede__gaierror(int error, int saved)
{
    if (error == EAI_SYSTEM)
        return cede__os_error(saved, "%s", strerror(saved));
    return with_errno(cede_exception(cede_gaierror, "[Errno %d] %s", error,
                                     gai_strerror(error)),
                      error);
}

void cede__raise_taken(cede_exception *exception)
{
    cede_defer (cede_unref, exception);

    cede_raise(exception);
}
