/*
 * Lines from somebody who need not mean well, in whichever pieces they come.
 */
#include "net/pair.h"

#include "input.h"

enum { LIMIT = 8 };

static void log_line(char *log, size_t size, enum input input, struct text line)
{
    static const char *const names[] = {[INPUT_TOO_LONG] = "(too long)",
                                        [INPUT_ENDLESS] = "(endless)",
                                        [INPUT_END] = "(end)"};
    size_t used = strlen(log);

    if (input == INPUT_LINE)
        snprintf(log + used, size - used, "[%.*s]", TEXT_ARGUMENTS(line));
    else
        snprintf(log + used, size - used, "%s", names[input]);
}

static void read_lines(cede_stream *stream, char *log, size_t size)
{
    struct text line = {NULL, 0};
    enum input input;

    cede_stream_set_limit(stream, LIMIT);
    do {
        input = input_next(stream, &line);
        log_line(log, size, input, line);
    } while (input != INPUT_END && input != INPUT_ENDLESS);
}

/* --- pieces --- */

static const char text[] = "one\ntwo\r\n\n\r\n12345678\n123456789\n"
                           "1234567890123456789012345\n\r\r\nhalf";
static const char lines[] = "[one][two][][][12345678](too long)(too long)[\r]"
                            "(end)";

/* Sent in two pieces, the second when all of the first has been read. */
static void read_pieces(size_t first)
{
    char log[256] = "";
    struct pair pair = {NULL, -1};
    cede_defer (pair_close, &pair);

    cede_keep(log);
    pair_open(&pair);
    raw_send(pair.raw, text, first);
    if (first < sizeof text - 1) {
        cede_nursery (tasks) {
            struct dribble rest = {&pair, text + first,
                                   sizeof text - 1 - first};

            cede_nursery_start_soon_with(tasks, dribble, rest);
            read_lines(pair.stream, log, sizeof log);
        } cede_end
    } else {
        raw_end(&pair.raw);
        read_lines(pair.stream, log, sizeof log);
    }
    CHECK_STR(log, lines);
}

static void read_all_pieces(void)
{
    for (size_t first = 0; first < sizeof text; first++)
        read_pieces(first);
}

TEST(every_split, .timeout = 60, .torture = false)
{
    cede_run(read_all_pieces);
}

static void read_some_pieces(void)
{
    read_pieces(20);
}

TEST(faults_while_reading)
{
    cede_run(read_some_pieces);
}

/* --- no end --- */

/* Writes until nobody reads any more. */
static void pour(cede_stream *stream)
{
    static const char zeros[65536];

    cede_try {
        for (;;)
            cede_stream_write(stream, zeros, sizeof zeros);
    } cede_except (cede_ConnectionError) {
        /* It has heard enough. */
    } cede_end
}

static void read_endless(void)
{
    static const cede__address nobody;
    char log[64] = "";
    int fds[2] = {-1, -1};

    cede_own (reader, cede__stream_new());
    cede_own (writer, cede__stream_new());
    REQUIRE(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds));
    cede__stream_open(reader, fds[0], &nobody);
    cede__stream_open(writer, fds[1], &nobody);
    cede_keep(log);
    cede_nursery (tasks) {
        cede_defer (cede_stream_close, reader);

        cede_nursery_start_soon(tasks, pour, writer);
        read_lines(reader, log, sizeof log);
    } cede_end
    CHECK_STR(log, "(endless)");
}

TEST(a_line_without_end, .torture = false)
{
    cede_run(read_endless);
}
