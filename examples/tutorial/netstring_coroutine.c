/*
 * The same parser as a coroutine: where it stands is where it stands, and what
 * it knows is in its locals. Each byte is sent in; a whole message comes out.
 */
#include <ctype.h>

#include <cede.h>

/* Gives out what is ready, waits for the next byte. */
static char next_byte(cede_value ready)
{
    return (char)cede_value_int(cede_yield(ready));
}

static void netstrings(void)
{
    cede_value ready = cede_none;

    for (;;) {
        char text[64];
        size_t size = 0;
        char c;

        while (isdigit((unsigned char)(c = next_byte(ready)))) {
            ready = cede_none;
            size = size * 10 + (size_t)(c - '0');
            if (size >= sizeof text)
                cede_raise(cede_ValueError, "too long");
        }
        if (c != ':')
            cede_raise(cede_ValueError, "no size");
        for (size_t i = 0; i < size; i++)
            text[i] = next_byte(cede_none);
        if (next_byte(cede_none) != ',')
            cede_raise(cede_ValueError, "no comma behind %.*s", (int)size,
                       text);
        ready = cede_str_copy_n(text, size);
    }
}

int main(void)
{
    const char *const pieces[] = {"5:he", "llo,3:f", "oo,", "4:last!"};
    cede_own (parser, cede_generator(netstrings));

    cede_next(parser);
    cede_try {
        for (int i = 0; i < 4; i++) {
            for (const char *p = pieces[i]; *p; p++) {
                cede_value message = cede_generator_send(parser, *p);

                if (!cede_is_none(message))
                    cede_print("message:", cede_temp(message));
            }
        }
    } cede_except (cede_ValueError, e) {
        cede_print("error:", e);
    } cede_end
}
