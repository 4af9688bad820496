/* See arch/notice.h. */
#include "arch/notice.h"

#if CEDE_IMPL_ASAN || CEDE_IMPL_TSAN

/* Whoever switched last, so that arriving can store where it came from. */
static __thread cede__notice *left;

void cede__notice_leaving(cede__notice *from, cede__notice *to, bool ends)
{
    left = from;
#if CEDE_IMPL_ASAN
    __sanitizer_start_switch_fiber(ends ? NULL : &from->fake_stack, to->bottom,
                                   to->size);
#endif
#if CEDE_IMPL_TSAN
    (void)to;
    (void)ends;
    if (!from->fiber)
        from->fiber = __tsan_get_current_fiber();
#endif
}

void cede__notice_arrive(cede__notice *here)
{
#if CEDE_IMPL_ASAN
    const void *bottom;
    size_t size;

    __sanitizer_finish_switch_fiber(here->fake_stack, &bottom, &size);
    if (!left->bottom) { /* a thread's own stack: ASan knows its bounds */
        left->bottom = bottom;
        left->size = size;
    }
#endif
    (void)here;
}

void cede__notice_create(cede__notice *notice, const void *low, size_t size,
                         const char *name)
{
    notice->fake_stack = NULL;
    notice->bottom = low;
    notice->size = size;
#if CEDE_IMPL_TSAN
    notice->fiber = __tsan_create_fiber(0);
    __tsan_set_fiber_name(notice->fiber, name);
#endif
    (void)name;
}

void cede__notice_destroy(cede__notice *notice)
{
#if CEDE_IMPL_TSAN
    if (notice->fiber)
        __tsan_destroy_fiber(notice->fiber);
#endif
    *notice = (cede__notice){0};
}

#endif
