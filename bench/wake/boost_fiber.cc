/*
 * One fiber wakes another; cede.c says by what.
 *
 * Config: promise and future (made for each wake-up); buffered_channel of
 * capacity 2, of which it uses one place; unbuffered_channel. A mutex of
 * Boost.Fiber does not hand over: who releases it takes it again at once, so
 * there is no such case here. Everything is safe between threads, as Debian
 * builds it.
 */
#include "fibers.hh"

#include <optional>

#include "bench.h"

static void both(fibers::fiber &&one, fibers::fiber &&two)
{
    one.join();
    two.join();
}

static void futures(long ops)
{
    std::optional<fibers::promise<long>> pending[2];
    auto answer = [&](int me) {
        for (long i = 0; i < ops / 2; i++) {
            pending[me].emplace();
            fibers::future<long> mine = pending[me]->get_future();

            if (pending[!me]) {
                auto theirs = std::move(*pending[!me]);

                pending[!me].reset();
                theirs.set_value(i);
            }
            bench_use(mine.get());
        }
        if (pending[!me])
            pending[!me]->set_value(ops);
    };

    both(start([&] { answer(0); }), start([&] { answer(1); }));
}

template <typename Channel> static void channel(Channel &&items, long ops)
{
    both(start([&] {
             for (long i = 0; i < ops; i++)
                 items.push(i);
         }),
         start([&] {
             for (long i = 0; i < ops; i++)
                 bench_use(items.value_pop());
         }));
}

static long wake(struct bench *bench, long ops)
{
    if (bench_is(bench, "future"))
        futures(ops);
    else if (bench_is(bench, "queue"))
        channel(fibers::buffered_channel<long>(2), ops);
    else
        channel(fibers::unbuffered_channel<long>(), ops);
    return ops;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);

    bench_run(&bench, wake);
    bench_print(&bench);
    return 0;
}
