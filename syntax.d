syntax.o: src/expressions/partiql/syntax.c src/base/banned.h \
  src/expressions/ast.h src/expressions/functions.h src/base/slice.h \
  src/expressions/functions.def src/expressions/path.h src/base/arena.h \
  src/items/value.h src/items/number.h src/base/buffer.h \
  src/base/failure.h src/base/errors.def src/expressions/invalid.h \
  src/expressions/expressions.h src/base/json.h \
  src/expressions/partiql/reader.h src/expressions/partiql/syntax.h \
  src/expressions/partiql/tokens.h src/expressions/partiql/partiql.h

src/base/banned.h:

src/expressions/ast.h:

src/expressions/functions.h:

src/base/slice.h:

src/expressions/functions.def:

src/expressions/path.h:

src/base/arena.h:

src/items/value.h:

src/items/number.h:

src/base/buffer.h:

src/base/failure.h:

src/base/errors.def:

src/expressions/invalid.h:

src/expressions/expressions.h:

src/base/json.h:

src/expressions/partiql/reader.h:

src/expressions/partiql/syntax.h:

src/expressions/partiql/tokens.h:

src/expressions/partiql/partiql.h:
