/*
 * A thread as cede sees it: outside all coroutines it is a coroutine too, one
 * that cannot yield and has the stack the system gave it.
 */
#include "coro/coroutine.h"

#include "flow/flow.h"
#include "stack/stack.h"

#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

CEDE_IMPL_THREAD_LOCAL cede_impl_flow *cede_impl_current;

static __thread cede_impl_coroutine thread_main;

static void escape(cede_impl_flow *flow, cede_exception *exception)
{
    (void)flow;
    if (syscall(SYS_gettid) == getpid())
        cede__exit_uncaught(exception);
    /* As threading.excepthook: the other threads go on (E17). */
    cede__report_thread(exception);
    pthread_exit(NULL);
}

static const char *name_of(const void *owner)
{
    return ((const cede_impl_coroutine *)owner)->name;
}

cede_impl_flow *cede_impl_thread_start(void)
{
    static uint32_t threads;

    cede__coroutine_fill(&thread_main, NULL, NULL, "main",
                         CEDE_IMPL_NOT_A_GENERATOR);
    thread_main.state = CEDE_IMPL_RUNNING;
    thread_main.thread = __atomic_add_fetch(&threads, 1, __ATOMIC_RELAXED);
    thread_main.flow.escape = escape;
    __atomic_store_n(&cede__stack_owner_name, name_of, __ATOMIC_RELAXED);
    cede_impl_current = &thread_main.flow;
    return cede_impl_current;
}

cede_impl_coroutine *cede__thread_main(void)
{
    cede_impl_flow_now();
    return &thread_main;
}
