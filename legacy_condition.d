legacy_condition.o: src/expressions/legacy_condition.c src/base/banned.h \
  src/base/check.h src/expressions/condition.h src/expressions/ast.h \
  src/expressions/functions.h src/base/slice.h \
  src/expressions/functions.def src/expressions/path.h src/base/arena.h \
  src/items/value.h src/items/number.h src/base/buffer.h \
  src/base/failure.h src/base/errors.def src/expressions/expressions.h \
  src/base/json.h src/expressions/parser.h src/expressions/lexer.h \
  src/expressions/legacy.h src/items/attribute_value.h

src/base/banned.h:

src/base/check.h:

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

src/expressions/legacy.h:

src/items/attribute_value.h:
