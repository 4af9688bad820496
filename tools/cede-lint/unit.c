/*
 * Units. An error that clang finds makes the file unreadable, for what it drops
 * would not be seen; but a jump into a statement is an error to clang only, and
 * one of the mistakes we look for.
 */
#include "unit.h"

#include <clang-c/Index.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "check.h"

static void print_error(CXDiagnostic diagnostic)
{
    CXString text = clang_formatDiagnostic(
        diagnostic, clang_defaultDiagnosticDisplayOptions());

    fprintf(stderr, "%s\n", clang_getCString(text));
    clang_disposeString(text);
}

/* Without errors that nobody explains. */
static bool is_sound(struct source *source)
{
    unsigned count = clang_getNumDiagnostics(source->unit);
    bool sound = true;

    for (unsigned i = 0; i < count; i++) {
        CXDiagnostic diagnostic = clang_getDiagnostic(source->unit, i);

        if (clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error &&
            !check_jump_diagnostic(source, diagnostic)) {
            print_error(diagnostic);
            sound = false;
        }
        clang_disposeDiagnostic(diagnostic);
    }
    return sound;
}

static bool run_checks(CXTranslationUnit unit)
{
    struct source *source = source_new(unit);
    bool sound = is_sound(source);

    for (struct function *f = source->functions; f; f = f->next) {
        for (const struct check *const *c = checks; f->ours && *c; c++)
            (*c)->run(source, f);
    }
    source_free(source);
    return sound;
}

/* A command's own folder becomes the folder of the process while it is read. */
static CXTranslationUnit parse(CXIndex index, const struct command *command)
{
    CXTranslationUnit unit = NULL;
    char here[PATH_MAX];
    enum CXErrorCode error;
    bool known = getcwd(here, sizeof here) != NULL;

    error = clang_parseTranslationUnit2(index, command->file,
                                        command->arguments, command->count,
                                        NULL, 0, CXTranslationUnit_None, &unit);
    if (known && chdir(here) != 0)
        perror(here);
    return error == CXError_Success ? unit : NULL;
}

bool unit_examine(const struct command *command)
{
    CXIndex index = clang_createIndex(0, 0);
    CXTranslationUnit unit = parse(index, command);
    bool sound = false;

    if (unit) {
        sound = run_checks(unit);
        clang_disposeTranslationUnit(unit);
    } else {
        fprintf(stderr, "cede-lint: cannot read %s\n", command->file);
    }
    clang_disposeIndex(index);
    return sound;
}
