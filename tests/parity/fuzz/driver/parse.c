/*
 * Reading programs: lines into statements. It knows the tables of forms and
 * nothing of what they do. A mistake ends the process: whoever writes programs
 * wants to know the line.
 */
#include "program.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TOKENS = 16, MOST_LINE = 512 };

/* What is read now. Lines are counted over the whole stream. */
static struct reader {
    FILE *file;
    int line;
    char text[MOST_LINE];
    char *tokens[MOST_TOKENS];
    size_t count, next;
} in;

static struct program *program;
static char *locals[MOST_VARIABLES];
static size_t local_count;
static enum function_kind kind_now;
static char *shared[MOST_VARIABLES];

static void refuse(const char *format, ...)
    __attribute__((noreturn, format(printf, 1, 2)));
static void refuse(const char *format, ...)
{
    va_list arguments;

    fflush(stdout);
    fprintf(stderr, "line %d: ", in.line);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(2);
}

static void *get(size_t size)
{
    void *block = calloc(1, size);

    if (!block)
        refuse("no memory");
    return block;
}

static char *copy(const char *text)
{
    return strcpy(get(strlen(text) + 1), text);
}

/* ---- lines and tokens ---------------------------------------------------- */

static void split(void)
{
    in.count = in.next = 0;
    for (char *token = strtok(in.text, " \t\n"); token;
         token = strtok(NULL, " \t\n")) {
        if (*token == '#')
            return;
        if (in.count == MOST_TOKENS)
            refuse("more than %d words", MOST_TOKENS);
        in.tokens[in.count++] = token;
    }
}

/* The next line that says something; false at the end of the stream. */
static bool next_line(void)
{
    do {
        if (!fgets(in.text, sizeof in.text, in.file))
            return false;
        in.line++;
        if (!strchr(in.text, '\n') && strlen(in.text) == MOST_LINE - 1)
            refuse("more than %d characters", MOST_LINE - 2);
        split();
    } while (!in.count);
    return true;
}

static const char *peek(void)
{
    return in.next < in.count ? in.tokens[in.next] : NULL;
}

static const char *take(const char *what)
{
    if (!peek())
        refuse("%s expected at the end of the line", what);
    return in.tokens[in.next++];
}

static bool take_if(const char *token)
{
    if (!peek() || strcmp(peek(), token) != 0)
        return false;
    in.next++;
    return true;
}

static void end_of_line(void)
{
    if (peek())
        refuse("nothing expected where '%s' is", peek());
}

/* ---- words --------------------------------------------------------------- */

static bool is_name(const char *text)
{
    if (!islower((unsigned char)*text))
        return false;
    while (islower((unsigned char)*text) || isdigit((unsigned char)*text) ||
           *text == '_')
        text++;
    return !*text;
}

/* The number of a name among `count` names, a new one if need be. */
static int number_of(char **names, size_t *count, const char *name)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp(names[i], name) == 0)
            return (int)i;
    if (*count == MOST_VARIABLES)
        refuse("more than %d variables", MOST_VARIABLES);
    names[*count] = copy(name);
    return (int)(*count)++;
}

static struct word variable(const char *token)
{
    struct word word = {.kind = WORD_LOCAL};

    if (strcmp(token, "me") == 0)
        refuse("'me' is no variable");
    if (*token == '$' && is_name(token + 1)) {
        word.kind = WORD_SHARED;
        word.number = number_of(shared, &program->shared_count, token);
    } else if (is_name(token)) {
        word.number = number_of(locals, &local_count, token);
    } else {
        refuse("'%s' is no variable", token);
    }
    return word;
}

static int number(const char *token)
{
    char *end;
    long value = strtol(token, &end, 10);

    if (*end || value < -1000000 || value > 1000000)
        refuse("'%s' is no number", token);
    return (int)value;
}

static struct word string(const char *token)
{
    struct word word = {.kind = WORD_LITERAL};
    size_t size = strlen(token);

    if (size < 2 || token[size - 1] != '\'')
        refuse("%s is no string", token);
    word.text = copy(token + 1);
    word.text[size - 2] = '\0';
    word.literal = cede_str(word.text);
    return word;
}

static struct word value(const char *token)
{
    struct word word = {.kind = WORD_LITERAL};

    if (strcmp(token, "None") == 0) {
        word.literal = cede_none;
    } else if (strcmp(token, "me") == 0) {
        word.kind = WORD_ME;
    } else if (*token == '\'') {
        return string(token);
    } else if (*token == '-' || isdigit((unsigned char)*token)) {
        word.number = number(token);
        word.literal = cede_int(word.number);
    } else {
        return variable(token);
    }
    return word;
}

static struct word class_word(const char *token)
{
    struct word word = {.kind = WORD_CLASS, .class = class_of(token)};

    if (!word.class)
        refuse("'%s' is no class", token);
    return word;
}

static void add(struct statement *statement, struct word word)
{
    if (statement->word_count == MOST_WORDS)
        refuse("more than %d values", MOST_WORDS);
    statement->words[statement->word_count++] = word;
}

static void add_exception(struct statement *statement)
{
    const struct word absent = {.kind = WORD_ABSENT};
    const char *token = take("a class or a value");

    if (!isupper((unsigned char)*token) || strcmp(token, "None") == 0) {
        add(statement, value(token));
        add(statement, absent);
        return;
    }
    add(statement, class_word(token));
    if (peek() && strcmp(peek(), "from") != 0)
        add(statement, value(take("a value")));
    else
        add(statement, absent);
}

static void add_word(struct statement *statement, char kind)
{
    struct word word = {.kind = WORD_ABSENT};

    switch (kind) {
    case 'v':
        word = value(take("a value"));
        break;
    case 'V':
        if (peek())
            word = value(take("a value"));
        break;
    case 't':
        word = variable(take("a variable"));
        break;
    case 'n':
        word = (struct word){.kind = WORD_LITERAL,
                             .number = number(take("a number"))};
        break;
    case 'f':
        word = (struct word){.kind = WORD_FUNCTION,
                             .text = copy(take("a function"))};
        break;
    case 'o':
        if (!take_if("-"))
            word = (struct word){.kind = WORD_FUNCTION,
                                 .text = copy(take("a function or '-'"))};
        break;
    case 'k':
        word = class_word(take("a class"));
        break;
    case 'm':
        word = (struct word){.kind = WORD_NAME, .text = copy(take("a word"))};
        break;
    case 'F':
        if (take_if("from"))
            word = value(take("a value"));
        break;
    case 'e':
        add_exception(statement);
        return;
    case '*':
        while (peek())
            add(statement, value(take("a value")));
        return;
    }
    add(statement, word);
}

/* ---- statements ---------------------------------------------------------- */

/* Where a statement stands. */
struct place {
    int nested;
    bool in_loop;
};

static void read_block(struct block *block, struct place place);

static void read_except(struct statement *statement, struct place place)
{
    struct clause *clause = &statement->clauses[statement->clause_count];

    if (statement->clause_count++ == MOST_CLAUSES)
        refuse("more than %d except clauses", MOST_CLAUSES);
    do {
        if (clause->class_count == MOST_CLASSES)
            refuse("more than %d classes", MOST_CLASSES);
        clause->classes[clause->class_count++] =
            class_word(take("a class")).class;
    } while (peek() && strcmp(peek(), "as") != 0);
    if (take_if("as"))
        clause->name = variable(take("a variable"));
    end_of_line();
    read_block(&clause->block, place);
}

/* What follows the first block, up to `end`. */
static void read_clauses(struct statement *statement, struct place place)
{
    unsigned may = statement->form->clauses;

    while (!take_if("end")) {
        if (may & CLAUSE_EXCEPT && take_if("except")) {
            read_except(statement, place);
        } else if (may & CLAUSE_ELSE && take_if("else")) {
            may &= ~(unsigned)(CLAUSE_EXCEPT | CLAUSE_ELSE);
            end_of_line();
            statement->has_else = true;
            read_block(&statement->otherwise, place);
        } else if (may & CLAUSE_FINALLY && take_if("finally")) {
            may = 0;
            end_of_line();
            statement->has_finally = true;
            read_block(&statement->at_last, place);
        } else {
            refuse("'%s' is not expected here", peek());
        }
    }
    if (statement->form->clauses & CLAUSE_EXCEPT) {
        if (!statement->clause_count && !statement->has_finally)
            refuse("a try without except and finally");
        if (!statement->clause_count && statement->has_else)
            refuse("an else without except");
    }
    end_of_line();
}

static struct statement *read_statement(struct place place)
{
    struct statement *statement = get(sizeof *statement);
    const char *name = take("a statement");

    statement->line = in.line;
    if (peek() && strcmp(peek(), "=") == 0) {
        statement->target = variable(name);
        in.next++;
        name = take("a statement");
    }
    statement->form = form_of(name);
    if (!statement->form)
        refuse("'%s' is no statement", name);
    if (statement->target.kind && !statement->form->gives)
        refuse("'%s' gives nothing", name);
    if (statement->form->in_loop && !place.in_loop)
        refuse("'%s' outside of a loop", name);
    if (statement->form->only && !(statement->form->only & 1u << kind_now))
        refuse("'%s' in a function of another kind", name);
    for (const char *kind = statement->form->words; *kind; kind++)
        add_word(statement, *kind);
    end_of_line();
    if (statement->form->has_block) {
        read_block(&statement->block,
                   (struct place){place.nested,
                                  place.in_loop || statement->form->is_loop});
        read_clauses(statement, place);
    }
    return statement;
}

static bool ends_block(const char *token)
{
    static const char *const words[] = {"end", "except", "else", "finally"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(token, words[i]) == 0)
            return true;
    return false;
}

/* Up to a line that ends a block, whose first word is the next. */
static void read_block(struct block *block, struct place place)
{
    if (place.nested++ == MOST_NESTED)
        refuse("more than %d statements in each other", MOST_NESTED);
    for (;;) {
        if (!next_line())
            refuse("'end' expected at the end of the stream");
        if (ends_block(peek()))
            return;
        block->statements = realloc(
            block->statements, (block->count + 1) * sizeof *block->statements);
        if (!block->statements)
            refuse("no memory");
        block->statements[block->count++] = read_statement(place);
    }
}

/* ---- functions ----------------------------------------------------------- */

static struct function *named(const char *name)
{
    for (size_t i = 0; i < program->function_count; i++)
        if (strcmp(program->functions[i].name, name) == 0)
            return &program->functions[i];
    return NULL;
}

static enum function_kind kind_of(const char *token)
{
    if (strcmp(token, "def") == 0)
        return FUNCTION_GENERATOR;
    if (strcmp(token, "async") == 0)
        return FUNCTION_TASK;
    if (strcmp(token, "fun") != 0 && strcmp(token, "main") != 0)
        refuse("'%s' begins no function", token);
    return FUNCTION_PLAIN;
}

static void forget(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(names[i]);
}

static void read_function(void)
{
    struct function *function;
    const char *word = take("a function");
    enum function_kind kind = kind_of(word);
    bool is_main = strcmp(word, "main") == 0;
    const char *name;

    if (kind == FUNCTION_TASK && peek() && strcmp(peek(), "main") == 0)
        is_main = take_if("main");
    name = is_main ? "main" : take("a name");
    if (!is_name(name))
        refuse("'%s' is no name", name);
    if (named(name))
        refuse("there is a function '%s' already", name);
    if (program->function_count == MOST_FUNCTIONS)
        refuse("more than %d functions", MOST_FUNCTIONS);
    function = &program->functions[program->function_count++];
    function->name = copy(name);
    function->kind = kind_now = kind;
    if (is_main)
        program->main = function;
    local_count = 0;
    if (!is_main && peek())
        variable(take("a variable"));
    else
        number_of(locals, &local_count, ""); /* the argument, without a name */
    end_of_line();
    read_block(&function->block, (struct place){0, false});
    if (!take_if("end"))
        refuse("'%s' is not expected here", peek());
    end_of_line();
    function->local_count = local_count;
    forget(locals, local_count);
}

/* ---- what names stand for ------------------------------------------------ */

static void resolve(struct block *block)
{
    for (size_t i = 0; i < block->count; i++) {
        struct statement *statement = block->statements[i];

        in.line = statement->line;
        for (size_t k = 0; k < statement->word_count; k++) {
            struct word *word = &statement->words[k];
            struct function *function;

            if (word->kind != WORD_FUNCTION)
                continue;
            function = named(word->text);
            if (!function || function == program->main)
                refuse("there is no function '%s'", word->text);
            word->number = (int)(function - program->functions);
        }
        resolve(&statement->block);
        for (size_t k = 0; k < statement->clause_count; k++)
            resolve(&statement->clauses[k].block);
        resolve(&statement->otherwise);
        resolve(&statement->at_last);
    }
}

static void check_whole(void)
{
    int line = in.line;

    if (!program->main)
        refuse("a program without main");
    for (size_t i = 0; i < program->function_count; i++)
        resolve(&program->functions[i].block);
    in.line = line;
}

static bool ends_program(void)
{
    if (!take_if("----"))
        return false;
    end_of_line();
    return true;
}

struct program *program_read(FILE *file)
{
    in.file = file;
    if (!next_line())
        return NULL;
    program = get(sizeof *program);
    while (!ends_program()) {
        read_function();
        if (!next_line()) {
            program->last = true;
            break;
        }
    }
    check_whole();
    forget(shared, program->shared_count);
    return program;
}

/* ---- the end of it ------------------------------------------------------- */

static void free_block(struct block *block)
{
    for (size_t i = 0; i < block->count; i++) {
        struct statement *statement = block->statements[i];

        for (size_t k = 0; k < statement->word_count; k++)
            free(statement->words[k].text);
        free_block(&statement->block);
        for (size_t k = 0; k < statement->clause_count; k++)
            free_block(&statement->clauses[k].block);
        free_block(&statement->otherwise);
        free_block(&statement->at_last);
        free(statement);
    }
    free(block->statements);
}

void program_free(struct program *finished)
{
    for (size_t i = 0; i < finished->function_count; i++) {
        free(finished->functions[i].name);
        free_block(&finished->functions[i].block);
    }
    free(finished);
}
