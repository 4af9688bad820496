/*
 * debug.c - the records, and the memory that is kept aside (see debug.h)
 */
#include "value/debug.h"

#include "base/environment.h"
#include "base/log.h"
#include "base/memory.h"
#include "value/exception.h"
#include "value/object.h"

#include <stdio.h>
#include <string.h>

#if CEDE_IMPL_ASAN
#include <sanitizer/asan_interface.h>
#define FORBID(address, size) ASAN_POISON_MEMORY_REGION(address, size)
#define ALLOW(address, size) ASAN_UNPOISON_MEMORY_REGION(address, size)
#elif defined(CEDE_HAVE_VALGRIND)
#include <valgrind/memcheck.h>
#define FORBID(address, size) (void)VALGRIND_MAKE_MEM_NOACCESS(address, size)
#define ALLOW(address, size) (void)VALGRIND_MAKE_MEM_UNDEFINED(address, size)
#else
#define FORBID(address, size) ((void)0)
#define ALLOW(address, size) ((void)0)
#endif

enum {
    MOST_KEPT = 65536,
    MOST_KEPT_BYTES = 64 * 1024 * 1024,
    FIRST_BUCKETS = 1024, /* a power of two, as all later numbers of them */
    GARBAGE = 0xdd        /* what a released object is full of */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static cede__list living = CEDE__LIST_INIT(living);
static cede__list kept = CEDE__LIST_INIT(kept);
static size_t kept_count;
static size_t kept_bytes;
static uint64_t births;
static uint64_t births_before_fork;

static cede__life **buckets;
static size_t bucket_count;
static size_t life_count;

const cede__list *cede__debug_lock(void)
{
    pthread_mutex_lock(&lock);
    return &living;
}

void cede__debug_unlock(void)
{
    pthread_mutex_unlock(&lock);
}

/* ---- finding them -------------------------------------------------------- */

static cede__life **bucket_of(const void *object)
{
    uintptr_t key = (uintptr_t)object / 16;

    key ^= key >> 15; /* blocks of one size lie at even distances */
    return &buckets[key & (bucket_count - 1)];
}

/* Where the pointer to its record stands, or the NULL at the end. */
static cede__life **find(const void *object)
{
    static cede__life *nobody;
    cede__life **place;

    if (!bucket_count)
        return &nobody;
    for (place = bucket_of(object); *place; place = &(*place)->chain)
        if ((*place)->object == object)
            break;
    return place;
}

static void put(cede__life *life)
{
    cede__life **bucket = bucket_of(life->object);

    life->chain = *bucket;
    *bucket = life;
}

/* False: there is no bucket at all. */
static bool grow(void)
{
    size_t before = bucket_count;
    size_t wanted = before ? 2 * before : FIRST_BUCKETS;
    cede__life **old = buckets;
    cede__life **all = cede__malloc_aside(wanted * sizeof(cede__life *));

    if (!all)
        return before > 0;
    memset(all, 0, wanted * sizeof(cede__life *));
    buckets = all;
    bucket_count = wanted;
    for (size_t i = 0; i < before; i++)
        while (old[i]) {
            cede__life *life = old[i];

            old[i] = life->chain;
            put(life);
        }
    cede__free_aside(old);
    return true;
}

/* Takes it out of the table. */
static void drop(cede__life **place)
{
    cede__life *life = *place;

    *place = life->chain;
    cede__list_remove(&life->link);
    life_count--;
}

/* ---- those that are kept ------------------------------------------------- */

/* The oldest, out of the records; its block and it are the caller's. */
static cede__life *pop_kept(void)
{
    cede__life *life = cede__list_entry(kept.next, cede__life, link);

    drop(find(life->object));
    kept_count--;
    kept_bytes -= life->size;
    return life;
}

static void give_back(cede__life *life)
{
    ALLOW(life->object, life->size);
    cede__memory_give_back(life->object);
    cede__free_aside(life);
}

/* Down to so many; the allocator, which may be the program's, is called
   without the lock. */
static void trim(size_t count, size_t bytes)
{
    cede__life *life;

    for (;;) {
        pthread_mutex_lock(&lock);
        life = kept_count > count || kept_bytes > bytes ? pop_kept() : NULL;
        pthread_mutex_unlock(&lock);
        if (!life)
            return;
        give_back(life);
    }
}

static void drain(void)
{
    trim(0, 0);
}

size_t cede__debug_kept(void)
{
    size_t count;

    pthread_mutex_lock(&lock);
    count = kept_count;
    pthread_mutex_unlock(&lock);
    return count;
}

/* ---- births and ends ----------------------------------------------------- */

static void before_fork(void)
{
    pthread_mutex_lock(&lock);
}

static void after_fork(void)
{
    pthread_mutex_unlock(&lock);
}

static void after_fork_in_child(void)
{
    births_before_fork = births;
    pthread_mutex_unlock(&lock);
}

static void prepare(void)
{
    cede__memory_drain = drain;
    (void)pthread_atfork(before_fork, after_fork, after_fork_in_child);
}

/* False: no memory. An object there that nobody told us the end of is gone. */
static bool enter(cede__life *life)
{
    cede__life **before;

    if (life_count >= bucket_count && !grow())
        return false;
    before = find(life->object);
    if (*before) {
        cede__life *gone = *before;

        drop(before);
        cede__free_aside(gone);
    }
    life->number = ++births;
    life_count++;
    put(life);
    cede__list_push_back(&living, &life->link);
    return true;
}

void cede__debug_enter(cede_object *object, size_t size, const char *name,
                       const cede_location *created)
{
    static pthread_once_t preparing = PTHREAD_ONCE_INIT;
    cede__life *life;
    bool entered;

    if (!cede__debug_ask())
        return;
    pthread_once(&preparing, prepare);
    life = cede__malloc_aside(sizeof *life);
    if (!life)
        return;
    *life = (cede__life){.object = object,
                         .object_class = object->object_class,
                         .name = name,
                         .size = size,
                         .thread = pthread_self()};
    cede__site_take(&life->born, created);
    pthread_mutex_lock(&lock);
    entered = enter(life);
    pthread_mutex_unlock(&lock);
    if (entered)
        object->flags |= CEDE__OBJECT_WATCHED;
    else
        cede__free_aside(life);
}

static bool is_exception(const cede__life *life)
{
    return life->object_class->flags & CEDE_CLASS_EXCEPTION;
}

/* The first place of a traceback is the object's own, however long it grew. */
void cede__life_locate(cede__life *life)
{
    const cede_exception *exception = (const cede_exception *)life->object;

    if (is_exception(life) && exception->trace_count > 0)
        life->born.location = exception->trace_inline[0];
}

/* From here on who uses it uses something released. */
static void bury(cede__life *life, size_t readable)
{
    cede_object *object = life->object;
    char *rest = (char *)object + readable;

    cede__life_locate(life);
    object->object_class = cede__released_class;
    object->references = 0;
    object->flags = CEDE__OBJECT_RELEASED;
    memset(rest, GARBAGE, life->size - readable);
    FORBID(rest, life->size - readable);
    cede__memory_retire(object);
    cede__list_remove(&life->link);
    cede__list_push_back(&kept, &life->link);
    kept_count++;
    kept_bytes += life->size;
}

void cede__debug_leave(cede_object *object, size_t readable)
{
    cede__site here;
    cede__life *life;

    cede__site_take(&here, NULL);
    pthread_mutex_lock(&lock);
    life = *find(object);
    if (life) {
        life->released = here;
        bury(life, readable);
    }
    pthread_mutex_unlock(&lock);
    if (life)
        trim(MOST_KEPT, MOST_KEPT_BYTES);
    else
        cede__free(object);
}

/* Those of a parent process are its own to release. */
static bool is_own(const cede__life *life, const void *unused)
{
    (void)unused;
    return life->number > births_before_fork;
}

/* After what the program does at its exit, and after other destructors. */
__attribute__((destructor(101))) static void tell_leaks(void)
{
    if (cede__debug_answer == CEDE__DEBUG_ON)
        cede__debug_survey(is_own, NULL, "was never released",
                           "were never released");
}

/* ---- telling ------------------------------------------------------------- */

void cede__life_tell(const cede__life *life, char *text, size_t size)
{
    const char *name = life->name;
    const char *made =
        is_exception(life) && life->born.location ? "raised" : "created";
    char place[512];

    cede__site_tell(&life->born, place, sizeof place);
    snprintf(text, size, "%s%s%s%s, %s %s", life->object_class->name,
             name ? " '" : "", name ? name : "", name ? "'" : "", made, place);
}

/* A copy of what is known of an object that is kept. False: nothing. */
static bool recall(const void *object, cede__life *copy)
{
    const cede__life *life;

    pthread_mutex_lock(&lock);
    life = *find(object);
    if (life)
        *copy = *life;
    pthread_mutex_unlock(&lock);
    return life != NULL;
}

void cede__debug_accuse(const void *object, char *text, size_t size)
{
    cede__life life;
    char who[768];
    char place[512];

    if (!recall(object, &life)) {
        snprintf(text, size,
                 "use after release: keep a reference to what you use, with "
                 "cede_ref%s",
                 cede__debugging() ? ", and give cede nothing but its objects"
                                   : "; CEDE_DEBUG=1 in the environment says "
                                     "what was released, and where");
        return;
    }
    cede__life_tell(&life, who, sizeof who);
    cede__site_tell(&life.released, place, sizeof place);
    snprintf(text, size,
             "use after release: %s, was released %s: keep a reference with "
             "cede_ref",
             who, place);
}

bool cede__debug_callers(const void *object, const char *function, char *text,
                         size_t size)
{
    cede__life life;

    return recall(object, &life) &&
           cede__site_tell_callers(&life.born, function, text, size);
}

void cede__debug_report(const void *object)
{
    char text[1536];

    cede__debug_accuse(object, text, sizeof text);
    cede__logf(CEDE_LOG_ERROR, "cede: %s", text);
}
