/* The same as S33 without a generator: an iterator class whose next awaits, and
   keeps what it has fetched in a list. */
#include <cede.h>

static const char *const pages[][3] = {{"a", "b", NULL}, {"c", NULL}, {NULL}};

static const char *const *fetch_page(void)
{
    static int next;

    cede_sleep(0);
    cede_print(" fetch");
    return pages[next++];
}

typedef struct async_get_docs {
    cede_object head;
    cede_list *buffer;
} async_get_docs;

static void prefetch(async_get_docs *self)
{
    for (const char *const *doc = fetch_page(); *doc; doc++)
        cede_list_append(self->buffer, *doc);
}

static bool anext(void *object, cede_value *item)
{
    async_get_docs *self = object;

    if (cede_len(self->buffer) == 0)
        prefetch(self);
    if (cede_len(self->buffer) == 0)
        return false;
    *item = cede_list_pop(self->buffer, 0);
    return true;
}

static void destroy(void *self)
{
    cede_unref(((async_get_docs *)self)->buffer);
}

static const cede_iterator_methods methods = {.next = anext};
static CEDE_CLASS(AsyncGetDocs, async_get_docs, .iterator = &methods,
                  .destroy = destroy);

static cede_value run(void *arg)
{
    async_get_docs *docs = cede_object_new(AsyncGetDocs);

    (void)arg;
    docs->buffer = cede_list();
    cede_for (doc, docs)
        cede_print(doc);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
