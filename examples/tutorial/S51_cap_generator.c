/* What is yielded may be computed, here a string of its own. */
#include <ctype.h>
#include <cede.h>

static cede_value upper(const char *text) {
    char buffer[64];
    size_t length = 0;
    for (; text[length] && length < sizeof buffer; length++)
        buffer[length] = (char)toupper((unsigned char)text[length]);
    return cede_str_copy_n(buffer, length);
}
static void cap_generator(cede_list *animals) {
    cede_for (animal, animals)
        cede_yield(upper(cede_value_str(animal)));
}

int main(void) {
    cede_list *animals = cede_list_of("dog", "cat", "tiger", "lion");
    cede_for (i, cede_generator(cap_generator, animals)) cede_print_end(" ", i);
    cede_print();
}
