/*
 * A service that answers by callbacks, as many libraries do. What it is asked
 * takes some seconds, and of Bob it knows nothing. The loop's timer stands for
 * the network.
 */
#pragma once

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <cede.h>

/* error: 0, or an errno and no answer. */
typedef void answered(void *argument, int error, int answer);

struct question {
    answered *callback;
    void *argument;
    int error, answer;
    cede_handle *timer;
};

static inline double now(void)
{
    return cede_loop_time(cede_get_running_loop());
}

static inline void warehouse_answers(void *arg)
{
    struct question question = *(struct question *)arg;

    free(arg);
    question.callback(question.argument, question.error, question.answer);
}

/* The callback will be called once, unless the question is taken back. */
static inline struct question *ask(const char *what, const char *customer,
                                   answered *callback, void *argument)
{
    struct question *question = malloc(sizeof *question);
    bool is_slow = !strcmp(customer, "Cid") && !strcmp(what, "price");

    if (!question)
        cede_raise(cede_MemoryError);
    question->callback = callback;
    question->argument = argument;
    question->error = strcmp(customer, "Bob") ? 0 : ENOENT;
    question->answer = (int)(strlen(what) * strlen(customer));
    question->timer = cede_loop_call_later(
        cede_get_running_loop(), is_slow ? 60 : 1, warehouse_answers, question);
    return question;
}

static inline void take_back(struct question *question)
{
    cede_handle_cancel(question->timer);
    free(question);
}
