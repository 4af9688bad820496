/*
 * error.h - OSErrors that say more than strerror does
 *
 * Knows: the form of Python's OSError(errno, text). Does not know: sockets.
 */
#pragma once

#include "cede/exception.h"

/* An exception "[Errno error] text" of the class that goes with the errno;
   one reference, not raised. */
cede_exception *cede__os_error(int error, const char *format, ...)
    CEDE_IMPL_FORMAT(2, 3) CEDE_IMPL_USE_RESULT;

/* getaddrinfo's: "[Errno -2] Name or service not known". `saved` is the errno
   of EAI_SYSTEM. */
cede_exception *cede__gaierror(int error, int saved) CEDE_IMPL_USE_RESULT;

/* Raises, and takes the reference. */
void cede__raise_taken(cede_exception *exception) CEDE_IMPL_NORETURN;
