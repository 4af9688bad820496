/* next with a default does not raise at the end. */
#include <cede.h>

int main(void) {
    cede_own (range, cede_range(3)); cede_own (it, cede_iter(range));
    for (int i = 0; i < 4; i++) cede_print(cede_next_default(it, 10));
}
