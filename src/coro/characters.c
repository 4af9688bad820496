/*
 * The characters of a string, one code point of UTF-8 at a time.
 *
 * It borrows the string and trusts nothing in it but the NUL at its end: what
 * is no UTF-8 (RFC 3629: too long a form, a surrogate, beyond U+10FFFF, cut
 * short) comes out byte by byte, so that the items together always are the
 * string. Python: iterating over a str.
 */
#include "cede/array.h"

#include "flow/flow.h"
#include "value/object.h"

typedef struct characters {
    cede_object head;
    const char *text; /* the rest, of an iterator */
} characters;

/* Does the byte lie in a range? The NUL lies in none that is asked for. */
static bool in(char byte, unsigned low, unsigned high)
{
    return (unsigned char)byte >= low && (unsigned char)byte <= high;
}

/* How many bytes the first character has, 1 for a byte that begins none; the
   table of RFC 3629, section 4. */
static size_t width(const char *text)
{
    unsigned first = (unsigned char)text[0];
    unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;

    if (first < 0xC2 || first > 0xF4 || !in(text[1], low, high))
        return 1;
    if (first < 0xE0)
        return 2;
    if (!in(text[2], 0x80, 0xBF))
        return 1;
    if (first < 0xF0)
        return 3;
    return in(text[3], 0x80, 0xBF) ? 4 : 1;
}

static bool next(void *self, cede_value *item)
{
    characters *iterator = self;
    size_t size;

    if (!*iterator->text)
        return false;
    size = width(iterator->text);
    *item = cede_str_copy_n(iterator->text, size);
    iterator->text += size;
    return true;
}

static const cede_iterator_methods iterator_methods = {.next = next};

static const cede_class iterator_class[1] = {{.name = "str_iterator",
                                              .size = sizeof(characters),
                                              .flags = CEDE__CLASS_NEVER_STOPS,
                                              .iterator = &iterator_methods}};

static void *iter(void *self)
{
    characters *iterator = cede_object_new(iterator_class);

    iterator->text = ((characters *)self)->text;
    return iterator;
}

static const cede_iterator_methods characters_methods = {.iter = iter};

static const cede_class characters_class[1] = {
    {.name = "characters",
     .size = sizeof(characters),
     .iterator = &characters_methods}};

void *cede_characters(const char *utf8)
{
    characters *object = cede_object_new(characters_class);

    object->text = utf8;
    return object;
}
