/*
 * survey.c - what is alive, by the places that made it (see debug.h)
 *
 * A line for each place, in the order of the first object that it made. What
 * there is no memory to sort is told one by one.
 */
#include "value/debug.h"

#include "base/memory.h"
#include "value/text.h"

#include <stdlib.h>
#include <string.h>

enum { LINES_TOLD = 100 };

/* Objects that are told of in one line. */
typedef struct group {
    const cede__life *first;
    size_t count;
} group;

static bool is_wanted(const cede__life *life, cede__debug_filter *wanted,
                      const void *argument)
{
    return !wanted || wanted(life, argument);
}

static size_t count_wanted(const cede__list *living, cede__debug_filter *wanted,
                           const void *argument)
{
    size_t count = 0;

    cede__list_each(link, living) count +=
        is_wanted(cede__list_entry(link, cede__life, link), wanted, argument);
    return count;
}

static int compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* Those of one line are neighbours, the oldest first. */
static int compare_lives(const void *a, const void *b)
{
    const cede__life *left = ((const group *)a)->first;
    const cede__life *right = ((const group *)b)->first;
    int order =
        compare((uintptr_t)left->object_class, (uintptr_t)right->object_class);

    if (!order)
        order = compare((uintptr_t)left->name, (uintptr_t)right->name);
    if (!order)
        order = cede__site_compare(&left->born, &right->born);
    return order ? order : compare(left->number, right->number);
}

static int compare_groups(const void *a, const void *b)
{
    return compare(((const group *)a)->first->number,
                   ((const group *)b)->first->number);
}

static bool is_alike(const cede__life *a, const cede__life *b)
{
    return a->object_class == b->object_class && a->name == b->name &&
           cede__site_compare(&a->born, &b->born) == 0;
}

/* Returns how many groups are left. */
static size_t unite(group *groups, size_t count)
{
    size_t made = 0;

    qsort(groups, count, sizeof *groups, compare_lives);
    for (size_t i = 0; i < count; i++) {
        if (made > 0 && is_alike(groups[made - 1].first, groups[i].first))
            groups[made - 1].count++;
        else
            groups[made++] = groups[i];
    }
    qsort(groups, made, sizeof *groups, compare_groups);
    return made;
}

static void tell_group(cede__text *report, const group *told)
{
    char text[768];

    cede__life_tell(told->first, text, sizeof text);
    cede__text_format(report, "\n  %zu x %s", told->count, text);
}

static void tell_groups(cede__text *report, group *groups, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i == LINES_TOLD) {
            cede__text_format(report, "\n  and %zu other places", count - i);
            return;
        }
        tell_group(report, &groups[i]);
    }
}

static void tell(cede__text *report, const cede__list *living, size_t count,
                 cede__debug_filter *wanted, const void *argument)
{
    group *groups = cede__malloc_aside(count * sizeof *groups);
    size_t filled = 0;

    cede__list_each(link, living)
    {
        cede__life *life = cede__list_entry(link, cede__life, link);

        if (!is_wanted(life, wanted, argument))
            continue;
        if (pthread_equal(life->thread, pthread_self()))
            cede__life_locate(life);
        if (groups)
            groups[filled++] = (group){life, 1};
        else
            tell_group(report, &(group){life, 1});
    }
    if (groups)
        tell_groups(report, groups, unite(groups, filled));
    cede__free_aside(groups);
}

size_t cede__debug_survey(cede__debug_filter *wanted, const void *argument,
                          const char *is, const char *are)
{
    const cede__list *living = cede__debug_lock();
    size_t count = count_wanted(living, wanted, argument);
    cede__text report;

    cede__text_init(&report);
    if (count > 0) {
        cede__text_format(&report, "cede: %zu object%s %s:", count,
                          count == 1 ? "" : "s", count == 1 ? is : are);
        tell(&report, living, count, wanted, argument);
    }
    cede__debug_unlock();
    if (count > 0)
        cede__text_log(&report, CEDE_LOG_WARNING);
    return count;
}

size_t cede_print_objects(void)
{
    return cede__debug_survey(NULL, NULL, "is alive", "are alive");
}
