/*
 * Functions that have no place here, because a mistake with them is silent. Every file is compiled with this
 * header in front (-include); a use does not compile.
 */
#ifndef TURNTABLE_BASE_BANNED_H
#define TURNTABLE_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* With _FORTIFY_SOURCE these may be macros, which clang does not let be poisoned. */
#undef sprintf
#undef vsprintf
#undef strncpy
#undef strncat
#undef strcpy
#undef strcat

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok gmtime localtime ctime asctime \
    atoi atol atof

#endif
