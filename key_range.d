key_range.o: src/services/dynamodb/key_range.c src/base/banned.h \
  src/services/dynamodb/key_range.h src/catalog/keys.h src/base/arena.h \
  src/base/slice.h src/catalog/table.h src/base/buffer.h \
  src/base/failure.h src/base/errors.def src/base/json.h \
  src/items/value.h src/items/number.h src/storage/storage.h \
  src/expressions/expressions.h src/items/key_codec.h

src/base/banned.h:

src/services/dynamodb/key_range.h:

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

src/items/key_codec.h:
