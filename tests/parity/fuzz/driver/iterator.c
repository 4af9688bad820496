/*
 * The forms of statements that make iterables which are no generators: lists,
 * their iterators, objects that are nothing, and iterators whose methods are
 * functions of the program.
 */
#include "interpret.h"
#include "trace.h"

static enum outcome put_thing(struct frame *frame, const char *name,
                              void *object, cede_value *result)
{
    struct thing *thing;

    cede_defer (cede_unref, object);
    thing = new_thing(frame->run, name, NULL, cede_none);
    thing->object = cede_ref(object);
    *result = cede_pointer(thing);
    return NEXT;
}

static cede_list *make_list(const struct frame *frame,
                            const struct statement *statement)
{
    cede_list *list = cede_list();

    for (size_t i = 0; i < statement->word_count; i++)
        cede_list_append(list, evaluate(frame, &statement->words[i]));
    return list;
}

static enum outcome run_list(struct frame *frame,
                             const struct statement *statement,
                             cede_value *result)
{
    return put_thing(frame, "list", make_list(frame, statement), result);
}

static enum outcome run_iterator(struct frame *frame,
                                 const struct statement *statement,
                                 cede_value *result)
{
    cede_own (list, make_list(frame, statement));

    return put_thing(frame, "iterator", cede_iter(list), result);
}

static const cede_class plain_class[1] = {
    {.name = "Plain", .size = sizeof(cede_object)}};

static enum outcome run_plain(struct frame *frame,
                              const struct statement *statement,
                              cede_value *result)
{
    (void)statement;
    return put_thing(frame, "plain", cede_object_new(plain_class), result);
}

/* ---- iterators of the program's own -------------------------------------- */

enum method { METHOD_NEXT, METHOD_SEND, METHOD_THROW, METHOD_CLOSE, METHODS };

struct custom {
    cede_object head;
    struct run *run;
    const struct function *methods[METHODS]; /* NULL: it has none */
    cede_value value;                        /* what next gets */
};

static void leave_call(struct run *run)
{
    run->calls--;
}

/* Functions that such iterators call use the stack of whoever asks. */
static cede_value call_method(struct custom *custom, enum method method,
                              cede_value argument)
{
    struct run *run = custom->run;

    if (run->calls == MOST_CALLS) {
        cede_value_unref(argument);
        cede_raise(cede_RecursionError, "too many calls");
    }
    run->calls++;
    cede_defer (leave_call, run);
    return run_function(run, custom->methods[method], NULL, 0, argument);
}

static bool custom_next(void *self, cede_value *item)
{
    struct custom *custom = self;

    *item = call_method(custom, METHOD_NEXT, cede_value_ref(custom->value));
    return true;
}

static bool custom_send(void *self, cede_value value, cede_value *item)
{
    *item = call_method(self, METHOD_SEND, value);
    return true;
}

static bool custom_throw(void *self, cede_exception *exception,
                         cede_value *item)
{
    *item = call_method(self, METHOD_THROW, cede_object(cede_ref(exception)));
    return true;
}

static void custom_close(void *self)
{
    cede_value_unref(call_method(self, METHOD_CLOSE, cede_none));
}

static void custom_destroy(void *self)
{
    cede_value_unref(((struct custom *)self)->value);
}

/* One class for each set of methods. */
#define METHODS_OF(has_send, has_throw, has_close)                             \
    {.next = custom_next,                                                      \
     .send = has_send ? custom_send : NULL,                                    \
     .throw_ = has_throw ? custom_throw : NULL,                                \
     .close = has_close ? custom_close : NULL}
static const cede_iterator_methods methods[8] = {
    METHODS_OF(0, 0, 0), METHODS_OF(0, 0, 1), METHODS_OF(0, 1, 0),
    METHODS_OF(0, 1, 1), METHODS_OF(1, 0, 0), METHODS_OF(1, 0, 1),
    METHODS_OF(1, 1, 0), METHODS_OF(1, 1, 1),
};
#define CUSTOM_CLASS(i)                                                        \
    {.name = "Custom",                                                         \
     .size = sizeof(struct custom),                                            \
     .destroy = custom_destroy,                                                \
     .iterator = &methods[i]}
static const cede_class classes[8] = {
    CUSTOM_CLASS(0), CUSTOM_CLASS(1), CUSTOM_CLASS(2), CUSTOM_CLASS(3),
    CUSTOM_CLASS(4), CUSTOM_CLASS(5), CUSTOM_CLASS(6), CUSTOM_CLASS(7),
};

static const struct function *method_of(const struct frame *frame,
                                        const struct word *word)
{
    const struct function *function;

    if (word->kind == WORD_ABSENT)
        return NULL;
    function = &frame->run->program->functions[word->number];
    if (function->kind != FUNCTION_PLAIN)
        cede_raise(cede_TypeError, "%s is no fun", function->name);
    return function;
}

/* words: functions for next, send, throw and close, or `-`; a value. */
static enum outcome run_custom(struct frame *frame,
                               const struct statement *statement,
                               cede_value *result)
{
    const struct function *functions[METHODS];
    struct custom *custom;

    for (int i = 0; i < METHODS; i++)
        functions[i] = method_of(frame, &statement->words[i]);
    if (!functions[METHOD_NEXT])
        cede_raise(cede_TypeError, "no next");
    custom = cede_object_new(&classes[4 * !!functions[METHOD_SEND] +
                                      2 * !!functions[METHOD_THROW] +
                                      !!functions[METHOD_CLOSE]]);
    custom->run = frame->run;
    for (int i = 0; i < METHODS; i++)
        custom->methods[i] = functions[i];
    custom->value = evaluate(frame, &statement->words[METHODS]);
    return put_thing(frame, "custom", custom, result);
}

const struct form iterator_forms[] = {
    {.name = "list", .words = "*", .gives = true, .run = run_list},
    {.name = "iterator", .words = "*", .gives = true, .run = run_iterator},
    {.name = "plain", .words = "", .gives = true, .run = run_plain},
    {.name = "custom", .words = "ooooV", .gives = true, .run = run_custom},
    {.name = NULL},
};
