/*
 * A list can be read again; what is computed item by item passes once, and a
 * second reader finds nothing.
 */
#include <cede.h>

static void doubles(void) { for (int x = 0; x < 10; x++) cede_yield(x * 2); }

int main(void) {
    cede_print(cede_temp(cede_list_from(cede_generator(doubles))));
    cede_own (g, cede_generator(doubles));
    int64_t sum = 0;
    cede_print(cede_type_name(g));
    cede_for (x, cede_ref(g)) sum += cede_value_int(x);
    cede_print(sum); cede_print(cede_temp(cede_list_from(cede_ref(g))));
}
