/*
 * say PORT: sends its standard input to a server, ends its side, and prints
 * what comes back until the server ends too.
 */
#include <stdio.h>
#include <stdlib.h>

#include <cede.h>

static cede_value say(void *port)
{
    static char text[16 << 20];
    size_t size = fread(text, 1, sizeof text, stdin);
    const void *reply;

    cede_with (peer, cede_open_connection("127.0.0.1", atoi(port))) {
        cede_stream_write(peer, text, size);
        cede_stream_write_eof(peer);
        while ((reply = cede_stream_next(peer, &size)) != NULL)
            fwrite(reply, 1, size, stdout);
    } cede_end
    return cede_none;
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    cede_run(say, argv[1]);
}
