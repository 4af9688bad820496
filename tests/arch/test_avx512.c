/*
 * With AVX-512 the compiler has sixteen more vector registers and the masks;
 * the inline switch must say that it clobbers them too, or sums across a yield
 * are silently wrong.
 */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#pragma GCC target("avx512f")
#define HAVE_TARGET 1
#else
#define HAVE_TARGET 0 /* clang's pragma does not define __AVX512F__ */
#endif

#include "value/said.h"

#include "cede/generator.h"

#if HAVE_TARGET

typedef double vector __attribute__((vector_size(64)));

static double id_double(double d) { return d; }
static double (*volatile opaque)(double) = id_double;

static inline vector splat(double d)
{
    return (vector){d, d + 1, d + 2, d + 3, d + 4, d + 5, d + 6, d + 7};
}

static double total(vector v)
{
    double sum = 0;

    for (int i = 0; i < 8; i++)
        sum += v[i];
    return sum;
}

/* Twenty-four vectors are alive across each yield. */
static cede_value adds(void *argument)
{
    double start = opaque(*(double *)argument);
    vector v[24];

#pragma GCC unroll 24
    for (int i = 0; i < 24; i++)
        v[i] = splat(start + i);
    for (;;) {
        cede_value got = cede_yield(0);
        vector sum = {0};

        if (cede_is_none(got))
            break;
#pragma GCC unroll 24
        for (int i = 0; i < 24; i++)
            v[i] += splat(cede_value_float(got));
#pragma GCC unroll 24
        for (int i = 0; i < 24; i++)
            sum += v[i];
        cede_yield(total(sum));
    }
    return cede_none;
}

static double expected(double start, double added)
{
    double sum = 0;

    for (int i = 0; i < 24; i++)
        sum += total(splat(start + i) + splat(added));
    return sum;
}

static void check_two_at_once(void)
{
    cede_generator *one = cede_generator_with(adds, 1.0);
    cede_generator *two;

    cede_defer(cede_unref, one);
    two = cede_generator_with(adds, 1000.0);
    cede_defer(cede_unref, two);
    cede_next(one);
    cede_next(two);
    for (int i = 0; i < 2; i++) {
        cede_generator *g = i ? two : one;
        double start = i ? 1000 : 1;

        CHECK_FLOAT(cede_value_float(cede_generator_send(g, 10.0)),
                    expected(start, 10));
    }
}

TEST(vectors_survive_a_yield)
{
    if (!__builtin_cpu_supports("avx512f"))
        SKIP("this processor has no AVX-512");
    check_two_at_once();
}

#else

TEST(vectors_survive_a_yield)
{
    SKIP("no target pragma for this compiler or processor");
}

#endif
