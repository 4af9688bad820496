/*
 * block.c - the shelves: how they begin and end (see block.h)
 */
#include "base/block.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/valgrind.h"

enum { ROOM = 256 << 10 /* bytes a thread keeps at most */ };

CEDE_IMPL_THREAD_LOCAL cede__shelf cede__shelf_own
    __attribute__((visibility("hidden")));

/* Sanitizers are to see each block's end. */
enum { ANY_ALLOWED = !(CEDE_IMPL_ASAN || CEDE_IMPL_TSAN) };

bool cede__shelf_allowed = ANY_ALLOWED;

static pthread_key_t thread_end;
static bool has_thread_end;

static void empty(void)
{
    cede__shelf *shelf = CEDE__THREAD_LOCAL(cede__shelf_own);

    for (size_t i = 0; i < CEDE__BLOCK_SIZES; i++) {
        cede__idle_block *block;

        while ((block = shelf->first[i]) != NULL) {
            shelf->first[i] = block->next;
            free(block);
        }
    }
    shelf->room = 0;
    shelf->watched = false;
}

static void end_thread(void *unused)
{
    (void)unused;
    empty();
}

static void prepare(void)
{
    has_thread_end = pthread_key_create(&thread_end, end_thread) == 0;
}

void cede__shelf_allow(bool is_malloc)
{
    empty();
    cede__shelf_allowed = ANY_ALLOWED && is_malloc;
}

/* The main thread ends with the process. */
__attribute__((destructor(103))) static void end_process(void)
{
    empty();
}

/* So is memcheck, which answers this request. */
static bool is_checked(void)
{
    return VALGRIND_MAKE_MEM_DEFINED(&cede__shelf_own,
                                     sizeof cede__shelf_own) != 0;
}

/* The thread's first block. Those put back behind the thread's end, by another
   key's destructor, bring the shelf back. False: keep none. */
static bool begin(cede__shelf *shelf)
{
    static pthread_once_t preparing = PTHREAD_ONCE_INIT;

    if (is_checked())
        return false;
    pthread_once(&preparing, prepare);
    if (!has_thread_end || pthread_setspecific(thread_end, shelf) != 0)
        return false;
    shelf->watched = true;
    shelf->room = ROOM;
    return true;
}

void *cede__block_new_slow(size_t size)
{
    size_t units = cede__block_units(size);
    cede__shelf *shelf = CEDE__THREAD_LOCAL(cede__shelf_own);

    if (units >= CEDE__BLOCK_SIZES || !cede__shelf_allowed)
        return cede__malloc(size);
    if (!shelf->first[units])
        return cede__malloc(units * CEDE__BLOCK_UNIT);
    return cede__fault(CEDE__FAULT_ALLOCATION) ? NULL
                                               : cede__shelf_take(shelf, units);
}

void cede__block_free_slow(void *block, size_t size)
{
    cede__shelf *shelf = CEDE__THREAD_LOCAL(cede__shelf_own);

    if (cede__shelf_allowed && cede__block_units(size) < CEDE__BLOCK_SIZES &&
        !shelf->watched && begin(shelf))
        cede__block_free(block, size);
    else
        cede__free(block);
}
