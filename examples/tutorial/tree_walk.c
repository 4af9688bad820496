/* A recursive walk that stops at every key: any function called may yield. */
#include <cede.h>

struct tree {
    int key;
    const struct tree *left, *right;
};

static void walk(const struct tree *tree)
{
    if (!tree)
        return;
    walk(tree->left);
    cede_yield(tree->key);
    walk(tree->right);
}

int main(void)
{
    struct tree one = {1, NULL, NULL}, three = {3, NULL, NULL};
    struct tree two = {2, &one, &three}, five = {5, NULL, NULL};
    struct tree four = {4, &two, &five};

    cede_for (key, cede_generator(walk, &four)) {
        cede_print("key", key);
        if (cede_value_int(key) == 3)
            break;
    }
}
