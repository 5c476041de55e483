functions.o: src/expressions/functions.c src/base/banned.h \
  src/expressions/functions.h src/base/slice.h \
  src/expressions/functions.def src/base/check.h

src/base/banned.h:

src/expressions/functions.h:

src/base/slice.h:

src/expressions/functions.def:

src/base/check.h:
