/*
 * Text of plain values, as Python writes it: "Built-in Functions", repr(), and
 * float.__repr__ with float_repr_style 'short'. Rules of layout for floats are
 * those of format code 'r' (Python/pystrtod.c says them in words): an exponent
 * when the point would stand more than 16 digits to the right or 4 to the left.
 */
#include "value/text.h"

#include "base/log.h"
#include "base/memory.h"
#include "value/object.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- bytes --------------------------------------------------------------- */

void cede__text_init(cede__text *text)
{
    text->bytes = text->inline_bytes;
    text->size = 0;
    text->capacity = sizeof text->inline_bytes;
    text->failed = false;
}

void cede__text_clear(cede__text *text)
{
    if (text->bytes != text->inline_bytes)
        cede__free(text->bytes);
    cede__text_init(text);
}

static bool grow(cede__text *text, size_t more)
{
    bool is_inline = text->bytes == text->inline_bytes;
    size_t capacity = text->capacity;
    char *bytes;

    if (more > SIZE_MAX / 4 || text->size > SIZE_MAX / 4)
        return false;
    while (capacity - text->size < more)
        capacity *= 2;
    bytes = is_inline ? cede__malloc(capacity)
                      : cede__realloc(text->bytes, capacity);
    if (!bytes)
        return false;
    if (is_inline)
        memcpy(bytes, text->inline_bytes, text->size);
    text->bytes = bytes;
    text->capacity = capacity;
    return true;
}

void cede__text_append(cede__text *text, const void *bytes, size_t size)
{
    if (text->failed || size == 0)
        return;
    if (text->capacity - text->size < size && !grow(text, size)) {
        text->failed = true;
        return;
    }
    memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
}

void cede__text_string(cede__text *text, const char *string)
{
    cede__text_append(text, string, strlen(string));
}

void cede__text_format(cede__text *text, const char *format, ...)
{
    char small[256];
    char *large = NULL;
    va_list arguments;
    int size;

    va_start(arguments, format);
    size = vsnprintf(small, sizeof small, format, arguments);
    va_end(arguments);
    if (size < (int)sizeof small) {
        cede__text_append(text, small, size > 0 ? (size_t)size : 0);
        return;
    }
    large = cede__malloc((size_t)size + 1);
    if (!large) {
        text->failed = true;
        return;
    }
    va_start(arguments, format);
    vsnprintf(large, (size_t)size + 1, format, arguments);
    va_end(arguments);
    cede__text_append(text, large, (size_t)size);
    cede__free(large);
}

const char *cede__text_end(cede__text *text)
{
    if (text->size == text->capacity && !grow(text, 1))
        text->size--;
    text->bytes[text->size] = '\0';
    return text->bytes;
}

void cede__text_log(cede__text *text, cede_log_level level)
{
    if (text->size > 0 && text->bytes[text->size - 1] == '\n')
        text->size--;
    cede__log(level, cede__text_end(text));
    cede__text_clear(text);
}

bool cede__text_copy(const cede__text *text, cede_value *copy)
{
    return !text->failed && cede__str_try_copy(text->bytes, text->size, copy);
}

/* ---- numbers ------------------------------------------------------------- */

void cede__text_int(cede__text *text, int64_t value)
{
    char digits[24];
    int size = snprintf(digits, sizeof digits, "%" PRId64, value);

    cede__text_append(text, digits, (size_t)size);
}

/* 17 significant digits tell any two doubles apart. */
enum { MOST_DIGITS = 17 };

/* d.ddd times ten to the exponent. */
typedef struct decimal {
    char digits[MOST_DIGITS + 1];
    int count;
    int exponent;
} decimal;

/* The nearest decimal of `count` digits. The C library writes the point of the
   locale, whatever bytes that is, so only digits are taken. */
static decimal nearest(double value, int count)
{
    decimal result = {.count = 0};
    char text[64];
    const char *c;

    snprintf(text, sizeof text, "%.*e", count - 1, value);
    for (c = text; *c != 'e'; c++)
        if (*c >= '0' && *c <= '9')
            result.digits[result.count++] = *c;
    result.exponent = atoi(c + 1);
    return result;
}

static bool reads_back(const decimal *number, double value)
{
    char text[64];

    snprintf(text, sizeof text, "%se%d", number->digits,
             number->exponent - (number->count - 1));
    return strtod(text, NULL) == value;
}

/* The next decimal of as many digits. */
static decimal next_up(decimal number)
{
    int i = number.count;

    while (i > 0 && number.digits[i - 1] == '9')
        number.digits[--i] = '0';
    if (i > 0) {
        number.digits[i - 1]++;
    } else {
        number.digits[0] = '1';
        number.exponent++;
    }
    return number;
}

/*
 * The shortest decimal that reads back as the value, and of those the nearest.
 * Up to 15 digits it is the nearest of 15 without its zeros, but for the
 * subnormal numbers, which have less precision. At a power of two the doubles
 * above lie twice as far apart as those below, so that the nearest decimal,
 * below, may miss where the next one, above, does not.
 */
static decimal shortest(double value)
{
    decimal number = {.count = 0};
    int count;

    for (count = value < DBL_MIN ? 1 : DBL_DIG; count <= MOST_DIGITS; count++) {
        number = nearest(value, count);
        if (reads_back(&number, value))
            break;
        number = next_up(number);
        if (reads_back(&number, value))
            break;
    }
    while (number.count > 1 && number.digits[number.count - 1] == '0')
        number.count--;
    return number;
}

static void zeros(cede__text *text, int count)
{
    while (count-- > 0)
        cede__text_append(text, "0", 1);
}

static void write_plain(cede__text *text, const decimal *number)
{
    int whole = number->exponent + 1; /* digits before the point */

    if (whole <= 0) {
        cede__text_string(text, "0.");
        zeros(text, -whole);
        cede__text_append(text, number->digits, (size_t)number->count);
    } else if (whole < number->count) {
        cede__text_append(text, number->digits, (size_t)whole);
        cede__text_append(text, ".", 1);
        cede__text_append(text, number->digits + whole,
                          (size_t)(number->count - whole));
    } else {
        cede__text_append(text, number->digits, (size_t)number->count);
        zeros(text, whole - number->count);
        cede__text_string(text, ".0");
    }
}

static void write_scientific(cede__text *text, const decimal *number)
{
    char exponent[16];

    cede__text_append(text, number->digits, 1);
    if (number->count > 1) {
        cede__text_append(text, ".", 1);
        cede__text_append(text, number->digits + 1,
                          (size_t)(number->count - 1));
    }
    snprintf(exponent, sizeof exponent, "e%+03d", number->exponent);
    cede__text_string(text, exponent);
}

void cede__text_float(cede__text *text, double value)
{
    decimal number;

    if (isnan(value)) {
        cede__text_string(text, "nan");
        return;
    }
    if (signbit(value))
        cede__text_append(text, "-", 1);
    if (isinf(value)) {
        cede__text_string(text, "inf");
        return;
    }
    number = shortest(fabs(value));
    if (number.exponent >= -4 && number.exponent < 16)
        write_plain(text, &number);
    else
        write_scientific(text, &number);
}

/* ---- strings ------------------------------------------------------------- */

/* How many bytes the UTF-8 character here has (RFC 3629); 0: none begins. */
static size_t character_size(const unsigned char *bytes, size_t size)
{
    /* Of the second byte: no longer form than needed, no surrogate, no more
       than U+10FFFF. */
    unsigned char low = 0x80;
    unsigned char high = 0xbf;
    size_t length;
    size_t i;

    if (bytes[0] < 0x80)
        return 1;
    if (bytes[0] < 0xc2 || bytes[0] > 0xf4)
        return 0;
    length = bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;
    if (length > size)
        return 0;
    if (bytes[0] == 0xe0)
        low = 0xa0;
    else if (bytes[0] == 0xed)
        high = 0x9f;
    else if (bytes[0] == 0xf0)
        low = 0x90;
    else if (bytes[0] == 0xf4)
        high = 0x8f;
    if (bytes[1] < low || bytes[1] > high)
        return 0;
    for (i = 2; i < length; i++)
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

static void append_escape(cede__text *text, unsigned char byte)
{
    char escape[8];

    switch (byte) {
    case '\n':
        cede__text_string(text, "\\n");
        break;
    case '\r':
        cede__text_string(text, "\\r");
        break;
    case '\t':
        cede__text_string(text, "\\t");
        break;
    case '\\':
    case '\'':
        snprintf(escape, sizeof escape, "\\%c", byte);
        cede__text_string(text, escape);
        break;
    default:
        snprintf(escape, sizeof escape, "\\x%02x", byte);
        cede__text_string(text, escape);
    }
}

static bool stands_for_itself(unsigned char byte, char quote)
{
    return byte >= ' ' && byte < 0x7f && byte != '\\' && byte != quote;
}

static void append_quoted(cede__text *text, const unsigned char *bytes,
                          size_t length, char quote)
{
    if (length == 2 && bytes[0] == 0xc2 && bytes[1] < 0xa0)
        append_escape(text, bytes[1]); /* U+0080 to U+009F */
    else if (length > 1 || stands_for_itself(bytes[0], quote))
        cede__text_append(text, bytes, length);
    else
        append_escape(text, bytes[0]);
}

void cede__text_quoted(cede__text *text, const char *string, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)string;
    bool single = size > 0 && memchr(bytes, '\'', size);
    char quote = single && !memchr(bytes, '"', size) ? '"' : '\'';
    size_t length;
    size_t i;

    cede__text_append(text, &quote, 1);
    for (i = 0; i < size; i += length ? length : 1) {
        length = character_size(bytes + i, size - i);
        append_quoted(text, bytes + i, length, quote);
    }
    cede__text_append(text, &quote, 1);
}
