/*
 * chat: a chat server for many users on one thread. README.md tells how it is
 * used and how it is made.
 */
#include <cede.h>

#include "limits.h"
#include "options.h"
#include "server.h"

static cede_value chat(const struct options *options)
{
    return cede_bool(server_run(options));
}

int main(int argc, char **argv)
{
    struct options options = options_of(argc, argv);

    raise_open_file_limit();
    return cede_value_bool(cede_run(chat, &options)) ? 0 : 1;
}
