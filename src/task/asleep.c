/*
 * "All tasks are asleep": a run that waits for what cannot happen is told so.
 * Rule Z16; what the Go runtime does, and Trio's autojump clock nearly.
 *
 * On a virtual clock time jumps to the next event: where there is none, none
 * can come. On a real one another thread may be about to post to the loop, and
 * nobody knows what it is going to do; only a process of one thread is sure.
 */
#include "task/inspect.h"

#include "base/log.h"
#include "base/system.h"
#include "value/exception.h"

#include "cede/inspect.h"

#include <stdlib.h>
#include <string.h>

static bool is_sure(const cede_loop *loop)
{
    const char *wish = getenv("CEDE_DEADLOCK");

    if (wish && strcmp(wish, "0") == 0)
        return false;
    if (wish && strcmp(wish, "1") == 0)
        return true;
    return loop->clock.jump || cede__sys_thread_count() == 1;
}

/* One report; where there is no memory for it, piece by piece. */
static void tell_asleep(cede_loop *loop, const char *message)
{
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);

    if (file == NULL) {
        cede__logf(CEDE_LOG_ERROR, "cede: %s", message);
        cede_loop_print_tasks(loop, NULL);
        return;
    }
    fprintf(file, "cede: %s\n", message);
    cede_loop_print_tasks(loop, file);
    fclose(file);
    if (text != NULL && size > 0 && text[size - 1] == '\n')
        text[size - 1] = '\0';
    cede__log(CEDE_LOG_ERROR, text != NULL ? text : message);
    free(text);
}

bool cede__tasks_asleep(cede_loop *loop)
{
    static const char message[] = "all tasks are asleep - deadlock!";

    if (!is_sure(loop))
        return false;
    /* A thread that has ended since may have posted before. */
    if (cede__loop_pending(loop))
        return true;
    tell_asleep(loop, message);
    cede__loop_fail(loop, cede__exception_make(cede_RuntimeError, message));
    return true;
}
