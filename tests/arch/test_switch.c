/*
 * The switch: what survives it, and on what kind of stack code runs.
 */
#include "value/said.h"

#include <alloca.h>
#include <fenv.h>
#include <signal.h>

#include "cede/generator.h"

static long id_long(long n) { return n; }
static long (*volatile opaque)(long) = id_long;

#if defined(__x86_64__)

/*
 * Calls function(argument) with a pattern in every register a function must
 * preserve; 0 if all are unharmed. stack_misalignment says what a call finds.
 */
int registers_survive(void (*function)(void *), void *argument);
int stack_misalignment(void);

__asm__(".text\n"
        "registers_survive:\n\t"
        "pushq %rbx\n\t"
        "pushq %rbp\n\t"
        "pushq %r12\n\t"
        "pushq %r13\n\t"
        "pushq %r14\n\t"
        "pushq %r15\n\t"
        "subq $8, %rsp\n\t"
        "movq %rdi, %rax\n\t"
        "movq %rsi, %rdi\n\t"
        "movq $0x11111111, %rbx\n\t"
        "movq $0x22222222, %rbp\n\t"
        "movq $0x33333333, %r12\n\t"
        "movq $0x44444444, %r13\n\t"
        "movq $0x55555555, %r14\n\t"
        "movq $0x66666666, %r15\n\t"
        "call *%rax\n\t"
        "movl $1, %eax\n\t"
        "cmpq $0x11111111, %rbx\n\t"
        "jne 1f\n\t"
        "cmpq $0x22222222, %rbp\n\t"
        "jne 1f\n\t"
        "cmpq $0x33333333, %r12\n\t"
        "jne 1f\n\t"
        "cmpq $0x44444444, %r13\n\t"
        "jne 1f\n\t"
        "cmpq $0x55555555, %r14\n\t"
        "jne 1f\n\t"
        "cmpq $0x66666666, %r15\n\t"
        "jne 1f\n\t"
        "xorl %eax, %eax\n"
        "1:\n\t"
        "addq $8, %rsp\n\t"
        "popq %r15\n\t"
        "popq %r14\n\t"
        "popq %r13\n\t"
        "popq %r12\n\t"
        "popq %rbp\n\t"
        "popq %rbx\n\t"
        "ret\n"
        "stack_misalignment:\n\t"
        "leaq 8(%rsp), %rax\n\t"
        "andl $15, %eax\n\t"
        "ret\n");

/* As hostile as a function may be. */
static inline void clobber(void)
{
    __asm__ volatile("movq $-1, %%rbx\n\tmovq $-1, %%r12\n\t"
                     "movq $-1, %%r13\n\tmovq $-1, %%r14\n\t"
                     "movq $-1, %%r15"
                     :
                     :
                     : "rbx", "r12", "r13", "r14", "r15");
}

static void yield_once(void *unused)
{
    (void)unused;
    clobber();
    cede_yield(1);
    clobber();
}

static cede_value yields_checking(void *unused)
{
    (void)unused;
    for (int i = 0; i < 3; i++) {
        clobber();
        CHECK_INT(registers_survive(yield_once, NULL), 0);
    }
    return cede_none;
}

static void resume_once(void *generator)
{
    cede_value item;

    clobber();
    cede_next_or_end(generator, &item);
    clobber();
}

TEST(registers_survive_resume_and_yield)
{
    cede_generator *g = cede_generator(yields_checking, NULL);

    cede_defer(cede_unref, g);
    for (int i = 0; i < 5; i++) {
        clobber();
        CHECK_INT(registers_survive(resume_once, g), 0);
    }
}

static void raise_and_catch(void *unused)
{
    (void)unused;
    cede_try {
        clobber();
        cede_raise(cede_ValueError);
    } cede_except (cede_ValueError, e) {
        clobber();
    } cede_end
}

static void leave_early(void *unused)
{
    (void)unused;
    cede_try {
        clobber();
        return;
    } cede_finally {
        clobber();
        CHECK_INT(stack_misalignment(), 0);
    } cede_end
}

TEST(registers_survive_exceptions)
{
    CHECK_INT(registers_survive(raise_and_catch, NULL), 0);
    CHECK_INT(registers_survive(leave_early, NULL), 0);
}

/* ---- alignment ----------------------------------------------------------- */

static void check_alignment(void *unused)
{
    (void)unused;
    CHECK_INT(stack_misalignment(), 0);
}

static cede_value aligned_everywhere(void *unused)
{
    (void)unused;
    check_alignment(NULL);
    cede_defer(check_alignment, NULL);
    cede_yield(1);
    check_alignment(NULL);
    cede_try {
        check_alignment(NULL);
        cede_yield(2);
    } cede_except (cede_ValueError, e) {
        check_alignment(NULL);
    } cede_finally {
        check_alignment(NULL);
    } cede_end
    cede_yield(3);
    return cede_none;
}

TEST(the_stack_is_aligned_everywhere)
{
    cede_generator *g = cede_generator(aligned_everywhere, NULL);

    cede_defer(cede_unref, g);
    cede_next(g);
    cede_next(g);
    cede_generator_throw(g, cede_ValueError);
    cede_generator_close(g);
}

#endif

/* ---- without a look at the machine --------------------------------------- */

static cede_value prints_floats(void *text)
{
    snprintf(text, 100, "%.2f %Lg", (double)opaque(5) / 4,
             (long double)opaque(7) / 2);
    cede_yield(1);
    snprintf(text, 100, "%f", (double)opaque(3) / 2);
    return cede_none;
}

/* movaps in printf is where a misaligned stack shows first. */
TEST(floats_are_printed_inside)
{
    char text[100];
    cede_generator *g = cede_generator(prints_floats, text);
    cede_value item;

    cede_defer(cede_unref, g);
    cede_next(g);
    CHECK_STR(text, "1.25 3.5");
    cede_next_or_end(g, &item);
    CHECK_STR(text, "1.500000");
}

__attribute__((noinline)) static void touch(volatile char *bytes, long n)
{
    bytes[0] = 1;
    bytes[n - 1] = 2;
}

/*
 * A function with both alloca and aligned locals needs a base pointer beside
 * its frame pointer; clang takes rbx and then ignores that somebody says rbx
 * is clobbered.
 */
static long grow(long n, bool yields)
{
    _Alignas(64) volatile long block[8];
    volatile char *grown = alloca((size_t)n);
    long sum = 0;

    for (int i = 0; i < 8; i++)
        block[i] = i + n;
    touch(grown, n);
    for (long i = 0; i < 3; i++) {
        if (yields)
            sum += cede_value_int(cede_yield(i));
        sum += block[i] + grown[n - 1];
        CHECK_INT((uintptr_t)block % 64, 0);
    }
    for (int i = 0; i < 8; i++)
        sum += block[i];
    return sum;
}

static cede_value grows(void *n)
{
    return cede_int(grow(*(long *)n, true));
}

__attribute__((noinline)) static long drive(cede_generator *g, long n)
{
    _Alignas(64) volatile long block[8];
    volatile char *grown = alloca((size_t)n);
    cede_value item = cede_none;
    long sum = 0;

    for (int i = 0; i < 8; i++)
        block[i] = i * n;
    touch(grown, n);
    CHECK(cede_next_or_end(g, &item));
    for (int i = 0; i < 3; i++) {
        cede_try {
            sum += cede_value_int(cede_generator_send(g, 100));
        } cede_except (cede_StopIteration, e) {
            say_value(cede_exception_value(e));
        } cede_end
        CHECK_INT(block[1], n);
        CHECK_INT(grown[0], 1);
        CHECK_INT((uintptr_t)block % 64, 0);
    }
    cede_keep(sum);
    return sum;
}

TEST(base_pointers_survive)
{
    cede_generator *g = cede_generator_with(grows, opaque(50));
    char expected[24];

    cede_defer(cede_unref, g);
    CHECK_INT(drive(g, opaque(50)), 1 + 2);
    snprintf(expected, sizeof expected, "%ld", grow(50, false) + 300);
    CHECK_SAID(expected);
}

static cede_value changes_rounding(void *unused)
{
    (void)unused;
    fesetround(FE_UPWARD);
    cede_yield(1);
    return cede_none;
}

/* Documented: the control words belong to the thread. */
TEST(rounding_belongs_to_the_thread)
{
    cede_generator *g = cede_generator(changes_rounding, NULL);

#ifdef CEDE_SWITCH_UCONTEXT
    cede_unref(g);
    SKIP("swapcontext keeps the control words for each context");
#endif
    cede_defer(cede_unref, g);
    cede_next(g);
    CHECK_INT(fegetround(), FE_UPWARD);
    fesetround(FE_TONEAREST);
}

/* ---- the red zone -------------------------------------------------------- */

/*
 * A function that calls nobody may keep locals below its stack pointer, and
 * the inline switch is no call. So nothing may be pushed there. This is
 * cede_impl_resume without its calls.
 */
__attribute__((noinline)) static long leaf_resume(cede_impl_coroutine *root,
                                                  cede_impl_flow *flow, long n)
{
    volatile long below[12];
    uintptr_t word = 0;
    cede_value value;

    for (int i = 0; i < 12; i++)
        below[i] = n + i;
    root->state = CEDE_IMPL_RUNNING;
    root->flow.outer = flow;
    cede_impl_current = &root->flow;
    value = cede_impl_transfer(&root->slot, CEDE_IMPL_COROUTINE_OF(flow), root,
                               cede_none, &word);
    cede_impl_current = flow;
    root->state = CEDE_IMPL_SUSPENDED;
    n = value.as.integer + (long)word;
    for (int i = 0; i < 12; i++)
        n += below[i];
    return n;
}

static void on_signal(int number)
{
    volatile char room[2000];

    (void)number;
    for (size_t i = 0; i < sizeof room; i++)
        room[i] = -1;
}

static cede_value raises_signals(void *unused)
{
    (void)unused;
    for (long i = 0;; i++) {
        raise(SIGUSR1); /* a frame on whatever stack runs now */
        cede_yield(i);
    }
    return cede_none;
}

TEST(the_red_zone_is_left_alone)
{
    cede_generator *g = cede_generator(raises_signals, NULL);

    cede_defer(cede_unref, g);
    signal(SIGUSR1, on_signal);
    cede_next(g);
    for (long i = 1; i < 10; i++)
        CHECK_INT(leaf_resume(&g->coroutine, cede_impl_flow_now(), 1000),
                  i + 12 * 1000 + 66);
    signal(SIGUSR1, SIG_DFL);
}
