/*
 * mmap-fixed.c - a mapping where the program wants it (seed text 001, example 3).
 *
 * With MAP_FIXED the address is not a hint: the mapping lies exactly there, must be page
 * aligned, and replaces whatever was mapped before. The program maps an array of N integers at
 * a fixed address, then maps again over it and finds zeros. Prints the address and the
 * elements.
 */
#include <stdio.h>
#include <sys/mman.h>

#define COUNT   5
#define ADDRESS ((void *)0x2000000000) /* 128 GiB: free in Sv39's user half, below the stack */

static int *map_fixed(void)
{
    int *array = mmap(ADDRESS, COUNT * sizeof(int), PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

    if (array == MAP_FAILED)
        perror("mmap");
    return array;
}

static void print(const char *when, const int *array)
{
    printf("%s at %p:", when, (const void *)array);
    for (int i = 0; i < COUNT; i++)
        printf(" %d", array[i]);
    printf("\n");
}

int main(void)
{
    int *array = map_fixed();

    if (array == MAP_FAILED)
        return 1;
    for (int i = 0; i < COUNT; i++)
        array[i] = i * 10;
    print("filled", array);
    array = map_fixed();
    if (array == MAP_FAILED)
        return 1;
    print("mapped again", array);
    return array == ADDRESS && array[1] == 0 ? 0 : 1;
}
