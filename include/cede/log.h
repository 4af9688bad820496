/*
 * log.h - where cede's reports and warnings go
 *
 * Whatever the runtime has to say by itself comes through one function:
 * exceptions nobody caught, coroutines never awaited, loops left open, slow
 * callbacks, mistakes with references. By default each goes to stderr. Two
 * things do not come here: what a program prints itself (cede_print,
 * cede_print_exception), and the line of a stack overflow, which is written by
 * a signal handler.
 */
#pragma once

#include "cede/impl/platform.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* How bad it is; the numbers are those of Python's module logging. */
typedef enum cede_log_level {
    CEDE_LOG_DEBUG = 10,
    CEDE_LOG_INFO = 20,
    CEDE_LOG_WARNING = 30,
    CEDE_LOG_ERROR = 40,
    CEDE_LOG_CRITICAL = 50
} cede_log_level;

/*
 * Is given one report: `text`, borrowed for the time of the call, of one or
 * several lines, without the last newline. Called by whichever thread has
 * something to say, several at a time perhaps; it must neither raise nor
 * suspend, and not use cede, which may be in the midst of something.
 */
typedef void (*cede_log_handler)(cede_log_level level, const char *text,
                                 void *argument);

/*
 * Sets who gets the reports of this process; NULL goes back to stderr.
 * `argument` is yours and must outlive the handler. Call it before other
 * threads use cede. Never suspends, never raises. Python: the handlers of the
 * logger "asyncio", and logging.captureWarnings.
 */
void cede_set_log_handler(cede_log_handler handler, void *argument);

CEDE_IMPL_END
