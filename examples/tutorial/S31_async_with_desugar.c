/*
 * What the with statement does, written out: enter, the body, exit with the
 * exception or without; a true exit swallows it. Both may await.
 */
#include <cede.h>

typedef struct m { cede_object head; int swallow, var; } m;

static void aenter(void *s) { cede_print(" enter"); ((m *)s)->var = 7; }
static bool aexit(void *s, cede_exception *e) {
    cede_print(" exit", e ? cede_str(cede_exception_name(e)) : cede_none);
    return ((m *)s)->swallow;
}

static const cede_manager_methods methods = {.enter = aenter, .exit = aexit};
static CEDE_CLASS(M, m, .manager = &methods);

static void expanded(m *mgr, int fail) {
    aenter(mgr);
    cede_try {
        cede_print(" body", mgr->var);
        if (fail) cede_raise(cede_ValueError, "x");
    } cede_except (cede_BaseException, e) {
        if (!aexit(mgr, e)) cede_reraise();
    } cede_else { aexit(mgr, NULL); } cede_end
}

static void sugar(m *mgr, int fail) {
    cede_with (entered, cede_ref(mgr)) {
        cede_print(" body", entered->var);
        if (fail) cede_raise(cede_ValueError, "x");
    } cede_end
}

static void main_task(void) {
    void (*const forms[])(m *mgr, int fail) = {expanded, sugar};
    const struct { int swallow, fail; } c[] = {{0, 0}, {1, 1}, {0, 1}};
    for (int f = 0; f < 2; f++)
        for (int i = 0; i < 3; i++) {
            cede_print(f ? "sugar" : "expanded", c[i].swallow, c[i].fail);
            cede_own (mgr, cede_object_with(M, (m){.swallow = c[i].swallow}));
            cede_try { forms[f](mgr, c[i].fail); }
            cede_except (cede_ValueError, e) { cede_print(" raised", e); } cede_end
        }
}

int main(void) { cede_run(main_task); }
