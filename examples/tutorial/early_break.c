/* A loop that is left early closes its generator, and so what that holds. */
#include <stdio.h>
#include <string.h>

#include <cede.h>

static const char text[] = "first\nsecond\nthird\n";

static void close_file(FILE *file)
{
    fclose(file);
    cede_print("file closed");
}

static void lines(const char *content)
{
    FILE *file = fmemopen((char *)content, strlen(content), "r");
    char line[32];

    if (!file)
        cede_raise(cede_MemoryError);
    cede_defer (close_file, file);
    while (fgets(line, sizeof line, file))
        cede_yield(cede_str_copy_n(line, strcspn(line, "\n")));
    cede_print("at the end");
}

static bool has_line(const char *wanted)
{
    cede_for (line, cede_generator(lines, text)) {
        if (strcmp(cede_value_str(line), wanted) == 0)
            return true;
    }
    return false;
}

int main(void)
{
    cede_print("second:", has_line("second"));
    cede_print("fourth:", has_line("fourth"));
}
