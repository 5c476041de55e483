translate.o: src/expressions/partiql/translate.c src/base/banned.h \
  src/expressions/partiql/translate.h src/expressions/parser.h \
  src/base/arena.h src/base/slice.h src/base/failure.h src/base/buffer.h \
  src/base/errors.def src/expressions/ast.h src/expressions/functions.h \
  src/expressions/functions.def src/expressions/path.h src/items/value.h \
  src/items/number.h src/expressions/expressions.h src/base/json.h \
  src/expressions/lexer.h src/expressions/partiql/literal.h \
  src/expressions/partiql/syntax.h src/expressions/partiql/tokens.h \
  src/expressions/partiql/partiql.h src/expressions/invalid.h

src/base/banned.h:

src/expressions/partiql/translate.h:

src/expressions/parser.h:

src/base/arena.h:

src/base/slice.h:

src/base/failure.h:

src/base/buffer.h:

src/base/errors.def:

src/expressions/ast.h:

src/expressions/functions.h:

src/expressions/functions.def:

src/expressions/path.h:

src/items/value.h:

src/items/number.h:

src/expressions/expressions.h:

src/base/json.h:

src/expressions/lexer.h:

src/expressions/partiql/literal.h:

src/expressions/partiql/syntax.h:

src/expressions/partiql/tokens.h:

src/expressions/partiql/partiql.h:

src/expressions/invalid.h:
