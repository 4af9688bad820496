/*
 * Objects and their classes.
 *
 * Everything cede hands out by pointer is an object: it begins with a
 * cede_object, has a class, and counts its references. The rule of ownership
 * is pthread_join's: what runs a thing to its end takes your reference
 * (cede_for, cede_yield_from, cede_await, cede_gather); every other call
 * borrows. Python counterpart: objects and types, reference counts (the data
 * model, section 3.1), without a collector of cycles.
 *
 * Unless it says otherwise a function here neither raises nor suspends; what
 * takes an object is for the threads that may hold a reference to it, all else
 * for any thread.
 */
#pragma once

#include "cede/impl/platform.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

typedef struct cede_class cede_class;
typedef struct cede_exception cede_exception;
struct cede_value;

/* A place in the source: what a traceback is made of. */
typedef struct cede_location {
    const char *file;
    const char *function;
    int line;
    int inside; /* the runtime's */
} cede_location;

/* The head of every object. Its fields are the runtime's. */
typedef struct cede_object {
    const cede_class *object_class;
    uint32_t references;
    uint32_t flags;
} cede_object;

/*
 * The iterator protocol (Python: __next__, send, throw, close; PEP 234, PEP
 * 380). next is required: it stores the next item, with a reference of its
 * own, in *item and returns true, or says the end: returns false, with *item
 * (None before the call) as its value, or raises StopIteration, as Python's do.
 * Once at its end it must stay there (I04). The others may be NULL; a throw of
 * NULL raises the exception in whoever delegates (Y04), a close of NULL is
 * skipped (Y05), a send of NULL is an AttributeError (Y18). iter may be NULL
 * when the object is its own iterator; otherwise it returns a new reference.
 */
typedef struct cede_iterator_methods {
    bool (*next)(void *self, struct cede_value *item);
    bool (*send)(void *self, struct cede_value value, struct cede_value *item);
    bool (*throw_)(void *self, cede_exception *exception,
                   struct cede_value *item);
    void (*close)(void *self);
    void *(*iter)(void *self);
} cede_iterator_methods;

/*
 * The context manager protocol (Python: __enter__, __exit__ and their async
 * forms, for both may suspend; PEP 343, PEP 492). enter may be NULL. exit is
 * called once, on every way out of the block, with the exception that passes
 * (borrowed) or NULL; it returns true to swallow it.
 */
typedef struct cede_manager_methods {
    void (*enter)(void *self);
    bool (*exit)(void *self, cede_exception *exception);
} cede_manager_methods;

/*
 * The awaitable protocol (Python: __await__; PEP 492). wait suspends the
 * current task until the object is done and returns its result, with a
 * reference of its own, or raises. It borrows self; cede_await gives the
 * caller's reference up afterwards. Without a wait, await_ returns a new
 * reference to an iterator, which cede_await delegates to as Python does.
 */
typedef struct cede_awaitable_methods {
    struct cede_value (*wait)(void *self);
    void *(*await_)(void *self);
    /* The runtime's own classes: wait that takes the reference, and notes who
       awaits in tracebacks. */
    struct cede_value (*wait_at)(void *self, const cede_location *where);
} cede_awaitable_methods;

/*
 * How an object looks and compares (Python: __str__, __repr__, __eq__). Each
 * may be NULL: then the nearest base class's, at last `<name object>` and
 * identity. str and repr return a str value, owned or borrowed from self.
 */
typedef struct cede_object_methods {
    struct cede_value (*str)(void *self);
    struct cede_value (*repr)(void *self);
    bool (*eq)(void *self, void *other);
} cede_object_methods;

/*
 * The sequence protocol (Python: __len__, __getitem__). getitem returns an
 * item with a reference of its own, or raises IndexError; an object with
 * nothing else can be iterated, from index 0 until IndexError (I03). len may
 * be NULL.
 */
typedef struct cede_sequence_methods {
    size_t (*len)(void *self);
    struct cede_value (*getitem)(void *self, int64_t index);
} cede_sequence_methods;

/* What objects of a class have in common, for the runtime. */
enum cede_class_flags {
    /* References are counted atomically: other threads may hold some. */
    CEDE_CLASS_SHARED = 1 << 0,
    /* destroy gives the object's memory back by itself. */
    CEDE_CLASS_OWN_MEMORY = 1 << 1,
    /* Derived from BaseException. */
    CEDE_CLASS_EXCEPTION = 1 << 2,
    /* Objects hold others, which may hold others of the class, and so on: they
       are destroyed without recursion however long the chain is. Beyond a
       depth destroy is called a little later, yet before the cede_unref that
       began it all returns. */
    CEDE_CLASS_CONTAINER = 1 << 3,
};

/*
 * A class. The built-in ones are arrays of one element, so that their plain
 * name is the pointer that functions and cede_except want.
 */
struct cede_class {
    const char *name;
    const cede_class *base;
    size_t size;    /* bytes of an instance */
    unsigned flags; /* of cede_class_flags */
    /* The last reference is gone: give up what the object holds. May be NULL.
       Must neither raise nor suspend. */
    void (*destroy)(void *self);
    const cede_iterator_methods *iterator;
    const cede_manager_methods *manager;
    const cede_awaitable_methods *awaitable;
    const cede_object_methods *object;
    const cede_sequence_methods *sequence;
    /* A second base class, whose instances the objects count as too; methods
       are inherited from the first alone. NULL for nearly all. */
    const cede_class *second_base;
};

/*
 * Defines a class of your own at file scope; `type` is a struct that begins
 * with a cede_object; what follows are fields of cede_class:
 *     struct counter { cede_object head; int next; };
 *     static CEDE_CLASS(Counter, struct counter, .iterator = &counter_methods);
 */
#define CEDE_CLASS(class_name, ...)                                            \
    CEDE_IMPL_CLASS(class_name, __VA_ARGS__, )
#define CEDE_IMPL_CLASS(class_name, type, ...)                                 \
    const cede_class class_name[1] = {                                         \
        {.name = #class_name, .size = sizeof(type), __VA_ARGS__}}

/*
 * One more reference to an object; returns the object, so that
 * `keep = cede_ref(x)` reads well. NULL stays NULL. Never raises, never
 * suspends. Any thread for objects whose documentation says that threads may
 * share them, else the thread the object lives on.
 */
void *cede_impl_ref(void *object);
#define cede_ref(object) ((__typeof__(object))cede_impl_ref((void *)(object)))

/*
 * Gives one reference up; with the last one the object is destroyed. A
 * suspended generator is closed first, which runs its finally clauses; an
 * exception that escapes them is reported, not raised. NULL is allowed. Never
 * raises, never suspends. Threads: as cede_ref.
 */
void cede_unref(void *object);

/*
 * From now on references to the object are counted atomically, as if its class
 * said CEDE_CLASS_SHARED, so that several threads may hold some; the same for
 * what tuples and lists hold now, down to a depth of 200. Call it while one thread alone
 * has the object. It says nothing of the object's inside: that threads may read
 * together, as a rule, and change one at a time. What is handed to another
 * thread by a concurrent future has been shared already. NULL is allowed. Never
 * raises, never suspends.
 */
void cede_share(void *object);

/* Other calls that take a reference; floors above have them. */
struct cede_value cede_impl_await(void *awaitable, const cede_location *where);
struct cede_value cede_impl_yield_from(void *iterable,
                                       const cede_location *where);

/* A constructor: its result is yours to give up, by one of these. */
#define CEDE_IMPL_NEW                                                          \
    CEDE_IMPL_ENDED_BY(cede_unref) CEDE_IMPL_ENDED_BY(cede_impl_await)         \
    CEDE_IMPL_ENDED_BY(cede_impl_yield_from) CEDE_IMPL_USE_RESULT

/*
 * A new object of a class of yours, zeroed behind its head, with one
 * reference. Raises MemoryError. Never suspends. Any thread.
 */
void *cede_object_new(const cede_class *object_class) CEDE_IMPL_NEW;

#ifndef __cplusplus

/*
 * cede_object_with(cls, value): a new object of a class of yours with what
 * stands in a struct of the class's, but for its head; returns a pointer to
 * such a struct:
 *     cede_object_with(Counter, (struct counter){.next = 3})
 * References in it are handed over, also when there is no memory: then the
 * class's destroy gives them up. Raises MemoryError; TypeError, and takes
 * nothing, if the struct has not the size of the class. Never suspends. Any
 * thread. Python: Counter(3), with an __init__ that stores its arguments.
 */
#define cede_object_with(object_class, ...)                                    \
    ((CEDE_IMPL_COPY_TYPE(__VA_ARGS__) *)cede_impl_object_with(                \
        (object_class), CEDE_IMPL_COPY(__VA_ARGS__),                           \
        CEDE_IMPL_COPY_SIZE(__VA_ARGS__)))

#endif /* !__cplusplus */

void *cede_impl_object_with(const cede_class *object_class, void *fields,
                            size_t size) CEDE_IMPL_NEW;

/* An object's class, NULL for NULL. Python: type(x). */
const cede_class *cede_class_of(const void *object);

/* Is the object of this class or of one derived from it? NULL is not. */
bool cede_isinstance(const void *object, const cede_class *object_class);

/* Is this class the other or derived from it? */
bool cede_issubclass(const cede_class *derived, const cede_class *base);

/*
 * len(x): the items of a tuple, a list, a range or whatever else has a len in
 * its sequence methods. Borrows. Raises TypeError "object of type 'X' has no
 * len()", and what the len raises; suspends if that does.
 */
size_t cede_len(void *object);

/*
 * x[index] (S42): an item of the same objects, with a reference of its own. A
 * negative index is the getitem's to understand: tuples and lists count it
 * from the end. Borrows. Raises TypeError "'X' object is not subscriptable",
 * and what the getitem raises, IndexError as a rule; suspends if that does.
 */
struct cede_value cede_getitem(void *object, int64_t index);

CEDE_IMPL_END
