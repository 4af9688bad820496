/*
 * Commands. Of a compiler's flags those are taken that change what the source
 * means, and what libclang needs besides is added. The rest (warnings,
 * optimization, sanitizers, what only gcc knows) would be in its way.
 */
#include "command.h"

#include <clang-c/CXCompilationDatabase.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"

/* In front of the flags. Comments are read for what they say about raising. */
static const char *const always[] = {
    "-xc",
    "-fparse-all-comments",
    "-fretain-comments-from-system-headers",
    "-Wno-everything",
};

/* With a value, in the same word or in the next one. */
static const char *const with_value[] = {
    "-I",       "-D",       "-U",        "-isystem",  "-iquote", "-idirafter",
    "-include", "-imacros", "--sysroot", "-isysroot", "-target",
};
static const char *const alone[] = {
    "-std=",         "-m",
    "-fsigned-char", "-funsigned-char",
    "-fshort-enums", "-ffreestanding",
    "-nostdinc",     "--target=",
    "--sysroot=",
};

static bool begins(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static void add(struct command *command, const char *argument)
{
    command->arguments = memory_grow(command->arguments, (size_t)command->count,
                                     sizeof *command->arguments);
    command->arguments[command->count++] = memory_copy(argument);
}

/* 1 and 2: so many words are taken; 0: the word is left out. */
static int words_of(const char *word)
{
    for (size_t i = 0; i < sizeof alone / sizeof *alone; i++) {
        if (begins(word, alone[i]))
            return 1;
    }
    for (size_t i = 0; i < sizeof with_value / sizeof *with_value; i++) {
        if (strcmp(word, with_value[i]) == 0)
            return 2;
        if (begins(word, with_value[i]))
            return 1;
    }
    return 0;
}

static void add_flags(struct command *command, const char *const *flags,
                      int count)
{
    for (int i = 0; i < count; i++) {
        int words = words_of(flags[i]);

        for (int k = 0; k < words && i + k < count; k++)
            add(command, flags[i + k]);
        if (words == 2)
            i++;
    }
}

/* The headers that were installed with this program, behind all others. */
static void add_own_headers(struct command *command)
{
    char path[PATH_MAX + 32];
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX);
    char *slash;

    if (length <= 0)
        return;
    path[length] = '\0';
    slash = strrchr(path, '/');
    if (!slash)
        return;
    strcpy(slash, "/../include");
    if (access(path, F_OK) != 0)
        return;
    add(command, "-idirafter");
    add(command, path);
}

static struct command *command_new(const char *file)
{
    struct command *command = memory_new(sizeof *command);

    command->file = memory_copy(file);
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        add(command, always[i]);
    return command;
}

static struct command *from_flags(const char *file, const char *const *flags,
                                  int count)
{
    struct command *command = command_new(file);

    add(command, "-std=gnu11");
    add_flags(command, flags, count);
    add_own_headers(command);
    return command;
}

static struct command *from_database(const char *file, CXCompileCommand entry)
{
    struct command *command = command_new(file);
    int count = (int)clang_CompileCommand_getNumArgs(entry);
    const char **words = memory_new((size_t)(count + 1) * sizeof *words);
    CXString text = clang_CompileCommand_getDirectory(entry);

    add(command, "-working-directory");
    add(command, clang_getCString(text));
    clang_disposeString(text);
    for (int i = 0; i < count; i++) {
        text = clang_CompileCommand_getArg(entry, (unsigned)i);
        words[i] = memory_copy(clang_getCString(text));
        clang_disposeString(text);
    }
    add_flags(command, words, count);
    for (int i = 0; i < count; i++)
        free((char *)words[i]);
    free(words);
    add_own_headers(command);
    return command;
}

/* ---- many ---------------------------------------------------------------- */

static void append(struct commands *commands, struct command *command)
{
    struct command **end = &commands->first;

    while (*end)
        end = &(*end)->next;
    *end = command;
}

static bool has(const struct commands *commands, const char *file)
{
    for (const struct command *c = commands->first; c; c = c->next) {
        if (strcmp(c->file, file) == 0)
            return true;
    }
    return false;
}

static bool is_c(const char *file)
{
    size_t length = strlen(file);

    return length > 2 && strcmp(file + length - 2, ".c") == 0;
}

static void add_all(struct commands *commands, CXCompilationDatabase database)
{
    CXCompileCommands entries =
        clang_CompilationDatabase_getAllCompileCommands(database);
    unsigned count = clang_CompileCommands_getSize(entries);

    for (unsigned i = 0; i < count; i++) {
        CXCompileCommand entry = clang_CompileCommands_getCommand(entries, i);
        CXString text = clang_CompileCommand_getFilename(entry);
        const char *file = clang_getCString(text);

        if (is_c(file) && !has(commands, file))
            append(commands, from_database(file, entry));
        clang_disposeString(text);
    }
    clang_CompileCommands_dispose(entries);
}

/* The database guesses from its neighbours for a file that it does not list. */
static struct command *find(CXCompilationDatabase database, const char *file)
{
    char path[PATH_MAX];
    CXCompileCommands entries;
    struct command *command = NULL;

    if (!realpath(file, path))
        strcpy(path, "");
    entries = clang_CompilationDatabase_getCompileCommands(database, path);
    if (clang_CompileCommands_getSize(entries) > 0)
        command =
            from_database(path, clang_CompileCommands_getCommand(entries, 0));
    clang_CompileCommands_dispose(entries);
    return command;
}

struct commands *commands_new(const char *folder, char **files, int file_count,
                              const char *const *flags, int flag_count)
{
    struct commands *commands = memory_new(sizeof *commands);
    CXCompilationDatabase database = NULL;
    CXCompilationDatabase_Error error = CXCompilationDatabase_NoError;

    if (folder)
        database = clang_CompilationDatabase_fromDirectory(folder, &error);
    if (error != CXCompilationDatabase_NoError) {
        free(commands);
        return NULL;
    }
    if (file_count == 0)
        add_all(commands, database);
    for (int i = 0; i < file_count; i++) {
        struct command *command = NULL;

        if (database && flag_count == 0)
            command = find(database, files[i]);
        if (!command)
            command = from_flags(files[i], flags, flag_count);
        append(commands, command);
    }
    if (database)
        clang_CompilationDatabase_dispose(database);
    return commands;
}

void commands_free(struct commands *commands)
{
    struct command *next;

    for (struct command *c = commands->first; c; c = next) {
        next = c->next;
        for (int i = 0; i < c->count; i++)
            free((char *)c->arguments[i]);
        free(c->arguments);
        free(c->file);
        free(c);
    }
    free(commands);
}
