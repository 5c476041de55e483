/* The command line: wires the rooms together, holds no logic. */
#include <stdio.h>

int main(void)
{
    fputs("turntable: no command is built yet\n", stderr);
    return 2;
}
