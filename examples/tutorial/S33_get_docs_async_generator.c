/* The same as S32 where fetching a page takes time: the generator awaits, and
   whoever iterates waits with it. */
#include <cede.h>

static const char *const pages[][3] = {{"a", "b", NULL}, {"c", NULL}, {NULL}};
static const char *const *fetch_page(void) {
    static int i; cede_sleep(0); cede_print(" fetch"); return pages[i++];
}

static void get_docs(void) {
    const char *const *page = fetch_page();
    while (*page) {
        for (; *page; page++) cede_yield(*page);
        page = fetch_page();
    }
}

static void main_task(void) { cede_for (doc, cede_generator(get_docs)) cede_print(doc); }

int main(void) { cede_run(main_task); }
