/* An exception remembers what it was raised from, and where each came by. */
#include <errno.h>

#include <cede.h>

static CEDE_EXCEPTION(ConfigError, cede_Exception);

static int64_t read_port(const char *path)
{
    cede_raise_errno(ENOENT, "%s", path);
}

static int64_t configure(void)
{
    cede_try {
        return read_port("port.conf");
    } cede_except (cede_OSError, e) {
        cede_raise_from(ConfigError, e, "no port to listen on");
    } cede_end
    return 0;
}

int main(void)
{
    cede_try {
        configure();
    } cede_except (ConfigError, e) {
        char *text;

        cede_exception_add_note(e, "the default would be 7777");
        text = cede_format_exception(e);
        cede_print_end("", text);
        cede_free(text);
    } cede_end
}
