/*
 * What locals are worth after a jump: kept ones, untouched ones, those in
 * registers, and frames that grow while a clause is due.
 */
#include "value/said.h"

#include <alloca.h>

#include "cede/exception.h"

static int id_int(int n) { return n; }
static double id_double(double d) { return d; }
static int (*volatile opaque)(int) = id_int;
static double (*volatile real)(double) = id_double;

__attribute__((noinline)) static void raise_it(void)
{
    cede_raise(cede_ValueError);
}

static inline void raise_inline(bool condition)
{
    if (condition)
        raise_it();
}

#define CATCH cede_except (cede_ValueError, e)

/* ---- assigned in the body, read behind ----------------------------------- */

static int kept_int(void)
{
    int x = 0;

    cede_keep(x);
    cede_try {
        x = 5;
        raise_it();
    } CATCH {
    } cede_end
    return x;
}

static int volatile_int(void)
{
    volatile int x = 0;

    cede_try {
        x = 5;
        raise_it();
    } CATCH {
    } cede_end
    return x;
}

static int kept_counter(void)
{
    int x = 0;

    cede_keep(x);
    cede_try {
        for (;;) {
            if (++x == 7)
                raise_it();
            opaque(1);
        }
    } CATCH {
        x *= 10;
    } cede_end
    return x;
}

static double kept_double(void)
{
    double d = 1;

    cede_keep(d);
    cede_try {
        for (int i = 0; i < 4; i++) {
            d *= 2;
            raise_inline(i == 2);
            opaque(1);
        }
    } CATCH {
    } cede_end
    return d;
}

static const char *kept_pointer(void)
{
    const char *p = NULL;

    cede_keep(p);
    cede_try {
        p = opaque(1) ? "set" : "not";
        raise_it();
    } CATCH {
    } cede_end
    return p;
}

static int kept_struct(void)
{
    struct {
        int a, b;
    } s = {1, 2};

    cede_keep(s);
    cede_try {
        s.a = opaque(3);
        s.b = opaque(4);
        raise_it();
    } CATCH {
    } cede_end
    return s.a * 10 + s.b;
}

static int kept_parameter(int n)
{
    cede_keep(n);
    cede_try {
        n = n * 3;
        raise_inline(true);
    } CATCH {
    } cede_end
    return n;
}

static int kept_several(void)
{
    int x = 1, y = 2;

    cede_keep(x);
    cede_keep(y);
    cede_try {
        x = opaque(10);
        y = x + opaque(5);
        opaque(0);
        x = y * 2;
        raise_it();
    } CATCH {
    } cede_end
    return x * 100 + y;
}

TEST(kept_locals_have_their_last_value)
{
    CHECK_INT(kept_int(), 5);
    CHECK_INT(volatile_int(), 5);
    CHECK_INT(kept_counter(), 70);
    CHECK_FLOAT(kept_double(), 8);
    CHECK_STR(kept_pointer(), "set");
    CHECK_INT(kept_struct(), 34);
    CHECK_INT(kept_parameter(4), 12);
    CHECK_INT(kept_several(), 3015);
}

/* ---- assigned in except, else or finally --------------------------------- */

static int in_finally(bool fails)
{
    int x = 1;

    cede_keep(x);
    for (;;) {
        cede_try {
            raise_inline(fails);
            break;
        } CATCH {
            x += 10;
            break;
        } cede_finally {
            x *= 2;
            opaque(x);
        } cede_end
    }
    return x;
}

TEST(kept_locals_in_clauses)
{
    CHECK_INT(in_finally(false), 2);
    CHECK_INT(in_finally(true), 22);
}

/* The returned value is taken before finally changes the variable. */
static int returned_before(void)
{
    int x = opaque(1);

    cede_keep(x);
    cede_try {
        x = opaque(5);
        return x;
    } cede_finally {
        x = opaque(7);
    } cede_end
    return -1;
}

TEST(return_takes_its_value_first)
{
    CHECK_INT(returned_before(), 5);
}

/* ---- not assigned in it: no word is needed ------------------------------- */

__attribute__((noinline)) static void clobber_registers(void)
{
#if defined(__x86_64__)
    __asm__ volatile("movl $-1, %%ebx\n\tmovl $-1, %%r12d\n\t"
                     "movl $-1, %%r13d\n\tmovl $-1, %%r14d\n\t"
                     "movl $-1, %%r15d"
                     :
                     :
                     : "rbx", "r12", "r13", "r14", "r15");
#elif defined(__aarch64__)
    __asm__ volatile("mov x19, #-1\n\tmov x20, #-1\n\tmov x21, #-1\n\t"
                     "mov x22, #-1\n\tmov x23, #-1\n\tmov x24, #-1\n\t"
                     "fmov d8, #-1.0\n\tfmov d9, #-1.0\n\tfmov d10, #-1.0"
                     :
                     :
                     : "x19", "x20", "x21", "x22", "x23", "x24", "v8", "v9",
                       "v10");
#endif
    raise_it();
}

static int untouched(int n)
{
    int k = opaque(n) * 7;
    double d = opaque(n) * 0.5;

    cede_try {
        opaque(1);
        clobber_registers();
    } CATCH {
    } cede_end
    return k + n + (int)(2 * d);
}

TEST(untouched_locals_survive)
{
    CHECK_INT(untouched(5), 45);
}

/* More values than there are registers, changed around a loop of jumps. */
static int many(int n)
{
    int a = n, b = n + 1, c = n + 2, d = n + 3, e_ = n + 4, f = n + 5;
    int g = n + 6, h = opaque(n), i = opaque(n + 1), j = opaque(n + 2);
    int k = opaque(n + 3), l = opaque(n + 4), m = opaque(n + 5);

    cede_keep(a);
    cede_keep(b);
    cede_keep(c);
    cede_keep(d);
    cede_keep(e_);
    cede_keep(f);
    cede_keep(g);
    for (int turn = 0; turn < 3; turn++) {
        cede_try {
            a += b;
            b += c;
            c += d;
            d += e_;
            e_ += f;
            f += g;
            g += opaque(1);
            raise_inline(turn & 1);
        } CATCH {
            a += 100;
        } cede_end
    }
    return a + b + c + d + e_ + f + g + h * i + j * k + l * m;
}

static int many_plainly(int n)
{
    int v[7];

    for (int i = 0; i < 7; i++)
        v[i] = n + i;
    for (int turn = 0; turn < 3; turn++) {
        for (int i = 0; i < 6; i++)
            v[i] += v[i + 1];
        v[6] += 1;
        if (turn & 1)
            v[0] += 100;
    }
    return v[0] + v[1] + v[2] + v[3] + v[4] + v[5] + v[6] + n * (n + 1) +
           (n + 2) * (n + 3) + (n + 4) * (n + 5);
}

TEST(many_live_values)
{
    for (int n = 0; n < 10; n++)
        CHECK_INT(many(n), many_plainly(n));
}

static long through_finally(long a, long b, long c, long d, long e, long g)
{
    long s = a * b + c, t = d ^ e, u = g - a;

    cede_keep(s);
    for (long i = 0; i < 4; i++) {
        cede_try {
            s += i * t;
            if (i == 3)
                return s + u + t + a + b + c + d + e + g;
        } cede_finally {
            say("%ld ", s);
        } cede_end
    }
    return -1;
}

TEST(many_live_values_across_finally)
{
    CHECK_INT(through_finally(1, 2, 3, 4, 5, 6), 38);
    CHECK_SAID("5 6 8 11 ");
}

static double doubles_across_finally(int n)
{
    double a = real(n), b = real(a + 1), c = real(b + 1), d = real(c + 1);
    double e = real(d + 1), f = real(e + 1), g = real(f + 1);

    cede_try {
        double x = real(10), y = real(20), z = real(30);

        if (n > 0)
            return a + b + c + d + e + f + g + x * y - z;
    } cede_finally {
        double p[16];

        for (int i = 0; i < 16; i++)
            p[i] = real(i);
        for (int i = 0; i < 16; i++)
            real(p[i] + a * b + c * d - e * f + g);
    } cede_end
    return a + g;
}

TEST(doubles_have_no_registers_of_their_own)
{
    CHECK_FLOAT(doubles_across_finally(1), 28 + 170);
    CHECK_FLOAT(doubles_across_finally(0), 6);
}

/* ---- arguments on the stack ---------------------------------------------- */

__attribute__((noinline)) static long nine(long a, long b, long c, long d,
                                           long e, long f, long g, long h,
                                           long i)
{
    return a + b * 2 + c * 3 + d * 4 + e * 5 + f * 6 + g * 7 + h * 8 + i * 9;
}

static long (*volatile of_nine)(long, long, long, long, long, long, long, long,
                                long) = nine;

/* A compiler may pop the arguments of a call late, so the stack pointer is not
   the same wherever the statement is left. */
static long stack_arguments(int way)
{
    long volatile sum = 0;

    for (int i = 0; i < 3; i++) {
        cede_try {
            of_nine(1, 2, 3, 4, 5, 6, 7, 8, 9);
            sum += of_nine(i, i, i, i, i, i, i, i, i);
            if (way == 0)
                continue;
            if (way == 1 && i == 1)
                return of_nine(1, 1, 1, 1, 1, 1, 1, 1, sum);
            if (way == 2)
                raise_it();
        } CATCH {
            sum += of_nine(0, 0, 0, 0, 0, 0, 0, 0, 1);
        } cede_finally {
            sum += of_nine(0, 0, 0, 0, 0, 0, 0, 1, i);
        } cede_end
    }
    return sum;
}

TEST(calls_with_arguments_on_the_stack)
{
    CHECK_INT(stack_arguments(0), 135 + 24 + 27);
    CHECK_INT(stack_arguments(1), 36 + 9 * 53);
    CHECK_INT(stack_arguments(2), 135 + 24 + 27 + 27);
}

/* ---- frames that grow ---------------------------------------------------- */

static int vla(int n, int way)
{
    cede_try {
        char bytes[n];

        memset(bytes, 3, (size_t)n);
        if (way == 1)
            return bytes[0] + bytes[n - 1];
        if (way == 2)
            raise_it();
        say("%d ", bytes[opaque(n) - 1]);
    } CATCH {
        char others[n * 2];

        memset(others, 4, sizeof others);
        return others[n];
    } cede_finally {
        char more[n];

        memset(more, 5, sizeof more);
        say("f%d ", more[opaque(n) / 2]);
    } cede_end
    return 0;
}

TEST(variable_length_arrays)
{
    CHECK_INT(vla(1000, 0), 0);
    CHECK_INT(vla(1000, 1), 6);
    CHECK_INT(vla(1000, 2), 4);
    CHECK_SAID("3 f5 f5 f5 ");
}

__attribute__((noinline)) static int check_pattern(const char *bytes, int n,
                                                   char pattern)
{
    for (int i = 0; i < n; i++)
        if (bytes[i] != pattern)
            return 0;
    return 1;
}

/* Whatever lies below the stack pointer is gone. */
__attribute__((noinline)) static void use_stack(void)
{
    volatile char room[2048];

    for (size_t i = 0; i < sizeof room; i++)
        room[i] = 7;
}

/* What alloca gave in the body is there until the function returns, also
   while a finally clause runs that calls others. */
static int alloca_in_body(int n)
{
    char *volatile bytes = NULL;

    cede_try {
        bytes = alloca((size_t)n);
        memset(bytes, 6, (size_t)n);
        return check_pattern(bytes, n, 6);
    } cede_finally {
        use_stack();
        CHECK(check_pattern(bytes, n, 6));
    } cede_end
    return -1;
}

TEST(alloca_in_the_body)
{
    CHECK_INT(alloca_in_body(64), 1);
    CHECK_INT(alloca_in_body(5000), 1);
}

static int alloca_in_a_loop(int turns)
{
    int sum = 0;

    cede_keep(sum);
    for (int i = 1; i <= turns; i++) {
        char *bytes = alloca(100);

        memset(bytes, i, 100);
        cede_try {
            if (i % 3 == 0)
                raise_it();
            if (i % 3 == 1)
                continue;
            sum += check_pattern(bytes, 100, (char)i);
        } CATCH {
            sum += check_pattern(bytes, 100, (char)i);
        } cede_finally {
            sum += check_pattern(bytes, 100, (char)i);
        } cede_end
    }
    return sum;
}

TEST(alloca_around_the_statement)
{
    CHECK_INT(alloca_in_a_loop(30), 50);
}

static int aligned(int n)
{
    _Alignas(64) volatile char block[64];
    char *grown = alloca((size_t)n);

    block[0] = 1;
    grown[0] = 2;
    cede_try {
        char *inside = alloca((size_t)n);

        inside[0] = 3;
        if ((uintptr_t)block % 64)
            return -1;
        return block[0] + grown[0] + inside[0];
    } cede_finally {
        block[1] = 4;
        if ((uintptr_t)block % 64 == 0)
            say("%d ", block[0] + block[1] + grown[0]);
    } cede_end
    return 0;
}

/* clang holds a base pointer in rbx for such a function. */
TEST(aligned_locals_beside_alloca)
{
    CHECK_INT(aligned(100), 6);
    CHECK_SAID("7 ");
}

/* The stack must be aligned in clauses that are jumped to. */
static void print_floats(char *text, size_t size)
{
    cede_try {
        cede_try {
            raise_it();
        } cede_finally {
            snprintf(text, size, "%.2f", real(1.25));
        } cede_end
    } CATCH {
        size_t used = strlen(text);

        snprintf(text + used, size - used, " %.2f %Lf", real(2.5),
                 (long double)real(3));
    } cede_end
}

TEST(clauses_run_on_an_aligned_stack)
{
    char text[100];

    print_floats(text, sizeof text);
    CHECK_STR(text, "1.25 2.50 3.000000");
}
