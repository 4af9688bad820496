/*
 * trace.h - what a test saw, in order: words put down by `say`, compared as
 * one string. A test is one process, so there is one trace.
 */
#pragma once

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static char trace_text[8192];

__attribute__((format(printf, 1, 2), unused)) static void
say(const char *format, ...)
{
    size_t used = strlen(trace_text);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(trace_text + used, sizeof trace_text - used, format, arguments);
    va_end(arguments);
    used = strlen(trace_text);
    snprintf(trace_text + used, sizeof trace_text - used, ";");
}

/* The trace so far; the next words begin a new one. */
__attribute__((unused)) static const char *said(void)
{
    static char copy[sizeof trace_text];

    memcpy(copy, trace_text, sizeof copy);
    *trace_text = '\0';
    return copy;
}
