/* arguments.h - numbers on the command line */
#pragma once

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

/* A whole number from `least` to `most`, or false. */
static inline bool parse_number(const char *text, long least, long most,
                                long *ret_number)
{
    char *end;
    long number;

    if (*text < '0' || *text > '9')
        return false; /* strtol would take spaces and signs */
    errno = 0;
    number = strtol(text, &end, 10);
    if (errno || *end || number < least || number > most)
        return false;
    *ret_number = number;
    return true;
}
