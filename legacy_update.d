legacy_update.o: src/expressions/legacy_update.c src/base/banned.h \
  src/expressions/legacy.h src/expressions/expressions.h \
  src/base/arena.h src/base/slice.h src/base/failure.h src/base/buffer.h \
  src/base/errors.def src/base/json.h src/items/value.h \
  src/items/number.h src/expressions/update.h src/expressions/ast.h \
  src/expressions/functions.h src/expressions/functions.def \
  src/expressions/path.h src/expressions/path_set.h \
  src/expressions/parser.h src/expressions/lexer.h \
  src/expressions/placeholders.h src/items/attribute_value.h

src/base/banned.h:

src/expressions/legacy.h:

src/expressions/expressions.h:

src/base/arena.h:

src/base/slice.h:

src/base/failure.h:

src/base/buffer.h:

src/base/errors.def:

src/base/json.h:

src/items/value.h:

src/items/number.h:

src/expressions/update.h:

src/expressions/ast.h:

src/expressions/functions.h:

src/expressions/functions.def:

src/expressions/path.h:

src/expressions/path_set.h:

src/expressions/parser.h:

src/expressions/lexer.h:

src/expressions/placeholders.h:

src/items/attribute_value.h:
