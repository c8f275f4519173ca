/*
 * excerpt.c - head and tail but for what they show; see excerpt.h.
 */
#include "userland/c/lib/excerpt.h"

#include "userland/c/lib/number.h"
#include "userland/c/lib/program.h"

#include <ctype.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_LINES 10

static struct excerpt excerpt = {.limit = DEFAULT_LINES};

static void excerpt_set(const struct excerpt_program *program, const char *text, bool by_bytes)
{
    excerpt.by_bytes = by_bytes;
    excerpt.from_start = program->signs && text[0] == '+';
    if (program->signs && (text[0] == '+' || text[0] == '-'))
        text++;
    if (!number_parse_size(text, &excerpt.limit)) {
        program_complain("%s: not a number", text);
        program_usage(1, program->usage);
    }
}

static int excerpt_file(const struct excerpt_program *program, const char *name, bool heading)
{
    static bool again;
    FILE *file = strcmp(name, "-") ? fopen(name, "re") : stdin;
    int status = 0;

    if (!file) {
        program_warn(name);
        return 1;
    }
    if (heading)
        printf("%s==> %s <==\n", again ? "\n" : "", file == stdin ? "standard input" : name);
    again = true;
    program->show(file, &excerpt);
    if (ferror(file)) {
        program_warn(name);
        status = 1;
    }
    if (file != stdin)
        fclose(file);
    return status;
}

int excerpt_main(int argc, char **argv, const struct excerpt_program *program)
{
    int option, status = 0;

    program_begin(argv, program->name);
    if (argc > 1 && argv[1][0] == '-' && isdigit((unsigned char)argv[1][1])) {
        excerpt_set(program, argv[1] + 1, false);
        argv[1] = argv[0];
        argv++;
        argc--;
    }
    while ((option = getopt(argc, argv, "c:n:")) != -1) {
        if (option == '?')
            program_usage(1, program->usage);
        excerpt_set(program, optarg, option == 'c');
    }
    if (optind == argc)
        status = excerpt_file(program, "-", false);
    for (int i = optind; i < argc; i++)
        status |= excerpt_file(program, argv[i], argc - optind > 1);
    return program_finish(status);
}
