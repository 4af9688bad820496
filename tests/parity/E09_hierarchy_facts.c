/*
 * Facts of the hierarchy: what except Exception lets pass, which classes are
 * one, and who derives from whom. That there is one TimeoutError is seen from
 * both sides: what a deadline raises, and what a concurrent future raises.
 */
#include <cede.h>

static cede_value times_out(void *arg)
{
    (void)arg;
    cede_timeout (deadline, 0) {
        cede_sleep(1);
    } cede_end
    return cede_none;
}

static cede_value run(void *arg)
{
    return cede_pointer(cede_catch(times_out, arg, NULL));
}

static cede_value asks_too_early(void *future)
{
    return cede_concurrent_future_result((cede_concurrent_future *)future, 0);
}

int main(void)
{
    cede_exception *late = cede_value_pointer(cede_run_simulated(run, NULL));
    cede_concurrent_future *pending = cede_concurrent_future_new();
    cede_exception *early = cede_catch(asks_too_early, pending, NULL);

    cede_print(cede_issubclass(cede_CancelledError, cede_Exception),
               cede_issubclass(cede_CancelledError, cede_BaseException));
    cede_print((bool)(cede_class_of(late) == cede_TimeoutError),
               (bool)(cede_class_of(early) == cede_TimeoutError),
               cede_issubclass(cede_TimeoutError, cede_OSError));
    cede_print(
        (bool)(&cede_concurrent_CancelledError[0] == &cede_CancelledError[0]),
        cede_issubclass(cede_InvalidStateError,
                        cede_concurrent_InvalidStateError));
    cede_print(cede_issubclass(cede_GeneratorExit, cede_Exception),
               cede_issubclass(cede_StopIteration, cede_Exception),
               cede_issubclass(cede_StopAsyncIteration, cede_StopIteration));
    cede_print(cede_issubclass(cede_IncompleteReadError, cede_EOFError),
               cede_issubclass(cede_BrokenBarrierError, cede_RuntimeError),
               cede_issubclass(cede_QueueFull, cede_Exception));
    cede_unref(early);
    cede_unref(pending);
    cede_unref(late);
}
