/*
 * Do two trees of different shapes hold the same keys? Two walks side by side,
 * each as far as it is asked for and no further.
 */
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

static bool same_keys(struct tree *a, struct tree *b)
{
    cede_own (left, cede_generator(walk, a));
    cede_own (right, cede_generator(walk, b));

    for (;;) {
        cede_value x, y;
        bool more = cede_next_or_end(left, &x);

        if (more != cede_next_or_end(right, &y))
            return false;
        if (!more)
            return true;
        if (cede_value_int(x) != cede_value_int(y))
            return false;
    }
}

int main(void)
{
    struct tree one = {1, NULL, NULL}, three = {3, NULL, NULL};
    struct tree bushy = {2, &one, &three};
    struct tree right = {2, NULL, &three}, vine = {1, NULL, &right};
    struct tree two = {2, &one, NULL}, other = {4, &two, NULL};

    cede_print("bushy and vine:", same_keys(&bushy, &vine));
    cede_print("bushy and other:", same_keys(&bushy, &other));
}
