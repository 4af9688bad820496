/*
 * Messages like "5:hello," that arrive in pieces, in plain C: where the parser
 * stands is a number, and all it knows is in a struct.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum state { SIZE, TEXT, COMMA };

struct parser {
    enum state state;
    size_t size, have;
    char text[64];
};

/* One byte: 1 when a message is whole, -1 when it is none, else 0. */
static int feed(struct parser *p, char c)
{
    switch (p->state) {
    case SIZE:
        if (isdigit((unsigned char)c)) {
            p->size = p->size * 10 + (size_t)(c - '0');
            return p->size < sizeof p->text ? 0 : -1;
        }
        p->have = 0;
        p->state = p->size ? TEXT : COMMA;
        return c == ':' ? 0 : -1;
    case TEXT:
        p->text[p->have++] = c;
        if (p->have == p->size)
            p->state = COMMA;
        return 0;
    case COMMA:
        p->text[p->size] = '\0';
        p->size = 0;
        p->state = SIZE;
        return c == ',' ? 1 : -1;
    }
    return -1;
}

int main(void)
{
    const char *const pieces[] = {"5:he", "llo,3:f", "oo,", "4:last!"};
    struct parser parser = {.state = SIZE};

    for (int i = 0; i < 4; i++) {
        for (const char *p = pieces[i]; *p; p++) {
            int result = feed(&parser, *p);

            if (result > 0)
                printf("message: %s\n", parser.text);
            else if (result < 0)
                printf("error: no comma, or no size\n");
        }
    }
}
