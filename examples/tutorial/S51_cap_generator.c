/* What is yielded may be computed, here a string of its own. */
#include <ctype.h>
#include <cede.h>

static cede_value upper(const char *text) {
    char copy[64] = "";
    for (int i = 0; text[i] && i < 63; i++) copy[i] = (char)toupper((unsigned char)text[i]);
    return cede_str_copy(copy);
}
static void cap_generator(cede_list *animals) {
    cede_for (animal, animals) cede_yield(upper(cede_value_str(animal)));
}

int main(void) {
    cede_list *animals = cede_list_of("dog", "cat", "tiger", "lion");
    cede_for (i, cede_generator(cap_generator, animals)) cede_print_end(" ", i);
    cede_print();
}
