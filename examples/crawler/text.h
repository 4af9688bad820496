/* text.h - bytes that belong to somebody else, cut into pieces */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

struct text {
    const char *start;
    size_t size;
};

static inline struct text text_of(const char *string)
{
    return (struct text){string, strlen(string)};
}

/* Is it that word, whatever its case? */
static inline bool text_is(struct text text, const char *word)
{
    return text.size == strlen(word) &&
           !strncasecmp(text.start, word, text.size);
}

static inline bool text_begins(struct text text, const char *word)
{
    return text.size >= strlen(word) &&
           !strncasecmp(text.start, word, strlen(word));
}

/* Without its first bytes. */
static inline struct text text_from(struct text text, size_t count)
{
    return (struct text){text.start + count, text.size - count};
}

/* Cuts off what stands before the first of the separators, and it too. */
static inline struct text text_cut(struct text *rest, char separator)
{
    struct text part = *rest;
    const char *end =
        rest->size ? memchr(rest->start, separator, rest->size) : NULL;

    if (end)
        part.size = (size_t)(end - rest->start);
    *rest = text_from(*rest, part.size + (end != NULL));
    return part;
}

/* Without the blanks (bytes up to and including the space) at both ends. */
static inline struct text text_trim(struct text text)
{
    while (text.size && (unsigned char)text.start[0] <= ' ')
        text = text_from(text, 1);
    while (text.size && (unsigned char)text.start[text.size - 1] <= ' ')
        text.size--;
    return text;
}
