/*
 * Exception groups: several exceptions raised as one.
 *
 * An ExceptionGroup is an exception with a message and exceptions in it, which
 * may be groups again. cede_except catches it by its own class only, never by
 * that of a member (X06); cede_except_group (cede/try.h) handles the members.
 * Python: PEP 654; "Exception groups" in the library reference; rules
 * X01-X09.
 *
 * Message and members never change (X08). Nothing here suspends, unless a
 * predicate does. Any thread; groups travel between threads as all exceptions
 * do. There is no limit to how deep groups may be nested.
 */
#pragma once

#include "cede/exception.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/*
 * A new group of `count` exceptions (borrowed: it takes references of its
 * own), in their order, one reference: an ExceptionGroup, or a
 * BaseExceptionGroup when one of them is no Exception. The message is copied.
 * Raises ValueError for no exceptions or for something that is none, TypeError
 * for a NULL message, MemoryError. Python: BaseExceptionGroup(message,
 * exceptions).
 */
cede_exception *cede_exception_group(const char *message,
                                     cede_exception *const *exceptions,
                                     size_t count) CEDE_IMPL_NEW;

/*
 * The same of a class: BaseExceptionGroup (as above), ExceptionGroup, or one
 * you derived from them with CEDE_EXCEPTION. Also raises TypeError if the class
 * is no group, or if it is an Exception and one of the members is not (X02).
 * One reference. Python: cls(message, exceptions).
 */
cede_exception *cede_exception_group_of(const cede_class *group_class,
                                        const char *message,
                                        cede_exception *const *exceptions,
                                        size_t count) CEDE_IMPL_NEW;

/*
 * The message as it was given; cede_exception_message says how many there are
 * too: "message (2 sub-exceptions)". Borrowed. Raises AttributeError for what
 * is no group. Python: e.message.
 */
const char *cede_exception_group_message(const cede_exception *group);

/*
 * The members, an array that belongs to the group, borrowed as they are, and
 * how many (count may be NULL). Raises AttributeError for what is no group.
 * Python: e.exceptions.
 */
cede_exception *const *
cede_exception_group_exceptions(const cede_exception *group, size_t *count);

/* What a split asks about an exception, group or leaf (borrowed): does it
   belong to the match? It may raise, which ends the split. */
typedef bool (*cede_exception_predicate)(const cede_exception *exception,
                                         void *argument);

/*
 * split(class), split(predicate): *match is the part of the group that is of
 * this class (or for which the predicate is true), *rest what is left; each a
 * new reference, or NULL if there is nothing in it; either pointer may be NULL.
 * Groups are asked about before their members, so a class that the group is of
 * itself gives (the group, NULL). A part has the nesting of the original, and
 * its message, cause, context and whether that is hidden, traceback and notes;
 * it is an ExceptionGroup or BaseExceptionGroup also if the original is of a
 * class of yours (X01). Borrows the group. Raises AttributeError for what is no
 * group, TypeError for what is no exception class or a NULL predicate,
 * MemoryError. Python: e.split(condition).
 */
void cede_exception_group_split(cede_exception *group,
                                const cede_class *exception_class,
                                cede_exception **match, cede_exception **rest);
void cede_exception_group_split_if(cede_exception *group,
                                   cede_exception_predicate predicate,
                                   void *argument, cede_exception **match,
                                   cede_exception **rest);

/* The match alone, a new reference or NULL. Raise as the splits. Python:
   e.subgroup(condition). */
cede_exception *cede_exception_group_subgroup(cede_exception *group,
                                              const cede_class *exception_class)
    CEDE_IMPL_NEW;
cede_exception *
cede_exception_group_subgroup_if(cede_exception *group,
                                 cede_exception_predicate predicate,
                                 void *argument) CEDE_IMPL_NEW;

/*
 * An iterator over all exceptions in the group that are no groups, depth first
 * and in order (X09); of an exception that is no group, that one. One
 * reference, for cede_for: `cede_for (leaf, cede_exception_group_leaves(g))`;
 * the values are objects. Borrows the group and keeps it. Raises
 * AttributeError for what is no exception, MemoryError. Python: PEP 654,
 * "leaf_generator".
 */
cede_object *cede_exception_group_leaves(cede_exception *group)
    CEDE_IMPL_NEW;

CEDE_IMPL_END
