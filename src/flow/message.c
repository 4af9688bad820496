/*
 * The text of an exception: str(e) and repr(e).
 *
 * Classes may have a __str__ of their own, which is users' code, and so may
 * have what stands in the args: this may raise, suspend and take as long as it
 * likes. A text that is handed out as a plain string is kept by its exception,
 * so that it stays valid whatever later ones are. Semantics: BaseException_str,
 * KeyError_str and OSError_str of CPython's Objects/exceptions.c; rule E15.
 */
#include "flow/flow.h"

#include "value/exception.h"
#include "value/object.h"
#include "value/sequence.h"
#include "value/text.h"

#include "cede/print.h"

#include <string.h>

static const char *keep(const cede_exception *exception, const char *text)
{
    const char *kept = cede__exception_keep_text(exception, text);

    if (!kept)
        cede_raise(cede_MemoryError);
    return kept;
}

/* Keeps the text of a str value, which is given up. */
static const char *keep_value(const cede_exception *exception, cede_value text)
{
    const char *kept;
    cede__hold hold;

    cede__hold_push(&hold, text.owned ? text.as.object : NULL);
    kept = keep(exception, cede_value_str(text));
    cede__hold_pop(&hold);
    cede_value_unref(text);
    return kept;
}

/* Keeps a text that was put together, which is given up. */
static const char *keep_text(const cede_exception *exception, cede__text *text)
{
    const char *kept = NULL;

    cede__text_append(text, "", 1);
    if (!text->failed)
        kept = cede__exception_keep_text(exception, text->bytes);
    cede__text_clear(text);
    if (!kept)
        cede_raise(cede_MemoryError);
    return kept;
}

static const char *quoted(const cede_exception *exception)
{
    cede__text text;

    cede__text_init(&text);
    cede__text_quoted(&text, exception->message, strlen(exception->message));
    return keep_text(exception, &text);
}

static void clear(void *text)
{
    cede__text_clear(text);
}

/* Appends str(value) or repr(value). If that raises, the text is cleared. */
static void append(cede__text *text, cede_value (*show)(cede_value value),
                   cede_value value)
{
    cede_impl_defer guard;
    cede_value shown;

    cede_impl_defer_push(&guard, clear, text);
    shown = show(value);
    guard.flow->top = guard.record.previous;
    cede__text_append(text, cede_value_str(shown), cede_value_str_size(shown));
    cede_value_unref(shown);
}

/* "[Errno 2] No such file or directory: 'name'" */
static const char *of_os_error(const cede_exception *exception,
                               const struct cede_tuple *args)
{
    cede__text text;

    cede__text_init(&text);
    cede__text_string(&text, "[Errno ");
    append(&text, cede_impl_to_str, args->items[0]);
    cede__text_string(&text, "] ");
    append(&text, cede_impl_to_str, args->items[1]);
    if (!cede_is_none(exception->value)) {
        cede__text_string(&text, ": ");
        append(&text, cede_impl_repr, exception->value);
    }
    return keep_text(exception, &text);
}

/* The text by its args, which it was made of, or which were asked for. */
static const char *of_args(const cede_exception *exception,
                           const struct cede_tuple *args)
{
    if (args->size == 0)
        return "";
    if (args->size == 2 && cede_exception_is(exception, cede_OSError))
        return of_os_error(exception, args);
    if (args->size > 1)
        return keep_value(exception,
                          cede_impl_repr(cede_impl_value_borrowed(args)));
    if (cede_exception_is(exception, cede_KeyError))
        return keep_value(exception, cede_impl_repr(args->items[0]));
    return keep_value(exception, cede_impl_to_str(args->items[0]));
}

/* str() of a class without a __str__ of its own. */
static const char *plain(const cede_exception *exception)
{
    if (exception->message)
        return cede_exception_is(exception, cede_KeyError) ? quoted(exception)
                                                           : exception->message;
    return of_args(exception, cede_exception_args(exception));
}

/* Its class's __str__, or that of the nearest base which has one. */
static bool has_own_str(const cede_exception *exception)
{
    const cede_class *each = exception->head.object_class;

    while (each && !(each->object && each->object->str))
        each = each->base;
    return each && each->object->str != cede__exception_str;
}

const char *cede_exception_message(const cede_exception *exception)
{
    cede_check_alive(exception);
    if (!has_own_str(exception))
        return plain(exception);
    return keep_value(exception,
                      cede_impl_to_str(cede_impl_value_borrowed(exception)));
}

cede_value cede__exception_str(void *self)
{
    return cede_str(plain(self));
}

/* Name(arg), Name(arg, arg), Name(). */
cede_value cede__exception_repr(void *self)
{
    const cede_exception *exception = self;
    const struct cede_tuple *args = cede_exception_args(exception);
    cede__text text;
    cede_value copy;
    bool copied;

    cede__text_init(&text);
    cede__text_string(&text, cede_exception_name(exception));
    if (args->size == 1) {
        cede__text_string(&text, "(");
        append(&text, cede_impl_repr, args->items[0]);
        cede__text_string(&text, ")");
    } else {
        append(&text, cede_impl_repr, cede_impl_value_borrowed(args));
    }
    copied = cede__text_copy(&text, &copy);
    cede__text_clear(&text);
    if (!copied)
        cede_raise(cede_MemoryError);
    return copy;
}
