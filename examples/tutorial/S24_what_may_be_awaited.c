/*
 * What may be awaited: a coroutine, a generator marked as one, an object whose
 * class says how, and nothing else. What they yield goes to whoever drives the
 * outermost coroutine.
 */
#include <cede.h>

static cede_value gen_based(void) { return cede_yield("from generator-based"); }

static cede_value native(void) { return cede_str("native result"); }

static cede_value wait_for_obj(void) { return cede_yield("from __await__"); }

static void *obj_await(void *self) {
    (void)self;
    return cede_generator(wait_for_obj);
}

static const cede_awaitable_methods obj_methods = {.await_ = obj_await};
static CEDE_CLASS(Obj, cede_object, .awaitable = &obj_methods);

static void main_coroutine(void) {
    cede_print("1", cede_await(cede_coroutine(native)));
    cede_generator *marked = cede_types_coroutine(cede_generator(gen_based));
    cede_print("2", cede_await(marked));
    cede_print("3", cede_await(cede_object_new(Obj)));
    cede_try { cede_await(cede_list_of(5)); } /* the compiler would refuse 5 */
    cede_except (cede_TypeError, e) { cede_print("4 TypeError:", e); } cede_end
}

int main(void) {
    cede_own (c, cede_coroutine(main_coroutine));
    cede_own (v, cede_coroutine_send(c, cede_none));
    while (true) {
        cede_print("   driver sees", v);
        cede_try { v = cede_coroutine_send(c, "sent"); }
        cede_except (cede_StopIteration) { break; } cede_end
    }
}
