/*
 * What the with statement does, written out: enter, the body, exit with the
 * exception or without; a true exit swallows it. Both may await.
 */
#include <cede.h>

typedef struct m {
    cede_object head;
    bool swallow;
} m;

static cede_value aenter(m *s)
{
    (void)s;
    cede_print(" enter");
    return cede_int(7);
}

static bool aexit(void *self, cede_exception *e)
{
    m *s = self;

    cede_print(" exit", e ? cede_str(cede_exception_name(e)) : cede_none);
    return s->swallow;
}

/* `as`: the block of cede_with knows its manager. */
static cede_value entered;

static void enter(void *self)
{
    entered = aenter(self);
}

static const cede_manager_methods methods = {.enter = enter, .exit = aexit};
static CEDE_CLASS(M, m, .manager = &methods);

static m *make(bool swallow)
{
    m *s = cede_object_new(M);

    s->swallow = swallow;
    return s;
}

static void body(cede_value var, bool fail)
{
    cede_print(" body", var);
    if (fail)
        cede_raise(cede_ValueError, "x");
}

static void expanded(m *mgr, bool fail)
{
    cede_value var = aenter(mgr);
    cede_defer (cede_unref, mgr);

    cede_try {
        body(var, fail);
    } cede_except (cede_BaseException, e) {
        if (!aexit(mgr, e))
            cede_reraise();
    } cede_else {
        aexit(mgr, NULL);
    } cede_end
}

static void sugar(m *mgr, bool fail)
{
    cede_with (mgr_, mgr) {
        body(entered, fail);
    } cede_end
}

static cede_value run(void *arg)
{
    static const struct {
        const char *name;
        void (*f)(m *mgr, bool fail);
    } forms[] = {{"expanded", expanded}, {"sugar", sugar}};
    static const bool cases[][2] = {{0, 0}, {1, 1}, {0, 1}};

    (void)arg;
    for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 3; j++) {
            bool swallow = cases[j][0], fail = cases[j][1];

            cede_print(forms[i].name, (int)swallow, (int)fail);
            cede_try {
                forms[i].f(make(swallow), fail);
            } cede_except (cede_ValueError, e) {
                cede_print(" raised", e);
            } cede_end
        }
    }
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
