/*
 * Putting an ELF file into an address space: each PT_LOAD segment a private mapping of the file,
 * read when it is touched, the rest of it (bss) zeroes.
 */
#pragma once

#include "fs/file.h"
#include "mm/mm.h"
#include "process/elf.h"

/* One file to be mapped: the program, or its interpreter. */
struct exec_image {
    struct file *file; /* a reference */
    struct elf_header header;
    struct elf_segment *segments; /* header.phnum of them */
    struct elf_layout layout;
    uint64_t bias; /* added to all addresses of the file; set by exec_image_map() */
};

/* Reads and checks the headers of file, whose reference the image takes over, on failure too. 0,
 * -ENOEXEC, -EINVAL, -EIO, -ENOMEM. exec_image_close() afterwards in any case. */
int exec_image_read(struct exec_image *image, struct file *file);

/* Gives back what the image holds; does nothing for one that is all zero. */
void exec_image_close(struct exec_image *image);

/* The interpreter's path from the image's PT_INTERP: kmalloc()ed, or ERR_PTR. */
char *exec_image_interpreter(const struct exec_image *image);

/*
 * Maps all of it into mm: an ET_EXEC file where it says, an ET_DYN one at base (a multiple of its
 * alignment), or where there is room when base is 0. All must end at or below `ceiling`. 0 or
 * -errno.
 */
int exec_image_map(struct exec_image *image, struct mm *mm, vaddr_t base, vaddr_t ceiling);
