/*
 * echo/asio_spawn.cc PORT BUFFER - Boost.Asio with coroutines that have stacks
 *
 * Config: as asio.cc, but a spawn for every connection: Boost.Coroutine's
 * default stacks, from malloc, without guards. TCP_NODELAY.
 */
#define BOOST_ASIO_DISABLE_THREADS
#define BOOST_COROUTINES_NO_DEPRECATION_WARNING
#define BOOST_ALLOW_DEPRECATED_HEADERS

#include <cstdlib>
#include <memory>
#include <vector>

#include <boost/asio.hpp>
#include <boost/asio/spawn.hpp>

#include "limit.h"

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

static void echo(tcp::socket &peer, std::size_t size,
                 const asio::yield_context &yield)
{
    std::vector<char> buffer(size);
    error_code error;

    for (;;) {
        std::size_t got = peer.async_read_some(asio::buffer(buffer),
                                               yield[error]);
        if (error)
            return;
        asio::async_write(peer, asio::buffer(buffer, got), yield[error]);
        if (error)
            return;
    }
}

static void serve(tcp::acceptor &listener, std::size_t size,
                  const asio::yield_context &yield)
{
    for (;;) {
        error_code error;
        auto peer = std::make_shared<tcp::socket>(listener.get_executor());

        listener.async_accept(*peer, yield[error]);
        if (error)
            continue;
        peer->set_option(tcp::no_delay(true));
        asio::spawn(listener.get_executor(),
                    [peer, size](const asio::yield_context &own) {
                        echo(*peer, size, own);
                    });
    }
}

int main(int argc, char **argv)
{
    raise_limit();
    asio::io_context context(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE);
    tcp::endpoint place(asio::ip::address_v4::loopback(),
                        argc > 1 ? std::atoi(argv[1]) : 7777);
    tcp::acceptor listener(context, place);
    std::size_t size = argc > 2 ? std::atol(argv[2]) : 4096;

    listener.listen(4096);
    asio::spawn(context, [&](const asio::yield_context &yield) {
        serve(listener, size, yield);
    });
    context.run();
}
