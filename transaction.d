transaction.o: src/services/dynamodb/transaction.c src/base/banned.h \
  src/services/dynamodb/transaction.h src/catalog/table.h \
  src/base/arena.h src/base/slice.h src/base/buffer.h src/base/failure.h \
  src/base/errors.def src/base/json.h src/items/value.h \
  src/items/number.h src/storage/storage.h src/expressions/expressions.h \
  src/services/dynamodb/cancellation.h src/services/request.h \
  src/auth/principal.h src/services/dynamodb/item_write.h \
  src/services/dynamodb/capacity.h src/services/dynamodb/ongoing.h \
  src/catalog/keys.h src/items/attribute_value.h \
  src/services/dynamodb/idempotency.h src/services/dynamodb/input.h \
  src/services/shape.h

src/base/banned.h:

src/services/dynamodb/transaction.h:

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

src/expressions/expressions.h:

src/services/dynamodb/cancellation.h:

src/services/request.h:

src/auth/principal.h:

src/services/dynamodb/item_write.h:

src/services/dynamodb/capacity.h:

src/services/dynamodb/ongoing.h:

src/catalog/keys.h:

src/items/attribute_value.h:

src/services/dynamodb/idempotency.h:

src/services/dynamodb/input.h:

src/services/shape.h:
