/*
 * parity_driver: reads programs from stdin, runs each with cede and prints its
 * trace. ../README.md describes the language. Exit status 0; 2 for a program
 * that cannot be read, 1 if one leaves anything behind.
 */
#include "interpret.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

size_t cede__stack_live(void);

static void usage(FILE *file)
{
    fprintf(file, "usage: parity_driver < SCRIPT\n"
                  "Runs the programs of the script with cede and prints what "
                  "happens.\n");
}

static void check_left(size_t blocks, size_t stacks)
{
    if (cede__memory_live() == blocks && cede__stack_live() == stacks)
        return;
    printf("left behind: %zd blocks, %zd stacks\n",
           (ssize_t)(cede__memory_live() - blocks),
           (ssize_t)(cede__stack_live() - stacks));
    fflush(stdout);
    exit(1);
}

static bool run_next_program(void)
{
    struct program *program = program_read(stdin);
    size_t blocks = cede__memory_live();
    size_t stacks = cede__stack_live();
    bool last;

    if (!program)
        return false;
    run_program(program);
    check_left(blocks, stacks);
    last = program->last;
    program_free(program);
    if (!last)
        puts("----");
    fflush(stdout);
    return !last;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        usage(stdout);
        return 0;
    }
    if (argc > 1) {
        usage(stderr);
        return 2;
    }
    /* Functions that call each other 12 deep in methods that do. */
    cede_stack_set_size(1 << 20);
    while (run_next_program())
        ;
    return 0;
}
