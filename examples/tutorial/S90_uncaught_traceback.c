/*
 * An exception that nobody catches ends the program: the traceback goes to
 * stderr, the exit status is 1, and what stands behind does not run. The
 * program that does so is a child here, its output is kept in two files.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cede.h>

static FILE *scratch_file(void)
{
    FILE *file = tmpfile();

    if (!file)
        cede_raise_errno(errno, "tmpfile");
    return file;
}

static const char *text_of(FILE *file, char *text, size_t size)
{
    rewind(file);
    text[fread(text, 1, size - 1, file)] = '\0';
    return text;
}

int main(void)
{
    FILE *out = scratch_file(), *err = scratch_file();
    pid_t child = fork();
    char text[4096];
    int status;

    if (child < 0)
        cede_raise_errno(errno, "fork");
    if (child == 0) {
        dup2(fileno(out), STDOUT_FILENO);
        dup2(fileno(err), STDERR_FILENO);
        /* C would not compile the name of nothing: it is looked up here. */
        cede_raise(cede_NameError, "name '%s' is not defined", "arr");
        cede_print("에러가 발생했으므로 출력이 안됩니다.");
    }
    waitpid(child, &status, 0);
    cede_print(cede_temp(cede_repr(text_of(out, text, sizeof text))), "exit",
               WEXITSTATUS(status));
    printf("%s", text_of(err, text, sizeof text));
    fclose(err);
    fclose(out);
}
