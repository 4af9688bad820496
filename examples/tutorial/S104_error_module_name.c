/* Which file the failing function is in. */
#include <string.h>

#include <cede.h>

#include "my_module.h"

static const char *basename_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

int main(void)
{
    cede_try {
        foo();
    } cede_except (cede_Exception, e) {
        cede_location tb[8];
        size_t count = cede_extract_tb(e, tb, 8);

        cede_print(basename_of(tb[count - 1].file));
    } cede_end
}
