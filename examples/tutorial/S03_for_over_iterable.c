/* A loop asks an iterable for an iterator by itself, and each loop anew. */
#include "counter.h"

int main(void) {
    show_next();
    cede_print("--for");
    cede_for (i, cede_object_new(Counter)) cede_print(i);
    cede_print(cede_temp(cede_list_from(cede_object_new(Counter))));
}
