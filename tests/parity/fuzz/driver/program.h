/*
 * A program of the fuzzer's language as the driver keeps it: what ../README.md
 * describes, with names looked up.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <cede.h>

enum {
    MOST_WORDS = 8,       /* of a statement */
    MOST_CLAUSES = 3,     /* except clauses of a try */
    MOST_CLASSES = 2,     /* of an except clause */
    MOST_FUNCTIONS = 64,  /* of a program */
    MOST_VARIABLES = 64,  /* of a function; and shared ones */
    MOST_TURNS = 99,      /* of a loop */
    MOST_NESTED = 24,     /* statements in each other */
};

struct statement;
struct frame;

/* What a statement's words say. */
enum word_kind {
    WORD_ABSENT,
    WORD_LITERAL,  /* None, an int or a string */
    WORD_LOCAL,    /* a variable of the function */
    WORD_SHARED,   /* one of the program */
    WORD_ME,       /* the generator or task that runs */
    WORD_CLASS,    /* of exceptions */
    WORD_FUNCTION,
    WORD_NAME,     /* one of a form's own words */
};

struct word {
    enum word_kind kind;
    int number; /* of a variable or a function; a literal's int */
    cede_value literal;
    const cede_class *class;
    char *text;
};

struct block {
    struct statement **statements;
    size_t count;
};

struct clause {
    const cede_class *classes[MOST_CLASSES];
    size_t class_count;
    struct word name; /* absent, or a variable */
    struct block block;
};

/* How control leaves a statement. */
enum outcome { NEXT, BREAK, CONTINUE, RETURN };

enum clauses { CLAUSE_EXCEPT = 1, CLAUSE_ELSE = 2, CLAUSE_FINALLY = 4 };

/*
 * A form of statement. `words` says what follows its name:
 *   v a value      V a value or nothing    * values, as many as there are
 *   t a variable   n a number              f a function's name
 *   k a class      o a function's name or `-`
 *   e an exception: a class and perhaps a value, or a value
 *   F perhaps `from` and a value           m another word
 * `run` stores in *result what the statement gives, if `gives` says that it
 * gives something.
 */
struct form {
    const char *name;
    const char *words;
    bool gives;
    bool has_block;
    bool is_loop;     /* break and continue may stand in the block, */
    bool in_loop;     /* and this form must stand in such a block */
    unsigned clauses; /* of enum clauses, that may follow the block */
    unsigned only;    /* in functions of these kinds, as bits; 0: of all */
    enum outcome (*run)(struct frame *frame, const struct statement *statement,
                        cede_value *result);
};

struct statement {
    int line;
    const struct form *form;
    struct word target; /* absent, or a variable */
    struct word words[MOST_WORDS];
    size_t word_count;
    struct block block;
    struct clause clauses[MOST_CLAUSES];
    size_t clause_count;
    bool has_else, has_finally;
    struct block otherwise, at_last;
};

/* How a function is called: main, fun, def, and what other kinds there are. */
enum function_kind { FUNCTION_PLAIN, FUNCTION_GENERATOR, FUNCTION_TASK };

struct function {
    char *name;
    enum function_kind kind;
    size_t local_count;
    struct block block;
};

struct program {
    struct function functions[MOST_FUNCTIONS];
    size_t function_count;
    const struct function *main;
    size_t shared_count;
    bool last; /* of the stream */
};

/*
 * Reads the next program of the stream, up to its line of dashes or the end;
 * NULL if there is none. A mistake in it ends the process with status 2.
 */
struct program *program_read(FILE *file);
void program_free(struct program *program);

/* The form of that name, NULL if there is none. */
const struct form *form_of(const char *name);
/* The class of that name, NULL if there is none. */
const cede_class *class_of(const char *name);
