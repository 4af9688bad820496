/* The same as S33 without a generator: an iterator class whose next awaits, and
   keeps what it has fetched in a list. */
#include <cede.h>

static const char *const pages[][3] = {{"a", "b", NULL}, {"c", NULL}, {NULL}};
static const char *const *fetch_page(void) {
    static int i; cede_sleep(0); cede_print(" fetch"); return pages[i++];
}

typedef struct async_get_docs { cede_object head; cede_list *buffer; } docs;

static void prefetch(docs *self) {
    for (const char *const *doc = fetch_page(); *doc; doc++)
        cede_list_append(self->buffer, *doc);
}

static bool anext(void *object, cede_value *item) {
    docs *self = object;
    if (cede_len(self->buffer) == 0)
        prefetch(self);
    if (cede_len(self->buffer) == 0) return false;
    *item = cede_list_pop(self->buffer, 0); return true;
}

static void destroy(void *self) { cede_unref(((docs *)self)->buffer); }

static const cede_iterator_methods methods = {.next = anext};
static CEDE_CLASS(AsyncGetDocs, docs, .iterator = &methods, .destroy = destroy);

static void main_task(void) {
    docs *all = cede_object_with(AsyncGetDocs, (docs){.buffer = cede_list()});
    cede_for (doc, all) cede_print(doc);
}

int main(void) { cede_run(main_task); }
