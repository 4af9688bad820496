/*
 * Boost.Fiber's fibers with pooled stacks of 64 KiB without guards, the
 * quickest it has, queued (launch::post) as tasks of the other peers are.
 */
#pragma once

#include <boost/context/pooled_fixedsize_stack.hpp>
#include <boost/fiber/all.hpp>

namespace fibers = boost::fibers;

template <typename Function> fibers::fiber start(Function &&function)
{
    static boost::context::pooled_fixedsize_stack stacks(64 * 1024);

    return fibers::fiber(fibers::launch::post, std::allocator_arg, stacks,
                         std::forward<Function>(function));
}
