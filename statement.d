statement.o: src/expressions/partiql/statement.c src/base/banned.h \
  src/expressions/condition.h src/expressions/ast.h \
  src/expressions/functions.h src/base/slice.h \
  src/expressions/functions.def src/expressions/path.h src/base/arena.h \
  src/items/value.h src/items/number.h src/base/buffer.h \
  src/base/failure.h src/base/errors.def src/expressions/expressions.h \
  src/base/json.h src/expressions/parser.h src/expressions/lexer.h \
  src/expressions/invalid.h src/expressions/partiql/translate.h \
  src/expressions/partiql/literal.h src/expressions/partiql/syntax.h \
  src/expressions/partiql/tokens.h src/expressions/partiql/partiql.h \
  src/expressions/projection.h src/expressions/path_set.h \
  src/expressions/placeholders.h src/expressions/update.h

src/base/banned.h:

src/expressions/condition.h:

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

src/expressions/expressions.h:

src/base/json.h:

src/expressions/parser.h:

src/expressions/lexer.h:

src/expressions/invalid.h:

src/expressions/partiql/translate.h:

src/expressions/partiql/literal.h:

src/expressions/partiql/syntax.h:

src/expressions/partiql/tokens.h:

src/expressions/partiql/partiql.h:

src/expressions/projection.h:

src/expressions/path_set.h:

src/expressions/placeholders.h:

src/expressions/update.h:
