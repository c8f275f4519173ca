/*
 * mmap-fork-anon-private.c - fork and private memory (seed text 001, example 6).
 *
 * The parent fills an array of N integers (0, 10, 20, ...); its child changes the first element
 * to 99. Both see the parent's values at first, and at the same address; after the child's
 * write the page is there twice. The parent still reads 0.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT 5

static void print(const char *who, const int *array)
{
    printf("%s:", who);
    for (int i = 0; i < COUNT; i++)
        printf(" %d", array[i]);
    printf("\n");
    fflush(stdout);
}

int main(void)
{
    int *array =
        mmap(NULL, COUNT * sizeof(int), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pid_t child;

    if (array == MAP_FAILED) {
        perror("mmap");
        return 1;
    }
    for (int i = 0; i < COUNT; i++)
        array[i] = i * 10;
    child = fork();
    if (child < 0) {
        perror("fork");
        return 1;
    }
    if (child == 0) {
        array[0] = 99;
        print("child", array);
        _exit(0);
    }
    if (waitpid(child, NULL, 0) < 0) {
        perror("waitpid");
        return 1;
    }
    print("parent", array);
    return array[0] == 0 ? 0 : 1;
}
