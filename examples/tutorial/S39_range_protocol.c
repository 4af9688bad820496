/* A range is an iterable and no iterator: it can be read again and again. */
#include <cede.h>

int main(void) {
    cede_own (r, cede_range(3));
    cede_print(cede_isiterator(r));
    cede_own (it, cede_iter(r)); cede_own (out, cede_list());
    while (true) {
        cede_try { cede_list_append(out, cede_next(it)); }
        cede_except (cede_StopIteration) { break; } cede_end
    }
    cede_print(out, cede_temp(cede_list_from(cede_ref(r))), cede_temp(cede_list_from(cede_ref(r))),
               cede_temp(cede_list_from(cede_ref(it))));
}
