/* iter and next: what a loop does, step by step. */
#include <cede.h>

int main(void) {
    cede_own (range, cede_range(3)); cede_own (it, cede_iter(range));
    for (int i = 0; i < 3; i++) cede_print(cede_next(it));
    cede_try { cede_next(it); }
    cede_except (cede_StopIteration) { cede_print("StopIteration"); } cede_end
}
