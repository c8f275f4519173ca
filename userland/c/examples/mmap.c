/*
 * mmap.c - seed text 000, section 1, as a whole program: four bytes from mmap.
 *
 * The kernel gives a page, for it has nothing smaller; the program uses its first int. What
 * the text leaves out is here: the check for MAP_FAILED, the newline, and the munmap.
 * Prints 42.
 */
#include <stdio.h>
#include <sys/mman.h>

int main(void)
{
    int *ptr = mmap(NULL, 4, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (ptr == MAP_FAILED) {
        perror("mmap");
        return 1;
    }
    *ptr = 42;
    printf("%d\n", *ptr);
    if (munmap(ptr, 4) < 0) {
        perror("munmap");
        return 1;
    }
    return 0;
}
