/*
 * How each file is compiled.
 */
#pragma once

struct command {
    struct command *next;
    char *file;
    const char **arguments; /* for libclang; each to be freed */
    int count;
};

struct commands {
    struct command *first;
};

/*
 * The commands of these files, or, if there are none, of all C files that the
 * folder's compile_commands.json lists. Files that it does not list are
 * compiled with `flags`. folder may be NULL. NULL: the folder has no such file.
 */
struct commands *commands_new(const char *folder, char **files, int file_count,
                              const char *const *flags, int flag_count);
void commands_free(struct commands *commands);
