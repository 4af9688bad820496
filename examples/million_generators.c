/*
 * A million generators suspended at once, each with a stack of its own and a
 * guard behind it where the kernel allows. Prints what they cost:
 *
 *     stacks=1000000 guard_madvise=… guard_mprotect=… canary=… rss_mib=…
 *
 * usage: million_generators [COUNT]
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <cede.h>

/* Yields n, and then what it is sent plus n, for ever. */
static void adds(int64_t n)
{
    cede_value sent = cede_yield(n);

    for (;;)
        sent = cede_yield(cede_value_int(sent) + n);
}

static double rss_mib(void)
{
    long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "r");

    if (!statm || fscanf(statm, "%*d %ld", &pages) != 1)
        pages = 0;
    if (statm)
        fclose(statm);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / (1024 * 1024);
}

/* Nanoseconds of CPU per generator since `begin`. */
static double cost(clock_t begin, int64_t count)
{
    return (double)(clock() - begin) * 1e9 / CLOCKS_PER_SEC / (double)count;
}

int main(int argc, char **argv)
{
    int64_t count = argc > 1 ? strtoll(argv[1], NULL, 10) : 1000000;
    cede_generator **all = malloc((size_t)count * sizeof *all);
    double before = rss_mib();
    double start_ns, resume_ns, close_ns;
    cede_stack_counts counts;
    clock_t begin = clock();
    int64_t i;

    if (!all || count < 1) {
        fprintf(stderr, "usage: million_generators [COUNT]\n");
        return 2;
    }
    for (i = 0; i < count; i++) {
        all[i] = cede_generator(adds, i);
        if (cede_value_int(cede_next(all[i])) != i)
            abort();
    }
    start_ns = cost(begin, count);
    counts = cede_stack_statistics();
    printf("stacks=%zu guard_madvise=%zu guard_mprotect=%zu canary=%zu "
           "rss_mib=%.0f\n",
           counts.live, counts.guarded_by_madvise, counts.guarded_by_mprotect,
           counts.guarded_by_canary, rss_mib());
    printf("bytes per generator: %.0f\n",
           (rss_mib() - before) * 1024 * 1024 / (double)count);

    begin = clock();
    for (i = 0; i < count; i++)
        if (cede_value_int(cede_generator_send(all[i], 1)) != i + 1)
            abort();
    resume_ns = cost(begin, count);
    begin = clock();
    for (i = 0; i < count; i++)
        cede_unref(all[i]);
    close_ns = cost(begin, count);
    printf("ns of CPU per generator: start %.0f, resume %.0f, close %.0f\n",
           start_ns, resume_ns, close_ns);
    free(all);
}
