/* await gives what a coroutine returns. */
#include <cede.h>

struct pair { int a, b; };
static cede_value add(struct pair *p) { return cede_int(p->a + p->b); }
static void print_add(struct pair *p) {
    cede_value result = cede_await(cede_coroutine(add, p));
    cede_print(result);
}

int main(void) { cede_run(print_add, &(struct pair){1, 2}); }
