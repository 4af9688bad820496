/* The linked list again: a generator is the loop itself, and nothing else. */
#include <cede.h>

struct node {
    const char *word;
    struct node *next;
};

static void words_of(const struct node *list)
{
    for (const struct node *node = list; node; node = node->next)
        cede_yield(node->word);
}

int main(void)
{
    struct node three = {"iterator", NULL};
    struct node two = {"an", &three};
    struct node one = {"behold", &two};

    cede_for (word, cede_generator(words_of, &one))
        cede_print(word);
    cede_for (pair, cede_zip(cede_range(1, 4), cede_generator(words_of, &one)))
        cede_print(pair);
}
