/*
 * A printed traceback begins with the exception that came first; the words in
 * between say whether it was named as the cause or was just being handled.
 */
#include <stdio.h>

#include <cede.h>

int main(void)
{
    cede_try {
        cede_try {
            cede_raise(cede_ZeroDivisionError,
                       "integer division or modulo by zero");
        } cede_except (cede_ZeroDivisionError, z) {
            cede_try {
                cede_raise_from(cede_KeyError, z, "k");
            } cede_except (cede_KeyError) {
                cede_raise(cede_ValueError, "v");
            } cede_end
        } cede_end
    } cede_except (cede_ValueError, e) {
        char *text = cede_format_exception(e);

        cede_defer (cede_free, text);
        fputs(text, stdout);
    } cede_end
}
