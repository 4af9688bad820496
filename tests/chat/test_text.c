/*
 * Bytes that somebody sent: UTF-8 (RFC 3629), control characters, names, words.
 */
#include "harness/harness.h"

#include "text.h"

#include <string.h>

/* --- UTF-8 --- */

struct range {
    unsigned char least, most;
};

/* The grammar of RFC 3629, section 4: what one character may be. */
static const struct range grammar[][4] = {
    {{0x00, 0x7f}},
    {{0xc2, 0xdf}, {0x80, 0xbf}},
    {{0xe0, 0xe0}, {0xa0, 0xbf}, {0x80, 0xbf}},
    {{0xe1, 0xec}, {0x80, 0xbf}, {0x80, 0xbf}},
    {{0xed, 0xed}, {0x80, 0x9f}, {0x80, 0xbf}},
    {{0xee, 0xef}, {0x80, 0xbf}, {0x80, 0xbf}},
    {{0xf0, 0xf0}, {0x90, 0xbf}, {0x80, 0xbf}, {0x80, 0xbf}},
    {{0xf1, 0xf3}, {0x80, 0xbf}, {0x80, 0xbf}, {0x80, 0xbf}},
    {{0xf4, 0xf4}, {0x80, 0x8f}, {0x80, 0xbf}, {0x80, 0xbf}},
};

/* How many bytes the character at the beginning has; 0 if there is none. */
static size_t character_size(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < sizeof grammar / sizeof *grammar; i++) {
        size_t length = 0;

        while (length < 4 && length < size && grammar[i][length].most &&
               bytes[length] >= grammar[i][length].least &&
               bytes[length] <= grammar[i][length].most)
            length++;
        if (length > 0 && (length == 4 || !grammar[i][length].most))
            return length;
    }
    return 0;
}

static bool is_control(const unsigned char *bytes, size_t size)
{
    return (size == 1 && (bytes[0] < 0x20 || bytes[0] == 0x7f) &&
            bytes[0] != '\t') ||
           (size == 2 && bytes[0] == 0xc2 && bytes[1] < 0xa0);
}

/* The first thing that is wrong. */
static const char *fault_of(const unsigned char *bytes, size_t size)
{
    for (size_t at = 0, length; at < size; at += length) {
        length = character_size(bytes + at, size - at);
        if (!length)
            return "is not UTF-8";
        if (is_control(bytes + at, length))
            return "has control characters";
    }
    return NULL;
}

static bool agrees(const unsigned char *bytes, size_t size)
{
    const char *fault = text_fault((struct text){(const char *)bytes, size});
    const char *wanted = fault_of(bytes, size);

    return fault == wanted || (fault && wanted && !strcmp(fault, wanted));
}

/* All strings of up to three bytes. */
TEST(rfc3629_three_bytes, .timeout = 60, .torture = false, .shuffle = false)
{
    unsigned char bytes[3];
    long wrong = 0;

    for (unsigned i = 0; i < 1u << 24; i++) {
        bytes[0] = (unsigned char)(i >> 16);
        bytes[1] = (unsigned char)(i >> 8);
        bytes[2] = (unsigned char)i;
        wrong += !agrees(bytes, 3);
        if (bytes[2] == 0)
            wrong += !agrees(bytes, 2);
        if (bytes[2] == 0 && bytes[1] == 0)
            wrong += !agrees(bytes, 1);
    }
    CHECK_INT(wrong, 0);
}

/* And four with the bytes at which something changes. */
TEST(rfc3629_four_bytes)
{
    static const unsigned char edges[] = {0x00, 0x7f, 0x80, 0x8f, 0x90,
                                          0x9f, 0xa0, 0xbf, 0xc0, 0xff};
    enum { EDGES = sizeof edges };

    for (unsigned first = 0; first <= 0xff; first++) {
        for (unsigned i = 0; i < EDGES * EDGES * EDGES; i++) {
            unsigned char bytes[4] = {
                (unsigned char)first, edges[i / EDGES / EDGES],
                edges[i / EDGES % EDGES], edges[i % EDGES]};

            CHECK(agrees(bytes, 4));
        }
    }
}

TEST(faults)
{
    CHECK_STR(text_fault(text_of("")), NULL);
    CHECK_STR(text_fault(text_of("a\tb \xf0\x9f\x90\xa2")), NULL);
    CHECK_STR(text_fault(text_of("\x1b[2J")), "has control characters");
    CHECK_STR(text_fault(text_of("a\x7f")), "has control characters");
    CHECK_STR(text_fault(text_of("\xc2\x9b")), "has control characters");
    CHECK_STR(text_fault((struct text){"a\0b", 3}), "has control characters");
    CHECK_STR(text_fault(text_of("\xed\xa0\x80")), "is not UTF-8");
    CHECK_STR(text_fault(text_of("\xc3")), "is not UTF-8");
}

/* --- names and words --- */

TEST(names)
{
    CHECK(text_is_name(text_of("a")));
    CHECK(text_is_name(text_of("Ada-Lovelace_1815")));
    CHECK(text_is_name(text_of("12345678901234567890")));
    CHECK(!text_is_name(text_of("123456789012345678901")));
    CHECK(!text_is_name(text_of("")));
    for (int c = 1; c < 256; c++) {
        char name[] = {'a', (char)c, 'b', '\0'};
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

        CHECK_INT(text_is_name(text_of(name)),
                  letter || (c >= '0' && c <= '9') || c == '-' || c == '_');
    }
    CHECK(text_is(text_of("Ada"), "aDA"));
    CHECK(!text_is(text_of("Ada"), "ad"));
    CHECK(!text_is(text_of("ad"), "Ada"));
}

static void check_words(const char *line, const char *first, const char *rest)
{
    struct text left = text_of(line), word = text_cut_word(&left);

    CHECK(text_is(word, first));
    CHECK(text_is(left, rest));
}

TEST(words)
{
    check_words("one two three", "one", "two three");
    check_words("  one   two  three  ", "one", "two  three");
    check_words("one", "one", "");
    check_words("one ", "one", "");
    check_words("   ", "", "");
    check_words("", "", "");
}
