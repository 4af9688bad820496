/* The same sum: what is opened says at once how it is closed. */
#include <stdio.h>
#include <string.h>

#include <cede.h>

static FILE *open_file(const char *content)
{
    FILE *file = NULL;

    if (*content)
        file = fmemopen((char *)content, strlen(content), "r");
    if (!file)
        cede_raise(cede_FileNotFoundError, "no such file");
    return file;
}

static int read_number(FILE *file)
{
    int number;

    if (fscanf(file, "%d", &number) != 1)
        cede_raise(cede_ValueError, "not a number");
    return number;
}

static int add(const char *first, const char *second)
{
    FILE *f = open_file(first);
    cede_defer (fclose, f);
    FILE *g = open_file(second);
    cede_defer (fclose, g);

    return read_number(f) + read_number(g);
}

int main(void)
{
    const char *const seconds[] = {"2", "two", ""};

    for (int i = 0; i < 3; i++) {
        cede_try {
            cede_print(add("40", seconds[i]));
        } cede_except ((cede_ValueError, cede_OSError), e) {
            cede_print(cede_exception_name(e), "-", e);
        } cede_end
    }
}
