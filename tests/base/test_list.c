/*
 * test_list.c - intrusive lists
 */
#include "base/list.h"

#include "harness/harness.h"

struct item {
    int number;
    cede__list link;
};

static struct item items[4] = {
    {.number = 0}, {.number = 1}, {.number = 2}, {.number = 3}};

static void init_items(void)
{
    for (int i = 0; i < 4; i++)
        cede__list_init(&items[i].link);
}

static int digits(const cede__list *list)
{
    int result = 0;

    cede__list_each(node, list) result =
        result * 10 + cede__list_entry(node, struct item, link)->number;
    return result;
}

TEST(pushes_and_pops_in_order)
{
    cede__list list = CEDE__LIST_INIT(list);

    init_items();
    CHECK(cede__list_empty(&list));
    CHECK_PTR(cede__list_pop_front(&list), NULL);
    cede__list_push_back(&list, &items[1].link);
    cede__list_push_back(&list, &items[2].link);
    cede__list_push_front(&list, &items[3].link);
    CHECK_INT(digits(&list), 312);
    CHECK_PTR(cede__list_pop_front(&list), &items[3].link);
    CHECK(cede__list_empty(&items[3].link));
    CHECK_INT(digits(&list), 12);
}

TEST(removing_leaves_the_node_ready_to_be_removed_again)
{
    cede__list list = CEDE__LIST_INIT(list);

    init_items();
    for (int i = 1; i < 4; i++)
        cede__list_push_back(&list, &items[i].link);
    cede__list_remove(&items[2].link);
    cede__list_remove(&items[2].link);
    CHECK_INT(digits(&list), 13);
    cede__list_push_back(&list, &items[2].link);
    CHECK_INT(digits(&list), 132);
}

TEST(walking_survives_removal)
{
    cede__list list = CEDE__LIST_INIT(list);

    init_items();
    for (int i = 1; i < 4; i++)
        cede__list_push_back(&list, &items[i].link);
    cede__list_each(
        node, &list) if (cede__list_entry(node, struct item, link)->number != 2)
        cede__list_remove(node);
    CHECK_INT(digits(&list), 2);
}

TEST(appends_one_list_to_another)
{
    cede__list list = CEDE__LIST_INIT(list), other = CEDE__LIST_INIT(other);

    init_items();
    cede__list_append(&list, &other);
    CHECK(cede__list_empty(&list));
    cede__list_push_back(&list, &items[1].link);
    cede__list_push_back(&other, &items[2].link);
    cede__list_push_back(&other, &items[3].link);
    cede__list_append(&list, &other);
    CHECK_INT(digits(&list), 123);
    CHECK(cede__list_empty(&other));
    cede__list_remove(&items[3].link);
    cede__list_push_back(&list, &items[3].link);
    CHECK_INT(digits(&list), 123);
}
