/*
 * site.c - places and return addresses (see site.h)
 */
#include "value/site.h"

#include "base/symbol.h"

#include <features.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#ifdef __GLIBC__
#include <execinfo.h>
#endif

enum { FRAMES_TOLD = 3 };

/* The way out of this function is of no interest. */
static void take_frames(cede__site *site)
{
#ifdef __GLIBC__
    void *frames[CEDE__SITE_FRAMES + 1];
    int count = backtrace(frames, CEDE__SITE_FRAMES + 1);

    for (int i = 1; i < count; i++)
        site->frames[i - 1] = frames[i];
#else
    (void)site;
#endif
}

void cede__site_take(cede__site *site, const cede_location *location)
{
    memset(site, 0, sizeof *site);
    site->location = location;
    if (!location)
        take_frames(site);
}

static int compare_addresses(const void *a, const void *b)
{
    return ((uintptr_t)a > (uintptr_t)b) - ((uintptr_t)a < (uintptr_t)b);
}

int cede__site_compare(const cede__site *a, const cede__site *b)
{
    int order = compare_addresses(a->location, b->location);

    for (int i = 0; i < CEDE__SITE_FRAMES && order == 0; i++)
        order = compare_addresses(a->frames[i], b->frames[i]);
    return order;
}

/* A call is before where it returns to. */
static void find_caller(const void *frame, cede__symbol *symbol)
{
    cede__symbol_find((const char *)frame - 1, symbol);
}

static bool begins_with(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* What the runtime did on the way is its own affair. A shared library that was
   stripped has no names for its inner functions. */
static bool is_ours(const cede__symbol *symbol)
{
    return begins_with(symbol->function, "cede_") ||
           begins_with(symbol->object, "libcede.so") ||
           begins_with(symbol->object, "libcede-coro.so");
}

static size_t tell_frame(const cede__symbol *symbol, const char *before,
                         char *text, size_t size)
{
    bool named = symbol->function[0] != '\0';
    int length = snprintf(text, size, "%s%s%s%s+0x%" PRIxPTR "%s", before,
                          symbol->function, named ? " (" : "", symbol->object,
                          symbol->offset, named ? ")" : "");

    return length > 0 && (size_t)length < size ? (size_t)length : size - 1;
}

/* From the first frame that is not ours to main, or to where the runtime called
   the program's code. False: there is none. */
static bool tell_frames(const cede__site *site, int first, char *text,
                        size_t size)
{
    cede__symbol symbol;
    int told = 0;
    size_t used = 0;

    for (int i = first; i < CEDE__SITE_FRAMES && site->frames[i]; i++) {
        find_caller(site->frames[i], &symbol);
        if (is_ours(&symbol)) {
            if (told > 0)
                return true;
            continue;
        }
        used +=
            tell_frame(&symbol, told ? " < " : "in ", text + used, size - used);
        if (++told == FRAMES_TOLD || strcmp(symbol.function, "main") == 0)
            return true;
    }
    return told > 0;
}

/* Also of a part that the compiler has split off: f.cold, f.part.0. */
static bool is_of(const cede__symbol *symbol, const char *function)
{
    size_t size = strlen(function);

    return strncmp(symbol->function, function, size) == 0 &&
           (symbol->function[size] == '\0' || symbol->function[size] == '.');
}

/* In a program that has the runtime in it, the names of our inner functions do
   not tell them from others: what called them begins behind `function`. */
bool cede__site_tell_callers(const cede__site *site, const char *function,
                             char *text, size_t size)
{
    cede__symbol symbol;
    int first = 0;

    if (site->location)
        return false;
    for (int i = 0; i < CEDE__SITE_FRAMES && site->frames[i]; i++) {
        find_caller(site->frames[i], &symbol);
        if (!is_of(&symbol, function))
            continue;
        if (!is_ours(&symbol))
            return false;
        first = i + 1;
        break;
    }
    return tell_frames(site, first, text, size);
}

void cede__site_tell(const cede__site *site, char *text, size_t size)
{
    const cede_location *place = site->location;

    if (place)
        snprintf(text, size, "at %s:%d in %s", place->file, place->line,
                 place->function);
    else if (!tell_frames(site, 0, text, size))
        snprintf(text, size, "at an unknown place");
}
