/*
 * symbol.c - functions in ELF files (see symbol.h)
 *
 * System V ABI, "Symbol Table"; dl_iterate_phdr(3).
 */
#include "base/symbol.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is looked for and, once found, where it lies. */
typedef struct search {
    uintptr_t address;
    uintptr_t base;
    const char *file; /* "": the program itself; NULL: not found */
} search;

static int look_at_object(struct dl_phdr_info *object, size_t size, void *self)
{
    search *wanted = self;

    (void)size;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];

        if (segment->p_type != PT_LOAD ||
            wanted->address - object->dlpi_addr - segment->p_vaddr >=
                segment->p_memsz)
            continue;
        wanted->base = object->dlpi_addr;
        wanted->file = object->dlpi_name;
        return 1;
    }
    return 0;
}

/* A file in memory. */
typedef struct image {
    const char *bytes;
    size_t size;
} image;

static const void *part_of(const image *file, size_t offset, size_t size)
{
    return offset <= file->size && size <= file->size - offset
               ? file->bytes + offset
               : NULL;
}

/* The function's name is copied from the strings of the table. */
static void search_table(const image *file, const ElfW(Shdr) * table,
                         const ElfW(Shdr) * strings, cede__symbol *symbol)
{
    const ElfW(Sym) *symbols = part_of(file, table->sh_offset, table->sh_size);
    const char *names = part_of(file, strings->sh_offset, strings->sh_size);

    if (!symbols || !names || !strings->sh_size ||
        names[strings->sh_size - 1] != '\0')
        return;
    for (size_t i = 0; i < table->sh_size / sizeof *symbols; i++)
        if (ELF64_ST_TYPE(symbols[i].st_info) == STT_FUNC &&
            symbols[i].st_name < strings->sh_size &&
            symbol->offset - symbols[i].st_value < symbols[i].st_size) {
            snprintf(symbol->function, sizeof symbol->function, "%.63s",
                     names + symbols[i].st_name);
            return;
        }
}

/* A stripped file has but the symbols that it exports. */
static void search_image(const image *file, cede__symbol *symbol)
{
    const ElfW(Ehdr) *header = part_of(file, 0, sizeof *header);
    const ElfW(Shdr) * sections;

    if (!header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
        header->e_shentsize != sizeof *sections)
        return;
    sections =
        part_of(file, header->e_shoff, header->e_shnum * sizeof *sections);
    for (size_t i = 0; sections && i < header->e_shnum; i++)
        if ((sections[i].sh_type == SHT_SYMTAB ||
             sections[i].sh_type == SHT_DYNSYM) &&
            sections[i].sh_link < header->e_shnum && !symbol->function[0])
            search_table(file, &sections[i], &sections[sections[i].sh_link],
                         symbol);
}

static void search_file(const char *name, cede__symbol *symbol)
{
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    struct stat status;

    if (fd < 0)
        return;
    if (fstat(fd, &status) == 0 && status.st_size > 0) {
        image file = {.size = (size_t)status.st_size};
        void *bytes = mmap(NULL, file.size, PROT_READ, MAP_PRIVATE, fd, 0);

        if (bytes != MAP_FAILED) {
            file.bytes = bytes;
            search_image(&file, symbol);
            munmap(bytes, file.size);
        }
    }
    close(fd);
}

static void name_object(const char *file, cede__symbol *symbol)
{
    const char *slash = strrchr(file, '/');

    snprintf(symbol->object, sizeof symbol->object, "%.63s",
             slash ? slash + 1 : file);
}

void cede__symbol_find(const void *address, cede__symbol *symbol)
{
    search wanted = {.address = (uintptr_t)address};

    memset(symbol, 0, sizeof *symbol);
    symbol->offset = wanted.address;
    dl_iterate_phdr(look_at_object, &wanted);
    if (!wanted.file) {
        name_object("?", symbol);
        return;
    }
    symbol->offset -= wanted.base;
    if (!wanted.file[0]) {
        name_object(program_invocation_short_name, symbol);
        search_file("/proc/self/exe", symbol);
    } else {
        name_object(wanted.file, symbol);
        search_file(wanted.file, symbol);
    }
}
