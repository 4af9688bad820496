/*
 * Mistakes for cede-lint: cleanup attributes that an exception passes by.
 */
#include "lint/world.h"

static void free_text(char **text)
{
    free(*text);
}

#define AUTO_FREE __attribute__((cleanup(free_text)))

static void raises(void)
{
    AUTO_FREE char *text = strdup("text"); /* lint: cleanup */

    cede_raise(cede_ValueError, "%s", text);
}

static void raises_again(cede_exception *e)
{
    AUTO_FREE char *text = strdup("text"); /* lint: cleanup */

    cede_raise(e);
}

static void prints(void)
{
    AUTO_FREE char *text = strdup("text"); /* lint: cleanup */

    cede_print(text);
}

static void awaits(cede_task *task)
{
    AUTO_FREE char *text = strdup("text"); /* lint: cleanup */

    cede_value_unref(cede_await(task));
    say(text);
}

static int parse(const char *text)
{
    if (!*text)
        cede_raise(cede_ValueError, "nothing");
    return atoi(text);
}

static int indirectly(void)
{
    return parse("1") + parse("2");
}

static int calls_what_raises(void)
{
    char *text __attribute__((cleanup(free_text))) = NULL; /* lint: cleanup */

    text = strdup("text");
    return indirectly();
}

static void in_an_inner_block(void)
{
    cede_try {
        AUTO_FREE char *text = strdup("text"); /* lint: cleanup */

        if (text) {
            for (int i = 0; i < 3; i++)
                parse(text);
        }
    } cede_except (cede_ValueError, e) {
    } cede_end
}

static void not_that_class(void)
{
    AUTO_FREE char *text = strdup("text"); /* lint: cleanup */

    cede_try {
        cede_raise(cede_KeyError, "%s", text);
    } cede_except (cede_ValueError, e) {
    } cede_end
}

static void in_the_handler(void)
{
    AUTO_FREE char *text = strdup("text"); /* lint: cleanup */

    cede_try {
        say(text);
    } cede_except (cede_Exception, e) {
        cede_reraise();
    } cede_end
}

static cede_value yields(void *argument)
{
    AUTO_FREE char *text = strdup(argument); /* lint: cleanup */

    cede_yield(text);
    return cede_none;
}

USE(raises, raises_again, prints, awaits, calls_what_raises, in_an_inner_block,
    not_that_class, in_the_handler, yields)
