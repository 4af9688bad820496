/* The same as S32 where fetching a page takes time: the generator awaits, and
   whoever iterates waits with it. */
#include <cede.h>

static const char *const pages[][3] = {{"a", "b", NULL}, {"c", NULL}, {NULL}};

static const char *const *fetch_page(void)
{
    static int next;

    cede_sleep(0);
    cede_print(" fetch");
    return pages[next++];
}

static cede_value get_docs(void *arg)
{
    const char *const *page = fetch_page();

    (void)arg;
    for (; *page; page = fetch_page())
        for (const char *const *doc = page; *doc; doc++)
            cede_yield(*doc);
    return cede_none;
}

static cede_value run(void *arg)
{
    (void)arg;
    cede_for (doc, cede_generator(get_docs, NULL))
        cede_print(doc);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
