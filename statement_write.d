statement_write.o: src/services/dynamodb/statement_write.c \
  src/base/banned.h src/services/dynamodb/statement_write.h \
  src/expressions/partiql/partiql.h src/base/arena.h src/base/slice.h \
  src/base/failure.h src/base/buffer.h src/base/errors.def \
  src/expressions/expressions.h src/base/json.h src/items/value.h \
  src/items/number.h src/services/dynamodb/item_write.h \
  src/catalog/table.h src/storage/storage.h \
  src/services/dynamodb/capacity.h src/services/request.h \
  src/auth/principal.h src/services/dynamodb/input.h \
  src/services/shape.h src/services/dynamodb/statement_input.h

src/base/banned.h:

src/services/dynamodb/statement_write.h:

src/expressions/partiql/partiql.h:

src/base/arena.h:

src/base/slice.h:

src/base/failure.h:

src/base/buffer.h:

src/base/errors.def:

src/expressions/expressions.h:

src/base/json.h:

src/items/value.h:

src/items/number.h:

src/services/dynamodb/item_write.h:

src/catalog/table.h:

src/storage/storage.h:

src/services/dynamodb/capacity.h:

src/services/request.h:

src/auth/principal.h:

src/services/dynamodb/input.h:

src/services/shape.h:

src/services/dynamodb/statement_input.h:
