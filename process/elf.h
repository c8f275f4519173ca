/*
 * ELF files as far as running them goes: the header, the program headers, and whether they make
 * sense. Pure logic over untrusted bytes; nothing is read or mapped here.
 *
 * Source: System V ABI, chapters 4 and 5; RISC-V ELF psABI, "Program Header Table".
 */
#pragma once

#include "lib/types.h"

#define ELF_SEGMENTS_MAX 1170 /* as many as fit 64 KiB: Linux, fs/binfmt_elf.c */

#define ET_EXEC 2
#define ET_DYN  3

#define PT_LOAD      1
#define PT_INTERP    3
#define PT_GNU_STACK 0x6474e551u

#define PF_X 1
#define PF_W 2
#define PF_R 4

/* Elf64_Ehdr */
struct elf_header {
    uint8_t ident[16];
    uint16_t type, machine;
    uint32_t version;
    uint64_t entry, phoff, shoff;
    uint32_t flags;
    uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

/* Elf64_Phdr */
struct elf_segment {
    uint32_t type, flags;
    uint64_t offset, vaddr, paddr, filesz, memsz, align;
};

_Static_assert(sizeof(struct elf_header) == 64, "Elf64_Ehdr");
_Static_assert(sizeof(struct elf_segment) == 56, "Elf64_Phdr");

/* What the segments come to. Addresses are as in the file, before any shift. */
struct elf_layout {
    vaddr_t low, high; /* whole pages that the loaded segments span */
    vaddr_t end;       /* one past the last byte in memory: where brk may start */
    uint64_t align;    /* the strictest alignment asked for, at least a page */
    vaddr_t phdr;      /* where the program headers are in memory; 0: they are not loaded */
    const struct elf_segment *interp; /* NULL: none */
    bool exec_stack;                  /* PT_GNU_STACK asks for it */
};

/* A header of `size` bytes: 0, or -ENOEXEC when it is no RISC-V program for 64 bits. */
int elf_check_header(const struct elf_header *header, size_t size);

/*
 * Checks all segments and sums them up: 0; -ENOEXEC (nothing to load, a segment that overlaps
 * itself or leaves user space), -EINVAL (offset and address do not agree modulo the page).
 */
int elf_check_segments(const struct elf_header *header, const struct elf_segment *segments,
                       struct elf_layout *layout);
