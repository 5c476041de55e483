/* Commands that are not written yet say so; the linker prefers the real ones. To be removed with the last of them. */
#include <stdio.h>

#include "cli/commands.h"

static int unfinished(const char *name)
{
    fprintf(stderr, "turntable: '%s' is not built yet\n", name);
    return EXIT_FAILED;
}

__attribute__((weak)) int command_deploy(int argc, char **argv)
{
    (void)argc, (void)argv;
    return unfinished("deploy");
}

__attribute__((weak)) int command_tables(int argc, char **argv)
{
    (void)argc, (void)argv;
    return unfinished("tables");
}

__attribute__((weak)) int command_env(int argc, char **argv)
{
    (void)argc, (void)argv;
    return unfinished("env");
}
