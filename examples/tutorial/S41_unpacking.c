/* An iterable is unpacked into as many variables as it has items. */
#include <cede.h>

int main(void) {
    cede_value a, b, c; cede_unpack(cede_range(3), &a, &b, &c);
    cede_print(a, b, c);
    cede_for (_, cede_range(3)) cede_print("Hello World!");
    cede_try { cede_unpack(cede_range(3), &a, &b); }
    cede_except (cede_ValueError, e) { cede_print("ValueError:", e); } cede_end
    cede_try { cede_unpack(cede_range(2), &a, &b, &c); }
    cede_except (cede_ValueError, e) { cede_print("ValueError:", e); } cede_end
}
