/*
 * The persistent map under contexts: rule C06.
 */
#include "harness/harness.h"

#include "base/memory.h"
#include "value/hamt.h"

#include <stdlib.h>

/* The test's item: a key, and which of several with that key it is. */
struct item {
    cede__hamt_item head;
    int number;
};

static const cede_class item_class[1] = {{.name = "item",
                                          .size = sizeof(struct item),
                                          .flags = CEDE_CLASS_SHARED}};

/* A map in a cede_auto. */
static void drop(cede__hamt **map)
{
    cede_unref(*map);
}

/* Replaces *map by the map with a new item. */
static void put(cede__hamt **map, uint64_t key, int number)
{
    struct item *item = cede_object_new(item_class);
    cede__hamt *before = *map;
    cede__hamt *after;

    item->head.key = key;
    item->number = number;
    after = cede__hamt_set(before, &item->head);
    cede_unref(item);
    if (!after)
        cede_raise(cede_MemoryError);
    *map = after;
    cede_unref(before);
}

static void take(cede__hamt **map, uint64_t key)
{
    cede__hamt *before = *map;

    if (!cede__hamt_remove(before, key, map))
        cede_raise(cede_MemoryError);
    cede_unref(before);
}

/* The number of the item with the key; -1: there is none. */
static int look(const cede__hamt *map, uint64_t key)
{
    const struct item *item = (struct item *)cede__hamt_get(map, key);

    if (item)
        CHECK_INT(item->head.key, key);
    return item ? item->number : -1;
}

TEST(an_empty_map_is_NULL)
{
    cede_auto (cede__hamt *, map, drop) = NULL;

    CHECK_INT(cede__hamt_size(NULL), 0);
    CHECK_INT(look(NULL, 1), -1);
    CHECK_PTR(cede__hamt_at(NULL, 0), NULL);
    take(&map, 1);
    CHECK_PTR(map, NULL);
    put(&map, 1, 10);
    CHECK(map != NULL);
    take(&map, 1);
    CHECK_PTR(map, NULL);
}

TEST(sets_replaces_and_removes)
{
    cede_auto (cede__hamt *, map, drop) = NULL;

    put(&map, 7, 70);
    put(&map, 0, 1);
    put(&map, UINT64_MAX, 2);
    CHECK_INT(look(map, 7), 70);
    CHECK_INT(look(map, 0), 1);
    CHECK_INT(look(map, UINT64_MAX), 2);
    CHECK_INT(look(map, 8), -1);
    CHECK_INT(look(map, 7 + 32), -1);
    put(&map, 7, 71);
    CHECK_INT(look(map, 7), 71);
    CHECK_INT(cede__hamt_size(map), 3);
    take(&map, 8); /* is not there */
    take(&map, 7 + 32);
    CHECK_INT(cede__hamt_size(map), 3);
    take(&map, 0);
    CHECK_INT(look(map, 0), -1);
    CHECK_INT(look(map, 7), 71);
    CHECK_INT(cede__hamt_size(map), 2);
}

TEST(a_map_stays_as_it_was)
{
    cede_auto (cede__hamt *, first, drop) = NULL;
    cede_auto (cede__hamt *, second, drop) = NULL;

    put(&first, 1, 1);
    put(&first, 1 + 32, 2);
    second = cede_ref(first);
    put(&second, 1, 10);
    put(&second, 2, 20);
    take(&second, 1 + 32);
    CHECK_INT(look(first, 1), 1);
    CHECK_INT(look(first, 1 + 32), 2);
    CHECK_INT(look(first, 2), -1);
    CHECK_INT(cede__hamt_size(first), 2);
    CHECK_INT(look(second, 1), 10);
    CHECK_INT(look(second, 1 + 32), -1);
    CHECK_INT(look(second, 2), 20);
    CHECK_INT(cede__hamt_size(second), 2);
}

/* Keys that differ in their last bits only make the longest way there is. */
TEST(keys_that_differ_late)
{
    static const uint64_t keys[] = {
        UINT64_C(0x0123456789abcdef), UINT64_C(0x1123456789abcdef),
        UINT64_C(0xf123456789abcdef), UINT64_C(0x0103456789abcdef),
        UINT64_C(0x01234567898bcdef)};
    enum { COUNT = sizeof keys / sizeof *keys };
    cede_auto (cede__hamt *, map, drop) = NULL;

    for (int i = 0; i < COUNT; i++)
        put(&map, keys[i], i);
    CHECK_INT(cede__hamt_size(map), COUNT);
    for (int i = 0; i < COUNT; i++)
        CHECK_INT(look(map, keys[i]), i);
    CHECK_INT(look(map, UINT64_C(0x2123456789abcdef)), -1);
    for (int i = 0; i < COUNT; i++) {
        take(&map, keys[i]);
        CHECK_INT(look(map, keys[i]), -1);
        for (int j = i + 1; j < COUNT; j++)
            CHECK_INT(look(map, keys[j]), j);
    }
    CHECK_PTR(map, NULL);
}

/* C06 */
TEST(C06_a_change_copies_the_path_alone, .torture = false)
{
    enum { COUNT = 100000, LEVELS = 4 }; /* 32^3 < COUNT < 32^4 */
    cede_auto (cede__hamt *, map, drop) = NULL;
    cede_auto (cede__hamt *, copy, drop) = NULL;
    size_t before;

    for (int i = 1; i <= COUNT; i++)
        put(&map, (uint64_t)i, i);
    before = cede__memory_live();
    copy = cede_ref(map);
    CHECK_INT(cede__memory_live() - before, 0);
    put(&copy, COUNT / 2, -5);
    CHECK_INT(cede__memory_live() - before, LEVELS + 1); /* and the item */
    CHECK_INT(look(map, COUNT / 2), COUNT / 2);
    CHECK_INT(look(copy, COUNT / 2), -5);
    take(&copy, COUNT / 2);
    CHECK(cede__memory_live() - before <= LEVELS);
    CHECK_INT(cede__hamt_size(copy), COUNT - 1);
    CHECK_INT(cede__hamt_size(map), COUNT);
}

/* What was set and removed leaves no nodes behind. */
TEST(equal_maps_have_equal_shapes, .torture = false)
{
    cede_auto (cede__hamt *, map, drop) = NULL;
    size_t before;

    put(&map, 3, 3);
    put(&map, 3 + 1024, 4);
    before = cede__memory_live();
    for (uint64_t key = 0; key < 5000; key += 7)
        if (key != 3 && key != 3 + 1024)
            put(&map, key, 0);
    for (uint64_t key = 0; key < 5000; key += 7)
        if (key != 3 && key != 3 + 1024)
            take(&map, key);
    CHECK_INT(cede__memory_live(), before);
    take(&map, 3);
    CHECK_INT(cede__memory_live(), before - 3); /* item, and two nodes */
    CHECK_INT(look(map, 3 + 1024), 4);
}

TEST(every_item_has_one_place)
{
    enum { COUNT = 200 };
    bool seen[COUNT] = {false};
    cede_auto (cede__hamt *, map, drop) = NULL;

    for (int i = 0; i < COUNT; i++)
        put(&map, (uint64_t)i * 37, i);
    for (size_t i = 0; i < COUNT; i++) {
        const struct item *item = (struct item *)cede__hamt_at(map, i);

        REQUIRE(item != NULL);
        CHECK(!seen[item->number]);
        seen[item->number] = true;
    }
    CHECK_PTR(cede__hamt_at(map, COUNT), NULL);
    CHECK_PTR(cede__hamt_at(map, SIZE_MAX), NULL);
}

/* Few bits set, so that keys meet at every level. */
static uint64_t random_key(unsigned *seed)
{
    uint64_t key = 0;

    for (int i = 0; i < 3; i++)
        key |= (uint64_t)(rand_r(seed) % 4) << 5 * (rand_r(seed) % 13);
    return key;
}

TEST(random_changes_agree_with_a_model, .torture = false)
{
    enum { KEYS = 700, CHANGES = 20000 };
    static uint64_t keys[KEYS];
    static int model[KEYS];
    unsigned seed = 3;
    size_t size = 0;
    cede_auto (cede__hamt *, map, drop) = NULL;

    for (int i = 0; i < KEYS; i++) {
        keys[i] = random_key(&seed);
        model[i] = -1;
        for (int j = 0; j < i; j++)
            if (keys[j] == keys[i])
                keys[i] = (UINT64_C(1) << 60) + (uint64_t)i;
    }
    for (int change = 0; change < CHANGES; change++) {
        int i = rand_r(&seed) % KEYS;
        int value = rand_r(&seed) % 3 ? change : -1;

        size += (size_t)((value >= 0) - (model[i] >= 0));
        model[i] = value;
        if (value >= 0)
            put(&map, keys[i], value);
        else
            take(&map, keys[i]);
        if (change % 500 == 0)
            for (int j = 0; j < KEYS; j++)
                CHECK_INT(look(map, keys[j]), model[j]);
        CHECK_INT(cede__hamt_size(map), size);
    }
}
