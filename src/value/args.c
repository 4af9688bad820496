/*
 * What an exception is asked for later: its args, and texts to keep.
 *
 * Most exceptions are raised with a text, caught and forgotten, so a tuple is
 * made only for who asks. It knows what each class's args are (rule E15); what
 * their text is, flow/message.c. Python: BaseException.args.
 */
#include "value/exception.h"

#include "base/memory.h"
#include "value/object.h"
#include "value/sequence.h"

#include <string.h>

/* For all that have none, so that the MemoryError has its args too. */
static struct cede_tuple no_args = {
    .head = {cede__tuple_class, 1, CEDE__OBJECT_IMMORTAL}};

static bool put_string(struct cede_tuple *args, const char *string)
{
    if (!cede__str_try_copy(string, strlen(string), &args->items[args->size]))
        return false;
    args->size++;
    return true;
}

static bool put_members(struct cede_tuple *args, const cede__members *members)
{
    struct cede_list *list = cede__object_try_new(cede__list_class);
    size_t i;

    if (!list)
        return false;
    args->items[args->size++] = cede_object(list);
    if (!cede__list_reserve(list, members->count))
        return false;
    for (i = 0; i < members->count; i++)
        list->items[list->size++] =
            cede_object(cede_ref(members->exceptions[i]));
    return true;
}

static bool put_args(struct cede_tuple *args, const cede_exception *exception)
{
    if (exception->members)
        return put_string(args, exception->members->message) &&
               put_members(args, exception->members);
    if (exception->from_errno) {
        args->items[args->size++] = cede_int(exception->error);
        return put_string(args, strerror(exception->error));
    }
    if (exception->message)
        return put_string(args, exception->message);
    args->items[args->size++] = cede_value_ref(exception->value);
    return true;
}

/* A generator's return value and a status, which Python passes as an arg. */
static bool value_is_arg(const cede_exception *exception)
{
    return !cede_is_none(exception->value) &&
           (cede_exception_is(exception, cede_StopIteration) ||
            cede_exception_is(exception, cede_SystemExit));
}

struct cede_tuple *cede__exception_try_args(const cede_exception *exception)
{
    struct cede_tuple **place = &((cede_exception *)exception)->args;
    struct cede_tuple *args = __atomic_load_n(place, __ATOMIC_ACQUIRE);
    struct cede_tuple *made = NULL;

    if (args)
        return args;
    if (!exception->members && !exception->message && !value_is_arg(exception))
        return &no_args;
    made = cede__tuple_try_new(2);
    if (!made)
        return NULL;
    if (!put_args(made, exception)) {
        cede_unref(made);
        return NULL;
    }
    if (__atomic_compare_exchange_n(place, &args, made, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
        return made;
    cede_unref(made); /* another thread was first */
    return args;
}

const char *cede__exception_keep_text(const cede_exception *exception,
                                      const char *text)
{
    cede__said **place = &((cede_exception *)exception)->said;
    cede__said *newest = __atomic_load_n(place, __ATOMIC_ACQUIRE);
    cede__said *said;
    size_t size = strlen(text) + 1;

    for (said = newest; said; said = said->older)
        if (strcmp(said->text, text) == 0)
            return said->text;
    said = cede__malloc(sizeof *said + size);
    if (!said)
        return NULL;
    memcpy(said->text, text, size);
    do
        said->older = newest;
    while (!__atomic_compare_exchange_n(place, &newest, said, true,
                                        __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
    return said->text;
}
