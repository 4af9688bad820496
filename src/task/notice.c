/*
 * Notices: being told, without suspending, of things that tasks wait for.
 * cede/lowlevel.h.
 *
 * It knows futures; descriptors keep lists of their own (task/descriptor.c).
 * Who is told runs at once, inside whatever ends the thing: that is why a
 * notice may do next to nothing.
 */
#include "task/notice.h"

#include "task/task.h"

cede__notice_part *cede__notice_begin(cede_notice *notice)
{
    cede__notice_part *part = (cede__notice_part *)notice->impl;

    cede__list_init(&part->completion.link);
    part->completion.job = NULL;
    return part;
}

void cede__notice_tell(cede__completion *completion)
{
    cede_notice *notice =
        (cede_notice *)((char *)completion - offsetof(cede_notice, impl));

    notice->tell(notice);
}

void cede_notice_cancel(cede_notice *notice)
{
    cede__notice_part *part = (cede__notice_part *)notice->impl;

    if (part->completion.link.next)
        cede__list_remove(&part->completion.link);
}

bool cede_future_watch(void *object, cede_notice *notice)
{
    cede_future *future = object;
    cede__notice_part *part;

    cede__check_future(future);
    if (future->state != CEDE__FUTURE_PENDING)
        return false;
    if (future->loop != cede_get_running_loop())
        cede_raise(cede_RuntimeError,
                   "a future of a different loop cannot be waited for here");
    part = cede__notice_begin(notice);
    cede__future_subscribe(future, &part->completion, NULL);
    return true;
}
