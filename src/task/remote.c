/*
 * Remote calls: how other threads reach a loop without allocating.
 * cede/lowlevel.h.
 *
 * Invariants: `called` and the place in the loop's list belong to the loop's
 * thread; whoever posts touches nothing but the job, once, and holds a
 * reference. A loop that has refused it is closed, and refuses it again. The queue owns a reference while the job is in it, and the loop
 * owns one while it expects the call.
 */
#include "task/task.h"

#include "flow/flow.h"
#include "value/object.h"

struct cede_remote_call {
    cede_object head;
    cede_loop *loop; /* a reference */
    cede__job job;
    bool posted; /* atomic */
    bool called; /* or it never will be */
    bool expected;
    void (*callback)(void *argument, bool posted);
    void *argument;
    cede__context_place place;
    cede__list link;
};

static void destroy(void *self)
{
    cede_remote_call *call = self;

    cede__context_place_finish(&call->place);
    cede_unref(call->loop);
}

static const cede_class remote_call_class[1] = {{
    .name = "RemoteCall",
    .size = sizeof(cede_remote_call),
    .flags = CEDE_CLASS_SHARED,
    .destroy = destroy,
}};

/* The loop does not expect it any more. The caller has a reference. */
static void forget(cede_remote_call *call)
{
    call->called = true;
    if (!call->expected)
        return;
    call->expected = false;
    cede__list_remove(&call->link);
    cede__unref_shared(call);
}

static cede_value call_back(void *self)
{
    cede_remote_call *call = self;

    call->callback(call->argument, true);
    return cede_none;
}

static void report(cede_loop *loop, cede_exception *error)
{
    cede_exception_handler_context context = {
        .message = "Exception in callback",
        .exception = error,
    };

    if (cede__ends_loop(error)) {
        cede__loop_fail(loop, error);
        return;
    }
    cede__loop_report(loop, &context);
    cede_unref(error);
}

static void run(cede__job *job)
{
    cede_remote_call *call = cede__list_entry(job, cede_remote_call, job);
    cede__context_place *before = cede__context_here;
    cede_exception *error;

    if (!call->called) {
        forget(call);
        cede__context_here = &call->place;
        error = cede_catch(call_back, call, NULL);
        if (error)
            report(call->loop, error);
        cede__context_here = before;
    }
    cede_unref(call);
}

/* The loop is closed: what was posted is told like what was expected. */
static void tell_closed(cede_remote_call *call)
{
    if (call->called)
        return;
    forget(call);
    call->callback(call->argument, false);
}

bool cede__remote_drop(cede__job *job)
{
    cede_remote_call *call;

    if (job->run != run)
        return false;
    call = cede__list_entry(job, cede_remote_call, job);
    tell_closed(call);
    cede_unref(call);
    return true;
}

void cede__remotes_close(cede__tasks *tasks)
{
    while (!cede__list_empty(&tasks->remotes)) {
        cede_remote_call *call = cede_ref(cede__list_entry(
            tasks->remotes.next, cede_remote_call, link));

        tell_closed(call);
        cede_unref(call);
    }
}

cede_remote_call *cede_remote_call_new(cede_loop *loop,
                                       void (*callback)(void *, bool),
                                       void *argument)
{
    cede_remote_call *call;

    cede_check_alive(loop);
    if (!callback)
        cede_raise(cede_TypeError, "a callback was expected, got NULL");
    call = cede_object_new(remote_call_class);
    cede__loop_hook(loop, &cede__task_hooks); /* for what is dropped */
    call->loop = cede_ref(loop);
    call->job.run = run;
    call->callback = callback;
    call->argument = argument;
    call->place.context = cede__context_capture();
    cede__list_init(&call->link);
    return call;
}

void cede_remote_call_expect(cede_remote_call *call)
{
    cede__tasks *tasks;

    cede_check_alive(call);
    cede__loop_check(call->loop);
    if (call->called || call->expected)
        return;
    tasks = cede__tasks_of(call->loop);
    if (!tasks)
        cede_raise(cede_MemoryError);
    call->expected = true;
    cede__list_push_back(&tasks->remotes, &cede_ref(call)->link);
}

bool cede_remote_call_post(cede_remote_call *call)
{
    if (__atomic_exchange_n(&call->posted, true, __ATOMIC_ACQ_REL))
        return true;
    if (cede__loop_post_threadsafe(call->loop, &cede_ref(call)->job) == 0)
        return true;
    __atomic_store_n(&call->posted, false, __ATOMIC_RELEASE);
    cede__unref_shared(call);
    return false;
}

void cede_remote_call_cancel(cede_remote_call *call)
{
    cede_check_alive(call);
    forget(call);
}
