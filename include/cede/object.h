/*
 * Objects and their classes.
 *
 * Everything cede hands out by pointer is an object: it begins with a
 * cede_object, has a class, and counts its references. The rule of ownership
 * is pthread_join's: what runs a thing to its end takes your reference
 * (cede_for, cede_yield_from, cede_await, cede_gather); every other call
 * borrows. Python counterpart: objects and types, reference counts (the data
 * model, section 3.1), without a collector of cycles.
 */
#pragma once
#pragma GCC system_header

#include "cede/impl/platform.h"

CEDE_IMPL_BEGIN

typedef struct cede_class cede_class;
typedef struct cede_exception cede_exception;
struct cede_value;

/* The head of every object. Its fields are the runtime's. */
typedef struct cede_object {
    const cede_class *object_class;
    uint32_t references;
    uint32_t flags;
} cede_object;

/*
 * The iterator protocol (Python: __next__, send, throw, close; PEP 234, PEP
 * 380). next is required: it stores the next item, with a reference of its
 * own, in *item and returns true, or returns false at the end. Once it has
 * returned false it must go on doing so. The others may be NULL; a throw of
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
 * caller's reference up afterwards.
 */
typedef struct cede_awaitable_methods {
    struct cede_value (*wait)(void *self);
} cede_awaitable_methods;

enum cede_class_flags {
    /* References are counted atomically: other threads may hold some. */
    CEDE_CLASS_SHARED = 1 << 0,
    /* destroy gives the object's memory back by itself. */
    CEDE_CLASS_OWN_MEMORY = 1 << 1,
    /* Derived from BaseException. */
    CEDE_CLASS_EXCEPTION = 1 << 2,
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
};

/*
 * A new object of a class of yours, zeroed behind its head, with one
 * reference. Raises MemoryError. Never suspends. Any thread.
 */
void *cede_object_new(const cede_class *object_class) CEDE_IMPL_USE_RESULT;

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

/* Is the object of this class or of one derived from it? NULL is not. */
bool cede_isinstance(const void *object, const cede_class *object_class);

/* Is this class the other or derived from it? */
bool cede_issubclass(const cede_class *derived, const cede_class *base);

CEDE_IMPL_END
