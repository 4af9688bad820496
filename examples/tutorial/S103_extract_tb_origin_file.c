/*
 * A traceback names the file that each of its places is in: the last one is
 * where the error occurred, here another file than this.
 */
#include <string.h>

#include <cede.h>

#include "error_occur.h"

static const char *basename_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

int main(void)
{
    cede_try {
        print_hello();
    } cede_except (cede_Exception, e) {
        cede_location tb[8];
        size_t count = cede_extract_tb(e, tb, 8);
        const cede_location *last = &tb[count - 1];

        cede_print(basename_of(last->file), last->line, last->function,
                   "| first", tb[0].function, count);
    } cede_end
}
