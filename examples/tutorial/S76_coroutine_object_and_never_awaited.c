/*
 * Making a coroutine runs nothing; one that is given up without having been
 * awaited is reported on stderr, which is caught here.
 */
#include <stdio.h>
#include <unistd.h>

#include <cede.h>

static cede_value async_func(void *arg)
{
    (void)arg;
    return cede_str("Hello World!");
}

int main(void)
{
    cede_coroutine *coro = cede_coroutine(async_func, NULL);
    FILE *warnings = tmpfile();
    int err = dup(STDERR_FILENO);
    char category[64], message[128];

    cede_print(((cede_object *)coro)->object_class->name);
    dup2(fileno(warnings), STDERR_FILENO);
    cede_unref(coro);
    dup2(err, STDERR_FILENO);
    rewind(warnings);
    if (fscanf(warnings, "%*[^:]:%*d: %63[^:]: %127[^\n]", category, message) ==
        2)
        cede_print(category, message);
    fclose(warnings);
    close(err);
}
