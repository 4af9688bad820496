/* C has no generator expressions; a generator has the name of its function. */
#include <cede.h>

static void numbers(void) { for (int i = 0; i < 10; i++) cede_yield(i); }
int main(void) {
    cede_own (g, cede_generator(numbers)); cede_print(g, cede_temp(cede_list_from(cede_ref(g))));
}
