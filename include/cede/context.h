/*
 * Context variables: values that follow the flow of a program instead of its
 * calls, so that what a request is about need not be handed through every
 * function.
 *
 *     static CEDE_CONTEXT_VAR(request_id, "none");
 *
 *     static void note(const char *text)
 *     {
 *         printf("[%s] %s\n",
 *                cede_value_str(cede_context_var_get(request_id)), text);
 *     }
 *
 *     static cede_value serve(void *id)
 *     {
 *         cede_context_var_set(request_id, (const char *)id);
 *         …                     note() in here, however deep, says the id
 *     }
 *
 * A context is what the variables are set to. Code always runs in one: a
 * thread has one, a task runs in a copy of the one it was created in, and a
 * callback of the loop in a copy of the one it was scheduled in (C01, C02). So
 * what a task or a callback sets, nobody else sees. A function that is called
 * or awaited shares the context of its caller, and so does a generator: it
 * runs in the context of whoever resumes it (C04). Copying takes no time
 * (C06), and a program that sets no variable pays nothing.
 *
 * Values: setting hands a reference that the value owns over, getting borrows
 * it. A string that is not owned (cede_str_copy) must live as long as the
 * contexts that have it.
 *
 * Threads: each has a context of its own, at first empty. References to
 * variables and contexts are counted atomically. A context is used by one
 * thread at a time, and any number of threads may use copies of it; what they
 * hold is then shared by these threads.
 *
 * Nothing here suspends but cede_context_run, where its function does. Unless
 * it says otherwise, what makes or sets something raises MemoryError and has
 * then changed nothing, and all else never raises.
 *
 * Python counterpart: contextvars (library reference, PEP 567). Rules C01-C07.
 */
#pragma once

#include "cede/impl/call.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* What variables are set to. Python: contextvars.Context. */
typedef struct cede_context cede_context;

/* What a variable was before it was set. A context manager. Python:
   contextvars.Token. */
typedef struct cede_token cede_token;

typedef struct cede_context_var cede_context_var;

/* --- variables --- */

/* A variable. Its fields are the runtime's; here because variables are static
   objects. Python: contextvars.ContextVar. */
struct cede_context_var {
    cede_object head;
    const char *name;
    uint64_t number; /* 0 until it is set for the first time; atomic */
    /* The default, in the field of its kind; NONE, without one: no_default. */
    uint32_t kind;
    bool no_default;
    bool owned;
    int64_t integer;
    double real;
    const void *pointer;
};

extern const cede_class cede_impl_context_var_class[1];

#ifndef __cplusplus

/*
 * CEDE_CONTEXT_VAR(name), CEDE_CONTEXT_VAR(name, fallback): defines a context
 * variable at file scope; put `static` before it unless other files use it, and
 * then declare `extern cede_context_var name[1];` in a header. The name is a
 * `cede_context_var *`. The default is a constant: a number, a literal string,
 * the address of an object, or cede_none. Python: ContextVar(name, default=…).
 */
#define CEDE_CONTEXT_VAR(...)                                                  \
    CEDE_IMPL_CONTEXT_VAR(__VA_ARGS__, cede_impl_context_var_default,          \
                          cede_impl_context_var_plain, )                       \
    (__VA_ARGS__)
#define CEDE_IMPL_CONTEXT_VAR(name, fallback, definer, ...) definer

#define cede_impl_context_var_plain(variable)                                  \
    cede_context_var variable[1] = {                                           \
        {{cede_impl_context_var_class, 1, CEDE_IMPL_STATIC_OBJECT},            \
         #variable, 0, CEDE_NONE, true, false, 0, 0, NULL}}
#define cede_impl_context_var_default(variable, fallback)                      \
    cede_context_var variable[1] = {                                           \
        {{cede_impl_context_var_class, 1, CEDE_IMPL_STATIC_OBJECT},            \
         #variable,                                                            \
         0,                                                                    \
         CEDE_IMPL_BY_KIND(fallback, CEDE_BOOL, CEDE_INT, CEDE_FLOAT,          \
                           CEDE_STR,                                           \
                           CEDE_IMPL_ONLY_NONE(#fallback), CEDE_POINTER),      \
         false,                                                                \
         false,                                                                \
         CEDE_IMPL_BY_KIND(fallback, (fallback), (fallback), 0, 0, 0, 0),      \
         CEDE_IMPL_BY_KIND(fallback, 0, 0, (fallback), 0, 0, 0),               \
         CEDE_IMPL_BY_KIND(fallback, 0, 0, 0, (fallback), 0, (fallback))}}

/* object->flags of an object that is never destroyed. */
#define CEDE_IMPL_STATIC_OBJECT 1

/* As cede_box sorts types, but giving constants. */
#define CEDE_IMPL_BY_KIND(x, of_bool, of_int, of_float, of_str, of_value,      \
                          of_pointer)                                          \
    _Generic((x), bool: of_bool,                                               \
        char: of_int, signed char: of_int, unsigned char: of_int,              \
        short: of_int, unsigned short: of_int,                                 \
        int: of_int, unsigned: of_int,                                         \
        long: of_int, unsigned long: of_int,                                   \
        long long: of_int, unsigned long long: of_int,                         \
        float: of_float, double: of_float,                                     \
        char *: of_str, const char *: of_str,                                  \
        cede_value: of_value, default: of_pointer)

/* Of all values, cede_none alone is a constant; it is known by its text. */
#define CEDE_IMPL_ONLY_NONE(text)                                              \
    (__builtin_strcmp(text, CEDE_IMPL_TEXT(cede_none)) == 0                    \
         ? CEDE_NONE                                                           \
         : cede_impl_default_must_be_a_constant)
#define CEDE_IMPL_TEXT(x) CEDE_IMPL_TEXT_(x)
#define CEDE_IMPL_TEXT_(x) #x
extern const uint32_t cede_impl_default_must_be_a_constant; /* no such thing */

/*
 * cede_context_var_new("name"), cede_context_var_new("name", fallback): a
 * variable that is not known when the program is compiled, one reference. The
 * name is copied; a reference the default (boxed) owns is handed over. Contexts
 * hold references to the variables that are set in them.
 */
#define cede_context_var_new(...)                                              \
    CEDE_IMPL_CONTEXT_VAR(__VA_ARGS__, cede_impl_context_var_new_default,      \
                          cede_impl_context_var_new_plain, )                   \
    (__VA_ARGS__)
#define cede_impl_context_var_new_plain(name)                                  \
    cede_impl_context_var_new((name), cede_none, true)
#define cede_impl_context_var_new_default(name, fallback)                      \
    cede_impl_context_var_new((name), cede_box(fallback), false)
cede_context_var *cede_impl_context_var_new(const char *name,
                                            cede_value fallback,
                                            bool no_default)
    CEDE_IMPL_NEW;

#endif /* !__cplusplus */

/* Its name, borrowed from the variable. Any thread. Python: ContextVar.name. */
const char *cede_context_var_name(const cede_context_var *variable);

/*
 * The variable's value in the current context, or its default; borrowed, until
 * the variable is set or reset in this context (cede_value_ref keeps it).
 * Raises LookupError if it has neither. Python: ContextVar.get.
 */
cede_value cede_context_var_get(const cede_context_var *variable);

/*
 * cede_context_var_get_default(variable, fallback): the same, but `fallback`
 * (boxed, borrowed) if the variable is not set here; its own default does not
 * count then. Never raises. Python: ContextVar.get(default).
 */
#define cede_context_var_get_default(variable, ...)                            \
    cede_impl_context_var_get_default((variable), cede_box(__VA_ARGS__))
cede_value
cede_impl_context_var_get_default(const cede_context_var *variable,
                                  cede_value fallback);

/*
 * cede_context_var_set(variable, value): sets it (boxed; a reference the value
 * owns is handed over, also on failure) in the current context, and nowhere
 * else. Python: ContextVar.set.
 */
#define cede_context_var_set(variable, ...)                                    \
    cede_impl_context_var_set((variable), cede_box(__VA_ARGS__))
void cede_impl_context_var_set(cede_context_var *variable, cede_value value);

/*
 * cede_context_var_set_token(variable, value): the same, and returns what
 * cede_context_var_reset needs to take it back; one reference. A token is a
 * context manager, so a block can have a value of its own:
 *
 *     cede_with (token, cede_context_var_set_token(depth, 1)) {
 *         …
 *     } cede_end                    reset, on every way out
 *
 * Python: ContextVar.set; with var.set(…) as in 3.14.
 */
#define cede_context_var_set_token(variable, ...)                              \
    cede_impl_context_var_set_token((variable), cede_box(__VA_ARGS__))
cede_token *cede_impl_context_var_set_token(cede_context_var *variable,
                                            cede_value value)
    CEDE_IMPL_NEW;

/*
 * Gives the variable back the value (or none) that it had before the call of
 * cede_context_var_set_token that made the token, which is borrowed. A token
 * works once. In reverse order of setting it needs no memory and cannot fail
 * for want of it. Raises RuntimeError if the token has been used; ValueError
 * if it is another variable's or was made in another context (C03). Python:
 * ContextVar.reset.
 */
void cede_context_var_reset(cede_context_var *variable, cede_token *token);

/* Whose token it is, borrowed from it. Python: Token.var. */
cede_context_var *cede_token_var(const cede_token *token);

/* What the variable was set to before: true and *value, borrowed from the
   token, or false if it was not set (Token.MISSING). Token.old_value. */
bool cede_token_old_value(const cede_token *token, cede_value *value);

/* --- contexts --- */

/* A new context in which nothing is set, one reference. Python: Context(). */
cede_context *cede_context_new(void) CEDE_IMPL_NEW;

/* A copy of the current context, or of another (borrowed): one reference. What
   is set in one of the two later, the other does not see. O(1). Python:
   contextvars.copy_context, Context.copy. */
cede_context *cede_copy_context(void) CEDE_IMPL_NEW;
cede_context *cede_context_copy(const cede_context *context)
    CEDE_IMPL_NEW;

/*
 * cede_context_run(context, fn, argument): calls fn(argument) in the context
 * (borrowed; fn as in cede/generator.h), and returns what it
 * returns or raises what it raises; then the context from before is the
 * current one again, and what was set meanwhile stays in the other (C07). The
 * function may suspend: its task goes on in the context when it is resumed,
 * and until the function is left nobody else can enter the context. Inside,
 * the generator that called this must not yield (RuntimeError).
 *
 * Raises RuntimeError if the context is entered already (C03). A cancellation
 * is an exception like any other. Python: Context.run.
 */
#define cede_context_run(context, ...)                                         \
    cede_impl_context_run((context), CEDE_IMPL_CALLING(__VA_ARGS__))
cede_value cede_impl_context_run(cede_context *context, cede_function function,
                                 void *argument);

/*
 * What the variable is set to in the context, borrowed until it is set there
 * again. cede_context_get raises KeyError if it is not set,
 * cede_context_get_default(context, variable, fallback) gives `fallback`
 * (boxed, borrowed). The variable's default does not count. Python:
 * context[variable]; context.get.
 */
cede_value cede_context_get(const cede_context *context,
                            const cede_context_var *variable);
#define cede_context_get_default(context, variable, ...)                       \
    cede_impl_context_get_default((context), (variable),                       \
                                  cede_box(__VA_ARGS__))
cede_value cede_impl_context_get_default(const cede_context *context,
                                         const cede_context_var *variable,
                                         cede_value fallback);

/* Is the variable set in the context? Python: variable in context. */
bool cede_context_contains(const cede_context *context,
                           const cede_context_var *variable);

/*
 * How many variables are set in the context; so does cede_len. Two contexts
 * are equal (cede_value_equal) if the same variables have equal values in them.
 * cede_for over a context gives each variable as an object, in no particular
 * order; what is set meanwhile does not count. Python: len(context), iteration.
 *
 *     cede_for (v, cede_copy_context()) {
 *         cede_context_var *variable = cede_value_object(v);
 *         …
 *     }
 */
size_t cede_context_size(const cede_context *context);

CEDE_IMPL_END
