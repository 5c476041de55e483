/*
 * CHECK(condition): an assertion about the program itself that stays on in release builds.
 *
 * It is for what a programmer did wrong, never for what a client sent or a disk did: a server that runs on
 * with a broken invariant could lose data, so it stops.
 */
#ifndef TURNTABLE_BASE_CHECK_H
#define TURNTABLE_BASE_CHECK_H

#define CHECK(condition) ((condition) ? (void)0 : check_failed(#condition, __FILE__, __LINE__))

_Noreturn void check_failed(const char *condition, const char *file, int line);

#endif
