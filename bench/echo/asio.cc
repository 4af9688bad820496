/*
 * echo/asio.cc PORT BUFFER - Boost.Asio with callbacks
 *
 * Config: the io_context is told that it has one thread and needs no locks;
 * handlers are lambdas whose memory Asio recycles; a buffer of BUFFER bytes per
 * connection, as in Asio's own examples. TCP_NODELAY.
 */
#define BOOST_ASIO_DISABLE_THREADS

#include <cstdlib>
#include <memory>
#include <vector>

#include <boost/asio.hpp>

#include "limit.h"

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

class connection : public std::enable_shared_from_this<connection> {
public:
    connection(tcp::socket accepted, std::size_t size)
        : peer(std::move(accepted)), buffer(size)
    {
    }

    void read()
    {
        peer.async_read_some(
            asio::buffer(buffer),
            [self = shared_from_this()](error_code error, std::size_t got) {
                if (!error)
                    self->write(got);
            });
    }

private:
    void write(std::size_t size)
    {
        asio::async_write(
            peer, asio::buffer(buffer, size),
            [self = shared_from_this()](error_code error, std::size_t) {
                if (!error)
                    self->read();
            });
    }

    tcp::socket peer;
    std::vector<char> buffer;
};

static void welcome(tcp::acceptor &listener, std::size_t size)
{
    listener.async_accept([&listener, size](error_code error,
                                            tcp::socket peer) {
        if (!error) {
            peer.set_option(tcp::no_delay(true));
            std::make_shared<connection>(std::move(peer), size)->read();
        }
        welcome(listener, size);
    });
}

int main(int argc, char **argv)
{
    raise_limit();
    asio::io_context context(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE);
    tcp::endpoint place(asio::ip::address_v4::loopback(),
                        argc > 1 ? std::atoi(argv[1]) : 7777);
    tcp::acceptor listener(context, place);

    listener.listen(4096);
    welcome(listener, argc > 2 ? std::atol(argv[2]) : 4096);
    context.run();
}
