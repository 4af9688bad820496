/*
 * Exceptions: Python's words. finally and cede_defer run on every way out, and
 * what is raised inside an except clause remembers why.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <cede.h>

CEDE_EXCEPTION(ConfigError, cede_ValueError);

/* Reads the number of workers from a file. */
static long read_workers(const char *path)
{
    FILE *file = fopen(path, "r");
    char line[32];
    long workers;

    if (!file)
        cede_raise_errno(errno, "%s", path);
    cede_defer (fclose, file); /* also when an exception passes */

    if (!fgets(line, sizeof line, file))
        cede_raise(ConfigError, "empty file");
    workers = strtol(line, NULL, 10);
    if (workers < 1)
        cede_raise(ConfigError, "workers must be at least 1, not %ld", workers);
    return workers;
}

static void start(const char *path)
{
    long workers = 0;

    cede_keep(workers); /* assigned in the statement, read after it */
    cede_try {
        workers = read_workers(path);
    } cede_except (cede_FileNotFoundError, e) {
        printf("%s: using the default\n", cede_exception_name(e));
        workers = 4;
    } cede_except (ConfigError, e) {
        cede_raise_from(cede_RuntimeError, e, "cannot start");
    } cede_finally {
        printf("looked at the configuration\n");
    } cede_end
    printf("starting %ld workers\n", workers);
}

int main(void)
{
    start("/nonexistent/workers");
    cede_try {
        start("/dev/null");
    } cede_except (cede_RuntimeError, e) {
        cede_exception *cause = cede_exception_cause(e);

        printf("%s: %s\n", cede_exception_name(e), cede_exception_message(e));
        printf("because of %s: %s\n", cede_exception_name(cause),
               cede_exception_message(cause));
    } cede_end
}
