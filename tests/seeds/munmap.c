/* Seed text 000, section 3, in C: after munmap(ptr, 4) the page is gone, and the load kills. */
#include <stdio.h>
#include <sys/mman.h>

int main(void)
{
    int *ptr = mmap(NULL, 4, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    *ptr = 42;
    printf("%p\n", (void *)ptr);
    fflush(stdout);
    if (munmap(ptr, 4) != 0)
        return 1;
    return *(volatile int *)ptr;
}
