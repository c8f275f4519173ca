#include "process/exec_args.h"

#include "arch/uaccess.h"
#include "drivers/entropy.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/alloc/kmalloc.h"
#include "mm/fault.h"
#include "mm/mmap.h"
#include "process/auxv.h"
#include "process/rlimit.h"

#define STACK_FIRST    (33 * PAGE_SIZE) /* mapped at once: Linux, setup_arg_pages (128 KiB + 1) */
#define ARG_STRING_MAX (32 * PAGE_SIZE) /* MAX_ARG_STRLEN, with the NUL */
#define ARGS_MIN       (32 * PAGE_SIZE) /* ARG_MAX: always allowed */
#define ARGS_MAX       (6 * MIB)        /* three quarters of _STK_LIM */
#define ARGS_COUNT_MAX (ARGS_MAX / 8)   /* more pointers than this would not fit */
#define STACK_ALIGN    16
#define RANDOM_BYTES   16
#define WRITER_WORDS   64

/* Words on their way to the new stack. */
struct word_writer {
    struct mm *mm;
    vaddr_t to;
    size_t count;
    bool failed;
    uint64_t words[WRITER_WORDS];
};

vaddr_t exec_stack_bottom(void)
{
    return USER_TOP - STACK_FIRST;
}

int exec_args_begin(struct exec_args *args, struct mm *mm, bool exec_stack)
{
    const struct mmap_request stack = {
        .addr = exec_stack_bottom(),
        .length = STACK_FIRST,
        .prot = PROT_READ | PROT_WRITE | (exec_stack ? PROT_EXEC : 0),
        .flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN | MAP_STACK,
        .vma_flags = VMA_STACK | VMA_GROWSDOWN,
    };
    int64_t at;

    *args = (struct exec_args){.mm = mm, .low = USER_TOP - sizeof(uint64_t)};
    args->scratch = kmalloc(PAGE_SIZE, 0);
    if (!args->scratch)
        return -ENOMEM;
    at = mm_mmap(mm, &stack);
    return at < 0 ? (int)at : 0;
}

void exec_args_free(struct exec_args *args)
{
    kmfree(args->scratch);
    args->scratch = NULL;
}

/* Pointer number i of a list in user memory. */
static int user_pointer(const struct string_list *list, unsigned i, uint64_t *pointer)
{
    vaddr_t at = list->array + i * sizeof(*pointer);

    return copy_from_user(pointer, at, sizeof(*pointer)) ? -EFAULT : 0;
}

/* How many strings there are: -EFAULT, -E2BIG. A NULL array is an empty one, as on Linux. */
static int list_count(const struct string_list *list)
{
    uint64_t pointer;
    unsigned n = 0;

    if (list->kernel) {
        while (list->kernel[n])
            n++;
        return (int)n;
    }
    if (!list->array)
        return 0;
    for (; n < ARGS_COUNT_MAX; n++) {
        if (user_pointer(list, n, &pointer))
            return -EFAULT;
        if (!pointer)
            return (int)n;
    }
    return -E2BIG;
}

/* Makes room for a string of size bytes, NUL included. */
static int take_room(struct exec_args *args, size_t size)
{
    if (size > ARG_STRING_MAX || args->low - args->floor < size)
        return -E2BIG;
    args->low -= size;
    return 0;
}

static int copy_in(struct exec_args *args, vaddr_t to, const void *from, size_t n)
{
    return mm_copy_in(args->mm, to, from, n) == n ? 0 : -ENOMEM;
}

static int push_kernel(struct exec_args *args, const char *string)
{
    size_t size = strlen(string) + 1;
    int error = take_room(args, size);

    return error ? error : copy_in(args, args->low, string, size);
}

/* Length of a user string, NUL included; up to a page of it is left in scratch. */
static ssize_t user_string_size(struct exec_args *args, vaddr_t string)
{
    size_t total = 0;

    for (;;) {
        ssize_t n = strncpy_from_user(args->scratch, string + total, PAGE_SIZE);

        if (n < 0)
            return n;
        total += (size_t)n;
        if ((size_t)n < PAGE_SIZE)
            return (ssize_t)total + 1;
        if (total >= ARG_STRING_MAX)
            return -E2BIG;
    }
}

/* Copies a long string; another thread may change it meanwhile, so its end is looked at again. */
static int copy_long(struct exec_args *args, vaddr_t string, size_t size)
{
    for (size_t done = 0; done < size;) {
        size_t n = MIN(size - done, PAGE_SIZE);

        if (copy_from_user(args->scratch, string + done, n))
            return -EFAULT;
        if (done + n == size && args->scratch[n - 1] != '\0')
            return -EFAULT;
        if (copy_in(args, args->low + done, args->scratch, n))
            return -ENOMEM;
        done += n;
    }
    return 0;
}

static int push_user(struct exec_args *args, vaddr_t string)
{
    ssize_t size = user_string_size(args, string);
    int error;

    if (size < 0)
        return (int)size;
    error = take_room(args, (size_t)size);
    if (error)
        return error;
    if ((size_t)size <= PAGE_SIZE)
        return copy_in(args, args->low, args->scratch, (size_t)size);
    return copy_long(args, string, (size_t)size);
}

static int push_list(struct exec_args *args, const struct string_list *list, unsigned count)
{
    int error = 0;

    while (count-- > 0 && !error) {
        uint64_t pointer = 0;

        if (list->kernel) {
            error = push_kernel(args, list->kernel[count]);
            continue;
        }
        error = user_pointer(list, count, &pointer);
        if (!error)
            error = push_user(args, pointer);
    }
    return error;
}

/* How low strings may reach: the limit, less the room for the pointers to them. */
static int set_floor(struct exec_args *args)
{
    uint64_t limit = MIN(rlimit_current(RLIMIT_STACK) / 4, ARGS_MAX);
    uint64_t pointers = (args->argc + args->envc) * sizeof(uint64_t);

    limit = MAX(limit, ARGS_MIN);
    if (pointers >= limit)
        return -E2BIG;
    args->floor = args->low - (limit - pointers);
    return 0;
}

int exec_args_fill(struct exec_args *args, const char *path, const struct string_list *argv,
                   const struct string_list *envp)
{
    int argc = list_count(argv), envc = list_count(envp), error;

    if (argc < 0 || envc < 0)
        return argc < 0 ? argc : envc;
    args->argc = (unsigned)argc;
    args->envc = (unsigned)envc;
    error = set_floor(args);
    if (!error)
        error = push_kernel(args, path);
    args->path = args->low;
    args->env_end = args->low;
    if (!error)
        error = push_list(args, envp, args->envc);
    args->env_low = args->low;
    if (!error)
        error = push_list(args, argv, args->argc);
    if (!error && args->argc == 0) /* a program may count on argv[0]: Linux since 5.18 */
        error = exec_args_push(args, "");
    return error;
}

int exec_args_push(struct exec_args *args, const char *string)
{
    int error = push_kernel(args, string);

    if (!error)
        args->argc++;
    return error;
}

/* The address behind the string at `at`, which ends below `end`; 0: it cannot be read. */
static vaddr_t next_string(struct exec_args *args, vaddr_t at, vaddr_t end)
{
    while (at < end) {
        size_t want = MIN(end - at, PAGE_SIZE);
        size_t n = mm_copy_out(args->mm, at, args->scratch, want);
        char *nul = memchr(args->scratch, '\0', n);

        if (nul)
            return at + (vaddr_t)(nul - args->scratch) + 1;
        if (n < want)
            return 0;
        at += n;
    }
    return 0;
}

int exec_args_pop(struct exec_args *args)
{
    vaddr_t next = next_string(args, args->low, args->env_low);

    if (!next)
        return -EFAULT;
    args->low = next;
    args->argc--;
    return 0;
}

static void writer_flush(struct word_writer *writer)
{
    size_t n = writer->count * sizeof(uint64_t);

    if (mm_copy_in(writer->mm, writer->to, writer->words, n) != n)
        writer->failed = true;
    writer->to += n;
    writer->count = 0;
}

static void writer_put(struct word_writer *writer, uint64_t word)
{
    writer->words[writer->count++] = word;
    if (writer->count == WRITER_WORDS)
        writer_flush(writer);
}

/* Pointers to `count` strings that follow one another in [at, end), and NULL. */
static void write_pointers(struct exec_args *args, struct word_writer *writer, vaddr_t at,
                           vaddr_t end, unsigned count)
{
    for (; count > 0; count--) {
        writer_put(writer, at);
        at = next_string(args, at, end);
        if (!at) {
            writer->failed = true;
            return;
        }
    }
    writer_put(writer, 0);
}

static void write_aux(struct word_writer *writer, const struct aux_entry *aux, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        writer_put(writer, aux[i].type);
        writer_put(writer, aux[i].value);
    }
}

int exec_args_finish(struct exec_args *args, const struct aux_entry *aux, size_t count, vaddr_t *sp)
{
    vaddr_t random = ALIGN_DOWN(args->low, STACK_ALIGN) - RANDOM_BYTES;
    const struct aux_entry last[] = {{AT_RANDOM, random}, {AT_EXECFN, args->path}, {AT_NULL, 0}};
    uint64_t words = 1 + args->argc + 1 + args->envc + 1 + 2 * (count + ARRAY_SIZE(last));
    struct word_writer writer = {.mm = args->mm};
    struct mm *mm = args->mm;

    *sp = ALIGN_DOWN(random - words * sizeof(uint64_t), STACK_ALIGN);
    writer.to = *sp;
    entropy_fill(args->scratch, RANDOM_BYTES);
    if (copy_in(args, random, args->scratch, RANDOM_BYTES))
        return -ENOMEM;
    writer_put(&writer, args->argc);
    write_pointers(args, &writer, args->low, args->env_low, args->argc);
    write_pointers(args, &writer, args->env_low, args->env_end, args->envc);
    write_aux(&writer, aux, count);
    write_aux(&writer, last, ARRAY_SIZE(last));
    writer_flush(&writer);
    mm->arg_start = args->low;
    mm->arg_end = args->env_low;
    mm->env_start = args->env_low;
    mm->env_end = args->env_end;
    mm->stack_start = *sp;
    return writer.failed ? -EFAULT : 0;
}
