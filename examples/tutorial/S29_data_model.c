/*
 * What the language asks of a class: a coroutine has send, throw, close and
 * await, and no next; an iterator has a next, and a context manager an enter
 * and an exit, that may suspend.
 */
#include <cede.h>

struct a { cede_object head; int i; };

static void *a_iter(void *self) { ((struct a *)self)->i = 0; return cede_ref(self); }

static bool a_next(void *self, cede_value *item) {
    struct a *a = self;
    if (a->i == 2) return false;
    *item = cede_int(++a->i); return true;
}

static const cede_iterator_methods a_methods = {.iter = a_iter, .next = a_next};
static CEDE_CLASS(A, struct a, .iterator = &a_methods);

struct c { cede_object head; const char *var; };

static void c_enter(void *self) { cede_print("aenter"); ((struct c *)self)->var = "var"; }

static bool c_exit(void *self, cede_exception *e) {
    (void)self;
    cede_print("aexit", e ? cede_str(cede_exception_name(e)) : cede_none);
    return true;
}

static const cede_manager_methods c_methods = {c_enter, c_exit};
static CEDE_CLASS(C, struct c, .manager = &c_methods);

static cede_value co(void) { return cede_int(1); }

static void main_task(void) {
    cede_own (c, cede_coroutine(co));
    bool has = cede_iscoroutine(c); /* for coroutines: send, throw, close */
    cede_print(cede_temp(cede_list_of(has, has, has, cede_isawaitable(c), cede_isiterator(c))));
    cede_coroutine_close(c);
    cede_for (x, cede_object_new(A)) cede_print(x);
    cede_with (v, (struct c *)cede_object_new(C)) {
        cede_print(v->var); cede_raise(cede_KeyError, "swallowed");
    } cede_end
    cede_print("after");
}

int main(void) { cede_run(main_task); }
