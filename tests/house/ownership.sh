#!/bin/sh
# What the compiler says of mistakes with references, with the types of
# functions and with the parts of statements, and that it says nothing of right
# code.
#
# A dropped constructor is seen by gcc and clang, at every level. What is used
# after its reference was taken is seen by gcc 12 and later without
# optimization (include/cede/impl/platform.h says why not with it). CEDE_DEBUG=1
# sees the rest when it runs, such as a generator used after its cede_for.
#
# usage: ownership.sh C-COMPILER INCLUDE-DIRECTORY
set -u

cc=$1
include=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
skipped=0

# compile LEVEL STATEMENTS: in a function of two pointers, with -Wall and more.
compile() {
    cat >"$work/case.c" <<END
#include "cede.h"
#include <stdlib.h>
#include <string.h>

cede_value fn(void *argument);
void of_nothing(void);
cede_value value_of_nothing(void);
int int_of_nothing(void);
void of_int(int number);
void of_int_pointer(int *number);
void of_double(double number);
void serves(cede_stream *peer);
void serves_int(cede_stream *peer, int number);
void serves_double(cede_stream *peer, double number);
void use(const void *object);
CEDE_EXCEPTION(Own, cede_ValueError);
void test(void *x, void *y);
void test(void *x, void *y)
{
    (void)x;
    (void)y;
    $2
}
END
    "$cc" -std=gnu11 "$1" -Wall -Wextra -Wshadow -Wpedantic -I"$include" \
        -c "$work/case.c" -o "$work/case.o" >"$work/said" 2>&1
}

fail() {
    failed=$((failed + 1))
    echo "FAIL  $1 at $2: $3"
    sed 's/^/    /' "$work/said"
}

# warns NAME WARNING LEVELS STATEMENTS
warns() {
    for level in $3; do
        if compile "$level" "$4" && grep -q -e "\[$2\]" "$work/said"; then
            passed=$((passed + 1))
        else
            fail "$1" "$level" "no $2"
        fi
    done
}

# is_right NAME STATEMENTS
is_right() {
    for level in -O0 -O1 -O2 -O3; do
        if compile "$level" "$2" && [ ! -s "$work/said" ]; then
            passed=$((passed + 1))
        else
            fail "$1" "$level" "it is right"
        fi
    done
}

# ---- dropped: nobody can ever release it -------------------------------------

dropped() {
    warns "dropped: $1" -Wunused-result "-O0 -O1 -O2" "$1;"
}

dropped 'cede_create_task(fn, x)'
dropped 'cede_create_task_with(fn, 3)'
dropped 'cede_loop_create_task(x, fn, y)'
dropped 'cede_generator(fn, x)'
dropped 'cede_generator_with(fn, 3)'
dropped 'cede_coroutine(fn, x)'
dropped 'cede_coroutine_with(fn, 3)'
dropped 'cede_loop_create_future(NULL)'
dropped 'cede_loop_new()'
dropped 'cede_open_connection("localhost", 1)'
dropped 'cede_iter(x)'
dropped 'cede_map(NULL, x)'
dropped 'cede_list_new()'
dropped 'cede_list_from(x)'
dropped 'cede_context_new()'
dropped 'cede_contextmanager(x)'
dropped 'cede_object_new(cede_ValueError)'
dropped 'cede_str_copy("text")'
dropped 'cede_catch(fn, x, NULL)'

# ---- functions that cannot be called with what they are given ----------------

warns 'another pointer' -Wincompatible-pointer-types -O0 \
    'char c; use(cede_generator(of_int_pointer, &c));'
warns 'an address for the number of a server' -Wint-conversion -O0 \
    'use(cede_start_server(serves_int, x, "::1", 1));'
warns 'a format for something else' '-Wformat=\?' -O0 \
    'cede_stream_printf(x, "%s", 5);'
warns 'an address for a number' -Wint-conversion -O0 \
    'use(cede_create_task(of_int, x));'

# refused NAME STATEMENTS: does not compile
refused() {
    if compile -O0 "$2"; then
        fail "$1" -O0 "it compiles"
    else
        passed=$((passed + 1))
    fi
}

# says TEXT NAME STATEMENTS: does not compile, and the compiler names TEXT
says() {
    if compile -O0 "$3"; then
        fail "$2" -O0 "it compiles"
    elif grep -q -e "$1" "$work/said"; then
        passed=$((passed + 1))
    else
        fail "$2" -O0 "no word of $1"
    fi
}

says 'cede_except stands before' 'except behind finally' \
    'cede_try use(x); cede_finally use(y); cede_except (cede_OSError) use(x);
    cede_end'
says 'cede_except stands before' 'except behind else' \
    'cede_try use(x); cede_else use(y); cede_except (cede_OSError) use(x);
    cede_end'
says 'cede_except_group stands before' 'except* behind finally' \
    'cede_with (z, x) use(z); cede_finally use(y);
    cede_except_group (cede_OSError) use(x); cede_end'
says 'one cede_else stands before' 'else behind finally' \
    'cede_try use(x); cede_finally use(y); cede_else use(x); cede_end'
says 'a statement has one cede_finally' 'two finally clauses' \
    'cede_try use(x); cede_finally use(y); cede_finally use(x); cede_end'
says 'takes_classes_in_parentheses_cede_KeyError' 'a class as a name' \
    'cede_try use(x); cede_except (cede_OSError, cede_KeyError) use(y);
    cede_end'
says 'takes_classes_in_parentheses_Own' 'a class of one'"'"'s own as a name' \
    'cede_try use(x); cede_except (cede_OSError, Own) use(y); cede_end'
says 'several classes stand in parentheses' 'two classes and a name' \
    'cede_try use(x); cede_except (cede_OSError, cede_KeyError, e) use(y);
    cede_end'
says 'takes_classes_in_parentheses_cede_KeyError' 'a class as a group' \
    'cede_try use(x); cede_except_group (cede_OSError, cede_KeyError) use(y);
    cede_end'
says 'cede_no_statement_is_open_here' 'a loop with an end' \
    'cede_for (v, x) use(y); cede_end'
says 'cede_no_statement_is_open_here' 'an end too many' \
    'cede_try use(x); cede_end cede_end'
says 'cede_no_statement_is_open_here' 'a clause of nothing' \
    'use(x); cede_finally use(y); cede_end'

for what in 5 2.5 '"text"' 'strdup("text")' '(char)1' 'rand() > 5L' '(void **)x'
do
    says 'cede_impl_own_wants_an_object_or_a_cede_value' "to own $what" \
        "cede_own (z, $what); use(&z);"
done

refused 'no argument' 'use(cede_generator(of_int));'
refused 'an argument too many' 'use(cede_generator(of_nothing, x));'
refused 'a floating point parameter' 'use(cede_generator(of_double, 1));'
refused 'a callback of a double' 'cede_loop_call_soon(x, of_double, 1);'
refused 'a result that is no value' 'use(cede_generator(int_of_nothing));'
refused 'options of a result that is no value' \
    'use(cede_create_task(int_of_nothing, NULL, .name = "x"));'
refused 'options of a floating point parameter' \
    'use(cede_create_task(of_double, NULL, .name = "x"));'
refused 'a server without its argument' \
    'use(cede_start_server(serves_int, "::1", 1));'
refused 'a server with an argument too many' \
    'use(cede_start_server(serves, x, "::1", 1));'
refused 'a server of a double' \
    'use(cede_start_server(serves_double, 1, "::1", 1));'
refused 'a server of a function that takes no connection' \
    'use(cede_start_server(of_nothing, "::1", 1));'
refused 'a literal NULL' 'use(cede_create_task(NULL, x));'

# ---- used after its reference was taken --------------------------------------

version=0
if "$cc" --version | grep -qi clang; then
    echo "SKIP  clang does not follow references"
else
    version=$("$cc" -dumpversion | sed 's/\..*//')
    says 'cede_end_is_missing' 'a statement without an end' \
        'cede_try use(x); cede_finally use(y);'
fi

used() {
    if [ "$version" -ge 12 ]; then
        warns "$1" "$2" -O0 "$3"
    else
        skipped=$((skipped + 1))
    fi
}

used "a task is awaited twice" -Wuse-after-free '
    cede_task *t = cede_create_task(fn, x);
    cede_await(t);
    cede_await(t);'
used "a coroutine is awaited twice" -Wuse-after-free '
    cede_coroutine *c = cede_coroutine(fn, x);
    cede_await(c);
    cede_await(c);'
used "a future is awaited twice" -Wuse-after-free '
    cede_future *f = cede_loop_create_future(NULL);
    cede_await(f);
    cede_await(f);'
used "a task is given up after its await" -Wuse-after-free '
    cede_task *t = cede_create_task(fn, x);
    cede_await(t);
    cede_unref(t);'
used "a task is asked after its await" -Wuse-after-free '
    cede_task *t = cede_create_task(fn, x);
    cede_await(t);
    use(cede_task_get_name(t));'
used "a generator is closed after it was delegated to" -Wuse-after-free '
    cede_generator *g = cede_generator(fn, x);
    cede_yield_from(g);
    cede_generator_close(g);'
used "a loop is run after its last reference" -Wuse-after-free '
    cede_loop *loop = cede_loop_new();
    cede_unref(loop);
    cede_loop_run_forever(loop);'
used "a generator is iterated over after its last reference" -Wuse-after-free '
    cede_generator *g = cede_generator(fn, x);
    cede_unref(g);
    cede_for (v, g)
        (void)v;'
used "an exception is given up twice" -Wuse-after-free '
    cede_exception *e = cede_exception(cede_ValueError, NULL);
    cede_unref(e);
    cede_unref(e);'
used "an object is given to free" -Wmismatched-dealloc '
    free(cede_generator(fn, x));'
used "a list is given to free" -Wmismatched-dealloc '
    free(cede_list_new());'

# ---- right -------------------------------------------------------------------

is_right "a reference of its own for each use" '
    cede_task *t = cede_create_task(fn, x);
    cede_task *keep = cede_ref(t);
    cede_await(t);
    use(cede_task_get_name(keep));
    cede_await(keep);'
is_right "a loop owns its generator, and its body uses it" '
    cede_generator *g = cede_generator(fn, x);
    cede_for (v, g) {
        cede_value_unref(cede_generator_send(g, v));
        cede_generator_close(g);
    }'
is_right "whatever can be awaited" '
    cede_generator *g = cede_types_coroutine(cede_generator(fn, x));
    cede_await(g);
    cede_await(cede_coroutine_with(fn, x));
    cede_await(cede_loop_create_future(NULL));
    cede_await(cede_create_task_with(fn, 2.5));'
is_right "options of functions of any type" '
    use(cede_create_task(of_nothing, NULL, .name = "x"));
    use(cede_create_task(value_of_nothing, NULL, .name = "x"));
    use(cede_create_task(of_int, NULL, .name = "x"));
    use(cede_create_task(of_int_pointer, &(int){5}, .name = "x"));
    cede_to_thread(of_nothing, NULL, .limiter = x);
    cede_run(of_nothing, NULL, .debug = true);'
is_right "servers of any type" '
    use(cede_start_server(serves, "::1", 1));
    use(cede_start_server(serves_int, 5, NULL, 1));
    use(cede_start_server_with_options(serves, "::1", 1, NULL));
    use(cede_start_server_with_options(serves_int, 5, "::1", 1, y));
    use(cede_start_server(serves_int, ((int[]){1, 2})[0], "::1", 1));
    use(cede_start_server_with_options(serves, "::1", 1,
        (&(cede_server_options){.backlog = 5, .limit = 10})));
    use(cede_start_server_with_options(serves_int, 5, "::1", 1,
        (&(cede_server_options){.backlog = 5, .limit = 10})));'
is_right "whatever can be delegated to" '
    cede_yield_from(cede_range(3));
    cede_yield_from(cede_list_of(1, 2));
    cede_yield_from(cede_tuple(1, 2));
    cede_yield_from(cede_map(NULL, cede_range(3)));
    cede_yield_from(cede_coroutine(fn, x));'
is_right "what can be owned" '
    cede_own (list, cede_list_of(1, 2));
    cede_own (value, cede_str_copy("text"));
    cede_own (mine, (struct { cede_object head; } *)x);
    cede_own (any, y);
    cede_own (number, cede_int(5));
    use(list);'
is_right "a deferred end" '
    cede_list *list = cede_list();
    cede_defer (cede_unref, list);
    cede_list_append(list, 1);
    use(list);'
is_right "an end on either way" '
    cede_task *t = cede_create_task(fn, x);
    if (y) {
        cede_await(t);
        return;
    }
    cede_unref(t);'
is_right "locals that statements change" '
    int n = 0, last = 0;
    for (int i = 0; i < 3; i++) {
        cede_try {
            n += rand();
            last = n + rand();
        } cede_except (cede_ValueError, e) {
            n = last + rand();
        } cede_finally {
            last += n;
        } cede_end
    }
    exit(n + last);'
is_right "several classes, with a name and without, the same name twice" '
    cede_try use(x);
    cede_except ((cede_OSError, Own), e) use(e);
    cede_except ((cede_KeyError, cede_IndexError)) use(y);
    cede_except (cede_TypeError, e) use(e);
    cede_end'
is_right "ends in a loop" '
    for (int i = 0; i < 3; i++) {
        cede_task *t = cede_create_task_with(fn, i);

        cede_try {
            cede_value_unref(cede_await(t));
        } cede_except (cede_ValueError, e) {
            use(e);
        } cede_end
    }'
is_right "copies of all kinds of things" '
    struct pair { int a, b; } p = {1, 2};
    const double d = 2.5;
    cede_unref(cede_generator_with(fn, p));
    cede_unref(cede_generator_with(fn, (struct pair){3, 4}));
    cede_unref(cede_generator_with(fn, d));
    cede_unref(cede_generator_with(fn, "text"));
    cede_unref(cede_generator_with(fn, &p));
    cede_unref(cede_coroutine_with(fn, (char)1));'

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
