/*
 * An exception that nobody catches ends the program: the traceback goes to
 * stderr, the exit status is 1, and what stands behind does not run. The
 * program that does so is a child here, its output is kept in two files.
 */
#include <stdio.h>
#include <sys/wait.h>
#include <cede.h>

static const char *run(const char *program, const char *where, char text[4096], int *status) {
    cede_own (command, cede_str_format("'%s' a-name-of-nothing %s", program, where));
    FILE *child = popen(cede_value_str(command), "r");
    text[fread(text, 1, 4095, child)] = '\0';
    *status = WEXITSTATUS(pclose(child)); return text;
}

int main(int argc, char **argv) {
    char text[4096]; int status;
    if (argc > 1) { /* C would not compile the name of nothing */
        cede_raise(cede_NameError, "name '%s' is not defined", "arr");
        cede_print("에러가 발생했으므로 출력이 안됩니다.");
    }
    cede_value out = cede_repr(run(argv[0], "2>/dev/null", text, &status));
    cede_print(cede_temp(out), "exit", status);
    printf("%s", run(argv[0], "2>&1 >/dev/null", text, &status));
}
