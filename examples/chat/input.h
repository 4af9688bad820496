/*
 * input.h - lines from somebody who need not mean well
 */
#pragma once

#include <cede.h>

#include "text.h"

enum input {
    INPUT_LINE,     /* a whole one */
    INPUT_TOO_LONG, /* a line beyond the stream's limit; it has been skipped */
    INPUT_ENDLESS,  /* a line that does not come to an end */
    INPUT_END,      /* the other side has ended; half a line is none */
};

/*
 * Waits for the next line of a stream. The line comes without its "\n" or
 * "\r\n"; it is the stream's and valid until the next read. Never holds more
 * than twice the stream's limit. Suspends; raises OSError when the connection
 * breaks, CancelledError.
 */
enum input input_next(cede_stream *stream, struct text *ret_line);
