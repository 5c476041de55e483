reader.o: src/expressions/partiql/reader.c src/base/banned.h \
  src/expressions/partiql/reader.h src/expressions/partiql/syntax.h \
  src/base/arena.h src/base/slice.h src/base/failure.h src/base/buffer.h \
  src/base/errors.def src/expressions/partiql/tokens.h \
  src/expressions/partiql/partiql.h src/expressions/expressions.h \
  src/base/json.h src/items/value.h src/items/number.h

src/base/banned.h:

src/expressions/partiql/reader.h:

src/expressions/partiql/syntax.h:

src/base/arena.h:

src/base/slice.h:

src/base/failure.h:

src/base/buffer.h:

src/base/errors.def:

src/expressions/partiql/tokens.h:

src/expressions/partiql/partiql.h:

src/expressions/expressions.h:

src/base/json.h:

src/items/value.h:

src/items/number.h:
