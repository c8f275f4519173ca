/*
 * true.c - succeeds.
 *
 * The smallest C program there is. What a run of it costs is what a process costs: fork,
 * execve, the C library's start-up, exit and wait.
 */
int main(void)
{
    return 0;
}
