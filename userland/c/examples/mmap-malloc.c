/*
 * mmap-malloc.c - mmap in the place of malloc (seed text 001, example 1).
 *
 * An array of N integers in private anonymous memory: nobody else sees it, no file is behind it,
 * and it begins as zeros. N may be given; its default is 5. Prints the elements, 10 times their
 * index, one a line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#define DEFAULT_COUNT 5

int main(int argc, char **argv)
{
    size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : DEFAULT_COUNT;
    int *array =
        mmap(NULL, count * sizeof(int), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (array == MAP_FAILED) {
        perror("mmap");
        return 1;
    }
    for (size_t i = 0; i < count; i++)
        array[i] = (int)i * 10;
    for (size_t i = 0; i < count; i++)
        printf("%d\n", array[i]);
    if (munmap(array, count * sizeof(int)) < 0) {
        perror("munmap");
        return 1;
    }
    return 0;
}
