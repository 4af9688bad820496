/*
 * overflow.c - reports of stack overflows (see overflow.h)
 */
#include "stack/overflow.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "base/environment.h"
#include "base/system.h"
#include "stack/depot.h"
#include "stack/slab.h"

#ifndef AT_MINSIGSTKSZ
#define AT_MINSIGSTKSZ 51
#endif

enum {
    HANDLED = 2,
    SIGNAL_STACK_SIZE = 64 * 1024, /* what handlers of others may need too */
    NAME_MAX_SHOWN = 128
};

const char *(*cede__stack_owner_name)(const void *owner);

static const int signals[HANDLED] = {SIGSEGV, SIGBUS};
static struct sigaction previous[HANDLED];
static bool installed;

/* --- the message; snprintf is not signal safe --- */

typedef struct text {
    char bytes[512];
    size_t size;
} text;

static void add_char(text *line, char c)
{
    if (line->size < sizeof line->bytes)
        line->bytes[line->size++] = c;
}

static void add(text *line, const char *part)
{
    while (*part != '\0')
        add_char(line, *part++);
}

static void add_number(text *line, uintptr_t number, unsigned base)
{
    char digits[24];
    size_t i = sizeof digits;

    do {
        digits[--i] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number != 0);
    while (i < sizeof digits)
        add_char(line, digits[i++]);
}

static void add_address(text *line, const void *address)
{
    add(line, "0x");
    add_number(line, (uintptr_t)address, 16);
}

/* A name is the program's: it may be long and have any character. */
static void add_name(text *line, const char *name)
{
    add(line, " \"");
    for (size_t i = 0; name[i] != '\0'; i++) {
        if (i == NAME_MAX_SHOWN) {
            add(line, "...");
            break;
        }
        add_char(line, (unsigned char)name[i] < ' ' ? '?' : name[i]);
    }
    add(line, "\"");
}

static void add_stack(text *line, const cede__stack *stack)
{
    const char *(*name_of)(const void *) =
        __atomic_load_n(&cede__stack_owner_name, __ATOMIC_RELAXED);
    const char *name = NULL;

    add(line, "cede: stack overflow in coroutine");
    if (stack->owner != NULL && name_of != NULL)
        name = name_of(stack->owner);
    if (name != NULL)
        add_name(line, name);
    add(line, " (stack ");
    add_address(line, stack->low);
    add(line, "-");
    add_address(line, stack->top);
    add(line, ", ");
    add_number(line, (uintptr_t)(stack->top - stack->low) / 1024, 10);
    add(line, " KiB");
}

static void finish(text *line)
{
    add(line, "); give it more with cede_stack_set_size\n");
    (void)cede__sys_write(2, line->bytes, line->size);
}

void cede__overflow_abort(const cede__stack *stack)
{
    text line = {.size = 0};

    add_stack(&line, stack);
    add(&line, ", found by its canary when it was given back");
    finish(&line);
    abort();
}

/* --- the fault --- */

typedef struct registers {
    const char *pc;
    const char *sp; /* NULL: cannot be told on this CPU */
} registers;

static registers registers_of(const void *context)
{
    const mcontext_t *machine = &((const ucontext_t *)context)->uc_mcontext;
    registers found = {NULL, NULL};

#if defined(__x86_64__)
    found.pc = (const char *)machine->gregs[REG_RIP];
    found.sp = (const char *)machine->gregs[REG_RSP];
#elif defined(__aarch64__)
    found.pc = (const char *)machine->pc;
    found.sp = (const char *)machine->sp;
#elif defined(__riscv)
    found.pc = (const char *)machine->__gregs[REG_PC];
    found.sp = (const char *)machine->__gregs[REG_SP];
#else
    (void)machine;
#endif
    return found;
}

/*
 * A wild pointer may hit a guard too, while the thread runs elsewhere. A frame
 * larger than the guard, compiled without probes, may have moved the stack
 * pointer into the neighbour below, so all of the slab is near enough.
 */
static bool overflows(const cede__stack *stack, const char *address,
                      registers at)
{
    const char *slab = (const char *)stack->slab;

    if (address >= stack->low)
        return false;
    return at.sp == NULL ||
           (at.sp >= slab && at.sp < slab + stack->slab->length);
}

static void report(const cede__stack *stack, const void *address, registers at)
{
    text line = {.size = 0};

    add_stack(&line, stack);
    add(&line, ", fault at ");
    add_address(&line, address);
    if (at.pc != NULL) {
        add(&line, ", pc ");
        add_address(&line, at.pc);
    }
    finish(&line);
}

/* Returning makes the faulting instruction fault again, which kills the
   process where it happened: the core dump shows the right frames. */
static void restore_default(int number)
{
    struct sigaction action = {.sa_handler = SIG_DFL};

    cede__sys_sigaction_restore(number, &action);
}

static void chain(int number, siginfo_t *info, void *context)
{
    const struct sigaction *next = &previous[number == SIGSEGV ? 0 : 1];
    bool sent = info->si_code <= 0; /* by kill or raise: it does not recur */

    if (next->sa_flags & SA_SIGINFO) {
        next->sa_sigaction(number, info, context);
    } else if (next->sa_handler == SIG_IGN) {
        if (!sent)
            restore_default(number);
    } else if (next->sa_handler == SIG_DFL) {
        restore_default(number);
        if (sent)
            raise(number);
    } else {
        next->sa_handler(number);
    }
}

static void on_fault(int number, siginfo_t *info, void *context)
{
    int saved = errno;
    registers at = registers_of(context);
    const char *address = info->si_addr;
    cede__stack *stack = NULL;

    if (info->si_code > 0)
        stack = cede__slab_find(address);
    if (stack != NULL && overflows(stack, address, at)) {
        report(stack, address, at);
        restore_default(number);
    } else {
        chain(number, info, context);
    }
    errno = saved;
}

/* --- alternate signal stacks --- */

/* A CPU with large registers needs more than the usual for one frame. */
static size_t signal_stack_size(void)
{
    return SIGNAL_STACK_SIZE + (size_t)getauxval(AT_MINSIGSTKSZ);
}

static int make_signal_stack(cede__pool *pool)
{
    stack_t wanted = {.ss_size = signal_stack_size()};
    int error = cede__sys_mmap(&wanted.ss_sp, NULL, wanted.ss_size,
                               PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS);

    if (error < 0)
        return error;
    error = cede__sys_sigaltstack(&wanted, NULL);
    if (error < 0) {
        cede__sys_munmap(wanted.ss_sp, wanted.ss_size);
        return error;
    }
    pool->signal_stack = wanted.ss_sp;
    return 0;
}

int cede__overflow_enter_thread(cede__pool *pool)
{
    stack_t current;
    int error;

    if (pool->signal_checked)
        return 0;
    error = cede__sys_sigaltstack(NULL, &current);
    if (error >= 0 && (current.ss_flags & SS_DISABLE))
        error = make_signal_stack(pool);
    if (error < 0)
        return error;
    pool->signal_checked = true;
    return 0;
}

void cede__overflow_leave_thread(cede__pool *pool)
{
    stack_t none = {.ss_flags = SS_DISABLE};
    stack_t current;

    pool->signal_checked = false;
    if (pool->signal_stack == NULL)
        return;
    /* Somebody may have put another in its place. */
    if (cede__sys_sigaltstack(NULL, &current) >= 0 &&
        current.ss_sp == pool->signal_stack)
        (void)cede__sys_sigaltstack(&none, NULL);
    cede__sys_munmap(pool->signal_stack, signal_stack_size());
    pool->signal_stack = NULL;
}

/* --- switching it on --- */

bool cede__overflow_is_reported(void)
{
    return __atomic_load_n(&installed, __ATOMIC_ACQUIRE);
}

/* The previous actions are known before the handler can need them. */
static int install(void)
{
    struct sigaction action = {.sa_sigaction = on_fault,
                               .sa_flags = SA_SIGINFO | SA_ONSTACK};

    for (int i = 0; i < HANDLED; i++) {
        int error = cede__sys_sigaction(signals[i], NULL, &previous[i]);

        if (error >= 0)
            error = cede__sys_sigaction(signals[i], &action, NULL);
        if (error < 0) {
            while (i-- > 0)
                cede__sys_sigaction_restore(signals[i], &previous[i]);
            return error;
        }
    }
    __atomic_store_n(&installed, true, __ATOMIC_RELEASE);
    return 0;
}

int cede_report_stack_overflow(void)
{
    int error;

    cede__pool_enter();
    error = cede__overflow_enter_thread(cede__pool_here());
    if (error < 0)
        return error;
    cede__depot_lock();
    if (!installed)
        error = install();
    cede__depot_unlock();
    return error < 0 ? error : 0;
}

void cede__overflow_read_environment(void)
{
    if (cede__debugging())
        (void)cede_report_stack_overflow();
}
