/*
 * world.h - what the tests of the loop have in common
 *
 * One loop on a virtual clock, and a line of text that callbacks add words to.
 * Each test is a process of its own, so the world is a global. It ends by
 * itself at t = 1000, so that a test whose callbacks fail for want of memory
 * does not wait for ever.
 */
#pragma once

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cede/loop.h"
#include "cede/try.h"
#include "harness/harness.h"

static struct world {
    cede_virtual_time time;
    cede_loop *loop;
    char log[4096];
} world;

__attribute__((unused, format(printf, 1, 2))) static void
say(const char *format, ...)
{
    size_t used = strlen(world.log);
    va_list arguments;

    va_start(arguments, format);
    if (used > 0 && used < sizeof world.log - 1)
        world.log[used++] = ' ';
    vsnprintf(world.log + used, sizeof world.log - used, format, arguments);
    va_end(arguments);
}

/* --- callbacks --- */

__attribute__((unused)) static void speak(void *text)
{
    say("%s", (const char *)text);
}

/* Says the text and when. */
__attribute__((unused)) static void speak_time(void *text)
{
    say("%s@%g", (const char *)text, cede_loop_time(world.loop));
}

__attribute__((unused)) static void stop(void *unused)
{
    (void)unused;
    cede_loop_stop(world.loop);
}

__attribute__((unused)) static void nothing(void *unused)
{
    (void)unused;
}

__attribute__((unused)) static void raise_value_error(void *text)
{
    cede_raise(cede_ValueError, "%s", (const char *)text);
}

/* --- the world --- */

__attribute__((unused)) static void close_world(struct world *w)
{
    cede_loop_close(w->loop);
    cede_unref(w->loop);
    w->loop = NULL;
}

__attribute__((unused)) static void open_world_with(const char *poller)
{
    cede_clock clock = cede_virtual_clock(&world.time);
    cede_loop_options options = {.clock = &clock, .poller = poller};

    world.loop = cede_loop_new_with(&options);
    if (!harness_torturing())
        return;
    cede_try {
        cede_loop_call_at(world.loop, 1000, stop, NULL);
    }
    cede_except (cede_BaseException, e) {
        close_world(&world);
        cede_reraise();
    }
    cede_end;
}

/* Opens the world for the rest of the test's function. */
#define OPEN_WORLD()                                                           \
    open_world_with(NULL);                                                     \
    cede_defer (close_world, &world)

/* Runs the loop and compares what was said; forgets it. */
#define CHECK_RUN(expected)                                                    \
    do {                                                                       \
        cede_loop_run_forever(world.loop);                                     \
        CHECK_TRACE(world.log, expected);                                      \
        world.log[0] = '\0';                                                   \
    } while (0)

/* The statement must raise the class with exactly this message. */
#define CHECK_RAISES_WITH(class, message, statement)                           \
    do {                                                                       \
        char check_text[256] = "nothing raised";                               \
        cede_keep(check_text);                                                 \
        cede_try {                                                             \
            statement;                                                         \
        }                                                                      \
        cede_except (class, check_exception) {                                 \
            snprintf(check_text, sizeof check_text, "%s",                      \
                     cede_exception_message(check_exception));                 \
        }                                                                      \
        cede_end;                                                              \
        CHECK_STR(check_text, message);                                        \
    } while (0)
