/*
 * input.c - see input.h
 */
#include "input.h"

enum { ENDLESS = 1 << 20 }; /* bytes without an end of line */

/*
 * Looks for a line within the stream's limit. How many bytes there are
 * without an end of line if there is none; 0 with a line, whose text is NULL
 * at the end.
 */
static size_t look(cede_stream *stream, struct text *line)
{
    cede_try {
        line->start = cede_stream_readuntil(stream, "\n", 1, &line->size);
    } cede_except (cede_IncompleteReadError) {
        line->start = NULL;
    } cede_except (cede_LimitOverrunError, e) {
        return cede_exception_consumed(e);
    } cede_end
    return 0;
}

static void skip(cede_stream *stream, size_t count)
{
    char waste[1024];

    while (count > 0)
        count -= cede_stream_read(stream, waste,
                                  count < sizeof waste ? count : sizeof waste);
}

static struct text without_end(struct text line)
{
    line.size--;
    if (line.size && line.start[line.size - 1] == '\r')
        line.size--;
    return line;
}

enum input input_next(cede_stream *stream, struct text *ret_line)
{
    size_t skipped = 0, surplus;
    struct text line;

    while ((surplus = look(stream, &line)) > 0) {
        skip(stream, surplus);
        skipped += surplus;
        if (skipped > ENDLESS)
            return INPUT_ENDLESS;
    }
    if (!line.start)
        return INPUT_END;
    *ret_line = without_end(line);
    return skipped ? INPUT_TOO_LONG : INPUT_LINE;
}
