statement_select.o: src/services/dynamodb/statement_select.c \
  src/base/banned.h src/services/dynamodb/statement_select.h \
  src/expressions/partiql/partiql.h src/base/arena.h src/base/slice.h \
  src/base/failure.h src/base/buffer.h src/base/errors.def \
  src/expressions/expressions.h src/base/json.h src/items/value.h \
  src/items/number.h src/services/request.h src/auth/principal.h \
  src/storage/storage.h src/base/base64.h src/base/hash.h \
  src/services/dynamodb/input.h src/catalog/table.h src/services/shape.h \
  src/services/dynamodb/key_range.h src/catalog/keys.h \
  src/services/dynamodb/page.h src/services/dynamodb/capacity.h \
  src/services/dynamodb/statement_input.h

src/base/banned.h:

src/services/dynamodb/statement_select.h:

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

src/services/request.h:

src/auth/principal.h:

src/storage/storage.h:

src/base/base64.h:

src/base/hash.h:

src/services/dynamodb/input.h:

src/catalog/table.h:

src/services/shape.h:

src/services/dynamodb/key_range.h:

src/catalog/keys.h:

src/services/dynamodb/page.h:

src/services/dynamodb/capacity.h:

src/services/dynamodb/statement_input.h:
