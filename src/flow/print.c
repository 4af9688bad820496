/*
 * Printing: str and repr of every value, and print.
 *
 * It knows tuples and lists by their memory and other objects by the methods
 * of their classes, which are users' code: it may raise, suspend, print, and
 * change the list that is being shown. Semantics: "Built-in Functions"; the
 * data model 3.3.1; [...] for what is inside itself as reprlib and CPython.
 */
#include "flow/walk.h"

#include "flow/flow.h"
#include "value/object.h"
#include "value/sequence.h"
#include "value/text.h"

#include "cede/print.h"

#include <errno.h>
#include <stdio.h>

enum style { AS_STR, AS_REPR };

typedef cede_value (*show_method)(void *self);

typedef struct writer {
    cede__walk walk;
    cede__text text;
} writer;

static void destroy(void *self)
{
    writer *w = self;

    cede__walk_release(&w->walk);
    cede__text_clear(&w->text);
}

static const cede_class writer_class[1] = {{.name = "writer",
                                            .base = cede__walk_class,
                                            .size = sizeof(writer),
                                            .flags = CEDE_CLASS_OWN_MEMORY,
                                            .destroy = destroy}};

static void begin(writer *w, enum style style)
{
    cede__text_init(&w->text);
    cede__walk_begin(&w->walk, writer_class,
                     style == AS_STR ? "while getting the str of an object"
                                     : "while getting the repr of an object");
}

/* ---- objects with looks of their own ------------------------------------- */

static show_method find_method(const cede_class *object_class, enum style style)
{
    for (; object_class; object_class = object_class->base) {
        const cede_object_methods *methods = object_class->object;

        if (methods && style == AS_STR && methods->str)
            return methods->str;
        if (methods && style == AS_REPR && methods->repr)
            return methods->repr;
    }
    return NULL;
}

static void write_shown(writer *w, cede_object *object, show_method show,
                        enum style style)
{
    cede_value shown;

    cede__walk_nest(&w->walk);
    shown = show(object);
    if (cede_value_kind(shown) != CEDE_STR) {
        const char *name = cede__value_class_name(shown);

        cede_value_unref(shown);
        cede_raise(cede_TypeError, "%s returned non-string (type %s)",
                   style == AS_STR ? "__str__" : "__repr__", name);
    }
    cede__text_append(&w->text, cede_value_str(shown),
                      cede_value_str_size(shown));
    cede_value_unref(shown);
}

static void write_default(writer *w, const cede_object *object)
{
    cede__text_string(&w->text, "<");
    cede__text_string(&w->text, object->object_class->name);
    cede__text_string(&w->text, " object>");
}

static void write_object(writer *w, cede_object *object, enum style style)
{
    const cede_class *object_class = object->object_class;
    show_method show = find_method(object_class, style);

    if (!show && style == AS_STR)
        show = find_method(object_class, style = AS_REPR);
    if (show)
        write_shown(w, object, show, style);
    else
        write_default(w, object);
}

/* ---- values -------------------------------------------------------------- */

static bool is_tuple(const cede_object *object)
{
    return object->object_class == cede__tuple_class;
}

static void enter(writer *w, cede_object *container)
{
    if (cede__walk_is_in(&w->walk, container)) {
        cede__text_string(&w->text, is_tuple(container) ? "(...)" : "[...]");
        return;
    }
    cede__walk_enter(&w->walk, container, NULL);
    cede__text_string(&w->text, is_tuple(container) ? "(" : "[");
}

static void write_string(writer *w, cede_value string, enum style style)
{
    const char *bytes = cede_value_str(string);
    size_t size = cede_value_str_size(string);

    if (style == AS_REPR)
        cede__text_quoted(&w->text, bytes, size);
    else
        cede__text_append(&w->text, bytes, size);
}

/* Writes a value, or the opening of a container and goes into it. */
static void write_one(writer *w, cede_value value, enum style style)
{
    cede_object *object;
    const cede_value *items;
    size_t size;

    switch (cede_value_kind(value)) {
    case CEDE_NONE:
        cede__text_string(&w->text, "None");
        break;
    case CEDE_BOOL:
        cede__text_string(&w->text, value.as.integer ? "True" : "False");
        break;
    case CEDE_INT:
        cede__text_int(&w->text, value.as.integer);
        break;
    case CEDE_FLOAT:
        cede__text_float(&w->text, value.as.real);
        break;
    case CEDE_STR:
        write_string(w, value, style);
        break;
    case CEDE_OBJECT:
        object = value.as.object;
        if (!object)
            cede__text_string(&w->text, "None");
        else if (cede__sequence_items(object, &items, &size))
            enter(w, object);
        else
            write_object(w, object, style);
        break;
    default:
        cede__text_string(&w->text, "<pointer>");
    }
}

/* The next item of the innermost container, or its closing. */
static void step(writer *w)
{
    cede__level *level = &w->walk.levels[w->walk.depth - 1];
    const cede_value *items;
    size_t size;

    cede__sequence_items(level->a, &items, &size);
    if (level->index < size) {
        if (level->index > 0)
            cede__text_string(&w->text, ", ");
        cede__walk_hold(&w->walk, items[level->index++], cede_none);
        write_one(w, w->walk.held[0], AS_REPR);
        cede__walk_let_go(&w->walk);
        return;
    }
    if (!is_tuple(level->a))
        cede__text_string(&w->text, "]");
    else
        cede__text_string(&w->text, size == 1 ? ",)" : ")");
    cede__walk_leave(&w->walk);
}

static void write_value(writer *w, cede_value value, enum style style)
{
    write_one(w, value, style);
    while (w->walk.depth > 0)
        step(w);
}

/* ---- what users call ----------------------------------------------------- */

/* What was written, and the end of writing. */
static cede_value finish(writer *w)
{
    cede_value copy;
    bool copied = cede__text_copy(&w->text, &copy);

    cede__walk_end(&w->walk);
    if (!copied)
        cede_raise(cede_MemoryError);
    return copy;
}

static cede_value text_of(cede_value value, enum style style)
{
    writer w;

    begin(&w, style);
    write_value(&w, value, style);
    return finish(&w);
}

/* A temporary argument is given up afterwards, whatever happens. */
static cede_value text_and_drop(cede_value value, enum style style)
{
    cede_value text;
    cede__hold hold;

    if (value.owned != CEDE_IMPL_TEMPORARY)
        return text_of(value, style);
    cede__hold_push(&hold, value.as.object);
    text = text_of(value, style);
    cede__hold_pop(&hold);
    cede_value_unref(value);
    return text;
}

cede_value cede_impl_repr(cede_value value)
{
    return text_and_drop(value, AS_REPR);
}

cede_value cede_impl_to_str(cede_value value)
{
    if (cede_value_kind(value) == CEDE_STR && value.owned == 1)
        return cede_value_ref(value);
    return text_and_drop(value, AS_STR);
}

const char *cede_impl_type_name(cede_value value)
{
    if (value.kind == CEDE_NONE ||
        (value.kind == CEDE_OBJECT && !value.as.object))
        return "NoneType";
    return cede__value_class_name(value);
}

void cede_impl_print_end(void *argument)
{
    const cede_impl_printing *printing = argument;
    size_t i;

    for (i = 0; i < printing->count; i++)
        if (printing->values[i].owned == CEDE_IMPL_TEMPORARY)
            cede_value_unref(printing->values[i]);
}

static void write_all(writer *w, const cede_impl_printing *printing,
                      const char *separator)
{
    size_t i;

    for (i = 0; i < printing->count; i++) {
        if (i > 0)
            cede__text_string(&w->text, separator);
        write_value(w, printing->values[i], AS_STR);
    }
}

cede_value cede_impl_str_join(cede_impl_printing *printing,
                              const char *separator)
{
    writer w;

    if (!separator)
        cede_raise(cede_TypeError, "the separator must be a str, not NULL");
    begin(&w, AS_STR);
    write_all(&w, printing, separator);
    return finish(&w);
}

void cede_impl_print(cede_impl_printing *printing, const char *end)
{
    writer w;
    int error = 0;

    begin(&w, AS_STR);
    write_all(&w, printing, " ");
    cede__text_string(&w.text, end ? end : "\n");
    if (w.text.failed)
        error = ENOMEM;
    else if (fwrite(w.text.bytes, 1, w.text.size, stdout) != w.text.size)
        error = errno ? errno : EIO;
    cede__walk_end(&w.walk);
    if (error)
        cede_raise_errno(error, NULL);
}
