#include <sys/mman.h>
#include <stdio.h>

int main() {
    int *ptr = mmap(NULL, 4, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *ptr = 42;
    printf("%d", *ptr);
}
