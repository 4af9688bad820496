/* A linked list as C programs have them, and a class to loop over it with. */
#include <cede.h>

struct node {
    const char *word;
    struct node *next;
};

struct words {
    cede_object head;
    const struct node *node;
};

static bool words_next(void *self, cede_value *item)
{
    struct words *words = self;

    if (!words->node)
        return false;
    *item = cede_str(words->node->word);
    words->node = words->node->next;
    return true;
}

static const cede_iterator_methods words_methods = {.next = words_next};
static CEDE_CLASS(Words, struct words, .iterator = &words_methods);

static void *words_of(const struct node *list)
{
    return cede_object_with(Words, (struct words){.node = list});
}

int main(void)
{
    struct node three = {"iterator", NULL};
    struct node two = {"an", &three};
    struct node one = {"behold", &two};

    cede_for (word, words_of(&one))
        cede_print(word);
    cede_for (pair, cede_zip(cede_range(1, 4), words_of(&one)))
        cede_print(pair);
}
