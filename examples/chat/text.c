/*
 * text.c - see text.h
 */
#include "text.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

struct text text_of(const char *string)
{
    return (struct text){string, strlen(string)};
}

bool text_is(struct text text, const char *wanted)
{
    return text.size == strlen(wanted) &&
           !strncasecmp(text.start, wanted, text.size);
}

struct text text_trim(struct text text)
{
    while (text.size && text.start[0] == ' ') {
        text.start++;
        text.size--;
    }
    while (text.size && text.start[text.size - 1] == ' ')
        text.size--;
    return text;
}

struct text text_cut_word(struct text *rest)
{
    struct text word = text_trim(*rest);
    const char *end = memchr(word.start, ' ', word.size);

    *rest = word;
    if (end)
        word.size = (size_t)(end - word.start);
    rest->start += word.size;
    rest->size -= word.size;
    *rest = text_trim(*rest);
    return word;
}

/*
 * The character that the bytes begin with, and how many of them it has; -1 if
 * they are not UTF-8.
 */
static int32_t decode(const unsigned char *bytes, size_t size, size_t *length)
{
    static const int32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    int32_t character = bytes[0];

    *length = bytes[0] < 0x80   ? 1
              : bytes[0] < 0xe0 ? 2
              : bytes[0] < 0xf0 ? 3
                                : 4;
    if (*length == 1)
        return character;
    if (bytes[0] < 0xc2 || bytes[0] > 0xf4 || *length > size)
        return -1;
    character &= 0x7f >> *length;
    for (size_t i = 1; i < *length; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return -1;
        character = character << 6 | (bytes[i] & 0x3f);
    }
    /* Longer than need be, half of a surrogate pair, beyond Unicode. */
    if (character < least[*length] || character > 0x10ffff ||
        (character >= 0xd800 && character < 0xe000))
        return -1;
    return character;
}

/* C0 but for the tab, DEL, and C1. */
static bool is_control(int32_t character)
{
    return (character < 0x20 && character != '\t') ||
           (character >= 0x7f && character < 0xa0);
}

const char *text_fault(struct text line)
{
    const unsigned char *bytes = (const unsigned char *)line.start;

    for (size_t at = 0, length; at < line.size; at += length) {
        int32_t character = decode(bytes + at, line.size - at, &length);

        if (character < 0)
            return "is not UTF-8";
        if (is_control(character))
            return "has control characters";
    }
    return NULL;
}

bool text_is_name(struct text text)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.start[i];

        if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') &&
            !(c >= 'a' && c <= 'z') && c != '-' && c != '_')
            return false;
    }
    return text.size > 0 && text.size < NAME_SIZE;
}
