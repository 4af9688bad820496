/*
 * cede-lint: finds mistakes in C that uses cede which no compiler can find.
 * This file knows the command line and the exit status.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "command.h"
#include "report.h"
#include "unit.h"

enum { FOUND_NOTHING, FOUND_SOMETHING, TROUBLE };

struct options {
    const char *folder;
    char **files;
    int file_count;
    const char **flags;
    int flag_count;
};

static void print_help(void)
{
    puts("usage: cede-lint [-p BUILD-FOLDER] [FILE.c …] [-- COMPILER-FLAG …]\n"
         "\n"
         "Finds mistakes in C that uses cede which no compiler can find.\n"
         "\n"
         "  -p BUILD-FOLDER  take the compilers' flags from the folder's\n"
         "                   compile_commands.json (CMake writes it with\n"
         "                   -DCMAKE_EXPORT_COMPILE_COMMANDS=ON); without a\n"
         "                   FILE, look at all that it lists\n"
         "  -- FLAG …        flags for FILEs that no folder knows: -I, -D, …\n"
         "  --help           print this\n"
         "  --version        print the version\n"
         "\n"
         "A line of the source with the comment /* cede-lint: ok */ is left\n"
         "out. The exit status is 0 if nothing was found, 1 if something was,\n"
         "2 if a file could not be read as C.\n"
         "\n"
         "checks:");
    for (const struct check *const *c = checks; *c; c++)
        printf("  %-8s  %s\n", (*c)->name, (*c)->what);
}

static int usage(const char *problem, const char *what)
{
    fprintf(stderr, "cede-lint: %s%s (see cede-lint --help)\n", problem, what);
    return TROUBLE;
}

/* -1: go on; else the exit status. */
static int read_options(struct options *options, int count, char **arguments)
{
    int i;

    options->files = arguments + 1;
    for (i = 1; i < count; i++) {
        char *argument = arguments[i];

        if (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0) {
            print_help();
            return FOUND_NOTHING;
        }
        if (strcmp(argument, "--version") == 0) {
            puts("cede-lint " CEDE_LINT_VERSION);
            return FOUND_NOTHING;
        }
        if (strcmp(argument, "--") == 0) {
            options->flags = (const char **)&arguments[i + 1];
            options->flag_count = count - i - 1;
            break;
        }
        if (strcmp(argument, "-p") == 0) {
            if (++i == count)
                return usage("-p wants a folder", "");
            options->folder = arguments[i];
        } else if (argument[0] == '-') {
            return usage("unknown option ", argument);
        } else {
            options->files[options->file_count++] = argument;
        }
    }
    if (!options->folder && !options->file_count)
        return usage("neither a file nor a folder", "");
    return -1;
}

int main(int count, char **arguments)
{
    struct options options = {0};
    struct commands *commands;
    bool readable = true;
    int status = read_options(&options, count, arguments);
    int found;

    if (status >= 0)
        return status;
    commands = commands_new(options.folder, options.files, options.file_count,
                            options.flags, options.flag_count);
    if (!commands)
        return usage("no compile_commands.json in ", options.folder);
    for (struct command *c = commands->first; c; c = c->next)
        readable = unit_examine(c) && readable;
    commands_free(commands);
    found = report_print();
    if (!readable)
        return TROUBLE;
    return found ? FOUND_SOMETHING : FOUND_NOTHING;
}
