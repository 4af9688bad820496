/* Lines of source files. Python: linecache.getline. */
#include "flow/source.h"

#include "base/system.h"

#include <ctype.h>
#include <fcntl.h>
#include <string.h>

/* Small, for it stands on a coroutine's stack. */
enum { BLOCK = 1024 };

typedef struct reader {
    int fd;
    size_t size; /* bytes read */
    size_t next; /* and how far they are used */
    char block[BLOCK];
} reader;

/* Is there more? */
static bool fill(reader *file)
{
    ssize_t size;

    if (file->next < file->size)
        return true;
    size = cede__sys_read(file->fd, file->block, sizeof file->block);
    file->next = 0;
    file->size = size > 0 ? (size_t)size : 0;
    return size > 0;
}

/* The rest of a line is appended, or dropped if text is NULL. False: the file
   is at its end. */
static bool read_line(reader *file, cede__text *text)
{
    const char *begin, *end;
    size_t size;

    while (fill(file)) {
        begin = file->block + file->next;
        size = file->size - file->next;
        end = memchr(begin, '\n', size);
        if (end)
            size = (size_t)(end - begin);
        if (text)
            cede__text_append(text, begin, size);
        file->next += size + (end != NULL);
        if (end)
            return true;
    }
    return false;
}

/* Appends what is between the white space at both ends. */
static bool append_stripped(cede__text *text, const cede__text *line)
{
    const char *begin = line->bytes;
    const char *end = begin + line->size;

    while (begin < end && isspace((unsigned char)*begin))
        begin++;
    while (begin < end && isspace((unsigned char)end[-1]))
        end--;
    cede__text_append(text, begin, (size_t)(end - begin));
    return begin < end;
}

bool cede__source_line(const char *file, int line, cede__text *text)
{
    reader source = {.fd = cede__sys_open(file, O_RDONLY | O_NOCTTY, 0)};
    cede__text found;
    bool any = false;

    if (source.fd < 0)
        return false;
    cede__text_init(&found);
    while (line > 1 && read_line(&source, NULL))
        line--;
    if (line == 1) {
        read_line(&source, &found);
        any = !found.failed && append_stripped(text, &found);
    }
    cede__text_clear(&found);
    cede__sys_close(source.fd);
    return any;
}
