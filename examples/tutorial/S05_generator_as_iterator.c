/* A generator is the short way to write an iterator. */
#include <cede.h>

static void test2(void) {
    for (int i = 0; i < 10; i++)
        cede_yield(i * 2);
}

int main(void) { cede_print(cede_temp(cede_list_from(cede_generator(test2)))); }
