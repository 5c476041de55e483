statement_input.o: src/services/dynamodb/statement_input.c \
  src/base/banned.h src/services/dynamodb/statement_input.h \
  src/catalog/table.h src/base/arena.h src/base/slice.h \
  src/base/buffer.h src/base/failure.h src/base/errors.def \
  src/base/json.h src/items/value.h src/items/number.h \
  src/storage/storage.h src/expressions/partiql/partiql.h \
  src/expressions/expressions.h src/services/request.h \
  src/auth/principal.h src/services/shape.h src/items/attribute_value.h \
  src/services/dynamodb/input.h

src/base/banned.h:

src/services/dynamodb/statement_input.h:

src/catalog/table.h:

src/base/arena.h:

src/base/slice.h:

src/base/buffer.h:

src/base/failure.h:

src/base/errors.def:

src/base/json.h:

src/items/value.h:

src/items/number.h:

src/storage/storage.h:

src/expressions/partiql/partiql.h:

src/expressions/expressions.h:

src/services/request.h:

src/auth/principal.h:

src/services/shape.h:

src/items/attribute_value.h:

src/services/dynamodb/input.h:
