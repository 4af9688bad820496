/* A generator hides that documents come in pages. */
#include <cede.h>

static const char *const pages[][3] = {{"a", "b", NULL}, {"c", NULL}, {NULL}};

static cede_value get_docs(void *arg)
{
    const char *const *page = pages[0];

    (void)arg;
    for (int next = 1; *page; page = pages[next++])
        for (const char *const *doc = page; *doc; doc++)
            cede_yield(*doc);
    return cede_none;
}

int main(void)
{
    cede_for (doc, cede_generator(get_docs, NULL))
        cede_print(doc);
}
