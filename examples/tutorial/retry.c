/* Tries again what may pass, as often as it makes sense, and nothing else. */
#include <cede.h>

static CEDE_EXCEPTION(Busy, cede_Exception);

/* Busy twice, then fine; or forbidden from the start. */
static const char *fetch(const char *name, int attempt)
{
    if (name[0] == '.')
        cede_raise(cede_PermissionError, "%s", name);
    if (attempt < 3)
        cede_raise_with(Busy, attempt * 10, "the server is busy");
    return "content";
}

static const char *fetch_patiently(const char *name, int attempts)
{
    for (int i = 1;; i++) {
        cede_try {
            return fetch(name, i);
        } cede_except (Busy, e) {
            const int *seconds = cede_exception_payload(e);

            if (i == attempts)
                cede_reraise();
            cede_print("attempt", i, "-", e, "- wait", *seconds);
        } cede_end
    }
}

int main(void)
{
    const struct {
        const char *name;
        int attempts;
    } calls[] = {{"page", 3}, {"page", 2}, {".secret", 3}};

    for (int i = 0; i < 3; i++) {
        cede_try {
            cede_print(fetch_patiently(calls[i].name, calls[i].attempts));
        } cede_except (cede_Exception, e) {
            cede_print("gave up:", cede_exception_name(e));
        } cede_end
    }
}
