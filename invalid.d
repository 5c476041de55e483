invalid.o: src/expressions/invalid.c src/base/banned.h \
  src/expressions/invalid.h src/base/failure.h src/base/arena.h \
  src/base/slice.h src/base/buffer.h src/base/errors.def \
  src/expressions/expressions.h src/base/json.h src/items/value.h \
  src/items/number.h src/base/check.h

src/base/banned.h:

src/expressions/invalid.h:

src/base/failure.h:

src/base/arena.h:

src/base/slice.h:

src/base/buffer.h:

src/base/errors.def:

src/expressions/expressions.h:

src/base/json.h:

src/items/value.h:

src/items/number.h:

src/base/check.h:
