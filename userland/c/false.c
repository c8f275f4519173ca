/*
 * false.c - fails, with status 1.
 *
 * The counterpart of true: for scripts that need a command that fails, and for tests of
 * whoever runs programs and reports their status.
 */
int main(void)
{
    return 1;
}
