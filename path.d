path.o: src/expressions/path.c src/base/banned.h src/expressions/path.h \
  src/base/arena.h src/base/slice.h src/items/value.h src/items/number.h \
  src/base/buffer.h src/base/failure.h src/base/errors.def \
  src/base/check.h

src/base/banned.h:

src/expressions/path.h:

src/base/arena.h:

src/base/slice.h:

src/items/value.h:

src/items/number.h:

src/base/buffer.h:

src/base/failure.h:

src/base/errors.def:

src/base/check.h:
