tokens.o: src/expressions/partiql/tokens.c src/base/banned.h \
  src/expressions/partiql/tokens.h src/base/slice.h \
  src/expressions/reserved.h src/expressions/partiql/keywords.def

src/base/banned.h:

src/expressions/partiql/tokens.h:

src/base/slice.h:

src/expressions/reserved.h:

src/expressions/partiql/keywords.def:
