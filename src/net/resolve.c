/*
 * resolve.c - from what people call a host to its addresses (see resolve.h)
 *
 * A lookup is one block, shared by the task that waits and the thread that
 * asks. The thread says that it is done with one atomic exchange and then
 * makes an event descriptor readable; the task waits for that descriptor as
 * for any other, so that a loop that is closed meanwhile has nothing of ours
 * in its queues. Whoever finds that the other has left frees the block: the
 * thread if the task was cancelled; else the task, after it has joined the
 * thread, which by then is on its last instructions.
 */
#include "net/resolve.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <string.h>

#include "base/memory.h"
#include "base/system.h"
#include "cede/lowlevel.h"
#include "cede/try.h"
#include "net/error.h"

enum state {
    UNSTARTED,
    PENDING,   /* the thread runs, the task waits */
    ANSWERED,  /* the thread's last word: it does not look at the block again
                  but for `event` */
    ABANDONED, /* the task's last word */
};

struct lookup {
    int state; /* of enum state; atomic once PENDING */
    int event; /* readable when ANSWERED */
    pthread_t thread;
    int error; /* of getaddrinfo */
    int saved; /* the errno of EAI_SYSTEM */
    struct addrinfo *found;
    char host[];
};

static void free_lookup(struct lookup *lookup)
{
    if (lookup->found)
        freeaddrinfo(lookup->found);
    cede__sys_close(lookup->event);
    cede__free(lookup);
}

static void *answer(void *argument)
{
    struct lookup *lookup = argument;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};

    lookup->error = getaddrinfo(lookup->host, NULL, &hints, &lookup->found);
    lookup->saved = errno;
    if (__atomic_exchange_n(&lookup->state, ANSWERED, __ATOMIC_ACQ_REL) ==
        ABANDONED)
        free_lookup(lookup);
    else
        cede__sys_eventfd_raise(lookup->event);
    return NULL;
}

/* The task leaves, with the answer or without. */
static void leave(void *argument)
{
    struct lookup *lookup = argument;
    pthread_t thread = lookup->thread;

    if (__atomic_load_n(&lookup->state, __ATOMIC_RELAXED) == UNSTARTED) {
        free_lookup(lookup);
        return;
    }
    if (__atomic_exchange_n(&lookup->state, ABANDONED, __ATOMIC_ACQ_REL) ==
        ANSWERED) {
        pthread_join(thread, NULL);
        free_lookup(lookup);
    } else {
        pthread_detach(thread);
    }
}

static struct lookup *new_lookup(const char *host)
{
    size_t size = strlen(host) + 1;
    struct lookup *lookup = cede__calloc(1, sizeof *lookup + size);
    int event;

    if (!lookup)
        cede_raise(cede_MemoryError);
    event = cede__sys_eventfd();
    if (event < 0) {
        cede__free(lookup);
        cede_raise_errno(-event, NULL);
    }
    lookup->event = event;
    memcpy(lookup->host, host, size);
    return lookup;
}

static void start(struct lookup *lookup)
{
    lookup->state = PENDING;
    if (cede__sys_thread_create(&lookup->thread, 0, answer, lookup) < 0) {
        lookup->state = UNSTARTED;
        cede_raise(cede_RuntimeError, "can't start new thread");
    }
}

static void add_address(cede__addresses *list, const struct addrinfo *info,
                        int port)
{
    cede__address address;

    memset(&address, 0, sizeof address);
    memcpy(&address, info->ai_addr, info->ai_addrlen);
    cede__address_set_port(&address, port);
    for (size_t i = 0; i < list->count; i++)
        if (cede__address_equal(&list->items[i], &address))
            return; /* /etc/hosts may say it twice */
    list->items[list->count++] = address;
}

/* NULL: no memory. */
static cede__addresses *new_list(size_t most)
{
    return cede__calloc(1, sizeof(cede__addresses) +
                               most * sizeof(cede__address));
}

static bool usable(const struct addrinfo *info)
{
    return info->ai_family == AF_INET || info->ai_family == AF_INET6;
}

static cede__addresses *list_of(const struct addrinfo *found, int port)
{
    const struct addrinfo *info;
    cede__addresses *list;
    size_t count = 0;

    for (info = found; info; info = info->ai_next)
        count += usable(info);
    if (count == 0)
        cede_raise(cede_OSError, "getaddrinfo() returned empty list");
    list = new_list(count);
    if (!list)
        cede_raise(cede_MemoryError);
    for (info = found; info; info = info->ai_next)
        if (usable(info))
            add_address(list, info, port);
    return list;
}

static void wait_for_answer(struct lookup *lookup)
{
    cede_descriptor *descriptor = cede_descriptor_new(lookup->event);
    cede_defer (cede_unref, descriptor);

    start(lookup);
    while (__atomic_load_n(&lookup->state, __ATOMIC_ACQUIRE) != ANSWERED)
        cede_descriptor_wait_readable(descriptor);
}

static cede__addresses *look_up(const char *host, int port)
{
    struct lookup *lookup = new_lookup(host);
    cede_defer (leave, lookup);

    wait_for_answer(lookup);
    if (lookup->error != 0) {
        cede_exception *error = cede__gaierror(lookup->error, lookup->saved);
        cede_defer (cede_unref, error);

        cede_raise(error);
    }
    return list_of(lookup->found, port);
}

cede__addresses *cede__resolve(const char *host, int port)
{
    cede__address numeric;
    cede__addresses *list;

    if (!cede__address_parse(&numeric, host, port))
        return look_up(host, port);
    list = new_list(1);
    if (!list)
        cede_raise(cede_MemoryError);
    list->count = 1;
    list->items[0] = numeric;
    return list;
}
