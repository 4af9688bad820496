/*
 * Running a program: what the forms of statements share.
 */
#pragma once

#include "program.h"

enum {
    MOST_STEPS = 600,    /* statements that a program runs */
    MOST_OBJECTS = 200,  /* generators and the like it makes */
    MOST_CALLS = 12,     /* functions in each other on one stack */
};

/* What a thing is, if it is of the forms about tasks. */
enum noun {
    NOUN_OTHER,
    NOUN_TASK,
    NOUN_COROUTINE,
    NOUN_PLAIN_FUTURE,
    NOUN_OUTCOME, /* a future that something else finishes */
    NOUN_FUTURE,  /* any of the futures */
    NOUN_LOCK,
    NOUN_EVENT,
    NOUN_CONDITION,
    NOUN_SEMAPHORE,
    NOUN_QUEUE,
    NOUN_GROUP,
    NOUN_TIMEOUT,
};

/* A thing the program made, and its name in the trace: "g1.3". Values that
   stand for it point here and hold nothing; the run alone owns the object. */
struct thing {
    cede_object *object; /* NULL: dropped */
    struct run *run;
    enum noun noun;
    const struct function *function; /* NULL: it is no coroutine */
    cede_value argument;             /* owned, until it begins */
    char name[32];
};

struct run {
    const struct program *program;
    int steps; /* still to run */
    struct thing *things[MOST_OBJECTS];
    size_t thing_count;
    struct frame *frames;
    int exceptions; /* that have been shown */
    int calls;      /* of iterators' methods, in each other */
    cede_value shared[MOST_VARIABLES];
    cede_loop *loop; /* while it runs: of a program about tasks */
    cede_virtual_time clock;
};

/*
 * A function that runs. It stands in the run's list, because a generator that
 * refuses to be closed and is then released ends without another word: nothing
 * that it has deferred runs, and what its variables hold is given up at the
 * end of the program.
 */
struct frame {
    struct frame *previous, *next;
    struct run *run;
    const struct function *function;
    struct thing *me; /* NULL in plain functions */
    int depth;        /* of calls on this stack */
    char name[32];
    cede_value locals[MOST_VARIABLES];
    cede_value returned;
    /* What was being returned when finally clauses began. */
    cede_value overtaken[MOST_NESTED];
    int overtaken_count;
};

/* Runs a program and prints its trace. */
void run_program(const struct program *program);

enum outcome run_block(struct frame *frame, const struct block *block);

/* The value of a word, yours. */
cede_value evaluate(const struct frame *frame, const struct word *word);
/* Stores the value, which it takes, in the variable that the word names. */
void assign(struct frame *frame, const struct word *word, cede_value value);

/* Runs a function to its end, with an argument that it takes; in the name of a
   thing, or NULL. What it returned is yours. */
cede_value run_function(struct run *run, const struct function *function,
                        struct thing *me, int depth, cede_value argument);
/* What cede_generator and its like get, with a thing. */
cede_value run_thing(void *thing);

/* A new thing without its object yet, called NAME.NUMBER; takes the argument.
   Raises RecursionError when there are too many. */
struct thing *new_thing(struct run *run, const char *name,
                        const struct function *function, cede_value argument);
/* The thing that a word's value stands for; raises TypeError if there is none
   or it was dropped. `wanted` NULL: of any class. */
struct thing *thing_of(const struct frame *frame, const struct word *word,
                       const cede_class *wanted);

/* A value as an exception's arg: what is named, or holds others, becomes a text
   or None. Takes it, and gives one. */
cede_value argument(cede_value value);
/* The exception that two words describe, not raised yet, yours. */
cede_exception *make_exception(const struct frame *frame,
                               const struct word *words);

/* What the program raises when it has run so many statements. */
extern const cede_class OutOfSteps[1];

/* The tables of forms, each ended by one without a name. */
extern const struct form flow_forms[];
extern const struct form exception_forms[];
extern const struct form generator_forms[];
extern const struct form iterator_forms[];
extern const struct form manager_forms[];
extern const struct form task_forms[];
extern const struct form many_forms[];
extern const struct form sync_forms[];
extern const struct form block_forms[];
