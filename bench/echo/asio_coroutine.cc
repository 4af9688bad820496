/*
 * echo/asio_coroutine.cc PORT BUFFER - Boost.Asio with C++20 coroutines
 *
 * Config: as asio.cc, but a co_spawn for every connection. TCP_NODELAY.
 */
#define BOOST_ASIO_DISABLE_THREADS

#include <cstdlib>
#include <utility> /* Asio 1.74 forgets it */
#include <vector>

#include <boost/asio.hpp>

#include "limit.h"

namespace asio = boost::asio;
using asio::ip::tcp;

static asio::awaitable<void> echo(tcp::socket peer, std::size_t size)
{
    std::vector<char> buffer(size);

    try {
        for (;;) {
            std::size_t got = co_await peer.async_read_some(
                asio::buffer(buffer), asio::use_awaitable);
            co_await asio::async_write(peer, asio::buffer(buffer, got),
                                       asio::use_awaitable);
        }
    } catch (const std::exception &) {
        /* The client went away. */
    }
}

static asio::awaitable<void> serve(tcp::acceptor &listener, std::size_t size)
{
    for (;;) {
        tcp::socket peer = co_await listener.async_accept(asio::use_awaitable);

        peer.set_option(tcp::no_delay(true));
        co_spawn(listener.get_executor(), echo(std::move(peer), size),
                 asio::detached);
    }
}

int main(int argc, char **argv)
{
    raise_limit();
    asio::io_context context(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE);
    tcp::endpoint place(asio::ip::address_v4::loopback(),
                        argc > 1 ? std::atoi(argv[1]) : 7777);
    tcp::acceptor listener(context, place);

    listener.listen(4096);
    co_spawn(context,
             serve(listener, argc > 2 ? std::atol(argv[2]) : 4096),
             asio::detached);
    context.run();
}
