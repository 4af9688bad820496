/* ensure_future leaves a future as it is and makes a task of a coroutine, and
   of anything else that can be awaited. */
#include <cede.h>

typedef struct aw {
    cede_object head;
} aw;

static cede_value steps(void *arg)
{
    (void)arg;
    cede_yield(cede_none);
    return cede_str("awaitable");
}

static void *await_(void *self)
{
    (void)self;
    return cede_generator(steps, NULL);
}

static const cede_awaitable_methods methods = {.await_ = await_};
static CEDE_CLASS(Aw, aw, .awaitable = &methods);

static cede_value c(void *arg)
{
    (void)arg;
    return cede_str("coroutine");
}

static cede_value run(void *arg)
{
    cede_future *f = cede_loop_create_future(cede_get_running_loop());
    cede_future *same = cede_ensure_future(cede_ref(f));

    (void)arg;
    cede_print((bool)(same == f));
    cede_unref(same);
    cede_future_cancel(f, NULL);
    cede_unref(f);
    cede_print(cede_await(cede_ensure_future(cede_coroutine(c, NULL))),
               cede_await(cede_ensure_future(cede_object_new(Aw))));
    cede_try {
        cede_unref(cede_ensure_future(cede_tuple(3)));
    } cede_except (cede_TypeError, e) {
        cede_print("TypeError:", e);
    } cede_end
    cede_try {
        cede_unref(cede_create_task_from(cede_object_new(Aw)));
    } cede_except (cede_TypeError, e) {
        cede_value text = cede_str_copy_n(cede_exception_message(e), 24);

        cede_print("create_task: TypeError", text);
        cede_value_unref(text);
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
