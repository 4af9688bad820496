/*
 * A dialogue whose driver knows nothing of it: questions come up from the
 * innermost generator, answers go down to it, results go to the form.
 */
#include <stdlib.h>

#include <cede.h>

static cede_value ask(const char *question)
{
    return cede_yield(question);
}

/* Asks until the answer is a number. */
static cede_value ask_number(const char *question)
{
    for (;;) {
        const char *answer = cede_value_str(cede_yield(question));
        char *end;
        long number = strtol(answer, &end, 10);

        if (end != answer && !*end)
            return cede_int(number);
    }
}

static cede_value form(void)
{
    cede_value name = cede_yield_from(cede_generator(ask, "Your name?"));
    cede_value age = cede_yield_from(cede_generator(ask_number, "Your age?"));

    return cede_str_format("%s is %" PRId64, cede_value_str(name),
                           cede_value_int(age));
}

int main(void)
{
    const char *const answers[] = {"Ada", "old enough", "36"};
    cede_own (dialogue, cede_generator(form));
    cede_value question = cede_next(dialogue);

    cede_keep(question);
    cede_try {
        for (int i = 0;; i++) {
            cede_print(question, answers[i]);
            question = cede_generator_send(dialogue, answers[i]);
        }
    } cede_except (cede_StopIteration, e) {
        cede_print(cede_exception_value(e));
    } cede_end
}
