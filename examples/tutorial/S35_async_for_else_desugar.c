/* What the for statement with an else does, written out. The else clause runs
   when the loop came to the end, not after break. */
#include <cede.h>

static void agen(void) { for (int i = 0; i < 3; i++) cede_yield(i); }

static void expanded(cede_generator *iter, cede_value stop) {
    while (true) {
        cede_own (target, cede_none);
        cede_try { target = cede_next(iter); }
        cede_except (cede_StopIteration) { break; } cede_end
        cede_print(" block", target);
        if (cede_value_equal(target, stop)) return;
    }
    cede_print(" else");
}

static void sugar(cede_generator *iter, cede_value stop) {
    cede_for_else (target, cede_ref(iter)) {
        cede_print(" block", target);
        if (cede_value_equal(target, stop)) break;
    } cede_else { cede_print(" else"); } cede_end
}

static void main_task(void) {
    void (*const forms[])(cede_generator *, cede_value) = {expanded, sugar};
    for (int f = 0; f < 2; f++)
        for (int i = 0; i < 2; i++) {
            cede_value stop = i ? cede_int(1) : cede_none;
            cede_own (a, cede_generator(agen));
            cede_print(f ? "sugar" : "expanded", stop);
            forms[f](a, stop); cede_generator_close(a);
        }
}

int main(void) { cede_run(main_task); }
