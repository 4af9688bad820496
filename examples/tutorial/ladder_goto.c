/* Adds the numbers in two files: what can go wrong, in plain C. */
#include <stdio.h>
#include <string.h>

/* Files that need no disk. */
static FILE *open_file(const char *content)
{
    return *content ? fmemopen((char *)content, strlen(content), "r") : NULL;
}

static int read_number(FILE *file, int *number)
{
    return fscanf(file, "%d", number) == 1 ? 0 : -1;
}

static int add(const char *first, const char *second, int *sum)
{
    int error = -1, a, b;
    FILE *f, *g;

    f = open_file(first);
    if (!f)
        goto out;
    g = open_file(second);
    if (!g)
        goto close_f;
    if (read_number(f, &a) < 0)
        goto close_g;
    if (read_number(g, &b) < 0)
        goto close_g;
    *sum = a + b;
    error = 0;
close_g:
    fclose(g);
close_f:
    fclose(f);
out:
    return error;
}

int main(void)
{
    const char *const seconds[] = {"2", "two", ""};

    for (int i = 0; i < 3; i++) {
        int sum;

        if (add("40", seconds[i], &sum) < 0)
            printf("something went wrong\n");
        else
            printf("%d\n", sum);
    }
}
