/* What every unit test includes first: cmocka, without the one macro of its that is a word of ours. */
#ifndef TURNTABLE_TEST_LIB_UNIT_H
#define TURNTABLE_TEST_LIB_UNIT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

/* fail() is ours (base/failure.h); a test fails by an assertion, or with a message. */
#undef fail
#undef fail_msg
#define fail_msg(...) (print_error("ERROR: " __VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

#endif
