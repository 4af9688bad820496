/*
 * error.c - OSErrors that say more than strerror does (see error.h)
 */
#include "net/error.h"

#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

cede_exception *cede__os_error(int error, const char *format, ...)
{
    char text[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return cede_exception(cede_errno_class(error), "[Errno %d] %s", error,
                          text);
}

cede_exception *cede__gaierror(int error, int saved)
{
    if (error == EAI_SYSTEM)
        return cede__os_error(saved, "%s", strerror(saved));
    return cede_exception(cede_gaierror, "[Errno %d] %s", error,
                          gai_strerror(error));
}
