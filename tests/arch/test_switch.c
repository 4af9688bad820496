/*
 * The switch: what survives it, and on what kind of stack code runs.
 */
#include "value/said.h"

#include <alloca.h>
#include <fenv.h>
#include <signal.h>

#include <unwind.h>

#include "arch/switch.h"

#include "cede/generator.h"

static long id_long(long n) { return n; }
static long (*volatile opaque)(long) = id_long;

/*
 * Calls function(argument) with a pattern in every register a function must
 * preserve; 0 if all are unharmed. stack_misalignment says what a call finds.
 */
int registers_survive(void (*function)(void *), void *argument);
int stack_misalignment(void);

#if defined(__x86_64__)

__asm__(".text\n"
        ".globl registers_survive, stack_misalignment\n"
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
                     "movq $-1, %%r15\n\t"
                     ".irp r, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,"
                     "15\n\t"
                     "pcmpeqd %%xmm\\r, %%xmm\\r\n\t"
                     ".endr"
                     :
                     :
                     : "rbx", "r12", "r13", "r14", "r15", "xmm0", "xmm1",
                       "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8",
                       "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14",
                       "xmm15");
}

#elif defined(__aarch64__)

__asm__(".text\n"
        ".globl registers_survive, stack_misalignment\n"
        "registers_survive:\n\t"
        "stp x29, x30, [sp, #-160]!\n\t"
        "stp x19, x20, [sp, #16]\n\t"
        "stp x21, x22, [sp, #32]\n\t"
        "stp x23, x24, [sp, #48]\n\t"
        "stp x25, x26, [sp, #64]\n\t"
        "stp x27, x28, [sp, #80]\n\t"
        "stp d8, d9, [sp, #96]\n\t"
        "stp d10, d11, [sp, #112]\n\t"
        "stp d12, d13, [sp, #128]\n\t"
        "stp d14, d15, [sp, #144]\n\t"
        "mov x9, x0\n\t"
        "mov x0, x1\n\t"
        ".irp r, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29\n\t"
        "mov x\\r, #0x1000 + \\r\n\t"
        ".endr\n\t"
        ".irp r, 8, 9, 10, 11, 12, 13, 14, 15\n\t"
        "mov x10, #0x2000 + \\r\n\t"
        "fmov d\\r, x10\n\t"
        ".endr\n\t"
        "blr x9\n\t"
        "mov w0, #1\n\t"
        ".irp r, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29\n\t"
        "mov x10, #0x1000 + \\r\n\t"
        "cmp x\\r, x10\n\t"
        "b.ne 1f\n\t"
        ".endr\n\t"
        ".irp r, 8, 9, 10, 11, 12, 13, 14, 15\n\t"
        "mov x10, #0x2000 + \\r\n\t"
        "fmov x9, d\\r\n\t"
        "cmp x9, x10\n\t"
        "b.ne 1f\n\t"
        ".endr\n\t"
        "mov w0, wzr\n"
        "1:\n\t"
        "ldp x19, x20, [sp, #16]\n\t"
        "ldp x21, x22, [sp, #32]\n\t"
        "ldp x23, x24, [sp, #48]\n\t"
        "ldp x25, x26, [sp, #64]\n\t"
        "ldp x27, x28, [sp, #80]\n\t"
        "ldp d8, d9, [sp, #96]\n\t"
        "ldp d10, d11, [sp, #112]\n\t"
        "ldp d12, d13, [sp, #128]\n\t"
        "ldp d14, d15, [sp, #144]\n\t"
        "ldp x29, x30, [sp], #160\n\t"
        "ret\n"
        "stack_misalignment:\n\t"
        "mov x0, sp\n\t"
        "and w0, w0, #15\n\t"
        "ret\n");

/* As hostile as a function may be; x18 is a temporary on Linux. */
static inline void clobber(void)
{
    __asm__ volatile(".irp r, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28\n\t"
                     "mov x\\r, #-1\n\t"
                     ".endr\n\t"
                     ".irp r, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,"
                     "15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28,"
                     "29, 30, 31\n\t"
                     "movi v\\r\\().16b, #255\n\t"
                     ".endr"
                     :
                     :
                     : "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25",
                       "x26", "x27", "x28", "v0", "v1", "v2", "v3", "v4", "v5",
                       "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13",
                       "v14", "v15", "v16", "v17", "v18", "v19", "v20", "v21",
                       "v22", "v23", "v24", "v25", "v26", "v27", "v28", "v29",
                       "v30", "v31");
}

#else
#error "this file has no assembly for this CPU"
#endif

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

/* ---- backtraces ---------------------------------------------------------- */

static struct trace {
    int depth;
    uintptr_t outermost; /* the function of the last frame */
} trace;

static _Unwind_Reason_Code step(struct _Unwind_Context *context, void *unused)
{
    (void)unused;
    trace.depth++;
    trace.outermost = _Unwind_GetRegionStart(context);
    return trace.depth < 100 ? _URC_NO_REASON : _URC_NORMAL_STOP;
}

static cede_value traces(void *function)
{
    trace = (struct trace){0, 0};
    CHECK_INT(_Unwind_Backtrace(step, NULL), _URC_END_OF_STACK);
    CHECK(trace.depth > 1);
    if (function)
        CHECK_PTR((void *)trace.outermost, function);
    return cede_none;
}

#ifndef CEDE_SWITCH_UCONTEXT
void cede__switch_entry(void);

/* The unwinder's tables say that nothing is above the entry. */
TEST(backtraces_end_at_the_entry)
{
    cede_generator *g = cede_generator(traces, (void *)cede__switch_entry);
    cede_value item;

    cede_defer(cede_unref, g);
    cede_next_or_end(g, &item);
}
#endif

static void trace_the_thread(void)
{
    traces(NULL);
}

/* A clause that runs because its function is on its way out. */
static void trace_leaving(void)
{
    cede_try {
        return;
    } cede_finally {
        trace_the_thread();
    } cede_end
}

TEST(backtraces_pass_clauses)
{
    int depth;

    trace_leaving();
    depth = trace.depth;
    cede_try {
        trace_leaving();
        CHECK_INT(trace.depth, depth);
        cede_raise(cede_ValueError);
    } cede_except (cede_ValueError, e) {
        trace_leaving();
        CHECK_INT(trace.depth, depth);
    } cede_end
}

/* ---- without a look at the machine --------------------------------------- */

/*
 * Where everything else is clobbered, a compiler keeps a value in whichever
 * register is not. This is cede_impl_resume without its calls, which would be
 * a reason to keep nothing in registers.
 */
__attribute__((noinline)) static double keeps(cede_impl_coroutine *root,
                                              cede_impl_flow *flow, long n,
                                              double x)
{
    uintptr_t word = 0;
    long kept = n * 3;
    double kept_too = x * 5;

    root->state = CEDE_IMPL_RUNNING;
    root->flow.outer = flow;
    cede_impl_current = &root->flow;
    cede_impl_transfer(&root->slot, CEDE_IMPL_COROUTINE_OF(flow), root,
                       cede_none, &word);
    cede_impl_current = flow;
    root->state = CEDE_IMPL_SUSPENDED;
    return kept_too + (double)kept;
}

static cede_value clobbers(void *unused)
{
    (void)unused;
    for (;;) {
        clobber();
        cede_yield(1);
    }
    return cede_none;
}

TEST(no_register_is_forgotten)
{
    cede_generator *g = cede_generator(clobbers, NULL);

    cede_defer(cede_unref, g);
    cede_next(g);
    for (long n = 1; n < 4; n++)
        CHECK_FLOAT(keeps(&g->coroutine, cede_impl_flow_now(), opaque(n),
                          (double)opaque(2)),
                    10 + 3 * n);
}

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
    cede_keep(sum);
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
