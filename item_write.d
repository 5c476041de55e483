item_write.o: src/services/dynamodb/item_write.c src/base/banned.h \
  src/services/dynamodb/item_write.h src/catalog/table.h \
  src/base/arena.h src/base/slice.h src/base/buffer.h src/base/failure.h \
  src/base/errors.def src/base/json.h src/items/value.h \
  src/items/number.h src/storage/storage.h src/expressions/expressions.h \
  src/services/dynamodb/capacity.h src/services/request.h \
  src/auth/principal.h src/base/check.h src/catalog/item_change.h \
  src/catalog/keys.h src/items/attribute_value.h src/items/item_codec.h \
  src/services/dynamodb/input.h src/services/shape.h \
  src/services/dynamodb/ongoing.h src/services/storage_failure.h

src/base/banned.h:

src/services/dynamodb/item_write.h:

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

src/services/dynamodb/capacity.h:

src/services/request.h:

src/auth/principal.h:

src/base/check.h:

src/catalog/item_change.h:

src/catalog/keys.h:

src/items/attribute_value.h:

src/items/item_codec.h:

src/services/dynamodb/input.h:

src/services/shape.h:

src/services/dynamodb/ongoing.h:

src/services/storage_failure.h:
