/* The traceback of what is being handled, as text: traceback.format_exc(). */
#include <cede.h>

int main(void) {
    cede_try { cede_floordiv(1, 0); }
    cede_except (cede_Exception, e) {
        char *text = cede_format_exc();
        cede_print(e); cede_print(text); cede_free(text);
    } cede_end
}
