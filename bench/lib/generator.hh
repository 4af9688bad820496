/*
 * A generator of C++20 coroutines, as small as it gets: the standard library of
 * gcc 12 has none (std::generator is C++23). The consumer's loop resumes it;
 * there is no symmetric transfer and no allocator of its own.
 */
#pragma once

#include <coroutine>
#include <exception>
#include <utility>

template <typename T> struct generator {
    struct promise_type {
        T value;

        generator get_return_object()
        {
            return generator{handle::from_promise(*this)};
        }
        std::suspend_always initial_suspend() noexcept { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        std::suspend_always yield_value(T item) noexcept
        {
            value = item;
            return {};
        }
        void return_void() noexcept {}
        void unhandled_exception() { throw; }
    };
    using handle = std::coroutine_handle<promise_type>;

    explicit generator(handle own) : self(own) {}
    generator(generator &&other) noexcept
        : self(std::exchange(other.self, nullptr))
    {
    }
    ~generator()
    {
        if (self)
            self.destroy();
    }

    /* Resumes it; false when it has ended. */
    bool next()
    {
        self.resume();
        return !self.done();
    }
    T value() const { return self.promise().value; }

    handle self;
};
