/*
 * A list can be read again; what is computed item by item passes once, and a
 * second reader finds nothing.
 */
#include <cede.h>

static void doubles(void) { for (int x = 0; x < 10; x++) cede_yield(x * 2); }

int main(void) {
    cede_print(cede_temp(cede_list_from(cede_generator(doubles))));
    cede_own (g, cede_generator(doubles)); cede_print(cede_type_name(g));
    cede_print(cede_sum(cede_ref(g))); cede_print(cede_temp(cede_list_from(cede_ref(g))));
}
