page.o: src/services/dynamodb/page.c src/base/banned.h \
  src/services/dynamodb/page.h src/catalog/keys.h src/base/arena.h \
  src/base/slice.h src/catalog/table.h src/base/buffer.h \
  src/base/failure.h src/base/errors.def src/base/json.h \
  src/items/value.h src/items/number.h src/storage/storage.h \
  src/expressions/expressions.h src/services/dynamodb/capacity.h \
  src/services/request.h src/auth/principal.h \
  src/items/attribute_value.h src/items/item_codec.h \
  src/services/dynamodb/input.h src/services/shape.h \
  src/services/dynamodb/legacy_input.h src/expressions/legacy.h \
  src/services/operation.h src/services/storage_failure.h

src/base/banned.h:

src/services/dynamodb/page.h:

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

src/expressions/expressions.h:

src/services/dynamodb/capacity.h:

src/services/request.h:

src/auth/principal.h:

src/items/attribute_value.h:

src/items/item_codec.h:

src/services/dynamodb/input.h:

src/services/shape.h:

src/services/dynamodb/legacy_input.h:

src/expressions/legacy.h:

src/services/operation.h:

src/services/storage_failure.h:
