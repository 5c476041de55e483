batch_execute_statement.o: \
  src/services/dynamodb/batch_execute_statement.c src/base/banned.h \
  src/catalog/keys.h src/base/arena.h src/base/slice.h \
  src/catalog/table.h src/base/buffer.h src/base/failure.h \
  src/base/errors.def src/base/json.h src/items/value.h \
  src/items/number.h src/storage/storage.h src/items/attribute_value.h \
  src/services/dynamodb/handlers.h src/services/request.h \
  src/auth/principal.h src/services/dynamodb/operations.def \
  src/services/dynamodb/input.h src/expressions/expressions.h \
  src/services/shape.h src/services/dynamodb/statement_input.h \
  src/expressions/partiql/partiql.h \
  src/services/dynamodb/statement_read.h \
  src/services/dynamodb/item_write.h src/services/dynamodb/capacity.h \
  src/services/dynamodb/statement_write.h

src/base/banned.h:

src/catalog/keys.h:

src/base/arena.h:

src/base/slice.h:

src/catalog/table.h:

src/base/buffer.h:

src/base/failure.h:

src/base/errors.def:

src/base/json.h:

src/items/value.h:

src/items/number.h:

src/storage/storage.h:

src/items/attribute_value.h:

src/services/dynamodb/handlers.h:

src/services/request.h:

src/auth/principal.h:

src/services/dynamodb/operations.def:

src/services/dynamodb/input.h:

src/expressions/expressions.h:

src/services/shape.h:

src/services/dynamodb/statement_input.h:

src/expressions/partiql/partiql.h:

src/services/dynamodb/statement_read.h:

src/services/dynamodb/item_write.h:

src/services/dynamodb/capacity.h:

src/services/dynamodb/statement_write.h:
