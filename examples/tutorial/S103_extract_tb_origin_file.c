/*
 * A traceback names the file that each of its places is in: the last one is
 * where the error occurred, here another file than this.
 */
#define _GNU_SOURCE
#include <string.h>
#include <cede.h>
#include "error_occur.h"

int main(void) {
    cede_try { print_hello(); }
    cede_except (cede_Exception, e) {
        cede_location tb[8];
        size_t count = cede_extract_tb(e, tb, 8);
        cede_location last = tb[count - 1];
        cede_print(basename(last.file), last.line, last.function, "| first", tb[0].function, count);
    } cede_end
}
