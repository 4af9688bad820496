/* The first clause that matches takes the exception, by a base class too. */
#include <cede.h>

static CEDE_EXCEPTION(A, cede_Exception);
static CEDE_EXCEPTION(B, A);

int main(void)
{
    const cede_class *const orders[][2] = {{A, B}, {B, A}};

    for (int i = 0; i < 2; i++) {
        cede_try {
            cede_raise(B);
        } cede_except (orders[i][0]) {
            cede_print("clause", orders[i][0]->name);
        } cede_except (orders[i][1]) {
            cede_print("clause", orders[i][1]->name);
        } cede_end
    }
}
