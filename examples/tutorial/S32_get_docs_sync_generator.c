/* A generator hides that documents come in pages. */
#include <cede.h>

static const char *const pages[][3] = {{"a", "b", NULL}, {"c", NULL}, {NULL}};
static const char *const *fetch_page(void) { static int i; return pages[i++]; }

static void get_docs(void) {
    const char *const *page = fetch_page();
    while (*page) {
        for (; *page; page++) cede_yield(*page);
        page = fetch_page();
    }
}

int main(void) { cede_for (doc, cede_generator(get_docs)) cede_print(doc); }
