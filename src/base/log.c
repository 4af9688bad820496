/*
 * log.c - the one way out for reports and warnings (see base/log.h)
 */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

enum { LINE_SIZE = 1024 };

static cede_log_handler users_handler;
static void *users_argument;

void cede_set_log_handler(cede_log_handler handler, void *argument)
{
    users_handler = handler;
    users_argument = argument;
}

void cede__log(cede_log_level level, const char *text)
{
    if (users_handler != NULL)
        users_handler(level, text, users_argument);
    else
        fprintf(stderr, "%s\n", text);
}

void cede__logf(cede_log_level level, const char *format, ...)
{
    char line[LINE_SIZE];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    cede__log(level, line);
}
