/* Which file the failing function is in. */
#define _GNU_SOURCE
#include <string.h>
#include <cede.h>
#include "my_module.h"

int main(void) {
    cede_try { foo(); }
    cede_except (cede_Exception, e) {
        cede_location tb[8]; size_t count = cede_extract_tb(e, tb, 8);
        cede_print(basename(tb[count - 1].file));
    } cede_end
}
