ast.o: src/expressions/ast.c src/base/banned.h src/expressions/ast.h \
  src/expressions/functions.h src/base/slice.h \
  src/expressions/functions.def src/expressions/path.h src/base/arena.h \
  src/items/value.h src/items/number.h src/base/buffer.h \
  src/base/failure.h src/base/errors.def

src/base/banned.h:

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
