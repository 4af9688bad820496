/*
 * A coroutine that is given up without having been awaited is reported, on
 * stderr, which is caught here; one that was closed is not.
 */
#include <stdio.h>
#include <unistd.h>

#include <cede.h>

static cede_value c(void *arg)
{
    (void)arg;
    return cede_none;
}

int main(void)
{
    FILE *warnings = tmpfile();
    int err = dup(STDERR_FILENO);
    char message[128];
    cede_list *w = cede_list();
    cede_coroutine *x, *y;

    dup2(fileno(warnings), STDERR_FILENO);
    x = cede_coroutine(c, NULL);
    cede_unref(x);
    y = cede_coroutine(c, NULL);
    cede_coroutine_close(y);
    cede_unref(y);
    dup2(err, STDERR_FILENO);
    rewind(warnings);
    while (fscanf(warnings, "%*[^:]:%*d: %*[^:]: %127[^\n]\n", message) == 1)
        cede_list_append(w, cede_str_copy(message));
    cede_print(w, "(close() silences)");
    cede_unref(w);
    fclose(warnings);
    close(err);
}
