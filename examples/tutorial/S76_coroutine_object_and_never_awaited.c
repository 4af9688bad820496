/*
 * Making a coroutine runs nothing; one that is given up without having been
 * awaited is reported on stderr, which is caught here.
 */
#include <stdio.h>
#include <string.h>
#include <cede.h>

static cede_value async_func(void) { return cede_str("Hello World!"); }
static void show(cede_log_level level, const char *text, void *argument) {
    const char *category = strstr(text, "RuntimeWarning"), *colon = strchr(category, ':');
    (void)level, (void)argument;
    printf("%.*s%s\n", (int)(colon - category), category, colon + 1);
}

int main(void) {
    cede_coroutine *coro = cede_coroutine(async_func); cede_print(cede_class_of(coro)->name);
    cede_set_log_handler(show, NULL);
    cede_unref(coro);
}
