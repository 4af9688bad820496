/*
 * Leaving cede's statements in each way that C has: break, continue and return
 * of the function that has the statement, which stands in a loop of one turn;
 * `how`, kept, says what it was.
 */
#pragma once

#define LEAVE(block_outcome)                                                   \
    {                                                                          \
        enum outcome here = (block_outcome);                                   \
        if (here != NEXT)                                                      \
            how = here;                                                        \
        if (here == BREAK)                                                     \
            break;                                                             \
        if (here == CONTINUE)                                                  \
            continue;                                                          \
        if (here == RETURN)                                                    \
            return RETURN;                                                     \
    }
